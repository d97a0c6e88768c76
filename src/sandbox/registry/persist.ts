import {
  isJsonObject,
  jsonEqual,
  own,
  stableJson,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { readManagers, writeManagers, type Managers } from '../apply/managers.ts';
import { isDeleting, metaOf, nameOf, namespaceOf, withMeta, type Stored } from '../object.ts';
import { resourceId, type Resource } from '../schema/resource.ts';
import { convertObject, storageVersionText } from './convert.ts';
import type { RegistryState } from './state.ts';

export function withoutManagers(object: JsonObject): Stored {
  return own(metaOf(object), 'managedFields') === undefined ? object : withMeta(object, { managedFields: undefined });
}

export function setManagers(object: MutableJsonObject, managers: Managers): void {
  const meta = own(object, 'metadata');
  if (!isJsonObject(meta)) return;
  const entries = writeManagers(managers);
  if (entries.length === 0) delete (meta as MutableJsonObject)['managedFields'];
  else (meta as MutableJsonObject)['managedFields'] = entries;
}

/** The entries without their times, to tell whether ownership itself changed. */
function timeless(object: JsonObject): string {
  return stableJson(
    [...readManagers(object).entries()].map(([id, manager]) => [id, writeTimeless(manager)] as MutableJson[]),
  );
}

function writeTimeless(manager: Parameters<Managers['set']>[1]): MutableJson {
  const [entry] = writeManagers(new Map([['', { ...manager, time: undefined }]]));
  return entry ?? null;
}

/** Whether an update changes nothing but times in managedFields; such an update is not written. */
export function isUnchanged(next: JsonObject, current: JsonObject): boolean {
  const plain = (object: JsonObject): Stored =>
    withMeta(object, { managedFields: undefined, resourceVersion: undefined });
  return jsonEqual(plain(next), plain(current)) && timeless(next) === timeless(current);
}

/** Empty maps and lists of metadata that stand for nothing. */
function tidyMeta(object: Stored): Stored {
  const meta = metaOf(object);
  const changes: Record<string, undefined> = {};
  for (const key of ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields']) {
    const value = own(meta, key);
    if ((isJsonObject(value) && Object.keys(value).length === 0) || (Array.isArray(value) && value.length === 0))
      changes[key] = undefined;
  }
  return Object.keys(changes).length > 0 ? withMeta(object, changes) : object;
}

/** Writes an object in its storage version; the answer is in the version in which it came. */
export function persist(state: RegistryState, resource: Resource, object: JsonObject): Stored {
  const version = own(object, 'apiVersion');
  const stored = state.store.put(
    resourceId(resource.group, resource.plural),
    tidyMeta(convertObject(object, resource, storageVersionText(resource))),
  );
  return typeof version === 'string' ? convertObject(stored, resource, version) : stored;
}

export function erase(state: RegistryState, resource: Resource, object: JsonObject): Stored | undefined {
  return state.store.remove(resourceId(resource.group, resource.plural), namespaceOf(object), nameOf(object));
}

export function finalizersOf(object: JsonObject): readonly string[] {
  const list = own(metaOf(object), 'finalizers');
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

/** Whether an object that is being deleted waits for nothing any more. */
export function isReadyToGo(object: JsonObject, resource: Resource): boolean {
  if (!isDeleting(object) || finalizersOf(object).length > 0) return false;
  if (resource.group === '' && resource.kind === 'Namespace') {
    const finalizers = own(own(object, 'spec'), 'finalizers');
    return !Array.isArray(finalizers) || finalizers.length === 0;
  }
  const grace = own(metaOf(object), 'deletionGracePeriodSeconds');
  return grace === undefined || grace === 0;
}

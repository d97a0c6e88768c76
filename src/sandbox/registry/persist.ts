import { equalSets } from '../../core/fields/field-set.ts';
import { isJsonObject, jsonEqual, own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
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

/** Whether two objects have the same owners, whatever the times say. */
function sameOwners(left: JsonObject, right: JsonObject): boolean {
  const a = readManagers(left);
  const b = readManagers(right);
  if (a.size !== b.size) return false;
  for (const [id, manager] of a) {
    const other = b.get(id);
    if (other?.apiVersion !== manager.apiVersion || !equalSets(manager.fields, other.fields)) return false;
  }
  return true;
}

/** Whether an update changes nothing but times in managedFields; such an update is not written. */
export function isUnchanged(next: JsonObject, current: JsonObject): boolean {
  const plain = (object: JsonObject): Stored =>
    withMeta(object, { managedFields: undefined, resourceVersion: undefined });
  return jsonEqual(plain(next), plain(current)) && sameOwners(next, current);
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

import { jsonEqual, own, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { copyObject, textOf, uidOf, type Stored } from '../object.ts';
import { systemContext, type DeleteRequest } from '../registry/context.ts';
import { deleteObject } from '../registry/remove.ts';
import type { RegistryState, Target } from '../registry/state.ts';
import { createObject, findObject, updateObject } from '../registry/write.ts';
import { storageVersionOf, type Resource } from '../schema/resource.ts';
import { ApiError } from '../status.ts';

const MANAGER = 'kube-controller-manager';

/** Where an object is, in the version in which it is kept. */
export function targetOf(resource: Resource, namespace: string, name: string, subresource = ''): Target {
  return { resource, version: storageVersionOf(resource), namespace, name, subresource };
}

export function resourceFor(state: RegistryState, group: string, plural: string): Resource {
  const found = state.catalog.find(group, plural);
  if (found === undefined) throw new Error(`no resource ${group}/${plural}`);
  return found;
}

/** An object of a built-in resource, as controllers read it. */
export function read(
  state: RegistryState,
  group: string,
  plural: string,
  namespace: string,
  name: string,
): Stored | undefined {
  return state.store.get(`${group}/${plural}`, namespace, name);
}

export function create(
  state: RegistryState,
  group: string,
  plural: string,
  namespace: string,
  body: JsonObject,
  manager = MANAGER,
): Stored {
  return createObject(state, targetOf(resourceFor(state, group, plural), namespace, ''), body, systemContext(manager))
    .object;
}

/** Changes an object (or, with `status`, only its status); nothing happens when the change changes nothing. */
export function change(
  state: RegistryState,
  group: string,
  plural: string,
  object: Stored,
  edit: (object: MutableJsonObject) => void,
  options: { readonly subresource?: string; readonly manager?: string } = {},
): Stored | undefined {
  const meta = own(object, 'metadata');
  const target = targetOf(
    resourceFor(state, group, plural),
    textOf(meta, 'namespace'),
    textOf(meta, 'name'),
    options.subresource ?? '',
  );
  const current = findObject(state, target);
  if (current === undefined || uidOf(current) !== uidOf(object)) return undefined;
  const next = copyObject(current);
  edit(next);
  if (jsonEqual(next, current)) return current;
  return updateObject(state, target, systemContext(options.manager ?? MANAGER), () => next).object;
}

/** Sets the status of an object, when it differs. */
export function setStatus(
  state: RegistryState,
  group: string,
  plural: string,
  object: Stored,
  status: JsonObject,
  manager?: string,
): Stored | undefined {
  if (jsonEqual(own(object, 'status') ?? null, status)) return object;
  return change(
    state,
    group,
    plural,
    object,
    (next) => {
      next['status'] = status as MutableJsonObject;
    },
    { subresource: 'status', ...(manager === undefined ? {} : { manager }) },
  );
}

const NOW: DeleteRequest = {
  uid: undefined,
  resourceVersion: undefined,
  propagation: 'Background',
  gracePeriodSeconds: undefined,
};

/** Deletes an object, unless it is gone or another one by now. */
export function remove(
  state: RegistryState,
  group: string,
  plural: string,
  object: Stored,
  request: Partial<DeleteRequest> = {},
): void {
  const meta = own(object, 'metadata');
  const resource = state.catalog.find(group, plural);
  if (resource === undefined) return;
  try {
    deleteObject(
      state,
      targetOf(resource, textOf(meta, 'namespace'), textOf(meta, 'name')),
      { ...NOW, uid: uidOf(object), ...request },
      systemContext(MANAGER),
    );
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}

/** A condition in a list by type; its transition time changes only with its status. */
export function withCondition(
  conditions: Json | undefined,
  condition: JsonObject,
  time: string,
  extra: JsonObject = {},
): JsonObject[] {
  const list = (Array.isArray(conditions) ? conditions : []) as readonly JsonObject[];
  const before = list.find((entry) => own(entry, 'type') === condition['type']);
  const sameStatus = before !== undefined && own(before, 'status') === condition['status'];
  const next: JsonObject = {
    ...condition,
    ...extra,
    lastTransitionTime: sameStatus ? (own(before, 'lastTransitionTime') ?? time) : time,
  };
  return before === undefined ? [...list, next] : list.map((entry) => (entry === before ? next : entry));
}

export function ownerReference(object: Stored, apiVersion: string, kind: string): JsonObject {
  const meta = own(object, 'metadata');
  return {
    apiVersion,
    kind,
    name: own(meta, 'name') ?? '',
    uid: own(meta, 'uid') ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

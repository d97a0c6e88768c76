import { EMPTY_SET, union } from '../../core/fields/field-set.ts';
import { isJsonObject, own, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { managerId, readManagers, type Managers } from '../apply/managers.ts';
import { ownershipAfterUpdate } from '../apply/ownership.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, metaOf, nameOf, textOf, uidOf, withMeta, type Stored } from '../object.ts';
import { apiVersionOf, resourceId } from '../schema/resource.ts';
import { validateCreate } from '../schema/validation/validate-create.ts';
import { validateUpdate } from '../schema/validation/validate-update.ts';
import {
  alreadyExists,
  ApiError,
  badRequest,
  conflict,
  invalid,
  MODIFIED,
  notFound,
  type FieldProblem,
} from '../status.ts';
import { convertObject } from './convert.ts';
import type { RequestContext } from './context.ts';
import { decodeObject, emptyObject, fillDefaults } from './decode.ts';
import { erase, isReadyToGo, isUnchanged, persist, setManagers, withoutManagers } from './persist.ts';
import type { RegistryState, Target, WriteResult } from './state.ts';
import { needsResourceVersion, prepareCreate, prepareUpdate } from './strategy.ts';
import { versionsOf } from './versions.ts';

export function findObject(state: RegistryState, target: Target): Stored | undefined {
  const { resource } = target;
  const stored = state.store.get(resourceId(resource.group, resource.plural), target.namespace, target.name);
  return stored === undefined
    ? undefined
    : convertObject(stored, resource, apiVersionOf(resource.group, target.version.version));
}

/** The object that a target names. @throws ApiError 404 */
export function getObject(state: RegistryState, target: Target): Stored {
  const found = findObject(state, target);
  if (found === undefined) throw notFound(target.resource, target.name);
  return found;
}

/** Checks that what the body says of itself fits the path, and fills in the namespace. */
function settleIdentity(object: MutableJsonObject, target: Target): void {
  const meta = child(object, 'metadata');
  if (!target.resource.namespaced) {
    if (textOf(meta, 'namespace') !== '') throw badRequest('namespace may not be specified when scope is cluster');
    delete meta['namespace'];
    return;
  }
  const given = textOf(meta, 'namespace');
  if (given !== '' && given !== target.namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  meta['namespace'] = target.namespace;
}

function updaterOf(
  target: Target,
  context: RequestContext,
): { name: string; operation: 'Update'; apiVersion: string; subresource: string } {
  return {
    name: context.fieldManager,
    operation: 'Update',
    apiVersion: apiVersionOf(target.resource.group, target.version.version),
    subresource: target.subresource,
  };
}

/** Creates an object from a request's body. @throws ApiError */
export function createObject(
  state: RegistryState,
  target: Target,
  body: Json | undefined,
  context: RequestContext,
): WriteResult {
  const object = decodeObject(body, target.resource, target.version, context);
  settleIdentity(object, target);
  const meta = child(object, 'metadata');
  if (textOf(meta, 'name') === '' && textOf(meta, 'generateName') !== '')
    meta['name'] = `${textOf(meta, 'generateName').slice(0, 58)}${state.newSuffix()}`;
  fillDefaults(object, target.resource, target.version);
  delete meta['managedFields'];
  const managers = ownershipAfterUpdate(
    emptyObject(target.resource, target.version),
    object,
    new Map(),
    updaterOf(target, context),
    formatTime(state.clock.now()),
    versionsOf(target),
  );
  setManagers(object, managers);
  return finishCreate(state, target, object, context);
}

/** The rest of a creation, once the object has its defaults and owners. */
export function finishCreate(
  state: RegistryState,
  target: Target,
  object: MutableJsonObject,
  context: RequestContext,
): WriteResult {
  const { resource } = target;
  const name = nameOf(object);
  const named: Target = { ...target, name };
  const meta = child(object, 'metadata');
  if (textOf(meta, 'resourceVersion') !== '')
    throw badRequest('resourceVersion should not be set on objects to be created');
  for (const admit of state.admission)
    admit({ operation: 'CREATE', target: named, object, before: undefined, context }, state);
  prepareCreate(object, resource, target.version, { uid: state.newUid(), time: formatTime(state.clock.now()) });
  const problems: FieldProblem[] = [...validateCreate(object, resource, target.version)];
  if (problems.length === 0 && resource.group === '' && resource.kind === 'Service')
    problems.push(...state.services.allocate(object, undefined, state.store.list('/services')));
  if (problems.length > 0) throw invalid(resource, name, problems);
  if (findObject(state, named) !== undefined) throw alreadyExists(resource, name);
  if (context.dryRun) return { object, created: true };
  return { object: persist(state, resource, object), created: true };
}

/**
 * Replaces an object by what `change` makes of the current one. Everything that the server decides (ownership, generation, defaults,
 * what this endpoint cannot change) is done here. @throws ApiError
 */
export function updateObject(
  state: RegistryState,
  target: Target,
  context: RequestContext,
  change: (current: Stored) => Json,
): WriteResult {
  const current = getObject(state, target);
  const next = decodeObject(change(current), target.resource, target.version, context);
  settleIdentity(next, target);
  checkIdentity(next, current, target);
  fillDefaults(next, target.resource, target.version);
  const managers = nextManagers(state, next, current, target, context);
  return finishUpdate(state, target, next, managers, current, context);
}

function nextManagers(
  state: RegistryState,
  next: MutableJsonObject,
  current: Stored,
  target: Target,
  context: RequestContext,
): Managers {
  const given = own(metaOf(next), 'managedFields');
  let managers = target.subresource === '' ? readManagers(next) : new Map<never, never>();
  const reset =
    Array.isArray(given) &&
    given.length === 1 &&
    isJsonObject(given[0]) &&
    textOf(given[0] as JsonObject, 'manager') === '' &&
    own(given[0] as JsonObject, 'fieldsV1') === undefined;
  if (reset) return new Map();
  if (managers.size === 0) managers = readManagers(current);
  // Nobody tracked it so far: an update does not begin to. A binding belongs to nobody.
  if (managers.size === 0 || target.subresource === 'binding') return managers;
  return capUpdaters(
    ownershipAfterUpdate(
      withoutManagers(current),
      withoutManagers(next),
      managers,
      updaterOf(target, context),
      // The server never tells when a scale was written.
      target.subresource === 'scale' ? undefined : formatTime(state.clock.now()),
      versionsOf(target),
    ),
  );
}

const MAX_UPDATERS = 10;

/** More than ten updaters are too many: the oldest become one entry. */
function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers.values()]
    .filter((manager) => manager.operation === 'Update')
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? '') || a.name.localeCompare(b.name));
  if (updaters.length <= MAX_UPDATERS) return managers;
  const next: Managers = new Map(managers);
  const [first, second] = updaters;
  if (first === undefined || second === undefined || first.apiVersion !== second.apiVersion) return managers;
  next.delete(managerId(first));
  next.delete(managerId(second));
  const bucket = { ...second, name: 'ancient-changes', subresource: '' };
  const known = next.get(managerId(bucket));
  next.set(managerId(bucket), {
    ...bucket,
    fields: union(union(first.fields, second.fields), known?.fields ?? EMPTY_SET),
  });
  return next;
}

function checkIdentity(next: MutableJsonObject, current: Stored, target: Target): void {
  const meta = child(next, 'metadata');
  const name = textOf(meta, 'name');
  if (name === '') meta['name'] = target.name;
  else if (name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  const uid = textOf(meta, 'uid');
  if (uid !== '' && uid !== uidOf(current))
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${target.resource.plural}${target.resource.group === '' ? '' : `.${target.resource.group}`} ${JSON.stringify(target.name)}: StorageError: invalid object, Code: 4, Key: /registry/${target.resource.plural}/${target.namespace === '' ? '' : `${target.namespace}/`}${target.name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${uidOf(current)}`,
      {
        name: target.name,
        ...(target.resource.group === '' ? {} : { group: target.resource.group }),
        kind: target.resource.plural,
      },
    );
  const version = textOf(meta, 'resourceVersion');
  if (version !== '' && version !== textOf(metaOf(current), 'resourceVersion'))
    throw conflict(target.resource, target.name, MODIFIED);
  if (version === '' && target.subresource === '' && needsResourceVersion(target.resource))
    throw invalid({ ...target.resource, kind: target.resource.plural }, target.name, [
      {
        field: 'metadata.resourceVersion',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0: must be specified for an update',
      },
    ]);
}

/** The rest of an update, once the object has its defaults and owners. */
export function finishUpdate(
  state: RegistryState,
  target: Target,
  next: MutableJsonObject,
  managers: Managers,
  current: Stored,
  context: RequestContext,
): WriteResult {
  const { resource } = target;
  for (const admit of state.admission)
    admit({ operation: 'UPDATE', target, object: next, before: current, context }, state);
  prepareUpdate(next, current, resource, target.version, target.subresource);
  setManagers(next, managers);
  const problems: FieldProblem[] = [];
  if (resource.group === '' && resource.kind === 'Service' && target.subresource === '') {
    const others = state.store.list('/services').filter((other) => uidOf(other) !== uidOf(current));
    carryServiceFields(next, current);
    problems.push(...state.services.allocate(next, current, others));
  }
  problems.push(...validateUpdate(next, current, resource, target.version, target.subresource));
  if (problems.length > 0) throw invalid(resource, target.name, problems);
  child(next, 'metadata')['resourceVersion'] = textOf(metaOf(current), 'resourceVersion');
  if (isUnchanged(next, current)) return { object: current, created: false };
  if (context.dryRun) return { object: next, created: false };
  if (isDeleting(current) && isReadyToGo(next, resource)) {
    const gone = erase(state, resource, next);
    return {
      object: withMeta(next, {
        resourceVersion: gone === undefined ? undefined : textOf(metaOf(gone), 'resourceVersion'),
      }),
      created: false,
    };
  }
  return { object: persist(state, resource, next), created: false };
}

/** A Service that is replaced without its addresses keeps them. */
function carryServiceFields(next: MutableJsonObject, current: Stored): void {
  const spec = child(next, 'spec');
  const old = own(current, 'spec');
  if (textOf(spec, 'type') === 'ExternalName' || textOf(old, 'type') === 'ExternalName') return;
  if (textOf(spec, 'clusterIP') === '' && !Array.isArray(spec['clusterIPs']))
    spec['clusterIP'] = textOf(old, 'clusterIP');
}

import { compareValues } from '../../core/fields/compare.ts';
import { formatServerPath } from '../../core/fields/field-path.ts';
import { difference, isEmptySet, pathsOf, union, EMPTY_SET, type FieldSet } from '../../core/fields/field-set.ts';
import { setOfValue } from '../../core/fields/set-of-value.ts';
import { validateValue } from '../../core/fields/validate.ts';
import { isJsonObject, own, stableJson, type Json, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { hasManagers, managerId, readManagers, type Managers } from '../apply/managers.ts';
import { applyConfig, ownershipAfterUpdate, type OwnershipConflict, type Versions } from '../apply/ownership.ts';
import { formatTime } from '../clock.ts';
import { annotationOf, child, copyObject, metaOf, nameOf, namespaceOf, textOf, type Stored } from '../object.ts';
import { apiVersionOf } from '../schema/resource.ts';
import { ApiError, badRequest, conflict, MODIFIED, notFound, type StatusCause } from '../status.ts';
import type { RequestContext } from './context.ts';
import { decodeObject, emptyObject, fillDefaults } from './decode.ts';
import { setManagers, withoutManagers } from './persist.ts';
import type { RegistryState, Target, WriteResult } from './state.ts';
import { findObject, finishCreate, finishUpdate } from './write.ts';
import { versionsOf } from './versions.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A server-side apply of a config, which creates the object when there is none. @throws ApiError 409 with the conflicts as causes */
export function applyObject(
  state: RegistryState,
  target: Target,
  body: Json | undefined,
  force: boolean,
  context: RequestContext,
): WriteResult {
  const config = readConfig(body, target);
  const current = findObject(state, target);
  if (current === undefined && target.subresource !== '') throw notFound(target.resource, target.name);
  const wantedUid = textOf(metaOf(config), 'uid');
  if (current === undefined && wantedUid !== '')
    throw conflict(
      target.resource,
      target.name,
      `uid mismatch: the provided object specified uid ${wantedUid}, and no existing object was found`,
    );
  const wanted = textOf(metaOf(config), 'resourceVersion');
  if (wanted !== '' && current !== undefined && wanted !== textOf(metaOf(current), 'resourceVersion'))
    throw conflict(target.resource, target.name, MODIFIED);
  const versions = versionsOf(target);
  const live = current === undefined ? emptyObject(target.resource, target.version) : withoutManagers(current);
  const time = formatTime(state.clock.now());
  const apiVersion = apiVersionOf(target.resource.group, target.version.version);
  const applier = {
    name: context.fieldManager,
    operation: 'Apply' as const,
    apiVersion,
    subresource: target.subresource,
  };
  const managers = current === undefined ? new Map() : managersBefore(current, target, versions, apiVersion, time);
  const result = applyOrConflict(live, config, managers, applier, force, versions);
  if (result.object === undefined && current !== undefined) {
    const same = copyObject(withoutManagers(current));
    // It may be stored at a version that knows less.
    fillDefaults(same, target.resource, target.version);
    return finishUpdate(state, target, same, result.managers, current, context);
  }
  const id = managerId(applier);
  const entry = result.managers.get(id);
  if (entry !== undefined) result.managers.set(id, { ...entry, time });
  const next = decodeObject(result.object ?? live, target.resource, target.version, {
    fieldValidation: 'Ignore',
    warnings: [],
  });
  syncLastApplied(next, config, context);
  fillDefaults(next, target.resource, target.version);
  if (current !== undefined) return finishUpdate(state, target, next, result.managers, current, context);
  child(next, 'metadata')['name'] = target.name;
  if (target.resource.namespaced) child(next, 'metadata')['namespace'] = target.namespace;
  setManagers(next, result.managers);
  return finishCreate(state, target, next, context);
}

/** Checks an apply's body: kind and version, names, no managedFields, and every field against the schema. */
function readConfig(body: Json | undefined, target: Target): JsonObject {
  const { resource, version } = target;
  if (!isJsonObject(body)) throw badRequest('error decoding YAML: expected an object');
  const apiVersion = apiVersionOf(resource.group, version.version);
  if (textOf(body, 'kind') === '' || textOf(body, 'apiVersion') === '')
    throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(body).slice(0, 200)}'`);
  if (textOf(body, 'apiVersion') !== apiVersion)
    throw badRequest(
      version.typeName === undefined
        ? `Incorrect version specified in apply patch. Specified patch version: ${textOf(body, 'apiVersion')}, expected: ${apiVersion}`
        : `invalid object type: ${textOf(body, 'apiVersion')}, Kind=${textOf(body, 'kind')}`,
    );
  if (textOf(body, 'kind') !== resource.kind)
    throw badRequest(
      `${textOf(body, 'kind')} in version ${JSON.stringify(version.version)} cannot be handled as a ${resource.kind}`,
    );
  if (hasManagers(body)) throw badRequest('metadata.managedFields must be nil');
  const name = nameOf(body);
  if (name !== '' && name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  const namespace = namespaceOf(body);
  if (namespace !== '' && namespace !== target.namespace)
    throw badRequest(
      resource.namespaced
        ? 'the namespace of the provided object does not match the namespace sent on the request'
        : 'namespace may not be specified when scope is cluster',
    );
  const config = copyObject(body);
  const meta = child(config, 'metadata');
  if (own(meta, 'creationTimestamp') === null) delete meta['creationTimestamp'];
  const type = version.type();
  const problems = validateValue(config, type);
  if (problems.length > 0) {
    const texts = problems.map((problem) => `${problem.path}: ${problem.message}`);
    throw new ApiError(
      500,
      '',
      `failed to create typed patch object (${namespace}/${name}; ${apiVersion}, Kind=${resource.kind}): ${texts.length === 1 ? (texts[0] ?? '') : `errors:\n  ${texts.join('\n  ')}`}`,
    );
  }
  return config;
}

/** The owners of an object so far. One that nobody tracked gets an entry for what it had before the first apply. */
function managersBefore(
  current: Stored,
  target: Target,
  versions: Versions,
  apiVersion: string,
  time: string,
): Managers {
  const managers = readManagers(current);
  if (managers.size > 0) return managers;
  return ownershipAfterUpdate(
    emptyObject(target.resource, target.version),
    withoutManagers(current),
    managers,
    { name: 'before-first-apply', operation: 'Update', apiVersion, subresource: target.subresource },
    time,
    versions,
  );
}

function applyOrConflict(
  live: JsonObject,
  config: JsonObject,
  managers: Managers,
  applier: Parameters<typeof applyConfig>[3],
  force: boolean,
  versions: Versions,
): { readonly object: JsonObject | undefined; readonly managers: Managers } {
  const result = applyConfig(live, config, managers, applier, force, versions);
  if (!('conflicts' in result)) return result;
  let conflicts = result.conflicts;
  // kubectl moves from client-side to server-side apply: what it applied before by the annotation is its own.
  if (applier.name === 'kubectl') {
    const allowed = appliedBefore(live, applier.apiVersion, versions);
    const left = conflicts
      .map((entry) => ({ ...entry, fields: difference(entry.fields, allowed) }))
      .filter((entry) => !isEmptySet(entry.fields));
    if (left.length === 0) {
      const forced = applyConfig(live, config, managers, applier, true, versions);
      if (!('conflicts' in forced)) return forced;
    }
    conflicts = left;
  }
  throw conflictError(conflicts);
}

function appliedBefore(live: JsonObject, apiVersion: string, versions: Versions): FieldSet {
  const text = annotationOf(live, LAST_APPLIED);
  const type = versions.type(apiVersion);
  if (text === undefined || type === undefined) return EMPTY_SET;
  let before: Json;
  try {
    before = JSON.parse(text) as Json;
  } catch {
    return EMPTY_SET;
  }
  if (!isJsonObject(before) || textOf(before, 'apiVersion') !== apiVersion) return EMPTY_SET;
  const { added, modified, removed } = compareValues(before, live, type);
  return difference(setOfValue(before, type), union(union(added, modified), removed));
}

/** After kubectl's apply its annotation says the same, where it was before. */
function syncLastApplied(next: MutableJsonObject, config: JsonObject, context: RequestContext): void {
  if (context.fieldManager !== 'kubectl' || annotationOf(next, LAST_APPLIED) === undefined) return;
  const text = `${stableJson(config)}\n`;
  child(child(next, 'metadata'), 'annotations')[LAST_APPLIED] = text;
}

function conflictError(conflicts: readonly OwnershipConflict[]): ApiError {
  const causes: StatusCause[] = [];
  const lines: string[] = [];
  const sorted = [...conflicts].sort((a, b) => (a.manager.name < b.manager.name ? -1 : 1));
  let count = 0;
  for (const { manager, fields } of sorted) {
    const who = describeManager(manager);
    const paths = [...pathsOf(fields)].map(formatServerPath);
    count += paths.length;
    for (const field of paths) causes.push({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field });
    lines.push(
      paths.length === 1
        ? `conflict with ${who}: ${paths[0] ?? ''}`
        : `conflicts with ${who}:\n- ${paths.join('\n- ')}`,
    );
  }
  const head = `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: `;
  return new ApiError(409, 'Conflict', `${head}${lines.join('\n')}`, { causes });
}

function describeManager(manager: OwnershipConflict['manager']): string {
  let text = JSON.stringify(manager.name);
  if (manager.subresource !== '') text += ` with subresource ${JSON.stringify(manager.subresource)}`;
  return manager.operation === 'Update' ? `${text} using ${manager.apiVersion}` : text;
}

import { compareValues, type FieldComparison } from '../../core/fields/compare.ts';
import {
  difference,
  EMPTY_SET,
  intersection,
  isEmptySet,
  recursiveDifference,
  setOfPaths,
  union,
  type FieldSet,
} from '../../core/fields/field-set.ts';
import { mergeValues } from '../../core/fields/merge.ts';
import { withNamedFields } from '../../core/fields/named-fields.ts';
import { removeFields } from '../../core/fields/remove.ts';
import type { SchemaType } from '../../core/fields/schema.ts';
import { setOfValue } from '../../core/fields/set-of-value.ts';
import { jsonEqual, type JsonObject } from '../../core/json.ts';
import { dropEmpty, fieldsOf, managerId, withFields, type Manager, type Managers } from './managers.ts';

/** An object in one version of its resource. */
export interface Versions {
  /** The type of a version; undefined when it is not served any more: its managers are forgotten. */
  type(apiVersion: string): SchemaType | undefined;
  convert(object: JsonObject, apiVersion: string): JsonObject;
  /** Fields that a request to this endpoint cannot change, and so does not own. */
  readonly resetFields: FieldSet;
}

/** Another manager whose fields an apply would change. */
export interface OwnershipConflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** Never anybody's: identity and bookkeeping. */
const STRIPPED = setOfPaths([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
]);

function settle(
  before: JsonObject,
  after: JsonObject,
  apiVersion: string,
  managers: Managers,
  skip: string | undefined,
  versions: Versions,
): { readonly conflicts: OwnershipConflict[]; readonly comparison: FieldComparison } {
  const comparisons = new Map<string, FieldComparison>();
  const compareAt = (version: string): FieldComparison | undefined => {
    const known = comparisons.get(version);
    if (known !== undefined) return known;
    const type = versions.type(version);
    if (type === undefined) return undefined;
    const raw = compareValues(versions.convert(before, version), versions.convert(after, version), type);
    const comparison = {
      added: recursiveDifference(raw.added, versions.resetFields),
      modified: recursiveDifference(raw.modified, versions.resetFields),
      removed: recursiveDifference(raw.removed, versions.resetFields),
    };
    comparisons.set(version, comparison);
    return comparison;
  };
  const comparison = compareAt(apiVersion);
  if (comparison === undefined) throw new Error(`version ${apiVersion} is not served`);
  const conflicts: OwnershipConflict[] = [];
  for (const [id, manager] of managers) {
    if (id === skip) continue;
    const changed = compareAt(manager.apiVersion);
    if (changed === undefined) {
      managers.delete(id);
      continue;
    }
    const taken = intersection(manager.fields, union(changed.modified, changed.added));
    if (!isEmptySet(taken)) conflicts.push({ manager, fields: taken });
  }
  return { conflicts, comparison };
}

function release(
  managers: Managers,
  conflicts: readonly OwnershipConflict[],
  comparison: FieldComparison,
  skip: string | undefined,
): void {
  for (const { manager, fields } of conflicts)
    managers.set(managerId(manager), withFields(manager, difference(manager.fields, fields)));
  for (const [id, manager] of managers)
    if (id !== skip) managers.set(id, withFields(manager, difference(manager.fields, comparison.removed)));
}

/**
 * Who owns what after an update: the updater gets every field that it changed or added, the others lose those and what is gone.
 * The entry's time changes only when it owns something by this very update.
 */
export function ownershipAfterUpdate(
  before: JsonObject,
  after: JsonObject,
  managers: Managers,
  updater: Omit<Manager, 'fields' | 'time'>,
  time: string | undefined,
  versions: Versions,
): Managers {
  const next: Managers = new Map(managers);
  const { conflicts, comparison } = settle(before, after, updater.apiVersion, next, undefined, versions);
  release(next, conflicts, comparison, undefined);
  dropEmpty(next);
  const taken = difference(union(comparison.modified, comparison.added), STRIPPED);
  if (!isEmptySet(taken)) {
    const id = managerId(updater);
    next.set(id, { ...updater, time, fields: union(taken, fieldsOf(next, id)) });
  }
  return next;
}

export type ApplyResult =
  | { readonly conflicts: readonly OwnershipConflict[] }
  | {
      /** The merged object; undefined when nothing changes but, at most, who owns it. */
      readonly object: JsonObject | undefined;
      readonly managers: Managers;
    };

/**
 * A server-side apply: merges the config into the live object, removes what this manager applied before and nobody else owns, and hands
 * over ownership. Conflicts are returned unless `force` takes the fields.
 */
export function applyConfig(
  live: JsonObject,
  config: JsonObject,
  managers: Managers,
  applier: Omit<Manager, 'fields' | 'time'>,
  force: boolean,
  versions: Versions,
): ApplyResult {
  const type = versions.type(applier.apiVersion);
  if (type === undefined) throw new Error(`version ${applier.apiVersion} is not served`);
  const next: Managers = new Map(managers);
  const id = managerId(applier);
  const last = next.get(id);
  const merged = mergeValues(live, config, type) as JsonObject;
  next.set(id, {
    ...applier,
    time: last?.time,
    fields: recursiveDifference(setOfValue(config, type), versions.resetFields),
  });
  const pruned = last === undefined ? merged : pruneUnowned(merged, next, last, applier.apiVersion, versions);
  const { conflicts, comparison } = settle(live, pruned, applier.apiVersion, next, id, versions);
  if (conflicts.length > 0 && !force) return { conflicts };
  release(next, conflicts, comparison, id);
  const own = next.get(id);
  if (own !== undefined) next.set(id, withFields(own, difference(own.fields, STRIPPED)));
  dropEmpty(next);
  return { object: jsonEqual(live, pruned) ? undefined : pruned, managers: next };
}

function pruneUnowned(
  merged: JsonObject,
  managers: Managers,
  last: Manager,
  apiVersion: string,
  versions: Versions,
): JsonObject {
  const type = versions.type(last.apiVersion);
  if (type === undefined || isEmptySet(last.fields)) return merged;
  const before = versions.convert(merged, last.apiVersion);
  const named = withNamedFields(last.fields, type);
  let pruned = removeFields(before, named, type) as JsonObject;
  // What someone still owns comes back, and what stood only inside removed things of others goes with them.
  const byVersion = new Map<string, FieldSet>();
  for (const manager of managers.values())
    byVersion.set(manager.apiVersion, union(byVersion.get(manager.apiVersion) ?? EMPTY_SET, manager.fields));
  const order = [last.apiVersion, ...[...byVersion.keys()].filter((version) => version !== last.apiVersion)];
  for (const version of order) {
    const managed = byVersion.get(version);
    const versionType = versions.type(version);
    if (managed === undefined || versionType === undefined) continue;
    const all = versions.convert(before, version);
    const left = versions.convert(pruned, version);
    const keep = union(
      withNamedFields(setOfValue(left, versionType), versionType),
      withNamedFields(managed, versionType),
    );
    pruned = removeFields(
      all,
      difference(withNamedFields(setOfValue(all, versionType), versionType), keep),
      versionType,
    ) as JsonObject;
  }
  const atLast = versions.convert(pruned, last.apiVersion);
  const gone = difference(
    withNamedFields(setOfValue(before, type), type),
    withNamedFields(setOfValue(atLast, type), type),
  );
  return versions.convert(removeFields(before, intersection(gone, named), type) as JsonObject, apiVersion);
}

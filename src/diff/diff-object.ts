import type { FieldChange, ObjectDiff } from '../core/diff.ts';
import { UNTYPED, type SchemaType } from '../core/fields/schema.ts';
import { stringAt } from '../core/json.ts';
import type { Live } from '../core/live.ts';
import { keyOf, type KubeObject } from '../core/object-key.ts';
import { compareObject } from './compare-object.ts';
import { isSecret, maskChange } from './mask-secrets.ts';
import { managedEntries, otherManagers, otherOwners, ourEntry } from './ownership.ts';

const VERSION_PATH = 'apiVersion';

/**
 * What Git and the cluster say of one object, by ownership: in sync means that every field we render is live with the same value and
 * that we own nothing we no longer render.
 *
 * @param desired as it would be applied (normalised, ignore rules worked in)
 * @param schema type of the kind from the cluster; undefined compares without one
 * @returns `needsDryRun` where the form differs and only the server can tell: then `action` is what it is if the server sees a change
 */
export function diffObject(desired: KubeObject, live: Live, schema: SchemaType | undefined): ObjectDiff {
  const key = keyOf(desired);
  if (live.state === 'unknown') return { key, action: 'unknown', changes: [], error: live.error };
  if (live.state === 'absent') return { key, action: 'create', changes: [] };
  const { object } = live;
  const entries = managedEntries(object);
  const ours = ourEntry(entries);
  const versions = { ...versionsOf(object) };
  // Fields that were written at another version of the API may read differently at this one: the apply moves the record of what we own.
  const moved = ours !== undefined && ours.apiVersion !== desired.apiVersion;
  const { changes, undecided } = compareObject(
    desired,
    object,
    moved ? undefined : ours?.fields,
    schema ?? UNTYPED,
    () => otherOwners(entries, ours),
  );
  const secret = isSecret(desired) || isSecret(object);
  const masked = changes.map((change) => maskChange(change, secret));
  const others = otherManagers(entries);
  if (ours === undefined) {
    return { key, action: 'adopt', changes: masked, managers: others, ...versions };
  }
  if (changes.length === 0 && !moved && !undecided) return { key, action: 'unchanged', changes: [], ...versions };
  const needsDryRun = undecided || moved || (schema === undefined && changes.length > 0);
  return {
    key,
    action: 'update',
    changes: moved ? [versionMove(ours.apiVersion, desired.apiVersion), ...masked] : masked,
    ...(others.length > 0 ? { managers: others } : {}),
    ...(needsDryRun ? { needsDryRun } : {}),
    ...versions,
  };
}

/** Git has the object at another version of its API now. Nothing else may change by it, and it is written once. */
function versionMove(before: string, after: string): FieldChange {
  return { path: VERSION_PATH, op: 'change', before, after };
}

/** What the server would make of an apply, compared with what is live: the verdict of a dry-run. */
export function diffPredicted(
  local: ObjectDiff,
  live: KubeObject,
  predicted: KubeObject,
  schema: SchemaType | undefined,
): ObjectDiff {
  const type = schema ?? UNTYPED;
  const forward = compareObject(predicted, live, undefined, type).changes;
  const backward = compareObject(live, predicted, undefined, type).changes.filter((change) => change.op === 'add');
  const removed = backward.map((change) => ({
    path: change.path,
    op: 'remove' as const,
    ...(change.after === undefined ? {} : { before: change.after }),
  }));
  const secret = isSecret(predicted) || isSecret(live);
  // What only ends our share in a field, or moves it to another version, changes no value that a dry-run could show.
  const silent = local.changes.filter((change) => change.op === 'release' || change.path === VERSION_PATH);
  const changes = [...silent, ...forward, ...removed]
    .map((change) => maskChange(change, secret))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const { needsDryRun: _decided, ...rest } = local;
  if (changes.length === 0) return { ...rest, action: 'unchanged', changes: [] };
  return { ...rest, changes };
}

function versionsOf(object: KubeObject): { resourceVersion?: string; uid?: string } {
  const resourceVersion = stringAt(object, 'metadata', 'resourceVersion');
  const uid = stringAt(object, 'metadata', 'uid');
  return { ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(uid === undefined ? {} : { uid }) };
}

/** Two renders of one object, without a cluster: what becomes of it from one commit to the next. */
export function diffRendered(before: KubeObject, after: KubeObject, schema: SchemaType | undefined): ObjectDiff {
  return diffPredicted({ key: keyOf(after), action: 'update', changes: [] }, before, after, schema);
}

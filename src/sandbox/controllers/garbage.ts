import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { parseApiVersion } from '../../core/object-key.ts';
import { child, isDeleting, metaOf, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { finalizersOf } from '../registry/persist.ts';
import { change, read, remove } from './access.ts';
import type { Controller, ControllerContext } from './controller.ts';

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

interface Known {
  readonly group: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly owners: readonly string[];
}

function ownersOf(object: JsonObject): readonly JsonObject[] {
  const list = own(metaOf(object), 'ownerReferences');
  return Array.isArray(list) ? (list as readonly JsonObject[]) : [];
}

/**
 * Removes objects whose owners are gone, objects that wait for their dependents (foreground), and the references of dependents that are
 * to stay (orphan).
 */
export function garbageCollector(): Controller {
  const byUid = new Map<string, Known>();
  const dependents = new Map<string, Set<string>>();
  const gone = new Set<string>();
  return {
    name: 'garbage collector',
    keysOf: (event) => {
      const uid = uidOf(event.object);
      const before = byUid.get(uid);
      for (const owner of before?.owners ?? []) dependents.get(owner)?.delete(uid);
      if (event.type === 'DELETED') {
        byUid.delete(uid);
        gone.add(uid);
        if (gone.size > 50_000) gone.clear();
        const left = [...(dependents.get(uid) ?? [])];
        dependents.delete(uid);
        return [...left, ...(before?.owners ?? [])];
      }
      const slash = event.resource.indexOf('/');
      const owners = ownersOf(event.object).map((owner) => textOf(owner, 'uid'));
      byUid.set(uid, {
        group: event.resource.slice(0, slash),
        plural: event.resource.slice(slash + 1),
        namespace: namespaceOf(event.object),
        name: nameOf(event.object),
        owners,
      });
      for (const owner of owners) {
        const known = dependents.get(owner) ?? new Set<string>();
        known.add(uid);
        dependents.set(owner, known);
      }
      const waits = finalizersOf(event.object).some((entry) => entry === ORPHAN || entry === FOREGROUND);
      const changed = event.type === 'ADDED' || before?.owners.join(' ') !== owners.join(' ');
      return (owners.length > 0 && changed) || (waits && isDeleting(event.object)) ? [uid] : [];
    },
    reconcile: (uid, context) => {
      const known = byUid.get(uid);
      if (known === undefined) return undefined;
      const object = read(context.state, known.group, known.plural, known.namespace, known.name);
      if (object === undefined || uidOf(object) !== uid) return undefined;
      if (isDeleting(object)) {
        const below = [...(dependents.get(uid) ?? [])]
          .map((entry) => byUid.get(entry))
          .filter((entry) => entry !== undefined);
        return finish(object, known, below, context);
      }
      collect(object, known, byUid, gone, context);
      return undefined;
    },
  };
}

/** Whether an owner is still there: known, or found by its name. */
function isThere(
  reference: JsonObject,
  namespace: string,
  byUid: ReadonlyMap<string, Known>,
  gone: ReadonlySet<string>,
  { state }: ControllerContext,
): boolean {
  const uid = textOf(reference, 'uid');
  if (byUid.has(uid)) return true;
  if (gone.has(uid)) return false;
  const { group } = parseApiVersion(textOf(reference, 'apiVersion'));
  const resource = state.catalog.byKind(group, textOf(reference, 'kind'));
  // A kind that is not served cannot be looked up: nothing is concluded from that.
  if (resource === undefined) return true;
  const found = read(state, group, resource.plural, resource.namespaced ? namespace : '', textOf(reference, 'name'));
  return found !== undefined && uidOf(found) === uid;
}

function collect(
  object: Stored,
  known: Known,
  byUid: ReadonlyMap<string, Known>,
  gone: ReadonlySet<string>,
  context: ControllerContext,
): void {
  const owners = ownersOf(object);
  if (owners.length === 0) return;
  const solid = owners.filter((owner) => isThere(owner, known.namespace, byUid, gone, context));
  if (solid.length === owners.length) return;
  if (solid.length > 0) {
    change(context.state, known.group, known.plural, object, (next) => {
      child(next, 'metadata')['ownerReferences'] = solid as MutableJsonObject[];
    });
    return;
  }
  remove(context.state, known.group, known.plural, object);
}

function finish(object: Stored, known: Known, below: readonly Known[], context: ControllerContext): number | undefined {
  const { state } = context;
  const finalizers = finalizersOf(object);
  const uid = uidOf(object);
  const drop = (name: string): void => {
    change(state, known.group, known.plural, object, (next) => {
      child(next, 'metadata')['finalizers'] = finalizersOf(next).filter((entry) => entry !== name);
    });
  };
  if (finalizers.includes(ORPHAN)) {
    for (const entry of below) {
      const dependent = read(state, entry.group, entry.plural, entry.namespace, entry.name);
      if (dependent === undefined) continue;
      change(state, entry.group, entry.plural, dependent, (next) => {
        const meta = child(next, 'metadata');
        meta['ownerReferences'] = ownersOf(dependent).filter(
          (owner) => textOf(owner, 'uid') !== uid,
        ) as MutableJsonObject[];
      });
    }
    drop(ORPHAN);
    return undefined;
  }
  if (!finalizers.includes(FOREGROUND)) return undefined;
  let blocking = 0;
  for (const entry of below) {
    const dependent = read(state, entry.group, entry.plural, entry.namespace, entry.name);
    if (dependent === undefined) continue;
    const reference = ownersOf(dependent).find((owner) => textOf(owner, 'uid') === uid);
    if (own(reference, 'blockOwnerDeletion') === true) blocking++;
    if (!isDeleting(dependent)) remove(state, entry.group, entry.plural, dependent, { propagation: 'Foreground' });
  }
  if (blocking === 0) drop(FOREGROUND);
  return undefined;
}

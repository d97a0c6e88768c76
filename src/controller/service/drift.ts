import { formatKey, type KubeObject } from '../../core/object-key.ts';
import { otherManagers, managedEntries } from '../../diff/ownership.ts';
import type { LiveChange } from './live-view.ts';
import { versionOf } from './resource-version.ts';
import type { Tracked } from './tracked.ts';

const MAX_MEDDLERS = 1000;

/**
 * Takes note of a change of an object of an application.
 *
 * @returns whether it has to be looked at. During a pass the answer is no: it may be the doing of the pass itself, which is known when
 * the answer to its write is there ({@link noteWritten}); what remains is in {@link takeSuspects}
 */
export function noteChange(tracked: Tracked, change: LiveChange): boolean {
  if (change.kind === 'status') return false;
  const id = formatKey(change.key);
  if (change.object !== undefined) rememberMeddler(tracked, id, change.object);
  if (tracked.pass !== undefined) {
    tracked.suspects.set(id, change.object === undefined ? '' : versionOf(change.object));
    return false;
  }
  return tracked.lastPassMs !== undefined && owns(tracked, id);
}

/** A write of ours was answered: a change to that very version was our own. */
export function noteWritten(tracked: Tracked, id: string, object: KubeObject): void {
  if (tracked.suspects.get(id) === versionOf(object)) tracked.suspects.delete(id);
}

/** Whether somebody else changed something that it owns during its last pass; forgets it. */
export function takeSuspects(tracked: Tracked): boolean {
  const found = [...tracked.suspects.keys()].some((id) => owns(tracked, id));
  tracked.suspects.clear();
  return found;
}

function rememberMeddler(tracked: Tracked, id: string, object: KubeObject): void {
  const manager = otherManagers(managedEntries(object)).at(-1);
  if (manager !== undefined) tracked.meddlers.set(id, manager);
  if (tracked.meddlers.size > MAX_MEDDLERS) tracked.meddlers.clear();
}

function owns(tracked: Tracked, id: string): boolean {
  return tracked.inventory.some((key) => formatKey(key) === id);
}

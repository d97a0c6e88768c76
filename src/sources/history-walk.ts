import type { ObjectStore } from './objects/object-store.ts';
import { corrupt } from './objects/corrupt.ts';

const MAX_COMMITS = 100_000;

/**
 * Whether `older` is an ancestor of `newer` (or the same commit), as far as the history on disk goes; undefined when the history ends
 * (a shallow fetch) before the answer is known.
 */
export function isAncestor(store: ObjectStore, older: string, newer: string): boolean | undefined {
  const seen = new Set([newer]);
  const pending = [newer];
  let isCut = false;
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (id === older) return true;
    if (seen.size > MAX_COMMITS) return undefined;
    for (const parent of store.commit(id).parents) {
      if (parent === older) return true;
      if (seen.has(parent)) continue;
      seen.add(parent);
      if (store.has(parent)) pending.push(parent);
      else isCut = true;
    }
  }
  return isCut ? undefined : false;
}

/**
 * Checks that everything below a commit's tree is on disk; subtrees that are the same in a commit that was checked before are taken
 * as good. No blob is read.
 * @throws EngineError SourceCorrupt
 */
export function checkComplete(store: ObjectStore, commitId: string, checkedId: string | undefined): void {
  const pending: [tree: string, checked: string | undefined][] = [
    [store.commit(commitId).tree, checkedId === undefined ? undefined : store.commit(checkedId).tree],
  ];
  const seen = new Set<string>();
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [tree, checked] = pair;
    if (tree === checked || seen.has(tree)) continue;
    seen.add(tree);
    const before = checked === undefined ? undefined : store.tree(checked);
    for (const [name, entry] of store.tree(tree)) {
      if (entry.kind === 'directory') {
        const old = before?.get(name);
        pending.push([entry.id, old?.kind === 'directory' ? old.id : undefined]);
      } else if (entry.kind !== 'submodule' && before?.get(name)?.id !== entry.id && !store.has(entry.id))
        throw corrupt(`commit ${commitId}`, `the host left out the file ${JSON.stringify(name)} (object ${entry.id})`);
    }
  }
}

/** The commits of a range, newest first. */
export type CommitRange =
  | { readonly kind: 'complete'; readonly ids: readonly string[] }
  /** The parents of this commit are not on disk, so that there may be more. */
  | { readonly kind: 'cut'; readonly at: string }
  | { readonly kind: 'tooLong' };

/**
 * The commits that can be reached from `newer` and not from `older`, as `git rev-list older..newer`. Both sides are walked by time; commits
 * whose times contradict their order can only make the range longer. What cannot be proved to be an ancestor of `older` is in the range.
 * @throws EngineError SourceCorrupt
 */
export function commitsBetween(
  store: Pick<ObjectStore, 'has' | 'commit'>,
  older: string,
  newer: string,
  limit: number,
): CommitRange {
  const excluded = new Set([older]);
  const range = new Set<string>();
  const missing = new Map<string, string>();
  // Ascending by time: the newest is taken from the end.
  const queue: { readonly id: string; readonly timeSeconds: number }[] = [];
  const push = (id: string, child: string): void => {
    if (!store.has(id)) {
      missing.set(id, child);
      return;
    }
    const { timeSeconds } = store.commit(id);
    let at = queue.length;
    while (at > 0 && (queue[at - 1]?.timeSeconds ?? 0) > timeSeconds) at--;
    queue.splice(at, 0, { id, timeSeconds });
  };
  const seen = new Set([newer]);
  // Commits of the newer side that wait in the queue.
  let open = 0;
  if (older !== newer) {
    push(newer, newer);
    open = 1;
  }
  push(older, older);
  // Where history is cut, all that is known of the older side may still tell that nothing of the range is missing.
  for (let steps = 0; open > 0 || missing.size > 0; steps++) {
    const next = queue.pop();
    if (next === undefined) break;
    if (steps > MAX_COMMITS) return { kind: 'tooLong' };
    const { id } = next;
    const isExcluded = excluded.has(id);
    if (!isExcluded) {
      if (range.has(id)) continue;
      open--;
      range.add(id);
      if (range.size > limit) return { kind: 'tooLong' };
    }
    for (const parent of store.commit(id).parents) {
      if (isExcluded) {
        if (excluded.has(parent)) continue;
        excluded.add(parent);
        // It was taken for a commit of the range, or waits to be: it is none.
        if (seen.has(parent) && store.has(parent) && !range.delete(parent)) open--;
        push(parent, id);
      } else if (!seen.has(parent)) {
        seen.add(parent);
        if (excluded.has(parent)) continue;
        if (store.has(parent)) open++;
        push(parent, id);
      }
    }
  }
  for (const [id, child] of missing) if (!excluded.has(id)) return { kind: 'cut', at: child };
  return { kind: 'complete', ids: [...range] };
}

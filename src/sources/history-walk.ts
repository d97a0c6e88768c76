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

import type { GitRef } from '../core/application.ts';

/** What a name may be, in the order in which `git fetch` looks: a full name, a commit, a tag, a branch. */
export function candidateRefs(ref: string): readonly GitRef[] {
  if (ref === '' || ref === 'HEAD') return [{ kind: 'head' }];
  if (/^[0-9a-f]{40}$/.test(ref)) return [{ kind: 'commit', id: ref }];
  const full = /^(?:refs\/)?(heads|tags)\/(.+)$/.exec(ref);
  const [, where = '', name = ''] = full ?? [];
  const named: readonly GitRef[] =
    full === null ? [] : [where === 'tags' ? { kind: 'tag', name } : { kind: 'branch', name }];
  return [...named, { kind: 'tag', name: ref }, { kind: 'branch', name: ref }];
}

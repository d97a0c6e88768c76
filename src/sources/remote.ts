import type { GitRef } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { describeRef } from './ref-name.ts';
import { compareVersions, parseRange, parseVersion, satisfies, type Version } from './semver.ts';

export interface RemoteRef {
  readonly id: string;
  /** What an annotated tag points to. */
  readonly peeled?: string;
}

/** Full names → ids, as the host lists them. `head` is the branch that HEAD points to. */
export interface RemoteRefs {
  readonly refs: ReadonlyMap<string, RemoteRef>;
  readonly head?: string;
}

/** A commit that a ref points to now. */
export interface Chosen {
  readonly id: string;
  /** The object to ask the host for: the tag object where `id` is what an annotated tag points to. */
  readonly want: string;
  /** For people: `branch main`, `tag v1.2.3`, `HEAD (main)`. */
  readonly description: string;
}

/** The prefixes of ref names that must be listed to answer a ref. */
export function prefixOf(ref: GitRef): string {
  switch (ref.kind) {
    case 'head':
    case 'commit':
      return 'HEAD';
    case 'branch':
      return `refs/heads/${ref.name}`;
    case 'tag':
      return `refs/tags/${ref.name}`;
    case 'semver':
      return 'refs/tags/';
  }
}

/**
 * What a ref points to, by full names only: a branch and a tag of one name are never mixed up.
 * @returns undefined when the host has no such ref
 */
export function chooseRef(ref: GitRef, remote: RemoteRefs): Chosen | undefined {
  if (ref.kind === 'commit') return { id: ref.id, want: ref.id, description: describeRef(ref) };
  if (ref.kind === 'semver') return chooseVersion(ref.range, remote);
  const found = remote.refs.get(ref.kind === 'head' ? 'HEAD' : prefixOf(ref));
  if (found === undefined) return undefined;
  const branch = ref.kind === 'head' ? remote.head?.replace(/^refs\/heads\//, '') : undefined;
  return {
    id: found.peeled ?? found.id,
    want: found.id,
    description: branch === undefined ? describeRef(ref) : `HEAD (${branch})`,
  };
}

/** The highest version; of two names of one version (`v1.0.0`, `1.0.0`, build metadata) the last in byte order. */
function chooseVersion(text: string, remote: RemoteRefs): Chosen | undefined {
  const range = parseRange(text) ?? [];
  let best: { readonly name: string; readonly version: Version; readonly ref: RemoteRef } | undefined;
  for (const [full, ref] of remote.refs) {
    if (!full.startsWith('refs/tags/')) continue;
    const name = full.slice('refs/tags/'.length);
    const version = parseVersion(name);
    if (version === undefined || !satisfies(version, range)) continue;
    const order = best === undefined ? 1 : compareVersions(version, best.version);
    if (order > 0 || (order === 0 && best !== undefined && name > best.name)) best = { name, version, ref };
  }
  if (best === undefined) return undefined;
  return { id: best.ref.peeled ?? best.ref.id, want: best.ref.id, description: `tag ${best.name}` };
}

/** A ref that is not there, with the names that come nearest. */
export function refNotFound(ref: GitRef, repository: string, remote: RemoteRefs): EngineError {
  const prefix = ref.kind === 'branch' ? 'refs/heads/' : ref.kind === 'head' ? 'refs/heads/' : 'refs/tags/';
  const names = [...remote.refs.keys()]
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const wanted = ref.kind === 'branch' || ref.kind === 'tag' ? ref.name : '';
  const candidates = nearest(wanted, names, 5);
  const what = prefix === 'refs/heads/' ? 'branches' : 'tags';
  return new EngineError(
    'SourceRefNotFound',
    `${describeRef(ref)} of ${repository} was not found (SourceRefNotFound): the repository has no such ref`,
    {
      remedy: candidates.length === 0 ? `the repository has no ${what}` : `${what} there: ${candidates.join(', ')}`,
      data: { candidates },
    },
  );
}

/** The names that look most like the wanted one; without one, the last in order. */
export function nearest(wanted: string, names: readonly string[], count: number): readonly string[] {
  const bounded = names.slice(0, 2000);
  if (wanted === '') return bounded.sort().reverse().slice(0, count);
  return bounded
    .map((name) => ({ name, distance: distance(wanted.toLowerCase().slice(0, 64), name.toLowerCase().slice(0, 64)) }))
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** Edit distance, where two neighbours in the wrong order count once. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}

import type { GitRef } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { parseRange } from './semver.ts';

const MAX_NAME_BYTES = 512;

/** Whether a name may be a branch or tag, by Git's own rules; also no leading `-`, which a command could take for an option. */
export function isRefName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES || name.startsWith('-') || name === '@') return false;
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name) || name.includes('..') || name.includes('@{') || name.endsWith('.'))
    return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** For people: `branch main`, `tag v1`, `semver >=1.0`, `commit 1a2b3c4`, `HEAD`. */
export function describeRef(ref: GitRef): string {
  switch (ref.kind) {
    case 'head':
      return 'HEAD';
    case 'branch':
      return `branch ${ref.name}`;
    case 'tag':
      return `tag ${ref.name}`;
    case 'semver':
      return `semver ${ref.range}`;
    case 'commit':
      return `commit ${ref.id.slice(0, 12)}`;
  }
}

/** Names a ref without loss, to remember things by. */
export function refKey(ref: GitRef): string {
  return ref.kind === 'commit' ? `commit ${ref.id}` : describeRef(ref);
}

/**
 * Checks what a person wrote before anything is asked of a host.
 * @throws EngineError SourceRefused
 */
export function checkRef(ref: GitRef): void {
  const refuse = (cause: string, remedy: string): never => {
    const subject = JSON.stringify(describeRef(ref).slice(0, 200));
    throw new EngineError('SourceRefused', `ref ${subject} is refused (SourceRefused): ${cause}`, { remedy });
  };
  if ((ref.kind === 'branch' || ref.kind === 'tag') && !isRefName(ref.name))
    refuse(`this is no name of a ${ref.kind}`, `give the plain name, without refs/, of a ${ref.kind}`);
  if (ref.kind === 'commit') {
    if (/^[0-9a-f]{64}$/i.test(ref.id)) refuse('SHA-256 repositories are not supported', 'use a SHA-1 repository');
    if (!/^[0-9a-f]{40}$/.test(ref.id))
      refuse('a commit is named by its full id, forty lower-case hexadecimal digits', 'run `git rev-parse REV`');
  }
  if (ref.kind === 'semver' && parseRange(ref.range) === undefined)
    refuse('this is no range of versions', 'write it like ">=1.2.0 <2.0.0", "^1.2" or "~1.2.3"');
}

import { EngineError } from '../core/errors.ts';
import type { Entry, EntryKind, Snapshot, Trace } from '../core/snapshot.ts';
import { MAX_LINK_HOPS, MAX_PATH_BYTES } from './limits.ts';

/** What stands under a name, before links are followed. `special` is a device, socket or pipe of a folder on disk. */
export type Node<Directory, File> =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'directory'; readonly directory: Directory }
  | { readonly kind: 'link'; readonly id: string; readonly target: string }
  | { readonly kind: 'submodule'; readonly id: string }
  | { readonly kind: 'special' };

/** A tree of files, as a commit or a folder on disk gives it: single names, no links followed. */
export interface Tree<Directory, File> {
  readonly commitId: string;
  readonly timeSeconds: number;
  readonly root: Directory;
  node(directory: Directory, name: string): Node<Directory, File> | undefined;
  names(directory: Directory): Iterable<{ readonly name: string; readonly kind: Node<Directory, File>['kind'] }>;
  fileId(file: File): string;
  directoryId(directory: Directory): string;
  content(file: File): Uint8Array;
}

type Resolved<Directory, File> =
  | { readonly kind: 'file'; readonly path: string; readonly file: File }
  | { readonly kind: 'directory'; readonly path: string; readonly directory: Directory };

const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/');

/**
 * Paths, links and the trace, once for every kind of tree. A path is walked name by name as a file system would, so `..` after a link
 * means the parent of the link's target, and nothing above the root is ever looked at. The trace holds real paths (links followed)
 * and each link on the way; a path that was only looked at has its kind without an id.
 */
export class TreeSnapshot<Directory, File> implements Snapshot {
  readonly commitId: string;
  readonly timeSeconds: number;
  readonly #tree: Tree<Directory, File>;
  readonly #seen = new Map<string, string>();
  /** Directories by real path, as far as paths led through them. */
  readonly #directories = new Map<string, Directory>();

  constructor(tree: Tree<Directory, File>) {
    this.commitId = tree.commitId;
    this.timeSeconds = tree.timeSeconds;
    this.#tree = tree;
  }

  read(path: string): Uint8Array | undefined {
    const found = this.#resolve(path);
    if (found?.kind !== 'file') return undefined;
    this.#record(found.path, `file:${this.#tree.fileId(found.file)}`);
    const bytes = this.#tree.content(found.file);
    if (bytes.byteLength < 1024 && LFS_POINTER.equals(bytes.subarray(0, LFS_POINTER.byteLength)))
      throw refused(path, 'it is a pointer to Git LFS, which is not supported', 'commit the file itself');
    return bytes;
  }

  list(path: string): readonly Entry[] | undefined {
    const found = this.#resolve(path);
    if (found?.kind !== 'directory') return undefined;
    this.#record(found.path, `directory:${this.#tree.directoryId(found.directory)}`);
    const entries: Entry[] = [];
    for (const { name, kind } of this.#tree.names(found.directory))
      entries.push({ name, kind: this.#listedKind(found.path === '' ? name : `${found.path}/${name}`, kind) });
    return entries.sort((left, right) => compareBytes(left.name, right.name));
  }

  stat(path: string): EntryKind | undefined {
    return this.#resolve(path)?.kind;
  }

  realPath(path: string): string | undefined {
    return this.#resolve(path)?.path;
  }

  oid(path: string): string | undefined {
    const found = this.#resolve(path);
    if (found === undefined) return undefined;
    const id = found.kind === 'file' ? this.#tree.fileId(found.file) : this.#tree.directoryId(found.directory);
    this.#record(found.path, `${found.kind}:${id}`);
    return id;
  }

  trace(): Trace {
    const trace = Object.create(null) as Record<string, string>;
    for (const [path, id] of this.#seen) trace[path] = id;
    return trace;
  }

  /**
   * A list shows a link as what it leads to. What may not be read is listed all the same, so that nothing disappears silently:
   * reading it says why.
   */
  #listedKind(path: string, kind: Node<Directory, File>['kind']): EntryKind {
    if (kind === 'directory' || kind === 'submodule') return 'directory';
    if (kind !== 'link') return 'file';
    try {
      return this.#resolve(path)?.kind ?? 'file';
    } catch (thrown) {
      if (thrown instanceof EngineError && thrown.code === 'SourceRefused') return 'file';
      throw thrown;
    }
  }

  #record(path: string, value: string): void {
    const before = this.#seen.get(path);
    if (before === undefined || value.startsWith(`${before}:`)) this.#seen.set(path, value);
  }

  #resolve(asked: string): Resolved<Directory, File> | undefined {
    const beside = this.#resolveBeside(asked);
    return beside === 'unknown' ? this.#walk(asked) : beside;
  }

  /** What stands, or does not stand, in a directory that is known already: most reads are of neighbours. Everything else is walked. */
  #resolveBeside(asked: string): Resolved<Directory, File> | 'unknown' | undefined {
    const slash = asked.lastIndexOf('/');
    const parent = slash < 0 ? this.#tree.root : this.#directories.get(asked.slice(0, slash));
    const name = asked.slice(slash + 1);
    if (parent === undefined || name === '' || name === '.' || name === '..') return 'unknown';
    checkPath(asked);
    const node = this.#tree.node(parent, name);
    if (node === undefined) {
      this.#record(asked, 'absent');
      return undefined;
    }
    if (node.kind === 'file') {
      this.#record(asked, 'file');
      return { kind: 'file', path: asked, file: node.file };
    }
    if (node.kind !== 'directory') return 'unknown';
    this.#directories.set(asked, node.directory);
    this.#record(asked, 'directory');
    return { kind: 'directory', path: asked, directory: node.directory };
  }

  #walk(asked: string): Resolved<Directory, File> | undefined {
    checkPath(asked);
    const above: { readonly directory: Directory; readonly path: string }[] = [];
    let current = { directory: this.#tree.root, path: '' };
    const pending = asked.split('/').reverse();
    let hops = 0;
    // While at least this many names are pending, we are inside the target of a link.
    let linkEnd = Number.POSITIVE_INFINITY;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (pending.length < linkEnd) linkEnd = Number.POSITIVE_INFINITY;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        const parent = above.pop();
        if (parent === undefined) throw refused(asked, 'it leads out of the repository');
        current = parent;
        continue;
      }
      const path = current.path === '' ? name : `${current.path}/${name}`;
      const node = this.#tree.node(current.directory, name);
      switch (node?.kind) {
        case 'directory':
          above.push(current);
          current = { directory: node.directory, path };
          this.#directories.set(path, node.directory);
          continue;
        case 'link': {
          this.#record(path, `link:${node.id}`);
          if (++hops > MAX_LINK_HOPS) throw refused(asked, `it needs more than ${MAX_LINK_HOPS} symbolic links`);
          checkTarget(asked, node.target);
          linkEnd = Math.min(linkEnd, pending.length);
          pending.push(...node.target.split('/').reverse());
          continue;
        }
        case 'submodule':
          this.#record(path, `submodule:${node.id}`);
          throw refused(
            asked,
            `${JSON.stringify(path)} is a submodule, which is not supported`,
            'commit the files themselves',
          );
        case 'special':
          throw refused(asked, `${JSON.stringify(path)} is not a regular file`);
        case 'file':
          if (remaining(pending).length === 0) {
            this.#record(path, 'file');
            return { kind: 'file', path, file: node.file };
          }
          break;
        case undefined:
          break;
      }
      // Nothing is there: the name is missing, or a file stands where a directory is needed.
      const rest = remaining(pending);
      if (rest.includes('..')) this.#record(path, node === undefined ? 'absent' : 'file');
      else this.#record([path, ...rest].join('/'), 'absent');
      if (linkEnd !== Number.POSITIVE_INFINITY) throw refused(asked, 'a symbolic link on the way leads to nothing');
      return undefined;
    }
    this.#record(current.path, 'directory');
    return { kind: 'directory', ...current };
  }
}

/** The names that are still to be walked, in order. */
function remaining(pending: readonly string[]): string[] {
  return pending.filter((step) => step !== '' && step !== '.').reverse();
}

function checkPath(path: string): void {
  if (path.includes('\0')) throw refused(path, 'it has a NUL character');
  if (path.length > MAX_PATH_BYTES || Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw refused(path, `it is longer than ${MAX_PATH_BYTES} bytes`);
  if (path.startsWith('/')) throw refused(path, 'it is absolute', 'write it relative to the repository root');
}

function checkTarget(asked: string, target: string): void {
  if (target.startsWith('/')) throw refused(asked, 'a symbolic link on the way is absolute');
  if (target === '' || target.includes('\0') || target.length > MAX_PATH_BYTES)
    throw refused(asked, 'a symbolic link on the way has no readable target');
}

function refused(path: string, cause: string, remedy?: string): EngineError {
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  return new EngineError('SourceRefused', `path ${shown} is refused (SourceRefused): ${cause}`, {
    remedy: remedy ?? 'use files inside the repository only',
  });
}

/** Orders as the bytes of UTF-8 do; UTF-16 differs only when a surrogate meets a character above it. */
function compareBytes(left: string, right: string): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one === other) continue;
    if (one >= 0xd800 && other >= 0xd800) return Buffer.compare(Buffer.from(left), Buffer.from(right));
    return one - other;
  }
  return left.length - right.length;
}

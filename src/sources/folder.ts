import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { EngineError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { tooLarge } from './objects/corrupt.ts';
import { hashObject } from './objects/git-object.ts';
import { findRepositoryRoot } from './objects/layout.ts';
import { type Node, type Tree, TreeSnapshot } from './tree-snapshot.ts';

export interface FolderOptions {
  /** The clock of a render, in seconds since the epoch; default: now. */
  readonly timeSeconds?: number;
  /** The outermost folder that may be read; default: the enclosing Git working copy, or else the folder itself. */
  readonly boundary?: string;
}

export interface FolderSnapshot extends Snapshot {
  /** Where the folder (or file) that was asked for stands in the snapshot; '' is its root. */
  readonly path: string;
}

/** A folder on disk: directories and files are absolute paths without links. */
class FolderTree implements Tree<string, string> {
  readonly commitId = '';
  readonly timeSeconds: number;
  readonly root: string;
  readonly #contents = new Map<string, { readonly bytes: Uint8Array; readonly id: string }>();
  readonly #nodes = new Map<string, Node<string, string> | undefined>();
  readonly #listings = new Map<string, readonly Dirent[]>();
  /** Every path that stands in a listing. */
  readonly #listed = new Set<string>();

  constructor(root: string, timeSeconds: number) {
    this.root = root;
    this.timeSeconds = timeSeconds;
  }

  node(directory: string, name: string): Node<string, string> | undefined {
    if (name === '.git') return undefined;
    const path = childOf(directory, name);
    // A snapshot does not change: what stood at a path stands there until the end, and every read walks the same folders.
    if (this.#nodes.has(path)) return this.#nodes.get(path);
    if (this.#listings.has(directory) && !this.#listed.has(path)) return undefined;
    const node = this.#look(path);
    this.#nodes.set(path, node);
    return node;
  }

  #look(path: string): Node<string, string> | undefined {
    const stats = statsOf(path);
    if (stats === undefined) return undefined;
    if (stats.isFile()) return { kind: 'file', file: path };
    if (stats.isDirectory()) {
      // A working copy inside a working copy is a submodule, checked out.
      if (statsOf(join(path, '.git')) !== undefined) return { kind: 'submodule', id: 'folder' };
      return { kind: 'directory', directory: path };
    }
    if (!stats.isSymbolicLink()) return { kind: 'special' };
    const target = readlinkSync(path);
    return { kind: 'link', id: hashObject('blob', Buffer.from(target)), target };
  }

  *names(directory: string): Iterable<{ readonly name: string; readonly kind: Node<string, string>['kind'] }> {
    for (const entry of this.#entries(directory)) yield { name: entry.name, kind: kindOf(entry) };
  }

  fileId(file: string): string {
    return this.#load(file).id;
  }

  /** A hash of names and kinds: a real tree id would need every file below. */
  directoryId(directory: string): string {
    const listing = this.#entries(directory).map((entry) => `${kindOf(entry)} ${entry.name}\0`);
    return createHash('sha1').update(listing.join('')).digest('hex');
  }

  content(file: string): Uint8Array {
    return this.#load(file).bytes;
  }

  #entries(directory: string): readonly Dirent[] {
    const known = this.#listings.get(directory);
    if (known !== undefined) return known;
    const entries = guarded(directory, () => readdirSync(directory, { withFileTypes: true }))
      .filter(({ name }) => name !== '.git')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#listings.set(directory, entries);
    // A listing says what a file is: it need not be looked at again before it is opened.
    for (const entry of entries) {
      const path = childOf(directory, entry.name);
      this.#listed.add(path);
      if (entry.isFile() && !this.#nodes.has(path)) this.#nodes.set(path, { kind: 'file', file: path });
    }
    return entries;
  }

  /** Reads once: the second look at a file gives the bytes of the first. */
  #load(file: string): { readonly bytes: Uint8Array; readonly id: string } {
    let loaded = this.#contents.get(file);
    if (loaded === undefined) {
      const bytes = guarded(file, () => readRegularFile(file));
      loaded = { bytes, id: hashObject('blob', bytes) };
      this.#contents.set(file, loaded);
    }
    return loaded;
  }
}

/** Names are single ones: nothing is left to normalise. */
function childOf(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** Opens without following a link that was put there since the path was looked at, and without waiting for a pipe. */
function readRegularFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || !liesAt(file, path))
      throw new EngineError('SourceRefused', `file ${path} is refused (SourceRefused): it changed while it was read`);
    if (stats.size > MAX_FILE_BYTES) throw tooLarge(`file ${path}`, stats.size, MAX_FILE_BYTES);
    return readBytes(file, stats.size);
  } finally {
    closeSync(file);
  }
}

/** Whether an open file is the one at a path without links. Linux says it at once; elsewhere each folder above is looked at. */
function liesAt(file: number, path: string): boolean {
  return openPath(file) === path || realpathSync.native(dirname(path)) === dirname(path);
}

function openPath(file: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return undefined;
  }
}

/** As many bytes as the file had when it was looked at, or fewer when it became shorter. */
function readBytes(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(file, bytes, filled, size - filled, null);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    const cause = (thrown as NodeJS.ErrnoException).code ?? 'the system refuses';
    throw new EngineError('SourceRefused', `${path} cannot be read (SourceRefused): ${cause}`, { cause: thrown });
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    return guarded(path, () => {
      throw thrown;
    });
  }
}

function kindOf(entry: Dirent): Node<string, string>['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'special';
}

/**
 * A folder (or a single file) on disk as a snapshot, by the rules of a commit's tree: links inside the boundary only, no submodule. The
 * snapshot's root is the boundary; `path` says where the folder stands in it. Its commit id is ''.
 * @throws EngineError SourcePathNotFound, SourceRefused
 */
export function openFolder(folder: string, options: FolderOptions = {}): FolderSnapshot {
  let real: string;
  try {
    real = realpathSync.native(resolve(folder));
  } catch (thrown) {
    throw new EngineError('SourcePathNotFound', `path ${folder} was not found (SourcePathNotFound): nothing is there`, {
      cause: thrown,
    });
  }
  const start = lstatSync(real).isDirectory() ? real : dirname(real);
  const root =
    options.boundary === undefined ? (findRepositoryRoot(start) ?? start) : realpathSync(resolve(options.boundary));
  const inside = relative(root, start);
  if (inside === '..' || inside.startsWith('../'))
    throw new EngineError(
      'SourceRefused',
      `path ${folder} is refused (SourceRefused): it is outside of ${options.boundary}`,
    );
  const file = start === real ? '' : basename(real);
  const tree = new FolderTree(root, options.timeSeconds ?? Math.floor(Date.now() / 1000));
  return Object.assign(new TreeSnapshot(tree), {
    path: inside === '' ? file : file === '' ? inside : `${inside}/${file}`,
  });
}

import { EngineError } from '../../core/errors.ts';
import type { EntryKind, Snapshot } from '../../core/snapshot.ts';
import { BuildAbort, BuildError, quote, type Place } from './problems.ts';
import { isFileAddress, parseRepository } from './remote-address.ts';
import type { RemoteCommit, Remotes } from './remotes.ts';

/** Joins and cleans repository paths; undefined when the result lies outside of the repository. */
export function joinPath(base: string, path: string): string | undefined {
  const names: string[] = [];
  for (const name of `${base}/${path}`.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join('/');
}

export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

const MOST_LEVELS = 100;

/** A folder on the way to another one: of the repository that is built ('') or of another one's commit. */
interface Step {
  readonly label: string;
  readonly path: string;
}

/** A file as it was read. */
interface FileContent {
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly path: string;
  /** Tells contents apart. */
  readonly oid: string | undefined;
}

/** Reads the files of one folder of kustomizations, from one snapshot; what it names on other hosts comes from `remotes`. */
export class FolderFiles {
  readonly snapshot: Snapshot;
  /** Repository path of the folder, without links; '' is the root. */
  readonly root: string;
  /** Stands before paths in messages; '' for the repository that is built. */
  readonly #label: string;
  readonly #remotes: Remotes;
  readonly #steps: readonly Step[];

  constructor(commit: RemoteCommit, root: string, remotes: Remotes, steps: readonly Step[] = []) {
    this.snapshot = commit.snapshot;
    this.#label = commit.label;
    this.root = root;
    this.#remotes = remotes;
    this.#steps = steps;
  }

  /** Whether the folder is one of another repository. */
  get isRemote(): boolean {
    return this.#label !== '';
  }

  /** Folders of the repository that is built that led here, outermost first. */
  get chain(): readonly string[] {
    return this.#steps.filter(({ label }) => label === '').map(({ path }) => path);
  }

  /** Where a path of the kustomization leads, for messages. */
  placeOf(path: string): string {
    return this.#shown(joinPath(this.root, path) ?? path);
  }

  /** The bytes of a file in or below the folder, or on another host. @throws BuildError when it is refused, missing or no file */
  read(path: string, field: string): FileContent {
    if (isFileAddress(path)) {
      const { bytes, digest } = this.#remotes.file(path, field);
      return { bytes, path, oid: digest };
    }
    const full = this.#resolve(path, field);
    // A link is where it leads to: out of the folder by a link is out of the folder.
    const real = guard(field, path, () => this.snapshot.realPath(full)) ?? full;
    if (!isWithin(real, this.root))
      throw new BuildError(
        'OutsideFolder',
        `${field}: ${quote(path)} is not in or below ${describeFolder(this.root)}`,
        {
          remedy: 'files are read from the kustomization’s own folder only; make the other folder a base',
        },
      );
    const bytes = full === this.root ? undefined : guard(field, path, () => this.snapshot.read(full));
    if (bytes !== undefined) return { bytes, path: this.#shown(full), oid: this.snapshot.oid(full) };
    const kind = this.#stat(full, field, path);
    throw new BuildError(
      'FileNotFound',
      kind === 'directory'
        ? `${field}: ${quote(path)} is a folder, a file is needed`
        : `${field}: ${quote(path)} does not exist`,
    );
  }

  /** What stands at a path; undefined for nothing. @throws BuildError when it is refused */
  kindOf(path: string, field: string): EntryKind | undefined {
    return this.#stat(this.#resolve(path, field), field, path);
  }

  /** The folder of a base or component. @throws BuildError when it is refused, absolute, missing, or one that led here */
  enter(path: string, field: string): FolderFiles {
    if (path === '') throw new BuildError('InvalidPath', `${field}: an empty path`);
    const remote = parseRepository(path);
    const isElsewhere = remote !== undefined || isFileAddress(path);
    if (remote === undefined && isElsewhere) this.#remotes.file(path, field);
    const commit =
      remote === undefined ? { snapshot: this.snapshot, label: this.#label } : this.#remotes.commit(remote, field);
    const { snapshot, label } = commit;
    const asked = remote === undefined ? this.#resolve(path, field) : folderIn(remote.path, path, field);
    const full = guard(field, path, () => snapshot.realPath(asked)) ?? asked;
    const chain = [...this.#steps, { label: this.#label, path: this.root }];
    if (chain.length > MOST_LEVELS)
      throw new BuildAbort('TooDeep', `${field}: folders are built from folders more than ${MOST_LEVELS} levels deep`);
    const again = chain.findIndex((step) => step.label === label && isWithin(step.path, full));
    if (again >= 0) {
      const cycle = [...chain.slice(again), { label, path: full }].map(describeStep).join(' → ');
      throw new BuildError('Cycle', `${field}: ${quote(path)} leads back to a folder that it is built from: ${cycle}`);
    }
    const kind = guard(field, path, () => snapshot.stat(full));
    if (kind !== 'directory')
      throw new BuildError(
        'FileNotFound',
        kind === undefined
          ? `${field}: ${quote(path)} does not exist`
          : `${field}: ${quote(path)} is a file, a folder is needed`,
      );
    return new FolderFiles(commit, full, this.#remotes, chain);
  }

  #resolve(path: string, field: string): string {
    if (path.startsWith('/')) throw new BuildError('AbsolutePath', `${field}: ${quote(path)} is an absolute path`);
    if (path.includes('\0')) throw new BuildError('InvalidPath', `${field}: ${quote(path)} holds a zero byte`);
    if (path.length > 4096) throw new BuildError('InvalidPath', `${field}: a path of ${path.length} characters`);
    const full = joinPath(this.root, path);
    if (full === undefined)
      throw new BuildError('OutsideRepository', `${field}: ${quote(path)} leads out of the repository`);
    return full;
  }

  #shown(path: string): string {
    return this.#label === '' ? path : `${this.#label}/${path}`;
  }

  #stat(full: string, field: string, path: string): EntryKind | undefined {
    return guard(field, path, () => this.snapshot.stat(full));
  }
}

function guard<T>(field: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError)
      throw new BuildError(
        error.code,
        `${field}: ${quote(path)}: ${error.message}`,
        error.remedy === undefined ? {} : { remedy: error.remedy },
      );
    throw error;
  }
}

/** The folder that an address names within its repository. */
function folderIn(path: string, address: string, field: string): string {
  const full = joinPath('', path);
  if (full === undefined)
    throw new BuildError('OutsideRepository', `${field}: ${quote(address)} leads out of its repository`);
  return full;
}

function describeStep({ label, path }: Step): string {
  return label === '' ? describeFolder(path) : `${label}/${path}`;
}

export function describeFolder(path: string): string {
  return path === '' ? 'the repository root' : path;
}

/** Text of a file. @throws BuildError when it is not UTF-8 */
export function decodeText(bytes: Uint8Array, place: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BuildError('InvalidText', 'the file is not UTF-8 text', { place });
  }
}

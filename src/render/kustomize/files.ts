import { EngineError } from '../../core/errors.ts';
import type { EntryKind, Snapshot } from '../../core/snapshot.ts';
import { BuildAbort, BuildError, type Place } from './problems.ts';

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

const SCHEMES = ['ssh://', 'https://', 'http://', 'file://'];

/** Whether Kustomize would take a text for the address of a repository or a file on another host. */
function remoteKind(text: string): 'file' | 'repository' | undefined {
  const lower = text.toLowerCase();
  if (/^https?:/.test(lower)) return 'file';
  const rest = lower.startsWith('git::') ? text.slice(5) : text;
  if (text.startsWith('/')) return undefined;
  if (SCHEMES.some((scheme) => rest.toLowerCase().startsWith(scheme))) return 'repository';
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(rest)?.[0] ?? '';
  const host = rest.slice(user.length).toLowerCase();
  const isGithub = host.startsWith('github.com/') || host.startsWith('github.com:');
  if (user === '' && !isGithub) return undefined;
  return /[/:]./.test(host) ? 'repository' : undefined;
}

/** Reads the files of one folder of kustomizations, from the snapshot only. */
export class FolderFiles {
  readonly snapshot: Snapshot;
  /** Repository path of the folder, without links; '' is the root. */
  readonly root: string;
  /** Folders that led here, outermost first. */
  readonly chain: readonly string[];

  constructor(snapshot: Snapshot, root: string, chain: readonly string[] = []) {
    this.snapshot = snapshot;
    this.root = root;
    this.chain = chain;
  }

  /** Where a path of the kustomization leads, for messages. */
  placeOf(path: string): string {
    return joinPath(this.root, path) ?? path;
  }

  /** The bytes of a file in or below the folder. @throws BuildError when it is remote, outside, missing or no file */
  read(path: string, field: string): { readonly bytes: Uint8Array; readonly path: string } {
    if (remoteKind(path) === 'file') throw refuseRemote(path, field);
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
    if (bytes !== undefined) return { bytes, path: full };
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

  /** The folder of a base or component. @throws BuildError when it is remote, absolute, missing, or one that led here */
  enter(path: string, field: string): FolderFiles {
    if (path === '') throw new BuildError('InvalidPath', `${field}: an empty path`);
    if (remoteKind(path) !== undefined) throw refuseRemote(path, field);
    const asked = this.#resolve(path, field);
    const full = guard(field, path, () => this.snapshot.realPath(asked)) ?? asked;
    const chain = [...this.chain, this.root];
    if (chain.length > MOST_LEVELS)
      throw new BuildAbort('TooDeep', `${field}: folders are built from folders more than ${MOST_LEVELS} levels deep`);
    const again = chain.findIndex((folder) => isWithin(folder, full));
    if (again >= 0) {
      const cycle = [...chain.slice(again), full].map(describeFolder).join(' → ');
      throw new BuildError('Cycle', `${field}: ${quote(path)} leads back to a folder that it is built from: ${cycle}`);
    }
    const kind = this.#stat(full, field, path);
    if (kind !== 'directory')
      throw new BuildError(
        'FileNotFound',
        kind === undefined
          ? `${field}: ${quote(path)} does not exist`
          : `${field}: ${quote(path)} is a file, a folder is needed`,
      );
    return new FolderFiles(this.snapshot, full, chain);
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

function refuseRemote(path: string, field: string): BuildError {
  return new BuildError('RemoteRefused', `${field}: ${quote(path)} is on another host, which is refused`, {
    remedy: 'copy it into the repository',
  });
}

export function describeFolder(path: string): string {
  return path === '' ? 'the repository root' : path;
}

export function quote(text: string): string {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return JSON.stringify(shown);
}

/** Text of a file. @throws BuildError when it is not UTF-8 */
export function decodeText(bytes: Uint8Array, place: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BuildError('InvalidText', 'the file is not UTF-8 text', { place });
  }
}

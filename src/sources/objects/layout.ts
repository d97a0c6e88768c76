import { lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { EngineError } from '../../core/errors.ts';

/** Where the parts of a repository on disk are; the two differ in a linked worktree only. */
export interface RepositoryLayout {
  /** Holds `objects`, `refs` and `packed-refs`. */
  readonly gitDir: string;
  /** Holds `HEAD`. */
  readonly headDir: string;
}

const SMALL_FILE_BYTES = 1024 * 1024;

/** A small text file; undefined when it is not there. */
export function readSmallFile(path: string, maxBytes = SMALL_FILE_BYTES): string | undefined {
  try {
    if (!statSync(path).isFile() || statSync(path).size > maxBytes) return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isGitDir(path: string): boolean {
  return isFolder(join(path, 'objects')) && readSmallFile(join(path, 'HEAD')) !== undefined;
}

/** Follows a `.git` file (`gitdir: …`) of a linked worktree or a submodule, and `commondir` from there. */
function followGitFile(file: string): RepositoryLayout | undefined {
  const target = /^gitdir: ([^\n\0]+)\n?$/.exec(readSmallFile(file) ?? '')?.[1];
  if (target === undefined) return undefined;
  const headDir = resolve(dirname(file), target);
  const common = readSmallFile(join(headDir, 'commondir'))?.trim();
  const gitDir = common === undefined || common === '' ? headDir : resolve(headDir, common);
  return isFolder(join(gitDir, 'objects')) ? { gitDir, headDir } : undefined;
}

/**
 * Finds the repository that a local path names: a bare repository, a working folder with `.git`, or a linked worktree.
 * @throws EngineError SourceUnreachable (no repository there), SourceRefused (SHA-256, reftable, alternates)
 */
export function locateRepository(path: string): RepositoryLayout {
  const root = isAbsolute(path) ? path : resolve(path);
  const dotGit = join(root, '.git');
  let layout: RepositoryLayout | undefined;
  if (isGitDir(dotGit)) layout = { gitDir: dotGit, headDir: dotGit };
  else if (isGitDir(root)) layout = { gitDir: root, headDir: root };
  else layout = followGitFile(dotGit);
  if (layout === undefined)
    throw new EngineError(
      'SourceUnreachable',
      `repository ${path} was not found (SourceUnreachable): no Git repository is there`,
      {
        remedy: 'give the folder of a working copy or of a bare repository',
      },
    );
  refuseFormats(layout.gitDir, path);
  return layout;
}

/**
 * Refuses, by name, the repository formats that are not read here.
 * @throws EngineError SourceRefused
 */
export function refuseFormats(gitDir: string, subject: string): void {
  const refuse = (cause: string, remedy: string): never => {
    throw new EngineError('SourceRefused', `repository ${subject} is refused (SourceRefused): ${cause}`, { remedy });
  };
  const extensions = readExtensions(readSmallFile(join(gitDir, 'config')) ?? '');
  const format = extensions.get('objectformat');
  if (format !== undefined && format !== 'sha1')
    refuse(`its object format is ${shown(format)}, only sha1 is supported`, 'use a repository with SHA-1 object ids');
  const refs = extensions.get('refstorage');
  if (refs !== undefined && refs !== 'files')
    refuse(`its ref storage is ${shown(refs)}, only files is supported`, 'run `git refs migrate --ref-format=files`');
  if ((readSmallFile(join(gitDir, 'objects', 'info', 'alternates')) ?? '').trim() !== '')
    refuse(
      'it borrows objects from another repository (alternates)',
      'run `git repack -a -d` and remove objects/info/alternates',
    );
}

function shown(value: string): string {
  return JSON.stringify(value.slice(0, 40));
}

/** The keys of `[extensions]`, lower case. Other sections are of no interest: nothing in a repository's config may change what we do. */
function readExtensions(config: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let inside = false;
  for (const raw of config.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('[')) inside = /^\[\s*extensions\s*\]/i.test(line);
    else if (inside) {
      const at = line.indexOf('=');
      if (at > 0) {
        const value = line
          .slice(at + 1)
          .trim()
          .replaceAll('"', '')
          .toLowerCase();
        found.set(line.slice(0, at).trim().toLowerCase(), value);
      }
    }
  }
  return found;
}

/** The folder at or above `path` that holds `.git`; undefined outside of a working copy. */
export function findRepositoryRoot(path: string): string | undefined {
  let folder = resolve(path);
  for (;;) {
    if (isThere(join(folder, '.git'))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

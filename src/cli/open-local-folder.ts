import { parse, resolve } from 'node:path';
import { findRepositoryRoot } from '../sources/objects/layout.ts';
import { openFolder, type FolderSnapshot } from '../sources/folder.ts';

/**
 * A folder of the user's own machine. Inside a repository nothing outside of it is read, as in the cluster; a folder that is in none may
 * use its neighbours (`../base`), as it may with kustomize.
 */
export function openLocalFolder(path: string): FolderSnapshot {
  if (findRepositoryRoot(resolve(path)) !== undefined) return openFolder(path);
  return openFolder(path, { boundary: parse(resolve(path)).root });
}

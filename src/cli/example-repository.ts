import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import * as fs from 'node:fs';
import { join, relative } from 'node:path';
import git from 'isomorphic-git';

const AUTHOR = { name: 'Evenkeel examples', email: 'examples@evenkeel.dev' };

/**
 * Makes a real Git repository from the bundled examples, unless it is there already: then it is the user's, commits and all.
 *
 * @returns whether it was made now
 */
export async function ensureExampleRepository(examples: string, folder: string, nowSeconds: number): Promise<boolean> {
  if (existsSync(join(folder, '.git'))) return false;
  mkdirSync(folder, { recursive: true });
  cpSync(examples, folder, { recursive: true });
  await git.init({ fs, dir: folder, defaultBranch: 'main' });
  for (const path of filesBelow(folder)) await git.add({ fs, dir: folder, filepath: relative(folder, path) });
  await git.commit({
    fs,
    dir: folder,
    message: 'Start from the examples',
    author: { ...AUTHOR, timestamp: nowSeconds, timezoneOffset: 0 },
  });
  return true;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === '.git') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

import { fn, type FunctionGroup, str } from './define.ts';

/** Paths with slashes: Go's path and, on Unix, path/filepath. */

/** The shortest name of a path: no `.`, no `..` that can be resolved, no double slash. */
function cleanPath(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (!isRooted) kept.push('..');
  }
  const joined = kept.join('/');
  return isRooted ? `/${joined}` : joined === '' ? '.' : joined;
}

export function baseName(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

const base = fn([str], (path) => baseName(path));
const clean = fn([str], (path) => cleanPath(path));
const dir = fn([str], (path) => cleanPath(path.slice(0, path.lastIndexOf('/') + 1)));
const ext = fn([str], (path) => extension(path));
const isAbs = fn([str], (path) => path.startsWith('/'));

export const PATH_FUNCTIONS: FunctionGroup = {
  base,
  dir,
  clean,
  ext,
  isAbs,
  osBase: base,
  osClean: clean,
  osDir: dir,
  osExt: ext,
  osIsAbs: isAbs,
};

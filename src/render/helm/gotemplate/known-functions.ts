import type { FunctionMap } from './function.ts';

/** Functions that text/template itself brings: names that always exist. */
export const BUILTINS = new Set([
  'and',
  'call',
  'html',
  'index',
  'slice',
  'js',
  'len',
  'not',
  'or',
  'print',
  'printf',
  'println',
  'urlquery',
  'eq',
  'ge',
  'gt',
  'le',
  'lt',
  'ne',
]);

/** Whether a parse result of earlier holds with these functions. */
export function usesKnownFunctions(
  result: { readonly functions: ReadonlySet<string> },
  functions: FunctionMap,
): boolean {
  for (const name of result.functions) if (!functions.has(name) && !BUILTINS.has(name)) return false;
  return !functions.has('break') && !functions.has('continue');
}

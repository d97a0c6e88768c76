import { isJsonObject, type Json, own } from '../core/json.ts';
import type { Path } from './rules/form.ts';

/** A path split once; `wild` when it holds a `*`. */
export interface CompiledPath {
  readonly steps: readonly string[];
  readonly wild: boolean;
}

export function compilePath(path: Path): CompiledPath {
  const steps = typeof path === 'string' ? path.split('.') : path;
  return { steps, wild: steps.includes('*') };
}

/** The value at a path without `*`. A step of digits is also an index of a list. */
export function valueAt(root: unknown, path: CompiledPath): Json | undefined {
  let current = root as Json | undefined;
  for (const step of path.steps) {
    current = child(current, step);
    if (current === undefined) return undefined;
  }
  return current;
}

function child(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return /^\d{1,6}$/.test(step) ? (value as readonly Json[])[Number(step)] : undefined;
  return own(value, step);
}

const ITEM_LIMIT = 10_000;

/** Every value that a path names; at most 10,000. Absent ones are left out. */
export function valuesAt(root: unknown, path: CompiledPath): readonly Json[] {
  let level: Json[] = [root as Json];
  for (const step of path.steps) {
    const next: Json[] = [];
    for (const value of level) {
      if (step !== '*') {
        const found = child(value, step);
        if (found !== undefined) next.push(found);
      } else if (Array.isArray(value)) {
        for (const item of value as readonly Json[]) if (next.length < ITEM_LIMIT) next.push(item);
      } else if (isJsonObject(value)) {
        for (const item of Object.values(value)) if (item !== undefined && next.length < ITEM_LIMIT) next.push(item);
      }
    }
    level = next;
  }
  return level;
}

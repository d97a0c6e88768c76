import type { Budget } from '../gotemplate/budget.ts';
import { GoInt, GoMap, GoObject, type GoValue, isTrue, itemsOf } from '../gotemplate/values.ts';

/**
 * Merges a map into another, key by key and in place: without `overwrite` only what is missing or empty is filled in. Maps that are
 * taken over are the same maps afterwards, not copies.
 */
export function mergeInto(target: GoMap, source: GoMap, overwrite: boolean, budget: Budget): void {
  merge(target, source, { overwrite, budget, seen: new Set() });
}

interface Merge {
  readonly overwrite: boolean;
  readonly budget: Budget;
  /** Maps on the way down, against maps that hold themselves. */
  readonly seen: Set<Map<string, GoValue>>;
}

function merge(target: GoMap, source: GoMap, run: Merge): void {
  const { seen } = run;
  if (target.entries === source.entries || seen.has(source.entries)) return;
  seen.add(source.entries);
  // What the merge adds to the source, where the target holds it, is not merged again.
  const keys = Array.from(source.entries.keys());
  for (const key of keys) mergeKey(target, key, source.entries.get(key), run);
  seen.delete(source.entries);
}

function mergeKey(target: GoMap, key: string, value: GoValue, run: Merge): void {
  run.budget.step();
  const { overwrite } = run;
  const has = target.entries.has(key);
  const present = target.entries.get(key);
  if (value === null || value === undefined) {
    // A nil replaces, but fills nothing in.
    if (overwrite) target.entries.set(key, value ?? null);
    return;
  }
  if (value instanceof GoMap && present instanceof GoMap) merge(present, value, run);
  if (itemsOf(value) !== undefined) {
    // A list replaces only where overwriting is asked for; a missing key first gets an empty list.
    const isMissing = !has || present === null || present === undefined;
    if (!isMissing && !isEmptyForMerge(present)) {
      if (overwrite) target.entries.set(key, value);
      return;
    }
  }
  if (has && !isEmptyForMerge(present) && value instanceof GoMap && present instanceof GoMap) return;
  if (overwrite || !has || isEmptyForMerge(present)) target.entries.set(key, value);
}

/** mergo's emptiness: false, 0, '' and nothing; structs are empty when all their fields are. */
function isEmptyForMerge(value: GoValue): boolean {
  if (value instanceof GoObject)
    return value.type.kind === 'struct' && [...value.fields.values()].every(isEmptyForMerge);
  if (value instanceof GoInt) return value.value === 0n;
  return !isTrue(value);
}

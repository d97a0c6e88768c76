import type { Json } from '../../../core/json.ts';

/**
 * A chart value. A number is Go's float64 (all numbers of YAML and JSON are), a bigint is Go's int64 (only `--set` makes them).
 * Tables have no prototype, so that a key named `__proto__` is data.
 */
export type Value = null | boolean | number | bigint | string | Value[] | Table;
export interface Table {
  [key: string]: Value;
}

/** Deepest nesting of values from any source. */
export const MAX_VALUE_DEPTH = 128;

export function newTable(): Table {
  return Object.create(null) as Table;
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasKey(table: Table, key: string): boolean {
  return Object.hasOwn(table, key);
}

/** JSON as chart values: copies, and every number becomes a float64 as Helm's reader makes it. */
export function fromJson(json: Json | undefined): Value {
  if (json === undefined || json === null) return null;
  if (typeof json === 'bigint') return Number(json);
  if (typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((item: Json) => fromJson(item));
  const table = newTable();
  for (const [key, item] of Object.entries(json)) table[key] = fromJson(item as Json);
  return table;
}

/** A deep copy. */
export function copyValue<T extends Value>(value: T): T {
  if (Array.isArray(value)) return value.map((item: Value) => copyValue(item)) as Value as T;
  if (!isTable(value)) return value;
  const copy = newTable();
  for (const key of Object.keys(value)) copy[key] = copyValue(value[key] ?? null);
  return copy as Value as T;
}

/**
 * Values from two sources, the later one wins; tables merge, everything else is replaced. A null replaces too: it is read as
 * "delete the default" later, when the chart's defaults come in.
 */
export function mergeTables(base: Table, above: Table): Table {
  const merged = newTable();
  for (const key of Object.keys(base)) merged[key] = base[key] ?? null;
  for (const key of Object.keys(above)) {
    const value = above[key] ?? null;
    const below = hasKey(merged, key) ? merged[key] : undefined;
    merged[key] = isTable(value) && isTable(below) ? mergeTables(below, value) : value;
  }
  return merged;
}

/** The table at a dotted path; undefined when a step of it is missing or no table. */
export function tableAt(table: Table, path: string): Table | undefined {
  let current: Table = table;
  for (const name of path.split('.')) {
    const next = hasKey(current, name) ? current[name] : undefined;
    if (!isTable(next)) return undefined;
    current = next;
  }
  return current;
}

/** The value at a dotted path that is no table; undefined when there is none. */
export function scalarAt(table: Table, path: string): Value | undefined {
  const dot = path.lastIndexOf('.');
  const holder = dot < 0 ? table : tableAt(table, path.slice(0, dot));
  const name = path.slice(dot + 1);
  if (holder === undefined || !hasKey(holder, name)) return undefined;
  const value = holder[name];
  return isTable(value) ? undefined : value;
}

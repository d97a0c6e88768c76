/**
 * A JSON value. Objects from outside are null-prototype (or only ever read with `Object.hasOwn`), so that a key named `__proto__` is
 * data. An integer beyond ±2^53 is a bigint, so that what Git says reaches the API server digit by digit; everything else is a number.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A JSON object that its owner may still change. */
export type MutableJson = null | boolean | number | bigint | string | MutableJson[] | MutableJsonObject;
export interface MutableJsonObject {
  [key: string]: MutableJson | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property `key` of `value`, or undefined when `value` is not an object or has no such key of its own. */
export function own(value: unknown, key: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Follows own keys (and list indexes given as numbers) downward; undefined as soon as one is missing. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let current = value as Json | undefined;
  for (const step of path) {
    if (typeof step === 'number') current = Array.isArray(current) ? (current[step] as Json | undefined) : undefined;
    else current = own(current, step);
    if (current === undefined) return undefined;
  }
  return current;
}

export function stringAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/**
 * Deep equality of JSON values; key order does not count, list order does. A bigint equals the number that a JSON reader makes of it.
 */
export function jsonEqual(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left === 'bigint' || typeof right === 'bigint')
    return Number(left) === Number(right) && typeof left !== 'string' && typeof right !== 'string';
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) if (!jsonEqual(left[index], right[index])) return false;
    return true;
  }
  if (Array.isArray(right)) return false;
  const leftKeys = Object.keys(left);
  const rightObject = right as JsonObject;
  if (leftKeys.length !== Object.keys(rightObject).length) return false;
  for (const key of leftKeys) {
    if (!Object.hasOwn(rightObject, key) || !jsonEqual((left as JsonObject)[key], rightObject[key])) return false;
  }
  return true;
}

/** JSON text with sorted keys: the same value always gives the same bytes. Keys that hold undefined are left out. */
export function stableJson(value: Json | undefined): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item: Json) => stableJson(item)).join(',')}]`;
  const object = value as JsonObject;
  const parts: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const item = object[key];
    if (item !== undefined) parts.push(`${JSON.stringify(key)}:${stableJson(item)}`);
  }
  return `{${parts.join(',')}}`;
}

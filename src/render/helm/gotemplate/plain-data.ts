import type { Json } from '../../../core/json.ts';
import { behaviourOf } from './behaviour.ts';
import { fromBytes } from './byte-string.ts';
import { GoBytes, GoInt, GoMap, GoObject, GoSlice, type GoValue } from './values.ts';

/**
 * The plain data of a value: floats as numbers, whole numbers as bigint, bytes as base64, maps null-prototype with text keys.
 * `watch` is told of each value that is visited: a map may hold the same map many times over.
 */
export function jsonOf(value: GoValue, watch?: () => void): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return fromBytes(value);
  if (typeof value !== 'object') return value;
  watch?.();
  const custom = behaviourOf(value.type)?.json?.(value);
  if (custom !== undefined) return typeof custom === 'string' ? fromBytes(custom) : jsonOf(custom.as, watch);
  if (value instanceof GoInt) return value.value;
  if (value instanceof GoMap) {
    if (value.isNil) return null;
    return objectOf(
      value.sortedKeys().map((key) => [key, value.entries.get(key)] as const),
      watch,
    );
  }
  if (value instanceof GoSlice) return value.isNil ? null : value.items.map((item) => jsonOf(item, watch));
  if (value instanceof GoBytes) return Buffer.from(value.data, 'latin1').toString('base64');
  if (!(value instanceof GoObject)) return null;
  return objectOf(
    (value.type.fields ?? []).map(({ name }) => [name, value.fields.get(name)] as const),
    watch,
  );
}

function objectOf(pairs: readonly (readonly [string, GoValue])[], watch: (() => void) | undefined): Json {
  const object = Object.create(null) as { [key: string]: Json };
  for (const [key, value] of pairs) object[fromBytes(key)] = jsonOf(value, watch);
  return object;
}

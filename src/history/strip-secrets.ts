import { isJsonObject, type Json, type MutableJsonObject } from '../core/json.ts';
import { MANIFEST_COPIES } from '../core/manifest-copies.ts';
import type { KubeObject } from '../core/object-key.ts';

const DATA_FIELDS: ReadonlySet<string> = new Set(['data', 'stringData']);

/**
 * The last line of defence: whatever reaches a history has no Secret data, also not inside a list, a nested object or an annotation that
 * repeats the manifest. Decided by the object itself, never by what a caller calls it; a kind named Secret of another group counts too.
 */
export function stripSecrets(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.map((object) => strip(object, 0) as KubeObject);
}

function strip(value: Json | undefined, depth: number): Json | undefined {
  // What nests deeper than any manifest is left out: it cannot be looked through.
  if (depth > 500) return undefined;
  if (Array.isArray(value)) return value.map((item: Json) => strip(item, depth + 1) ?? null);
  if (!isJsonObject(value)) return value;
  const secret = value['kind'] === 'Secret' && typeof value['apiVersion'] === 'string';
  const kept: MutableJsonObject = Object.create(null) as MutableJsonObject;
  for (const key of Object.keys(value)) {
    if (secret && DATA_FIELDS.has(key)) continue;
    if (MANIFEST_COPIES.includes(key)) continue;
    kept[key] = strip(value[key], depth + 1) as MutableJsonObject[string];
  }
  return kept;
}

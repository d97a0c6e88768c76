import { isJsonObject, type Json, type JsonObject, type MutableJsonObject } from '../json.ts';
import { MAX_DEPTH } from './depth.ts';
import { canonicalElement, compareElements, type ElementText } from './field-path.ts';
import type { FieldSet } from './field-set.ts';

/**
 * Reads a `fieldsV1` value. Steps of unknown kinds are left out, as the API server does; undefined when it is not a tree of
 * objects or deeper than {@link MAX_DEPTH}.
 */
export function parseFieldsV1(value: Json | undefined): FieldSet | undefined {
  const root = parseNode(value, 0);
  return root === undefined ? undefined : { owned: false, children: root.children };
}

function parseNode(value: Json | undefined, depth: number): FieldSet | undefined {
  if (!isJsonObject(value) || depth > MAX_DEPTH) return undefined;
  const children = new Map<ElementText, FieldSet>();
  let owned = false;
  let named = false;
  for (const key of Object.keys(value)) {
    if (key === '.') {
      owned = true;
      continue;
    }
    named = true;
    const step = canonicalElement(key);
    if (step === undefined) continue;
    const child = parseNode(value[key], depth + 1);
    if (child === undefined) return undefined;
    children.set(step, child);
  }
  return { owned: owned || !named || children.size === 0, children };
}

/** The `fieldsV1` value of a set, its keys in the API server's order. */
export function formatFieldsV1(set: FieldSet): JsonObject {
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  for (const step of [...set.children.keys()].sort(compareElements)) {
    const child = set.children.get(step);
    if (child === undefined) continue;
    const below = formatFieldsV1(child) as MutableJsonObject;
    if (child.owned && child.children.size > 0) {
      const withSelf: MutableJsonObject = Object.create(null) as MutableJsonObject;
      withSelf['.'] = {};
      for (const key of Object.keys(below)) withSelf[key] = below[key];
      out[step] = withSelf;
    } else out[step] = below;
  }
  return out;
}

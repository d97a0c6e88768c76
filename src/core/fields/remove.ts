import { isJsonObject, type Json, type MutableJson, type MutableJsonObject } from '../json.ts';
import { guardDepth } from './depth.ts';
import { fieldElement } from './field-path.ts';
import type { FieldSet } from './field-set.ts';
import { elementOrIndex } from './list-item.ts';
import { fieldType, UNTYPED, type SchemaType } from './schema.ts';
import { shapeOf } from './shape.ts';

/**
 * The value without the paths of the set. A map or list that loses everything inside stays as {} or [], because only what the set
 * names goes. Parts are shared with the input, which is not changed.
 * @throws EngineError NotSupported for a value nested too deeply
 */
export function removeFields(value: Json, set: FieldSet, type: SchemaType): Json {
  return prune(value, set, type, 0);
}

function prune(value: Json, set: FieldSet, type: SchemaType, depth: number): MutableJson {
  guardDepth(depth);
  const shape = shapeOf(type, value);
  if (shape.kind === 'list' && Array.isArray(value)) {
    // Nothing can be named inside an atomic list: a set that does so stems from another schema, and means all of it.
    if (shape.listType === 'atomic') return [];
    const items: MutableJson[] = [];
    for (const [index, item] of (value as readonly Json[]).entries()) {
      const below = set.children.get(elementOrIndex(shape, item, index));
      if (below?.owned === true) continue;
      items.push(below === undefined ? (item as MutableJson) : prune(item, below, shape.items(), depth + 1));
    }
    return items;
  }
  if (shape.kind === 'map' && isJsonObject(value)) {
    if (shape.atomic) return {};
    const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
    for (const key of Object.keys(value)) {
      const child = value[key];
      const below = set.children.get(fieldElement(key));
      if (child === undefined || below?.owned === true) continue;
      out[key] =
        below === undefined ? (child as MutableJson) : prune(child, below, fieldType(shape, key) ?? UNTYPED, depth + 1);
    }
    return out;
  }
  return value as MutableJson;
}

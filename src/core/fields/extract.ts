import { isJsonObject, type Json, type MutableJson, type MutableJsonObject } from '../json.ts';
import { guardDepth } from './depth.ts';
import { fieldElement } from './field-path.ts';
import type { FieldSet } from './field-set.ts';
import { elementOrIndex } from './list-item.ts';
import { fieldType, UNTYPED, type SchemaType } from './schema.ts';
import { shapeOf } from './shape.ts';

/**
 * The part of a value that the set names: what its owner would have to apply to own the same. Items of associative lists come with
 * their key fields. A path without others below it stands for the whole value there; undefined when nothing of it is live.
 * @throws EngineError NotSupported for a value nested too deeply
 */
export function extractFields(value: Json, set: FieldSet, type: SchemaType): Json | undefined {
  return pick(value, set, type, 0);
}

function pick(value: Json, set: FieldSet, type: SchemaType, depth: number): MutableJson | undefined {
  guardDepth(depth);
  if (set.children.size === 0) return set.owned ? (value as MutableJson) : undefined;
  const shape = shapeOf(type, value);
  if (shape.kind === 'list' && Array.isArray(value)) {
    if (shape.listType === 'atomic') return value as MutableJson;
    const items: MutableJson[] = [];
    for (const [index, item] of (value as readonly Json[]).entries()) {
      const below = set.children.get(elementOrIndex(shape, item, index));
      if (below === undefined) continue;
      const picked = below.children.size === 0 ? emptyLike(item) : pick(item, below, shape.items(), depth + 1);
      items.push(withKeys(picked ?? emptyLike(item), item, shape.keys));
    }
    return items.length > 0 || set.owned ? items : undefined;
  }
  if (shape.kind === 'map' && isJsonObject(value)) {
    if (shape.atomic) return value as MutableJson;
    const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
    for (const key of Object.keys(value)) {
      const child = value[key];
      const below = set.children.get(fieldElement(key));
      if (child === undefined || below === undefined) continue;
      const picked = pick(child, below, fieldType(shape, key) ?? UNTYPED, depth + 1);
      if (picked !== undefined) out[key] = picked;
    }
    return Object.keys(out).length > 0 || set.owned ? out : undefined;
  }
  return value as MutableJson;
}

function emptyLike(item: Json): MutableJson {
  return isJsonObject(item) ? {} : (item as MutableJson);
}

function withKeys(picked: MutableJson, item: Json, keys: readonly string[]): MutableJson {
  if (!isJsonObject(picked) || !isJsonObject(item)) return picked;
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  for (const key of keys) if (Object.hasOwn(item, key)) out[key] = item[key] as MutableJson;
  for (const key of Object.keys(picked)) out[key] = picked[key] as MutableJson;
  return out;
}

import { isJsonObject, stableJson, type Json, type MutableJsonObject } from '../json.ts';
import type { ElementText } from './field-path.ts';
import type { ListTypeOf } from './schema.ts';

export type ItemElement = { readonly element: ElementText } | { readonly problem: string };

/**
 * The step that names an item of an associative list: its key fields (with their defaults from the schema: `protocol: TCP`), or its
 * value in a set. A problem where the server refuses the item.
 */
export function itemElement(type: ListTypeOf, item: Json | undefined): ItemElement {
  if (type.listType === 'map') return keyedElement(type, item);
  if (item === null || item === undefined)
    return { problem: "associative list without keys has an element that's an explicit null" };
  if (Array.isArray(item)) return { problem: 'not supported: associative list with lists as elements' };
  if (typeof item === 'object') return { problem: "associative list without keys has an element that's a map type" };
  return { element: `v:${stableJson(item)}` };
}

function keyedElement(type: ListTypeOf, item: Json | undefined): ItemElement {
  if (item === null || item === undefined) return { problem: 'associative list with keys may not have a null element' };
  if (!isJsonObject(item)) return { problem: 'associative list with keys may not have non-map elements' };
  const fields: MutableJsonObject = Object.create(null) as MutableJsonObject;
  let count = 0;
  for (const key of type.keys) {
    const value = (Object.hasOwn(item, key) ? item[key] : undefined) ?? keyDefault(type, key);
    if (value === undefined) continue;
    fields[key] = value as never;
    count++;
  }
  if (count === 0 && type.keys.length > 0) {
    const names = type.keys.map((key) => JSON.stringify(key)).join(' ');
    return {
      problem: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    };
  }
  return { element: `k:${stableJson(fields)}` };
}

function keyDefault(type: ListTypeOf, key: string): Json | undefined {
  const items = type.items();
  if (items.kind !== 'map') return undefined;
  const value = items.fields().get(key)?.default;
  return value === null || typeof value === 'object' ? undefined : (value as Json | undefined);
}

/** The step of an item, or one by position where it has no valid key. */
export function elementOrIndex(type: ListTypeOf, item: Json | undefined, index: number): ElementText {
  const found = itemElement(type, item);
  return 'element' in found ? found.element : `i:${index}`;
}

/** The items of an associative list by step; a step with several items (the server keeps old duplicates) has them all. */
export function groupItems(type: ListTypeOf, items: readonly Json[]): Map<ElementText, Json[]> {
  const groups = new Map<ElementText, Json[]>();
  for (const [index, item] of items.entries()) {
    const step = elementOrIndex(type, item, index);
    const group = groups.get(step);
    if (group === undefined) groups.set(step, [item]);
    else group.push(item);
  }
  return groups;
}

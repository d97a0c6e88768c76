import { isJsonObject, type Json, type JsonObject, own, stringAt } from '../core/json.ts';

export interface ListItem {
  readonly value: Json;
  /** Where it is inside its document. */
  readonly path: readonly (string | number)[];
}

/** Lists inside lists. */
const MAX_DEPTH = 8;

/**
 * The objects of a document: itself, or what a `kind: List` (or `ConfigMapList` …) holds, lists inside lists too. As kubectl does it, an item
 * of a typed list that names no kind gets the list's.
 */
export function expandList(value: Json): ListItem[] {
  const found: ListItem[] = [];
  const add = (item: Json, path: readonly (string | number)[], depth: number): void => {
    const items = listItems(item);
    if (items === undefined || depth >= MAX_DEPTH) {
      found.push({ value: item, path });
      return;
    }
    for (const [index, child] of items.entries()) add(withListKind(child, item), [...path, 'items', index], depth + 1);
  };
  add(value, [], 0);
  return found;
}

/** An object that only happens to be named so has a name. */
function listItems(value: Json): readonly Json[] | undefined {
  const items = own(value, 'items');
  const isList =
    stringAt(value, 'kind')?.endsWith('List') === true && stringAt(value, 'metadata', 'name') === undefined;
  if (!isList) return undefined;
  if (items === null || items === undefined) return [];
  return Array.isArray(items) ? (items as readonly Json[]) : undefined;
}

function withListKind(item: Json, list: Json): Json {
  const kind = stringAt(list, 'kind')?.slice(0, -'List'.length) ?? '';
  const apiVersion = own(list, 'apiVersion');
  if (!isJsonObject(item) || kind === '' || own(item, 'kind') !== undefined || apiVersion === undefined) return item;
  const named: JsonObject = { apiVersion, kind };
  return Object.assign(Object.create(null) as object, named, item) as JsonObject;
}

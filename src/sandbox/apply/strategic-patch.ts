import { guardDepth } from '../../core/fields/depth.ts';
import { fieldType, UNTYPED, type ListTypeOf, type SchemaType } from '../../core/fields/schema.ts';
import {
  isJsonObject,
  jsonEqual,
  own,
  stableJson,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { textOf } from '../object.ts';
import { badRequest } from '../status.ts';

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';

/**
 * Applies a strategic merge patch: maps merge, lists merge by their merge key where the type has one, and the directives `$patch`,
 * `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…` do what kubectl means by them. @throws ApiError 400
 */
export function applyStrategicPatch(value: JsonObject, patch: JsonObject, type: SchemaType): MutableJsonObject {
  return mergeMap(value, patch, type, 0);
}

function mergeMap(value: Json | undefined, patch: JsonObject, type: SchemaType, depth: number): MutableJsonObject {
  guardDepth(depth);
  const directive = own(patch, '$patch');
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  if (directive === 'delete') return out;
  const retained = own(patch, '$retainKeys');
  if (directive !== 'replace' && isJsonObject(value))
    for (const key of Object.keys(value))
      if (value[key] !== undefined && (!Array.isArray(retained) || retained.includes(key)))
        out[key] = value[key] as MutableJson;
  for (const key of Object.keys(patch)) {
    const item = patch[key];
    if (item === undefined || key === '$patch' || key === '$retainKeys') continue;
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length);
      const list = own(out, field);
      const gone = Array.isArray(item) ? (item as readonly Json[]) : [];
      if (Array.isArray(list))
        out[field] = (list as readonly Json[]).filter(
          (entry) => !gone.some((other) => jsonEqual(entry, other)),
        ) as MutableJson[];
      continue;
    }
    if (key.startsWith(ORDER)) {
      const field = key.slice(ORDER.length);
      if (!Object.hasOwn(patch, field)) out[field] = orderOnly(own(out, field), item, fieldType(type, field));
      continue;
    }
    if (item === null) {
      delete out[key];
      continue;
    }
    out[key] = mergeValue(
      own(out, key),
      item,
      fieldType(type, key) ?? UNTYPED,
      own(patch, `${ORDER}${key}`),
      depth + 1,
    );
  }
  for (const key of Object.keys(out)) if (out[key] === undefined) delete out[key];
  return out;
}

function mergeValue(
  value: Json | undefined,
  patch: Json,
  type: SchemaType,
  order: Json | undefined,
  depth: number,
): MutableJson {
  if (isJsonObject(patch)) return mergeMap(isJsonObject(value) ? value : undefined, patch, type, depth);
  if (Array.isArray(patch) && type.kind === 'list' && type.patchMergeKey !== undefined)
    return mergeList(Array.isArray(value) ? value : [], patch, type, type.patchMergeKey, order, depth);
  return stripDirectives(patch);
}

function stripDirectives(patch: Json): MutableJson {
  if (!Array.isArray(patch)) return patch as MutableJson;
  return (patch as readonly Json[]).filter(
    (item) => !(isJsonObject(item) && own(item, '$patch') !== undefined),
  ) as MutableJson[];
}

function mergeList(
  value: readonly Json[],
  patch: readonly Json[],
  type: ListTypeOf,
  mergeKey: string,
  order: Json | undefined,
  depth: number,
): MutableJson[] {
  if (patch.some((item) => own(item, '$patch') === 'replace')) return stripDirectives(patch) as MutableJson[];
  const idOf = (item: Json): string => stableJson(mergeKey === '' ? item : (own(item, mergeKey) ?? null));
  let merged: MutableJson[] = [...value] as MutableJson[];
  for (const item of patch) {
    if (mergeKey === '') {
      if (!merged.some((entry) => jsonEqual(entry, item))) merged.push(item as MutableJson);
      continue;
    }
    if (own(item, mergeKey) === undefined)
      throw badRequest(
        `map: map[${isJsonObject(item) ? Object.keys(item).join(' ') : ''}] does not contain declared merge key: ${mergeKey}`,
      );
    const id = idOf(item);
    if (textOf(item, '$patch') === 'delete') {
      merged = merged.filter((entry) => idOf(entry) !== id);
      continue;
    }
    const found = merged.findIndex((entry) => idOf(entry) === id);
    const before = found < 0 ? undefined : merged[found];
    const next = isJsonObject(item) ? mergeMap(before, item, type.items(), depth + 1) : (item as MutableJson);
    if (found < 0) merged.push(next);
    else merged[found] = next;
  }
  return Array.isArray(order) ? inOrder(merged, value, order as readonly Json[], idOf) : merged;
}

function orderOnly(value: Json | undefined, order: Json, type: SchemaType | undefined): MutableJson | undefined {
  if (!Array.isArray(value) || !Array.isArray(order) || type?.kind !== 'list') return value as MutableJson | undefined;
  const key = type.patchMergeKey ?? '';
  const idOf = (item: Json): string => stableJson(key === '' ? item : (own(item, key) ?? null));
  return inOrder([...value] as MutableJson[], value, order as readonly Json[], idOf);
}

/** Items that the order names come in that order; the others stay before the item that they stood before. */
function inOrder(
  merged: readonly MutableJson[],
  before: readonly Json[],
  order: readonly Json[],
  idOf: (item: Json) => string,
): MutableJson[] {
  const wanted = order.map(idOf);
  const rank = new Map(wanted.map((id, index) => [id, index]));
  const position = new Map(before.map((item, index) => [idOf(item), index]));
  const named = merged
    .filter((item) => rank.has(idOf(item)))
    .sort((a, b) => (rank.get(idOf(a)) ?? 0) - (rank.get(idOf(b)) ?? 0));
  const others = merged.filter((item) => !rank.has(idOf(item)));
  const out: MutableJson[] = [];
  let next = 0;
  for (const item of named) {
    const place = position.get(idOf(item));
    for (; next < others.length; next++) {
      const other = others[next] as MutableJson;
      if (place === undefined || (position.get(idOf(other)) ?? Infinity) > place) break;
      out.push(other);
    }
    out.push(item);
  }
  return [...out, ...others.slice(next)];
}

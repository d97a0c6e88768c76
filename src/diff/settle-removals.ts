import type { FieldChange } from '../core/diff.ts';
import { describePath, fieldElement, type FieldPath } from '../core/fields/field-path.ts';
import { difference, hasPath, intersection, isEmptySet, union, type FieldSet } from '../core/fields/field-set.ts';
import { groupItems } from '../core/fields/list-item.ts';
import { mergeValues } from '../core/fields/merge.ts';
import { withNamedFields } from '../core/fields/named-fields.ts';
import { removeFields } from '../core/fields/remove.ts';
import { fieldType, UNTYPED, type SchemaType } from '../core/fields/schema.ts';
import { setOfValue } from '../core/fields/set-of-value.ts';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.ts';

/** A manager beside ours, with what it owns. */
export interface OtherOwner {
  readonly manager: string;
  readonly fields: FieldSet;
}

/**
 * What giving up fields does, as the server's merge decides it: a field that another manager owns too stays live and only our share in
 * it ends (`release`), parts of a removed item that are others' stay, everything else goes.
 *
 * @param paths what we own and Git does not say any more
 * @param ours everything that we own by our last apply
 */
export function settleRemovals(
  paths: readonly FieldPath[],
  desired: JsonObject,
  live: JsonObject,
  ours: FieldSet,
  others: readonly OtherOwner[],
  type: SchemaType,
): FieldChange[] {
  const after = othersTouch(paths, others) ? withoutGivenUp(desired, live, ours, others, type) : undefined;
  return paths.flatMap((path) => {
    const before = valueAt(live, path, type);
    if (before === undefined) return [released(path, undefined, others)];
    const left = after === undefined ? undefined : valueAt(after, path, type);
    if (left === undefined) return [{ path: describePath(path), op: 'remove' as const, before }];
    if (jsonEqual(before, left)) return [released(path, before, others)];
    return losses(path, before, left);
  });
}

function othersTouch(paths: readonly FieldPath[], others: readonly OtherOwner[]): boolean {
  return others.some(({ fields }) =>
    paths.some((path) => {
      let node: FieldSet | undefined = fields;
      for (const step of path) node = node?.children.get(step);
      return node !== undefined;
    }),
  );
}

function released(path: FieldPath, before: Json | undefined, others: readonly OtherOwner[]): FieldChange {
  const owner = others.find(({ fields }) => hasPath(fields, path))?.manager;
  return {
    path: describePath(path),
    op: 'release',
    ...(before === undefined ? {} : { before }),
    ...(owner === undefined ? {} : { owner }),
  };
}

/** The live object after the apply: what we owned, nobody wants and nobody else owns is gone. */
function withoutGivenUp(
  desired: JsonObject,
  live: JsonObject,
  ours: FieldSet,
  others: readonly OtherOwner[],
  type: SchemaType,
): Json {
  const before = mergeValues(live, desired, type) as Json;
  const named = withNamedFields(ours, type);
  const pruned = removeFields(before, named, type);
  let managed = setOfValue(desired, type);
  for (const { fields } of others) managed = union(managed, fields);
  const all = withNamedFields(setOfValue(before, type), type);
  const keep = union(withNamedFields(setOfValue(pruned, type), type), withNamedFields(managed, type));
  const kept = removeFields(before, difference(all, keep), type);
  const gone = difference(all, withNamedFields(setOfValue(kept, type), type));
  const ownGone = intersection(gone, named);
  return isEmptySet(ownGone) ? before : removeFields(before, ownGone, type);
}

/** What a value loses, down to where something of it stays. */
function losses(path: FieldPath, before: Json, left: Json): FieldChange[] {
  if (!isJsonObject(before) || !isJsonObject(left)) {
    return jsonEqual(before, left) ? [] : [{ path: describePath(path), op: 'change', before, after: left }];
  }
  return Object.keys(before).flatMap((key): FieldChange[] => {
    const value = before[key];
    if (value === undefined) return [];
    const step = [...path, fieldElement(key)];
    const rest = Object.hasOwn(left, key) ? left[key] : undefined;
    if (rest === undefined) return [{ path: describePath(step), op: 'remove', before: value }];
    return losses(step, value, rest);
  });
}

function valueAt(value: Json, path: FieldPath, type: SchemaType): Json | undefined {
  let current: Json | undefined = value;
  let currentType = type;
  for (const step of path) {
    if (step.startsWith('f:')) {
      const key = step.slice(2);
      current = isJsonObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
      currentType = fieldType(currentType, key) ?? UNTYPED;
    } else {
      current =
        currentType.kind === 'list' && Array.isArray(current)
          ? groupItems(currentType, current).get(step)?.[0]
          : undefined;
      currentType = currentType.kind === 'list' ? currentType.items() : UNTYPED;
    }
    if (current === undefined) return undefined;
  }
  return current;
}

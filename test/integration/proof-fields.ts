import { describePath, fieldElement, type ElementText } from '../../src/core/fields/field-path.ts';
import { elementOrIndex } from '../../src/core/fields/list-item.ts';
import { fieldType, UNTYPED, type SchemaType } from '../../src/core/fields/schema.ts';
import { shapeOf } from '../../src/core/fields/shape.ts';
import { isJsonObject, type Json, type MutableJson, type MutableJsonObject } from '../../src/core/json.ts';

/** A leaf of an object as server-side apply sees it: a scalar, or a value that is merged as one. */
export interface Leaf {
  /** As a diff names it. */
  readonly path: string;
  readonly steps: readonly ElementText[];
  /** Keys and positions to walk to it. */
  readonly keys: readonly (string | number)[];
  readonly value: Json;
}

/** All leaves below `value` that an apply owns; items of keyed lists are walked, their keys left out. */
export function leavesOf(
  value: Json,
  type: SchemaType,
  steps: ElementText[] = [],
  keys: (string | number)[] = [],
): Leaf[] {
  const shape = shapeOf(type, value);
  if (shape.kind === 'map' && !shape.atomic && isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.keys(value).flatMap((key) => {
      const child = value[key];
      if (child === undefined) return [];
      return leavesOf(child, fieldType(shape, key) ?? UNTYPED, [...steps, fieldElement(key)], [...keys, key]);
    });
  }
  if (shape.kind === 'list' && shape.listType === 'map' && Array.isArray(value)) {
    return value.flatMap((item: Json, index) => {
      const step = elementOrIndex(shape, item, index);
      const below = leavesOf(item, shape.items(), [...steps, step], [...keys, index]);
      return below.filter(({ steps: found }) => !shape.keys.includes((found[steps.length + 1] ?? '').slice(2)));
    });
  }
  if (shape.kind === 'list' && shape.listType === 'set' && Array.isArray(value)) {
    return value.map((item: Json, index) => {
      const path = [...steps, elementOrIndex(shape, item, index)];
      return { path: describePath(path), steps: path, keys: [...keys, index], value: item };
    });
  }
  return [{ path: describePath(steps), steps, keys, value }];
}

/** A deep copy that may be changed. */
export function copyOf(value: Json): MutableJson {
  return structuredClone(value) as MutableJson;
}

/** Sets the value at keys; undefined removes it. */
export function setAt(root: MutableJson, keys: readonly (string | number)[], value: Json | undefined): void {
  let current: MutableJson = root;
  for (const key of keys.slice(0, -1)) current = (current as MutableJsonObject)[key as string] as MutableJson;
  const last = keys.at(-1);
  if (Array.isArray(current)) {
    if (value === undefined) current.splice(Number(last), 1);
    else current[Number(last)] = value as MutableJson;
  } else if (value === undefined) delete (current as MutableJsonObject)[String(last)];
  else (current as MutableJsonObject)[String(last)] = value as MutableJson;
}

/** Other values that could stand at a leaf, likelier ones first: the server decides which of them are allowed. */
export function otherValues(value: Json): Json[] {
  switch (typeof value) {
    case 'boolean':
      return [!value];
    case 'number':
      return [value + 1, value - 1, value * 2, value + 10];
    case 'string': {
      const known = WORDS.find((words) => words.includes(value));
      if (known !== undefined) return known.filter((word) => word !== value);
      const number = /^(\d+)(.*)$/.exec(value);
      const counted = number === null ? [] : [`${Number(number[1]) + 1}${number[2]}`];
      return [
        ...counted,
        `${value}x`,
        `x${value}`,
        value.replace(/[a-z](?=[^a-z]*$)/, (letter) => (letter === 'z' ? 'a' : 'z')),
        'x',
        '',
      ];
    }
    default:
      if (Array.isArray(value)) {
        const shorter = value.slice(1);
        const changed = value.flatMap((item: Json, index) =>
          otherValues(item).map((other) => value.map((old: Json, at) => (at === index ? other : old))),
        );
        return [...changed, ...(shorter.length > 0 ? [shorter] : [])];
      }
      if (isJsonObject(value)) {
        return Object.keys(value).flatMap((key) =>
          otherValues(value[key] ?? null).map((other) => ({ ...value, [key]: other })),
        );
      }
      return [];
  }
}

/** Words of which a field allows just these. */
const WORDS: readonly (readonly string[])[] = [
  ['Always', 'IfNotPresent', 'Never', 'OnFailure'],
  ['ClusterFirst', 'Default', 'None'],
  ['Cluster', 'Local'],
  ['TCP', 'UDP', 'SCTP'],
  ['ClientIP', 'None'],
  ['HTTP', 'HTTPS'],
  ['Allow', 'Forbid', 'Replace'],
  ['Retain', 'Delete'],
  ['File', 'FallbackToLogsOnError'],
  ['RollingUpdate', 'Recreate', 'OnDelete'],
  ['Max', 'Min', 'Disabled'],
  ['Fail', 'Ignore'],
  ['Exact', 'Equivalent'],
  ['Honor', 'Ignore'],
  ['DoNotSchedule', 'ScheduleAnyway'],
  ['Queue', 'Reject'],
  ['Prefix', 'Exact', 'ImplementationSpecific'],
  ['Memory', ''],
  ['AlwaysAllow', 'IfHealthyBudget'],
  ['OnRootMismatch', 'Always'],
  ['NotRequired', 'RestartContainer'],
];

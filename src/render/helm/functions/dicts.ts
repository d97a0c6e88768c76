import { GoError } from '../gotemplate/errors.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { MAP } from '../gotemplate/types.ts';
import { GoMap, GoObject, GoSlice, type GoValue, typeOf } from '../gotemplate/values.ts';
import { any, dict as map, fail, fn, type FunctionGroup, str, variadic } from './define.ts';
import { mergeInto } from './merge.ts';
import { copyOfVersion } from './semver.ts';
import { stringList, strval } from './strval.ts';

function makeDict(values: readonly GoValue[], context: CallContext): GoMap {
  context.budget.step(values.length);
  const entries = new Map<string, GoValue>();
  for (let i = 0; i < values.length; i += 2)
    entries.set(strval(values[i] ?? null), i + 1 < values.length ? (values[i + 1] ?? null) : '');
  return new GoMap(entries);
}

function setKey(target: GoMap, key: string, value: GoValue): GoMap {
  if (target.isNil) return fail('assignment to entry in nil map');
  target.entries.set(key, value ?? null);
  return target;
}

function pluck(key: string, maps: readonly GoMap[]): GoSlice {
  return new GoSlice(maps.filter(({ entries }) => entries.has(key)).map(({ entries }) => entries.get(key)));
}

/** Go gives keys and values in random order; ours is the order of the keys. */
function keysOf(maps: readonly GoMap[], context: CallContext): GoSlice {
  const keys = maps.flatMap((each) => each.sortedKeys());
  context.budget.step(keys.length);
  return stringList(keys);
}

function valuesOf(from: GoMap): GoSlice {
  return new GoSlice(from.sortedKeys().map((key) => from.entries.get(key)));
}

function pick(from: GoMap, keys: readonly string[]): GoMap {
  const entries = new Map<string, GoValue>();
  for (const key of keys) if (from.entries.has(key)) entries.set(key, from.entries.get(key));
  return new GoMap(entries);
}

function omit(from: GoMap, keys: readonly string[]): GoMap {
  const omitted = new Set(keys);
  return new GoMap(new Map([...from.entries].filter(([key]) => !omitted.has(key))));
}

function mergeAll(target: GoMap, sources: readonly GoMap[], overwrite: boolean, context: CallContext): GoMap {
  let merged = target;
  for (const source of sources) {
    context.budget.step(source.entries.size);
    if (merged.isNil && !source.isNil) merged = new GoMap(new Map(), merged.type);
    mergeInto(merged, source, overwrite, context.budget);
  }
  return merged;
}

/** A Go type assertion that failed. */
function assertion(value: GoValue, wanted: string): GoError {
  const type = typeOf(value);
  return new GoError(
    type === undefined
      ? `interface conversion: interface {} is nil, not ${wanted}`
      : `interface conversion: interface {} is ${type.name}, not ${wanted}`,
  );
}

/** dig "a" "b" default map: a step that is missing gives the default, a step that is no map is an error. */
function dig(values: readonly GoValue[]): GoValue {
  if (values.length < 3) return fail('dig needs at least three arguments');
  let from = asPlainMap(values[values.length - 1]);
  const otherwise = values[values.length - 2];
  const keys = values.slice(0, -2).map((key) => {
    if (typeof key !== 'string') throw assertion(key, 'string');
    return key;
  });
  for (const [i, key] of keys.entries()) {
    if (!from.entries.has(key)) return otherwise;
    const step = from.entries.get(key);
    if (i === keys.length - 1) return step;
    from = asPlainMap(step);
  }
  return otherwise;
}

function asPlainMap(value: GoValue): GoMap {
  if (value instanceof GoMap && value.type === MAP) return value;
  throw assertion(value, 'map[string]interface {}');
}

/** Maps and lists anew, all the way down; what cannot change is shared. */
function deepCopy(value: GoValue, context: CallContext): GoValue {
  context.budget.step();
  if (value instanceof GoMap) {
    const entries = new Map<string, GoValue>();
    for (const [key, item] of value.entries) entries.set(key, deepCopy(item, context));
    return new GoMap(entries, value.type, value.isNil);
  }
  if (value instanceof GoObject) return copyOfVersion(value) ?? value;
  if (value instanceof GoSlice)
    return new GoSlice(
      value.items.map((item) => deepCopy(item, context)),
      value.type,
      { isNil: value.isNil },
    );
  return value;
}

function copy(value: GoValue, context: CallContext): GoValue {
  if (value === null || value === undefined) return fail('reflect: call of reflect.Value.Type on zero Value');
  return deepCopy(value, context);
}

const mergeFunction = (overwrite: boolean): FunctionGroup[string] =>
  variadic([map], map, (target, sources, context) => mergeAll(target, sources, overwrite, context));

/** Maps. */
export const DICT_FUNCTIONS: FunctionGroup = {
  dict: variadic([], any, makeDict),
  get: fn([map, str], (from, key) => (from.entries.has(key) ? from.entries.get(key) : '')),
  set: fn([map, str, any], setKey),
  unset: fn([map, str], (from, key) => {
    from.entries.delete(key);
    return from;
  }),
  hasKey: fn([map, str], (from, key) => from.entries.has(key)),
  pluck: variadic([str], map, pluck),
  keys: variadic([], map, keysOf),
  values: fn([map], valuesOf),
  pick: variadic([map], str, pick),
  omit: variadic([map], str, omit),
  merge: mergeFunction(false),
  mustMerge: mergeFunction(false),
  mergeOverwrite: mergeFunction(true),
  mustMergeOverwrite: mergeFunction(true),
  dig: variadic([], any, dig),
  deepCopy: fn([any], copy),
  mustDeepCopy: fn([any], copy),
};

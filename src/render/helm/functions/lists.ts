import type { CallContext } from '../gotemplate/function.ts';
import { resliced } from '../gotemplate/builtins.ts';
import { LIST, sliceOf } from '../gotemplate/types.ts';
import { GoBytes, GoSlice, type GoValue, isTrue, itemsOf, typeOf } from '../gotemplate/values.ts';
import { toInt64 } from './cast.ts';
import { any, fail, fn, type FunctionGroup, int, nilDereference, variadic } from './define.ts';
import { deepEqual } from './equality.ts';

/** The items of a list, or what the function says to anything else. */
function itemsFor(value: GoValue, refusal: string): readonly GoValue[] {
  if (value === null || value === undefined) return nilDereference();
  return itemsOf(value) ?? fail(`${refusal} ${typeOf(value)?.kind ?? ''}`);
}

/** A new `[]interface {}`; its size counts against the budget. */
function made(items: GoValue[], context: CallContext): GoSlice {
  context.budget.step(items.length);
  return new GoSlice(items);
}

const NIL_LIST = (): GoSlice => new GoSlice([], LIST, { isNil: true });

function push(value: GoValue, item: GoValue, context: CallContext): GoValue {
  return made([...itemsFor(value, 'Cannot push on type'), item], context);
}

function prepend(value: GoValue, item: GoValue, context: CallContext): GoValue {
  return made([item, ...itemsFor(value, 'Cannot prepend on type')], context);
}

function rest(value: GoValue, context: CallContext): GoValue {
  const items = itemsFor(value, 'Cannot find rest on type');
  return items.length === 0 ? NIL_LIST() : made(items.slice(1), context);
}

function initial(value: GoValue, context: CallContext): GoValue {
  const items = itemsFor(value, 'Cannot find initial on type');
  return items.length === 0 ? NIL_LIST() : made(items.slice(0, -1), context);
}

function first(value: GoValue): GoValue {
  return itemsFor(value, 'Cannot find first on type')[0] ?? null;
}

function last(value: GoValue): GoValue {
  return itemsFor(value, 'Cannot find last on type').at(-1) ?? null;
}

function reverse(value: GoValue, context: CallContext): GoValue {
  return made([...itemsFor(value, 'Cannot find reverse on type')].reverse(), context);
}

function compact(value: GoValue, context: CallContext): GoValue {
  return made(itemsFor(value, 'Cannot compact on type').filter(isTrue), context);
}

function contains(list: readonly GoValue[], item: GoValue, context: CallContext): boolean {
  context.budget.step(list.length);
  return list.some((other) => deepEqual(item, other, context.budget));
}

function uniq(value: GoValue, context: CallContext): GoValue {
  const kept: GoValue[] = [];
  // Plain strings, the usual case, are found without comparing all with all.
  const seen = new Set<string>();
  for (const item of itemsFor(value, 'Cannot find uniq on type')) {
    if (typeof item === 'string') {
      if (seen.has(item)) continue;
      seen.add(item);
      kept.push(item);
    } else if (!contains(kept, item, context)) kept.push(item);
  }
  return made(kept, context);
}

function without(value: GoValue, omitted: readonly GoValue[], context: CallContext): GoValue {
  return made(
    itemsFor(value, 'Cannot find without on type').filter((item) => !contains(omitted, item, context)),
    context,
  );
}

function has(item: GoValue, value: GoValue, context: CallContext): boolean {
  if (value === null || value === undefined) return false;
  return contains(itemsFor(value, 'Cannot find has on type'), item, context);
}

function slice(value: GoValue, indices: readonly GoValue[]): GoValue {
  const items = itemsFor(value, 'list should be type of slice or array but');
  if (items.length === 0) return null;
  const from = indices.length > 0 ? Number(toInt64(indices[0])) : 0;
  const to = indices.length < 2 ? items.length : Number(toInt64(indices[1]));
  const capacity = value instanceof GoSlice ? value.capacity : items.length;
  if (from < 0 || to < from || to > capacity) return fail('reflect.Value.Slice: slice index out of bounds');
  if (value instanceof GoBytes) return new GoBytes(value.data.slice(from, to), value.type);
  return value instanceof GoSlice ? resliced(value, from, to) : null;
}

function chunk(size: number, value: GoValue, context: CallContext): GoValue {
  const items = itemsFor(value, 'Cannot chunk type');
  const type = sliceOf(LIST);
  // Like the original, which divides floats: a size of zero asks for infinitely many.
  const count = Math.floor((items.length - 1) / size) + 1;
  if (!Number.isFinite(count) || count < 0) return fail('runtime error: makeslice: len out of range');
  const chunks: GoValue[] = [];
  for (let i = 0; i < count; i++) {
    const length = i === count - 1 ? items.length % size || size : size;
    if (length < 0) return fail('runtime error: makeslice: len out of range');
    if (i * size + length > items.length) return fail('reflect: slice index out of range');
    chunks.push(made(items.slice(i * size, i * size + length), context));
  }
  return new GoSlice(chunks, type);
}

function concat(lists: readonly GoValue[], context: CallContext): GoValue {
  const items: GoValue[] = [];
  for (const value of lists) for (const item of concatenated(value)) items.push(item);
  return items.length === 0 ? NIL_LIST() : made(items, context);
}

function concatenated(value: GoValue): readonly GoValue[] {
  if (value === null || value === undefined) return nilDereference();
  return itemsOf(value) ?? fail(`Cannot concat type ${typeOf(value)?.kind ?? ''} as list`);
}

function list(values: readonly GoValue[], context: CallContext): GoValue {
  return made([...values], context);
}

/** Lists. The must forms differ from the others only in how Go reports an error, which templates see as the same. */
export const LIST_FUNCTIONS: FunctionGroup = {
  list: variadic([], any, list),
  tuple: variadic([], any, list),
  append: fn([any, any], push),
  push: fn([any, any], push),
  mustAppend: fn([any, any], push),
  mustPush: fn([any, any], push),
  prepend: fn([any, any], prepend),
  mustPrepend: fn([any, any], prepend),
  first: fn([any], first),
  mustFirst: fn([any], first),
  rest: fn([any], rest),
  mustRest: fn([any], rest),
  last: fn([any], last),
  mustLast: fn([any], last),
  initial: fn([any], initial),
  mustInitial: fn([any], initial),
  reverse: fn([any], reverse),
  mustReverse: fn([any], reverse),
  uniq: fn([any], uniq),
  mustUniq: fn([any], uniq),
  without: variadic([any], any, without),
  mustWithout: variadic([any], any, without),
  has: fn([any, any], has),
  mustHas: fn([any, any], has),
  slice: variadic([any], any, slice),
  mustSlice: variadic([any], any, slice),
  concat: variadic([], any, concat),
  chunk: fn([int, any], chunk),
  mustChunk: fn([int, any], chunk),
  compact: fn([any], compact),
  mustCompact: fn([any], compact),
};

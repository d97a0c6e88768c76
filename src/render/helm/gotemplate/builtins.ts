import { throughPointer } from './behaviour.ts';
import { GoError } from './errors.ts';
import { sprint, sprintf, sprintln, textOf } from './format.ts';
import type { CallContext, FunctionMap, GoFunction } from './function.ts';
import { compareValues, equalAny } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import { ANY, type GoType, isSigned, isUnsigned, REFLECT, STRING, UINT8 } from './types.ts';
import { GoBytes, goInt, GoInt, GoMap, GoSlice, GoObject, type GoValue, isTrue, typeOf, zeroOf } from './values.ts';

/** text/template's own functions. `and`, `or` and `call` are done by the caller; here they only say what they take. */

type Call = (args: readonly GoValue[], context: CallContext) => GoValue;

function fn(params: readonly GoType[], call: Call, variadic = false): GoFunction {
  return { params, variadic, call };
}

function unreachable(): never {
  throw new GoError('unreachable');
}

function reflectPanic(method: string): never {
  throw new GoError(`reflect: call of reflect.Value.${method} on zero Value`);
}

/** An index into something of this size; Go takes signed and unsigned integers and nothing else. */
function indexOf(index: GoValue, capacity: number): number {
  if (index === undefined || index === null) throw new GoError('cannot index slice/array with nil');
  if (!(index instanceof GoInt) || !(isSigned(index.type.kind) || isUnsigned(index.type.kind)))
    throw new GoError(`cannot index slice/array with type ${typeOf(index)?.name ?? ''}`);
  const at = BigInt.asIntN(64, index.value);
  if (at < 0n || at > BigInt(capacity)) throw new GoError(`index out of range: ${at}`);
  return Number(at);
}

/** The type of what a value is or points to. */
function pointedTypeName(value: GoValue): string {
  const name = typeOf(value)?.name ?? '';
  return value instanceof GoObject ? name.replace(/^\*/, '') : name;
}

function indexValue(item: GoValue, ...indexes: readonly GoValue[]): GoValue {
  if (item === undefined || item === null) throw new GoError('index of untyped nil');
  let value: GoValue = item;
  for (const index of indexes) {
    if (value === null || value === undefined) throw new GoError('index of nil pointer');
    if (value instanceof GoMap) {
      const key = mapKey(index, value);
      const found: GoValue = value.entries.get(key);
      value = found !== undefined ? found : zeroOf(value.type.elem ?? ANY);
    } else if (value instanceof GoSlice) {
      const at = indexOf(index, value.items.length);
      if (at === value.items.length) throw new GoError('reflect: slice index out of range');
      value = value.items[at];
    } else if (typeof value === 'string' || value instanceof GoBytes) {
      const data: string = typeof value === 'string' ? value : value.data;
      const at = indexOf(index, data.length);
      if (at === data.length)
        throw new GoError(
          typeof value === 'string' ? 'reflect: string index out of range' : 'reflect: slice index out of range',
        );
      value = new GoInt(BigInt(data.charCodeAt(at)), UINT8);
    } else throw new GoError(`can't index item of type ${pointedTypeName(value)}`);
  }
  return value;
}

function mapKey(index: GoValue, map: GoMap): string {
  const wanted = map.type.key?.name ?? 'string';
  if (index === undefined || index === null) throw new GoError(`value is nil; should be of type ${wanted}`);
  if (typeof index !== 'string') throw new GoError(`value has type ${typeOf(index)?.name ?? ''}; should be ${wanted}`);
  return index;
}

function sliceValue(item: GoValue, ...indexes: readonly GoValue[]): GoValue {
  if (item === undefined || item === null) throw new GoError('slice of untyped nil');
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`);
  let capacity: number;
  let length: number;
  if (typeof item === 'string') {
    if (indexes.length === 3) throw new GoError('cannot 3-index slice a string');
    capacity = length = item.length;
  } else if (item instanceof GoSlice) {
    capacity = item.capacity;
    length = item.items.length;
  } else if (item instanceof GoBytes) capacity = length = item.data.length;
  else throw new GoError(`can't slice item of type ${pointedTypeName(item)}`);
  const bounds = [0, length, capacity];
  indexes.forEach((index, i) => {
    bounds[i] = indexOf(index, capacity);
  });
  const [from = 0, to = 0, top = 0] = bounds;
  if (from > to) throw new GoError(`invalid slice index: ${from} > ${to}`);
  if (indexes.length === 3 && to > top) throw new GoError(`invalid slice index: ${to} > ${top}`);
  if (typeof item === 'string') return item.slice(from, to);
  if (item instanceof GoBytes) return new GoBytes(item.data.slice(from, to), item.type);
  return resliced(item, from, to, indexes.length === 3 ? top : capacity);
}

/** `slice[from:to]`; what lies beyond the length is zero values. */
export function resliced(slice: GoSlice, from: number, to: number, top: number = slice.capacity): GoSlice {
  const items = slice.items.slice(from, to);
  while (items.length < to - from) items.push(zeroOf(slice.type.elem ?? ANY));
  return new GoSlice(items, slice.type, { capacity: top - from });
}

function lengthOf(item: GoValue): GoValue {
  if (item === null) throw new GoError('len of nil pointer');
  if (item === undefined) return reflectPanic('Type');
  if (typeof item === 'string') return goInt(item.length);
  if (item instanceof GoMap) return goInt(item.entries.size);
  if (item instanceof GoSlice) return goInt(item.items.length);
  if (item instanceof GoBytes) return goInt(item.data.length);
  throw new GoError(`len of type ${pointedTypeName(item)}`);
}

/** The text of the operands of html, js and urlquery: like print, but no value is `<no value>`. */
function evalArgs(args: readonly GoValue[], context: CallContext): string {
  const first = args[0];
  if (args.length === 1 && typeof first === 'string') return first;
  const shown = args.map((arg) => (arg === undefined || arg === null ? '<no value>' : throughPointer(arg)));
  return sprint(shown, (bytes) => context.budget.write(bytes));
}

function printing(print: (args: readonly GoValue[], watch: (bytes: number) => void) => string): Call {
  return (args, context) => print(args, (bytes) => context.budget.write(bytes));
}

function comparison(test: (left: GoValue, right: GoValue) => boolean): GoFunction {
  return fn([REFLECT, REFLECT], ([left, right]) => test(left, right));
}

const less = (left: GoValue, right: GoValue): boolean => compareValues(left, right);
const lessOrEqual = (left: GoValue, right: GoValue): boolean => less(left, right) || equalAny(left, [right]);

export const BUILTIN_FUNCTIONS: FunctionMap = new Map<string, GoFunction>([
  ['and', fn([REFLECT, REFLECT], unreachable, true)],
  ['or', fn([REFLECT, REFLECT], unreachable, true)],
  ['call', fn([REFLECT, REFLECT], unreachable, true)],
  ['not', fn([REFLECT], ([value]) => !isTrue(value))],
  ['index', fn([REFLECT, REFLECT], (args) => indexValue(...(args as [GoValue])), true)],
  ['slice', fn([REFLECT, REFLECT], (args) => sliceValue(...(args as [GoValue])), true)],
  ['len', fn([REFLECT], ([item]) => lengthOf(item))],
  ['print', fn([ANY], printing(sprint), true)],
  ['println', fn([ANY], printing(sprintln), true)],
  [
    'printf',
    fn(
      [STRING, ANY],
      ([format, ...args], context) => sprintf(textOf(format), args, (bytes) => context.budget.write(bytes)),
      true,
    ),
  ],
  ['html', fn([ANY], (args, context) => escapeHtml(evalArgs(args, context)), true)],
  ['js', fn([ANY], (args, context) => escapeJs(evalArgs(args, context)), true)],
  ['urlquery', fn([ANY], (args, context) => escapeQuery(evalArgs(args, context)), true)],
  [
    'eq',
    fn(
      [REFLECT, REFLECT],
      ([first, ...others]) => {
        if (others.length === 0) throw new GoError('missing argument for comparison');
        return equalAny(first, others);
      },
      true,
    ),
  ],
  ['ne', comparison((left, right) => !equalAny(left, [right]))],
  ['lt', comparison(less)],
  ['le', comparison(lessOrEqual)],
  ['gt', comparison((left, right) => !lessOrEqual(left, right))],
  ['ge', comparison((left, right) => !less(left, right))],
]);

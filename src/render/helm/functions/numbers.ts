import { parseInt64 } from '../gotemplate/number-text.ts';
import { textOf } from '../gotemplate/format.ts';
import type { CallContext } from '../gotemplate/function.ts';
import { INT, INTS } from '../gotemplate/types.ts';
import { goInt, GoInt, goInt64, GoSlice, type GoValue } from '../gotemplate/values.ts';
import { atoi, toFloat64, toInt64 } from './cast.ts';
import { calculate } from './decimal.ts';
import { any, fail, float, fn, type FunctionGroup, int, str, variadic } from './define.ts';

function divide(a: GoValue, b: GoValue): GoValue {
  const divisor = toInt64(b);
  return divisor === 0n ? fail('runtime error: integer divide by zero') : goInt64(toInt64(a) / divisor);
}

function modulo(a: GoValue, b: GoValue): GoValue {
  const divisor = toInt64(b);
  return divisor === 0n ? fail('runtime error: integer divide by zero') : goInt64(toInt64(a) % divisor);
}

function extreme(first: GoValue, others: readonly GoValue[], wins: (a: bigint, b: bigint) => boolean): GoValue {
  let best = toInt64(first);
  for (const other of others) {
    const value = toInt64(other);
    if (wins(value, best)) best = value;
  }
  return goInt64(best);
}

/** math.Max: an infinity wins over NaN. */
function maxFloat(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

function minFloat(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

/** Numbers from start up or down to stop, which is left out. */
function steps(start: number, stop: number, step: number, context: CallContext): number[] {
  if (stop < start ? step >= 0 : step <= 0) return [];
  const count = Math.ceil((stop - start) / step);
  context.budget.step(count);
  context.budget.write(count * 8);
  return Array.from({ length: count }, (_unused, i) => start + i * step);
}

function intList(numbers: readonly number[]): GoSlice {
  return new GoSlice(
    numbers.map((value) => new GoInt(BigInt(value), INT)),
    INTS,
  );
}

/** The sum as Go's int has it. */
function wrapped(left: number, right: number): number {
  const sum = left + right;
  return Number.isSafeInteger(sum) ? sum : Number(BigInt.asIntN(64, BigInt(left) + BigInt(right)));
}

function sequence(params: readonly number[], context: CallContext): string {
  const numbers = (start: number, end: number, step: number, last: number): string =>
    steps(start, wrapped(end, last), step, context).join(' ');
  const [first = 0, second = 0, third = 0] = params;
  switch (params.length) {
    case 1: {
      const step = first < 1 ? -1 : 1;
      return numbers(1, first, step, step);
    }
    case 2: {
      const step = second < first ? -1 : 1;
      return numbers(first, second, step, step);
    }
    case 3: {
      if (third >= first) return numbers(first, third, second, 1);
      return second > 0 ? '' : numbers(first, third, second, -1);
    }
    default:
      return '';
  }
}

function round(value: GoValue, places: number, options: readonly number[]): number {
  const roundOn = options[0] ?? 0.5;
  const power = 10 ** places;
  const digit = power * toFloat64(value);
  const fraction = digit - Math.trunc(digit);
  return (fraction >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
}

function unixOctal(value: GoValue): GoValue {
  const parsed = parseInt64(textOf(value), 8);
  return goInt64(typeof parsed === 'bigint' ? parsed : 0n);
}

/** Arithmetic and number conversions. */
export const NUMBER_FUNCTIONS: FunctionGroup = {
  int: fn([any], (value) => goInt(toInt64(value))),
  int64: fn([any], (value) => goInt64(toInt64(value))),
  float64: fn([any], (value) => toFloat64(value)),
  atoi: fn([str], (text) => goInt(atoi(text))),
  toDecimal: fn([any], unixOctal),
  add1: fn([any], (value) => goInt64(toInt64(value) + 1n)),
  add: variadic([], any, (values) => goInt64(values.reduce((sum: bigint, value) => sum + toInt64(value), 0n))),
  sub: fn([any, any], (a, b) => goInt64(toInt64(a) - toInt64(b))),
  div: fn([any, any], divide),
  mod: fn([any, any], modulo),
  mul: variadic([any], any, (first, values) =>
    goInt64(values.reduce((product: bigint, value) => BigInt.asIntN(64, product * toInt64(value)), toInt64(first))),
  ),
  add1f: fn([any], (value) => calculate(toFloat64(value), [1], 'add')),
  addf: variadic([], any, (values) => calculate(0, values.map(toFloat64), 'add')),
  subf: variadic([any], any, (first, values) => calculate(toFloat64(first), values.map(toFloat64), 'sub')),
  divf: variadic([any], any, (first, values) => calculate(toFloat64(first), values.map(toFloat64), 'div')),
  mulf: variadic([any], any, (first, values) => calculate(toFloat64(first), values.map(toFloat64), 'mul')),
  max: variadic([any], any, (first, values) => extreme(first, values, (a, b) => a > b)),
  biggest: variadic([any], any, (first, values) => extreme(first, values, (a, b) => a > b)),
  min: variadic([any], any, (first, values) => extreme(first, values, (a, b) => a < b)),
  maxf: variadic([any], any, (first, values) => values.map(toFloat64).reduce(maxFloat, toFloat64(first))),
  minf: variadic([any], any, (first, values) => values.map(toFloat64).reduce(minFloat, toFloat64(first))),
  ceil: fn([any], (value) => Math.ceil(toFloat64(value))),
  floor: fn([any], (value) => Math.floor(toFloat64(value))),
  round: variadic([any, int], float, round),
  until: fn([int], (count, context) => intList(steps(0, count, count < 0 ? -1 : 1, context))),
  untilStep: fn([int, int, int], (start, stop, step, context) => intList(steps(start, stop, step, context))),
  seq: variadic([], int, sequence),
};

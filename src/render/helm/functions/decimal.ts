import { fail } from './define.ts';
import { formatFloat } from '../gotemplate/number-text.ts';

/** Decimal arithmetic of sprig's float functions: exact, except for division, which keeps 16 places. */
interface Decimal {
  readonly value: bigint;
  readonly exponent: number;
}

const DIVISION_PLACES = 16;

function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) return fail(`Cannot create a Decimal from ${formatFloat(value, 'g', -1)}`);
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { value: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

function toFloat({ value, exponent }: Decimal): number {
  return Number(`${value}e${exponent}`);
}

function align(left: Decimal, right: Decimal): { readonly a: bigint; readonly b: bigint; readonly exponent: number } {
  const exponent = Math.min(left.exponent, right.exponent);
  return {
    a: left.value * 10n ** BigInt(left.exponent - exponent),
    b: right.value * 10n ** BigInt(right.exponent - exponent),
    exponent,
  };
}

export type DecimalOperation = 'add' | 'sub' | 'mul' | 'div';

function apply(left: Decimal, right: Decimal, operation: DecimalOperation): Decimal {
  if (operation === 'mul') return { value: left.value * right.value, exponent: left.exponent + right.exponent };
  const { a, b, exponent } = align(left, right);
  if (operation === 'add') return { value: a + b, exponent };
  if (operation === 'sub') return { value: a - b, exponent };
  if (b === 0n) return fail('decimal division by 0');
  // Half away from zero.
  const scaled = a * 10n ** BigInt(DIVISION_PLACES);
  let quotient = scaled / b;
  const rest = scaled % b;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice >= (b < 0n ? -b : b)) quotient += a < 0n === b < 0n ? 1n : -1n;
  return { value: quotient, exponent: -DIVISION_PLACES };
}

/** first op second op third… @throws GoError for NaN, infinities and division by zero */
export function calculate(first: number, others: readonly number[], operation: DecimalOperation): number {
  let result = fromFloat(first);
  for (const other of others) result = apply(result, fromFloat(other), operation);
  return toFloat(result);
}

import { jsonEqual, type Json } from '../core/json.ts';
import type { ScalarType } from '../core/fields/schema.ts';

export type ScalarVerdict =
  | 'equal'
  | 'different'
  /** The form differs, and only the server knows whether it means the same. */
  | 'undecided';

/**
 * Compares a scalar of Git with the live one. The server rewrites some forms when it stores them (quantities, times, base64), so a
 * text that differs can still be the same value.
 */
export function compareScalar(desired: Json, live: Json, scalar: ScalarType): ScalarVerdict {
  if (jsonEqual(desired, live)) return 'equal';
  switch (scalar) {
    case 'quantity': {
      const left = parseQuantity(desired);
      const right = parseQuantity(live);
      if (left === undefined || right === undefined) return 'undecided';
      return compareFractions(left, right) ? 'equal' : 'different';
    }
    case 'time':
      return sameTime(desired, live);
    case 'bytes':
      return sameBytes(desired, live);
    case 'string':
    case 'boolean':
    case 'number':
    case 'intOrString':
      return typeof desired === typeof live ? 'different' : 'undecided';
    case 'duration':
      return 'undecided';
    case 'any':
      // Without a type a number may stand for a text: the server decides.
      return typeof desired === typeof live && typeof desired !== 'string'
        ? 'different'
        : looksConvertible(desired, live);
  }
}

// A custom resource without schema keeps texts as they are; only texts that could be quantities are in doubt.
function looksConvertible(desired: Json, live: Json): ScalarVerdict {
  if (typeof desired === 'string' && typeof live === 'string') {
    return parseQuantity(desired) !== undefined && parseQuantity(live) !== undefined ? 'undecided' : 'different';
  }
  return 'undecided';
}

/** A quantity as mantissa × 10^exponent × 2^shift, exact. */
interface Fraction {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly shift: number;
}

const QUANTITY = /^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(m|n|u|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,3})?$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

function parseQuantity(value: Json): Fraction | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', part = '', suffix = ''] = match;
  if (whole === '' && part === '') return undefined;
  const digits = BigInt(`${whole}${part}` === '' ? '0' : `${whole}${part}`);
  const mantissa = sign === '-' ? -digits : digits;
  const shift = BINARY[suffix] ?? 0;
  const power = /^[eE][+-]?\d/.test(suffix) ? Number(suffix.slice(1)) : (DECIMAL[suffix] ?? 0);
  return { mantissa, exponent: power - part.length, shift };
}

function compareFractions(left: Fraction, right: Fraction): boolean {
  const exponent = Math.min(left.exponent, right.exponent);
  const scale = ({ mantissa, exponent: own, shift }: Fraction): bigint =>
    (mantissa * 10n ** BigInt(own - exponent)) << BigInt(shift);
  return scale(left) === scale(right);
}

function sameTime(desired: Json, live: Json): ScalarVerdict {
  if (typeof desired !== 'string' || typeof live !== 'string') return 'undecided';
  const [left, right] = [Date.parse(desired), Date.parse(live)];
  if (Number.isNaN(left) || Number.isNaN(right)) return 'undecided';
  // metav1.Time is stored with whole seconds, MicroTime keeps its fraction: the server knows which one it is.
  if (left === right) return 'equal';
  return Math.floor(left / 1000) === Math.floor(right / 1000) ? 'undecided' : 'different';
}

function sameBytes(desired: Json, live: Json): ScalarVerdict {
  if (typeof desired !== 'string' || typeof live !== 'string') return 'undecided';
  return Buffer.from(desired, 'base64').equals(Buffer.from(live, 'base64')) ? 'equal' : 'different';
}

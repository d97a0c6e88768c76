/** Numbers as text by Go's strconv: parsing with prefixes and underscores, formatting with exact, half-even rounding. */

export const MAX_INT64 = 2n ** 63n - 1n;
export const MIN_INT64 = -(2n ** 63n);
export const MAX_UINT64 = 2n ** 64n - 1n;

export type ParseFailure = 'syntax' | 'range';

const DIGITS_OF_BASE = new Map([
  [2, /^[01]+$/],
  [8, /^[0-7]+$/],
  [10, /^[0-9]+$/],
  [16, /^[0-9a-fA-F]+$/],
]);

const BASE_PREFIX = new Map([
  [2, '0b'],
  [8, '0o'],
  [10, ''],
  [16, '0x'],
]);

/** strconv.ParseUint to 64 bits; base 0 takes Go's prefixes and underscores. */
export function parseUint(text: string, base: 0 | 2 | 8 | 10 | 16): bigint | ParseFailure {
  let digits = text;
  let radix: number = base;
  if (base === 0) {
    radix = 10;
    if (digits.startsWith('0')) {
      const prefix = digits.slice(0, 2).toLowerCase();
      if (digits.length >= 3 && (prefix === '0x' || prefix === '0o' || prefix === '0b')) {
        radix = prefix === '0x' ? 16 : prefix === '0o' ? 8 : 2;
        digits = digits.slice(2);
      } else {
        radix = 8;
        digits = digits.slice(1);
        if (digits === '') return 0n;
      }
    }
    if (digits.includes('_')) {
      if (!underscoresFit(text)) return 'syntax';
      digits = digits.replaceAll('_', '');
    }
  }
  if (DIGITS_OF_BASE.get(radix)?.test(digits) !== true) return 'syntax';
  const value = BigInt(`${BASE_PREFIX.get(radix) ?? ''}${digits}`);
  return value > MAX_UINT64 ? 'range' : value;
}

/** strconv.ParseInt to 64 bits. */
export function parseInt64(text: string, base: 0 | 2 | 8 | 10 | 16): bigint | ParseFailure {
  const negative = text.startsWith('-');
  const value = parseUint(negative || text.startsWith('+') ? text.slice(1) : text, base);
  if (typeof value === 'string') return value;
  if (negative ? value > 2n ** 63n : value > MAX_INT64) return 'range';
  return negative ? -value : value;
}

/** Underscores only between digits, or between a base prefix and a digit. */
function underscoresFit(text: string): boolean {
  const body = text.replace(/^[+-]/, '');
  const prefixed = /^0[xXoObB]/.test(body);
  const rest = prefixed ? body.slice(2) : body;
  const digit = /^0[xX]/.test(body) ? /[0-9a-fA-F]/ : /[0-9]/;
  let previous = prefixed ? '0' : '^';
  for (const char of rest) {
    if (digit.test(char)) previous = '0';
    else if (char === '_') {
      if (previous !== '0') return false;
      previous = '_';
    } else {
      if (previous === '_') return false;
      previous = '!';
    }
  }
  return previous !== '_';
}

const DECIMAL_FLOAT = /^[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9_]+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9_]+)$/;

/** strconv.ParseFloat(text, 64). */
export function parseFloat64(text: string): number | ParseFailure {
  const word = text.replace(/^[+-]/, '').toLowerCase();
  if (word === 'inf' || word === 'infinity') return text.startsWith('-') ? -Infinity : Infinity;
  if (text.toLowerCase() === 'nan') return Number.NaN;
  const hex = HEX_FLOAT.exec(text);
  if (hex !== null) return parseHexFloat(text, hex);
  if (!DECIMAL_FLOAT.test(text) || !/[0-9]/.test(text.split(/[eE]/)[0] ?? '')) return 'syntax';
  if (text.includes('_') && !underscoresFit(text)) return 'syntax';
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : 'range';
}

function parseHexFloat(text: string, match: RegExpExecArray): number | ParseFailure {
  const whole = (match[2] ?? '').replaceAll('_', '');
  const fraction = (match[3] ?? '').replaceAll('_', '');
  if (whole + fraction === '') return 'syntax';
  if (text.includes('_') && !underscoresFit(text)) return 'syntax';
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const exponent = Number((match[4] ?? '0').replaceAll('_', '')) - 4 * fraction.length;
  const value = scaleByPowerOfTwo(mantissa, exponent);
  if (!Number.isFinite(value)) return 'range';
  return match[1] === '-' ? -value : value;
}

/** mantissa × 2^exponent, rounded once, half to even. */
function scaleByPowerOfTwo(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0;
  const bits = mantissa.toString(2).length;
  const top = bits + exponent;
  if (top > 1100) return Infinity;
  if (top < -1100) return 0;
  const lowest = Math.max(top - 53, -1074);
  const shift = lowest - exponent;
  let kept = mantissa;
  if (shift > 0) {
    const step = 1n << BigInt(shift);
    const half = step >> 1n;
    const rest = kept % step;
    kept /= step;
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  } else kept <<= BigInt(-shift);
  // kept has at most 54 bits and is exact; two factors keep the power of two in range.
  const half = Math.trunc(lowest / 2);
  return Number(kept) * 2 ** half * 2 ** (lowest - half);
}

/** The digits of a finite, non-negative number: 0.DIGITS × 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Sign, mantissa and binary exponent of a finite number: mantissa × 2^exponent. */
function splitFloat(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const raw = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & ((1n << 52n) - 1n);
  return raw === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: raw - 1075 };
}

function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = splitFloat(value);
  if (mantissa === 0n) return { digits: '', point: 0 };
  const scale = exponent < 0 ? -exponent : 0;
  const digits = (exponent < 0 ? mantissa * 5n ** BigInt(scale) : mantissa << BigInt(exponent)).toString();
  return { digits: digits.replace(/0+$/, ''), point: digits.length - scale };
}

function shortestDecimal(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return { digits: mantissa.replace('.', '').replace(/0+$/, ''), point: Number(exponent) + 1 };
}

/** Keeps `count` digits, half to even. */
function roundDecimal(decimal: Decimal, count: number): Decimal {
  const { digits, point } = decimal;
  if (count >= digits.length) return decimal;
  if (count < 0) return { digits: '', point };
  const next = digits.charAt(count);
  const isTie = next === '5' && digits.length === count + 1;
  const isOdd = count > 0 && Number(digits.charAt(count - 1)) % 2 === 1;
  const up = isTie ? isOdd : next >= '5';
  const kept = digits.slice(0, count);
  if (!up) {
    const trimmed = kept.replace(/0+$/, '');
    return { digits: trimmed, point: trimmed === '' ? 0 : point };
  }
  const increased = (BigInt(`0${kept}`) + 1n).toString().padStart(count, '0');
  const grown = increased.length > count;
  return { digits: increased.replace(/0+$/, ''), point: grown ? point + 1 : point };
}

export type FloatFormat = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X';

/** strconv.FormatFloat(value, format, precision, 64); precision -1 is the shortest that reads back the same. */
export function formatFloat(value: number, format: FloatFormat, precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return sign === '' ? '+Inf' : '-Inf';
  if (format === 'b') {
    const { mantissa, exponent } = splitFloat(value);
    return `${sign}${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  }
  if (format === 'x' || format === 'X') return sign + formatHexFloat(value, precision, format);
  const shortest = precision < 0;
  let decimal = shortest ? shortestDecimal(value) : exactDecimal(value);
  switch (format) {
    case 'e':
    case 'E': {
      const count = shortest ? Math.max(decimal.digits.length - 1, 0) : precision;
      if (!shortest) decimal = roundDecimal(decimal, precision + 1);
      return sign + exponentForm(decimal, count, format);
    }
    case 'f': {
      const count = shortest ? Math.max(decimal.digits.length - decimal.point, 0) : precision;
      if (!shortest) decimal = roundDecimal(decimal, decimal.point + precision);
      return sign + plainForm(decimal, count);
    }
    default: {
      let count = precision;
      if (shortest) count = 6;
      else {
        if (precision === 0) count = 1;
        decimal = roundDecimal(decimal, count);
      }
      // %e is used when the exponent is below -4 or not below the precision; a shortest form counts all its digits.
      let limit = count;
      if (limit > decimal.digits.length && decimal.digits.length >= decimal.point) limit = decimal.digits.length;
      if (shortest) limit = 6;
      const exponent = decimal.point - 1;
      if (exponent < -4 || exponent >= limit) {
        const digits = Math.min(shortest ? decimal.digits.length : count, Math.max(decimal.digits.length, 1));
        return sign + exponentForm(decimal, Math.max(digits - 1, 0), format === 'g' ? 'e' : 'E');
      }
      return sign + plainForm(decimal, Math.max(decimal.digits.length - decimal.point, 0));
    }
  }
}

function exponentForm(decimal: Decimal, count: number, letter: 'e' | 'E'): string {
  const first = decimal.digits.charAt(0) || '0';
  const rest = count > 0 ? `.${decimal.digits.slice(1, 1 + count).padEnd(count, '0')}` : '';
  const exponent = decimal.digits === '' ? 0 : decimal.point - 1;
  return `${first}${rest}${letter}${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plainForm(decimal: Decimal, count: number): string {
  const { digits, point } = decimal;
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (count <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, count)) + digits;
  return `${whole}.${fraction.slice(0, count).padEnd(count, '0')}`;
}

function formatHexFloat(value: number, precision: number, format: 'x' | 'X'): string {
  let { mantissa, exponent } = splitFloat(value);
  if (mantissa === 0n) exponent = 0;
  else {
    // The point stands after the first bit, with 60 bits behind it.
    const shift = 61 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent += 60 - shift;
  }
  if (precision >= 0 && precision < 15) {
    const drop = BigInt(60 - precision * 4);
    const step = 1n << drop;
    const rest = mantissa & (step - 1n);
    mantissa >>= drop;
    const half = step >> 1n;
    if (rest > half || (rest === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= drop;
    if (mantissa >= 1n << 61n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  let fraction = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  fraction = precision < 0 ? fraction.replace(/0+$/, '') : fraction.slice(0, precision).padEnd(precision, '0');
  const lead = mantissa >> 60n;
  const body = `0x${lead}${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return format === 'x' ? body : body.toUpperCase();
}

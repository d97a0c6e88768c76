/** Go's strconv as far as YAML and JSON use it. Numbers are JavaScript numbers (float64) or bigints (int64, uint64). */

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

export type GoInteger = { readonly value: bigint; readonly unsigned: boolean };

/** An integer of int64 or, above it, uint64; undefined when it fits neither. */
export function fitInteger(value: bigint): GoInteger | undefined {
  if (value >= INT64_MIN && value <= INT64_MAX) return { value, unsigned: false };
  return value > 0n && value <= UINT64_MAX ? { value, unsigned: true } : undefined;
}

const BASE_PREFIXED = /^([+-]?)0([xX][0-9a-fA-F]+|[bB][01]+|[oO]?[0-7]+)$/;
const DECIMAL = /^[+-]?(?:0|[1-9][0-9]*)$/;

/** `strconv.ParseInt` (or ParseUint, without a sign) with base 0: `0x`, `0b`, `0o`, a leading 0 for octal. Underscores are gone already. */
export function parseGoInteger(text: string): GoInteger | undefined {
  if (DECIMAL.test(text)) return signed(text, BigInt(text.replace(/^[+-]/, '')));
  const match = BASE_PREFIXED.exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  const prefix = /^[xXbBoO]/.test(digits) ? `0${digits.toLowerCase()}` : `0o${digits}`;
  return signed(text, BigInt(prefix));
}

/** Digits of base 2 or 8 after a prefix that ParseInt does not take (`0b-1`, `0o+7` do occur). */
export function parseGoDigits(text: string, base: 2 | 8): GoInteger | undefined {
  const match = (base === 2 ? /^([+-]?)([01]+)$/ : /^([+-]?)([0-7]+)$/).exec(text);
  if (match === null) return undefined;
  return signed(text, BigInt(`${base === 2 ? '0b' : '0o'}${match[2]}`));
}

function signed(text: string, magnitude: bigint): GoInteger | undefined {
  const fitted = fitInteger(text.startsWith('-') ? -magnitude : magnitude);
  // ParseUint takes no sign.
  return fitted?.unsigned === true && text.startsWith('+') ? undefined : fitted;
}

/** `strconv.FormatFloat(value, 'g', -1, 64)`: shortest digits, in exponent form below 1e-4 and from 1e6 on. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  return layOut(digits, exponent);
}

/** The same for a float32 (`FormatFloat(value, 'g', -1, 32)`). */
export function formatGoFloat32(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return formatGoFloat(single);
  for (let precision = 1; precision <= 9; precision++) {
    const text = single.toExponential(precision - 1);
    if (Math.fround(Number(text)) === single) {
      const [digits = '', exponent = '0'] = text.split('e');
      return layOut(digits, Number(exponent));
    }
  }
  return formatGoFloat(single);
}

/** `mantissa` is `d.ddd`, perhaps with a sign. */
function layOut(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '');
  if (exponent < -4 || exponent >= 6) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.slice(0, 1)}${tail}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return `${sign}${digits}${'0'.repeat(exponent + 1 - digits.length)}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

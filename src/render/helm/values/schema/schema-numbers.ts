/** A decimal number, exact: `digits × 10^-scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Compares exactly, as decimals: 0.1 is one tenth and not the nearest binary fraction. */
export function compareNumbers(left: number | bigint, right: number | bigint): number {
  const [a, b] = sameScale(decimalOf(left), decimalOf(right));
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isMultipleOf(value: number | bigint, step: number | bigint): boolean {
  const [a, b] = sameScale(decimalOf(value), decimalOf(step));
  return b !== 0n && a % b === 0n;
}

export function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function decimalOf(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return { digits: value, scale: 0 };
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function sameScale(left: Decimal, right: Decimal): [bigint, bigint] {
  const scale = Math.max(left.scale, right.scale);
  return [left.digits * 10n ** BigInt(scale - left.scale), right.digits * 10n ** BigInt(scale - right.scale)];
}

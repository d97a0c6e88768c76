import {} from '../gotemplate/errors.ts';
import { MAX_INT64, MIN_INT64, parseFloat64, parseInt64 } from '../gotemplate/number-text.ts';
import { GoInt, type GoValue } from '../gotemplate/values.ts';

/** Conversions of sprig's number functions (package cast): what cannot be converted is zero. */

/** Go's conversion of a float to int64: what does not fit is the smallest integer. */
function floatToInt64(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return MIN_INT64;
  return BigInt(Math.trunc(value));
}

/** Integer types that cast knows: the unnamed ones, and months and weekdays. */
function isKnownInt(value: GoInt): boolean {
  return !value.type.named || value.type.name === 'time.Month' || value.type.name === 'time.Weekday';
}

/** `1.0` and `1.` are whole; `1.50` is not. */
function trimZeroDecimal(text: string): string {
  const match = /^(.*)\.0+$/s.exec(text);
  return match?.[1] ?? text;
}

export function toInt64(value: GoValue): bigint {
  switch (typeof value) {
    case 'number':
      return floatToInt64(value);
    case 'boolean':
      return value ? 1n : 0n;
    case 'string': {
      const parsed = parseInt64(trimZeroDecimal(value), 0);
      return typeof parsed === 'bigint' ? parsed : 0n;
    }
    default:
      return value instanceof GoInt && isKnownInt(value) ? BigInt.asIntN(64, value.value) : 0n;
  }
}

export function toFloat64(value: GoValue): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'string': {
      const parsed = parseFloat64(value);
      return typeof parsed === 'number' ? parsed : 0;
    }
    default:
      return value instanceof GoInt && isKnownInt(value) ? Number(value.value) : 0;
  }
}

/** strconv.Atoi with its error dropped: nonsense is 0, too large is the largest. */
export function atoi(text: string): bigint {
  const parsed = parseInt64(text, 10);
  if (typeof parsed === 'bigint') return parsed;
  if (parsed === 'syntax') return 0n;
  return text.startsWith('-') ? MIN_INT64 : MAX_INT64;
}

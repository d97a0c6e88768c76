import { EngineError } from '../../core/errors.ts';
import { fitInteger, formatGoFloat } from './go-number.ts';

/** A number as JSON that yaml.v2 reads and writes: digits when it fits into 64 bits, Go's shortest float otherwise. */
export function sigsNumberText(value: number | bigint): string {
  if (typeof value === 'bigint')
    return fitInteger(value) === undefined ? formatGoFloat(Number(value)) : value.toString();
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '0' : String(value);
  if (!Number.isFinite(value)) {
    throw new EngineError('RenderFailed', `value cannot be written as JSON (RenderFailed): ${value} is no JSON number`);
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    // JSON has the shortest digits, filled up with zeros; they are an integer again if 64 bits hold them.
    const digits = BigInt(String(value));
    if (fitInteger(digits) !== undefined) return digits.toString();
  }
  return formatGoFloat(value);
}

/** A Go float64 (number) or integer (bigint) as yaml.v3 writes it. */
export function goFloatText(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString();
  const text = formatGoFloat(value);
  return text === 'NaN' ? '.nan' : text === '+Inf' ? '.inf' : text === '-Inf' ? '-.inf' : text;
}

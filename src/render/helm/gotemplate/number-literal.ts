import { unquoteChar } from './quote.ts';
import { parseFloat64, parseInt64, parseUint } from './number-text.ts';
import { quote } from './quote.ts';

/** A number in a template under every type that can hold it: Go's ideal constants. */
export interface NumberLiteral {
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined;
}

/** The whole number that a float is exactly, if it fits; undefined otherwise. */
function exactInt(value: number, low: number, high: number): bigint | undefined {
  return Number.isInteger(value) && value >= low && value < high ? BigInt(value) : undefined;
}

function fromComplex(real: number, imaginary: number): NumberLiteral {
  const float = imaginary === 0 ? real : undefined;
  return {
    complex: { real, imaginary },
    float,
    int: float === undefined ? undefined : exactInt(float, -(2 ** 63), 2 ** 63),
    uint: float === undefined ? undefined : exactInt(float, 0, 2 ** 64),
  };
}

/** The value of a literal, or what is wrong with it. */
export function readNumber(text: string, kind: 'charConstant' | 'complex' | 'number'): NumberLiteral | string {
  if (kind === 'charConstant') {
    const found = unquoteChar(text.slice(1), "'");
    if (found === undefined) return 'invalid syntax';
    if (found.tail !== "'") return `malformed character constant: ${text}`;
    return { int: BigInt(found.rune), uint: BigInt(found.rune), float: found.rune, complex: undefined };
  }
  if (kind === 'complex') {
    const split = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
    const afterExponent = /[eEpP]/.test(text.charAt(split - 1));
    const at = afterExponent ? Math.max(text.lastIndexOf('+', split - 1), text.lastIndexOf('-', split - 1)) : split;
    const real = parseFloat64(text.slice(0, at));
    const imaginary = parseFloat64(text.slice(at, -1));
    if (typeof real === 'string' || typeof imaginary === 'string') return 'syntax error scanning complex number';
    return fromComplex(real, imaginary);
  }
  if (text.endsWith('i')) {
    const imaginary = parseFloat64(text.slice(0, -1));
    if (typeof imaginary !== 'string') return fromComplex(0, imaginary);
  }
  const unsigned = parseUint(text, 0);
  const signed = parseInt64(text, 0);
  let uint = typeof unsigned === 'bigint' ? unsigned : undefined;
  const int = typeof signed === 'bigint' ? signed : undefined;
  if (int === 0n) uint = 0n;
  if (int !== undefined) return { int, uint, float: Number(int), complex: undefined };
  if (uint !== undefined) return { int, uint, float: Number(uint), complex: undefined };
  const float = parseFloat64(text);
  if (typeof float === 'string') return `illegal number syntax: ${quote(text)}`;
  if (!/[.eEpP]/.test(text)) return `integer overflow: ${quote(text)}`;
  return { float, int: exactInt(float, -(2 ** 63), 2 ** 63), uint: exactInt(float, 0, 2 ** 64), complex: undefined };
}

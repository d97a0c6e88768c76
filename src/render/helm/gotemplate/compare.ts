import { behaviourOf } from './behaviour.ts';
import { GoError } from './errors.ts';
import { sprintf, textOf } from './format.ts';
import { isSigned, isUnsigned } from './types.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type GoValue, typeOf } from './values.ts';

/** eq, lt and friends of text/template: only values of the same basic kind compare, with the exception of signed and unsigned. */

type BasicKind = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string' | undefined;

function basicKind(value: GoValue): BasicKind {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      break;
  }
  if (value instanceof GoInt)
    return isSigned(value.type.kind) ? 'int' : isUnsigned(value.type.kind) ? 'uint' : undefined;
  return value instanceof GoComplex ? 'complex' : undefined;
}

function isNilValue(value: GoValue): boolean {
  if (value === undefined || value === null) return true;
  return (value instanceof GoMap || value instanceof GoSlice) && value.isNil;
}

function typeName(value: GoValue): string {
  return typeOf(value)?.name ?? '<nil>';
}

function incompatible(left: GoValue, right: GoValue): GoError {
  return new GoError(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
}

/** The message shows one of the values with `%s`. */
function shown(value: GoValue): string {
  return sprintf('%s', [value]);
}

/** first == any of the others. @throws GoError */
export function equalAny(first: GoValue, others: readonly GoValue[]): boolean {
  const kind = basicKind(first);
  for (const other of others) if (isEqual(first, kind, other)) return true;
  return false;
}

function isEqual(first: GoValue, kind: BasicKind, other: GoValue): boolean {
  const otherKind = basicKind(other);
  if (kind !== otherKind) {
    if ((kind === 'int' && otherKind === 'uint') || (kind === 'uint' && otherKind === 'int'))
      return (first as GoInt).value === (other as GoInt).value;
    if (first !== undefined && first !== null && other !== undefined && other !== null)
      throw incompatible(first, other);
    return false;
  }
  if (first instanceof GoInt && other instanceof GoInt) return first.value === other.value;
  if (first instanceof GoComplex && other instanceof GoComplex)
    return first.real === other.real && first.imaginary === other.imaginary;
  if (kind !== undefined) return first === other;
  const oneIsInvalid = first === undefined || first === null || other === undefined || other === null;
  if (!oneIsInvalid && typeOf(first)?.kind !== typeOf(other)?.kind)
    throw new GoError(`non-comparable types ${shown(first)}: ${typeName(first)}, ${typeName(other)}: ${textOf(other)}`);
  if (isNilValue(first) || isNilValue(other)) return isNilValue(first) === isNilValue(other);
  if (other instanceof GoMap || other instanceof GoSlice || other instanceof GoBytes)
    throw new GoError(`non-comparable type ${shown(other)}: ${typeName(other)}`);
  return first === other || isEqualStruct(first, other);
}

/** Structs with an identity of their own are equal when Go's fields of them are. */
function isEqualStruct(first: GoValue, other: GoValue): boolean {
  if (!(first instanceof GoObject) || !(other instanceof GoObject) || first.type !== other.type) return false;
  return behaviourOf(first.type)?.isEqual?.(first, other) ?? false;
}

/** left < right. @throws GoError */
export function compareValues(left: GoValue, right: GoValue): boolean {
  const leftKind = basicKind(left);
  const rightKind = basicKind(right);
  if (leftKind === undefined || rightKind === undefined) throw new GoError('invalid type for comparison');
  if (left instanceof GoInt && right instanceof GoInt) return left.value < right.value;
  if (leftKind !== rightKind) throw incompatible(left, right);
  if (leftKind === 'bool' || leftKind === 'complex') throw new GoError('invalid type for comparison');
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return (left as string) < (right as string);
}

import type { Json } from '../../../core/json.ts';
import { toBytes } from './byte-string.ts';
import { BOOL, BYTES, COMPLEX128, FLOAT64, type GoType, INT, INT64, LIST, MAP, STRING } from './types.ts';

/**
 * A value as a template sees it.
 * `undefined`: no value at all (a missing key); `null`: an interface that holds nil; `number`: a float64, as everything numeric in
 * values files is; `string`: a byte string; every other kind carries its type.
 */
export type GoValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | GoInt
  | GoComplex
  | GoMap
  | GoSlice
  | GoBytes
  | GoObject;

/** An integer of any width, with its type: int, int64, uint8, time.Duration… */
export class GoInt {
  readonly type: GoType;
  readonly value: bigint;

  constructor(value: bigint, type: GoType) {
    this.value = value;
    this.type = type;
  }
}

export class GoComplex {
  readonly type = COMPLEX128;
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number) {
    this.real = real;
    this.imaginary = imaginary;
  }
}

/** A map with string keys (byte strings). Shared by reference, as in Go: `set` changes it for everybody. */
export class GoMap {
  readonly type: GoType;
  readonly entries: Map<string, GoValue>;
  /** A nil map: empty, and `null` in JSON. */
  readonly isNil: boolean;

  constructor(entries: Map<string, GoValue> = new Map(), type: GoType = MAP, isNil = false) {
    this.entries = entries;
    this.type = type;
    this.isNil = isNil;
  }

  /** Keys in byte order: the order in which templates range and print. */
  sortedKeys(): string[] {
    return [...this.entries.keys()].sort();
  }
}

/** A slice. `capacity` is Go's: re-slicing may reach up to it. */
export class GoSlice {
  readonly type: GoType;
  readonly items: GoValue[];
  readonly isNil: boolean;
  readonly capacity: number;

  constructor(
    items: GoValue[],
    type: GoType = LIST,
    options: { readonly isNil?: boolean; readonly capacity?: number } = {},
  ) {
    this.items = items;
    this.type = type;
    this.isNil = options.isNil ?? false;
    this.capacity = Math.max(options.capacity ?? 0, items.length);
  }
}

/** A `[]byte`. */
export class GoBytes {
  readonly type: GoType;
  readonly data: string;

  constructor(data: string, type: GoType = BYTES) {
    this.data = data;
    this.type = type;
  }
}

/** A struct, or a pointer to one. Its type names the fields and methods; nothing else of it can be reached from a template. */
export class GoObject {
  readonly type: GoType;
  /** Values of the fields by name. */
  readonly fields: ReadonlyMap<string, GoValue>;
  /** What the methods work on; templates never see it. */
  readonly hidden: unknown;

  constructor(type: GoType, fields: ReadonlyMap<string, GoValue>, hidden?: unknown) {
    this.type = type;
    this.fields = fields;
    this.hidden = hidden;
  }
}

/** The dynamic type; undefined of no value and of nil. */
export function typeOf(value: GoValue): GoType | undefined {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'number':
      return FLOAT64;
    case 'boolean':
      return BOOL;
    case 'undefined':
      return undefined;
    default:
      return value === null ? undefined : value.type;
  }
}

/** An `int`, wrapped to 64 bits. */
export function goInt(value: number | bigint): GoInt {
  return new GoInt(typeof value === 'bigint' ? BigInt.asIntN(64, value) : BigInt(Math.trunc(value)), INT);
}

/** An `int64`, wrapped to 64 bits. */
export function goInt64(value: number | bigint): GoInt {
  return new GoInt(typeof value === 'bigint' ? BigInt.asIntN(64, value) : BigInt(Math.trunc(value)), INT64);
}

/** A `map[string]interface {}` from ordinary text keys. */
export function goMap(entries: Readonly<Record<string, GoValue>> | Iterable<readonly [string, GoValue]>): GoMap {
  const pairs =
    Symbol.iterator in entries ? (entries as Iterable<readonly [string, GoValue]>) : Object.entries(entries);
  const map = new Map<string, GoValue>();
  for (const [key, value] of pairs) map.set(toBytes(key), value);
  return new GoMap(map);
}

/**
 * JSON → what Go's decoder makes of it. A number is a float64; a bigint is an int64, which is how `--set` values that are whole
 * numbers are told apart. Keys are own keys only, whatever their names.
 */
export function goValueOf(json: Json | undefined): GoValue {
  if (json === undefined || json === null) return null;
  switch (typeof json) {
    case 'string':
      return toBytes(json);
    case 'bigint':
      return new GoInt(BigInt.asIntN(64, json), INT64);
    case 'object': {
      if (Array.isArray(json)) {
        const items = json.map((item: Json) => goValueOf(item));
        return new GoSlice(items, LIST, { capacity: grownCapacity(items.length) });
      }
      const map = new Map<string, GoValue>();
      for (const key of Object.keys(json))
        map.set(toBytes(key), goValueOf((json as { readonly [key: string]: Json })[key]));
      return new GoMap(map);
    }
    default:
      return json;
  }
}

/** Capacity of a `[]interface {}` that was filled by appending one at a time: doubled, then by a quarter, in size classes. */
export function grownCapacity(length: number): number {
  if (length === 0) return 0;
  let capacity = 1;
  while (capacity < length && capacity < 256) capacity *= 2;
  const CLASSES = [512, 848, 1280, 1792, 2560];
  for (const next of CLASSES) {
    if (capacity >= length) break;
    capacity = next;
  }
  return Math.max(capacity, length);
}

/** The items of a slice, array or byte slice; undefined for everything else. */
export function itemsOf(value: GoValue): readonly GoValue[] | undefined {
  if (value instanceof GoSlice) return value.items;
  if (value instanceof GoBytes)
    return Array.from(value.data).map((byte) => new GoInt(BigInt(byte.charCodeAt(0)), BYTES.elem ?? INT));
  return undefined;
}

/** Truth as `if` has it: not the zero value of its type, not empty. */
export function isTrue(value: GoValue): boolean {
  switch (typeof value) {
    case 'string':
      return value.length > 0;
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'undefined':
      return false;
    default:
      break;
  }
  if (value === null) return false;
  if (value instanceof GoMap) return value.entries.size > 0;
  if (value instanceof GoSlice) return value.items.length > 0;
  if (value instanceof GoBytes) return value.data.length > 0;
  if (value instanceof GoInt) return value.value !== 0n;
  if (value instanceof GoComplex) return value.real !== 0 || value.imaginary !== 0;
  return true;
}

/** The zero value of a type. */
export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'float64':
      return 0;
    case 'complex128':
      return new GoComplex(0, 0);
    case 'map':
      return new GoMap(new Map(), type, true);
    case 'slice':
      return type === BYTES ? new GoBytes('') : new GoSlice([], type, { isNil: true });
    case 'interface':
    case 'ptr':
    case 'func':
    case 'struct':
      return null;
    default:
      return new GoInt(0n, type);
  }
}

export type Kind =
  | 'invalid'
  | 'bool'
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float64'
  | 'complex128'
  | 'string'
  | 'map'
  | 'slice'
  | 'array'
  | 'struct'
  | 'ptr'
  | 'func'
  | 'interface';

/** A field of a struct, in the order of its declaration. */
export interface GoField {
  readonly name: string;
  readonly type: GoType;
}

/** What Go's reflection tells of a value: enough to check arguments, print `%T` and `%#v`, and word errors as Go does. */
export interface GoType {
  /** As reflect.Type prints it: `map[string]interface {}`, `time.Duration`. */
  readonly name: string;
  readonly kind: Kind;
  /** Declared with a name: assignable to its unnamed underlying type, but not the same type. */
  readonly named: boolean;
  readonly elem?: GoType;
  readonly key?: GoType;
  readonly fields?: readonly GoField[];
  /** Methods and how it prints, see behaviour.ts; most types have none. */
  readonly behaviour?: object;
}

function basic(kind: Kind): GoType {
  return { name: kind, kind, named: false };
}

export const ANY: GoType = { name: 'interface {}', kind: 'interface', named: false };
export const BOOL = basic('bool');
export const STRING = basic('string');
export const INT = basic('int');
export const INT64 = basic('int64');
export const INT32 = basic('int32');
export const UINT8 = basic('uint8');
export const UINT32 = basic('uint32');
export const UINT64 = basic('uint64');
export const FLOAT64 = basic('float64');
export const COMPLEX128 = basic('complex128');

/** A parameter that takes the value as it is, absent or not (text/template's own functions). */
export const REFLECT: GoType = { name: 'reflect.Value', kind: 'struct', named: true };

const slices = new Map<GoType, GoType>();
const maps = new Map<GoType, GoType>();

/** `[]elem`; the same element gives the same type. */
export function sliceOf(elem: GoType): GoType {
  let type = slices.get(elem);
  if (type === undefined) {
    type = { name: `[]${elem.name}`, kind: 'slice', named: false, elem };
    slices.set(elem, type);
  }
  return type;
}

/** `map[string]elem`. */
function mapOf(elem: GoType): GoType {
  let type = maps.get(elem);
  if (type === undefined) {
    type = { name: `map[string]${elem.name}`, kind: 'map', named: false, key: STRING, elem };
    maps.set(elem, type);
  }
  return type;
}

export const MAP = mapOf(ANY);
export const LIST = sliceOf(ANY);
export const STRINGS = sliceOf(STRING);
export const INTS = sliceOf(INT);
export const BYTES = sliceOf(UINT8);
export const STRING_MAP = mapOf(STRING);

export function isSigned(kind: Kind): boolean {
  return kind === 'int' || kind === 'int64' || kind === 'int32' || kind === 'int16' || kind === 'int8';
}

export function isUnsigned(kind: Kind): boolean {
  return kind === 'uint8' || kind === 'uint64' || kind === 'uint' || kind === 'uint32' || kind === 'uint16';
}

/** Go's assignability between the types that templates can meet. */
export function isAssignable(from: GoType, to: GoType): boolean {
  if (from === to || to.kind === 'interface') return true;
  if (from.named && to.named) return from.name === to.name;
  if (from.named || to.named)
    return from.kind === to.kind && from.elem === to.elem && (from.kind === 'map' || from.kind === 'slice');
  return from.name === to.name;
}

/** An untyped nil can be given for it. */
export function canBeNil(type: GoType): boolean {
  return (
    type.kind === 'interface' ||
    type.kind === 'map' ||
    type.kind === 'slice' ||
    type.kind === 'ptr' ||
    type.kind === 'func' ||
    type === REFLECT
  );
}

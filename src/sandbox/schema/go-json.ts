import { builtinEntry, type TypeEntry, type TypeExpression, type TypeField } from '../../core/fields/builtin-table.ts';
import { guardDepth } from '../../core/fields/depth.ts';
import { isJsonObject, type Json, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { badRequest, type ApiError } from '../status.ts';
import { canonicalQuantity } from './quantity.ts';

/*
 * What the Go types of the API server make of a JSON object when they read and write it: unknown fields go, null is "not set", zero
 * values of plain fields disappear, structs that are no pointers are always there, quantities and times get their canonical form.
 */

interface Reading {
  /** Unknown fields, in the order in which they were met. */
  readonly unknown: string[];
  /** How the object is called in messages. */
  readonly what: string;
}

export interface GoObject {
  readonly object: MutableJsonObject;
  /** Fields that the type does not have: `spec.foo`, `spec.containers[0].bar`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads an object as a built-in type.
 * @throws ApiError 400 where a value has a form that the field cannot hold
 */
export function readAsType(value: Json, typeName: string, what: string): GoObject {
  const reading: Reading = { unknown: [], what };
  const entry = builtinEntry(typeName);
  if (entry === undefined) throw new Error(`no built-in type ${typeName}`);
  if (!isJsonObject(value)) throw wrongForm(reading, value, entry.name, '', 'map');
  return { object: readStruct(value, entry, '', reading, 0), unknownFields: reading.unknown };
}

/** What the Go type writes for an object in which nothing is set. */
export function emptyOfType(typeName: string): MutableJsonObject {
  return readAsType({}, typeName, typeName).object;
}

function wrongForm(reading: Reading, value: Json, owner: string, path: string, goType: string): ApiError {
  const found = Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : typeof value === 'string'
            ? 'string'
            : `number${Number.isInteger(value) ? '' : ` ${String(value)}`}`;
  const struct = owner.split('.').at(-1) ?? owner;
  return badRequest(
    `${reading.what}: json: cannot unmarshal ${found} into Go struct field ${struct}.${path.replaceAll(/\[\d+\]/g, '')} of type ${goType}`,
  );
}

function readStruct(value: Json, entry: TypeEntry, path: string, reading: Reading, depth: number): MutableJsonObject {
  guardDepth(depth);
  if (!isJsonObject(value)) throw wrongForm(reading, value, entry.name, path, shortGoName(entry.name));
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  if (entry.free) {
    for (const key of Object.keys(value)) out[key] = value[key] as MutableJson;
    return out;
  }
  const fields = fieldsByName(entry);
  // In the order of the document: unknown fields are told in the order in which a reader meets them.
  for (const key of Object.keys(value)) {
    const field = fields.get(key);
    if (field === undefined) {
      reading.unknown.push(path === '' ? key : `${path}.${key}`);
      continue;
    }
    const result = readField(value[key], field, entry, path, reading, depth);
    if (result !== undefined) out[key] = result;
  }
  for (const field of entry.fields) {
    if (Object.hasOwn(value, field.name)) continue;
    const result = readField(undefined, field, entry, path, reading, depth);
    if (result !== undefined) out[field.name] = result;
  }
  return out;
}

const fieldMaps = new WeakMap<TypeEntry, ReadonlyMap<string, TypeField>>();

function fieldsByName(entry: TypeEntry): ReadonlyMap<string, TypeField> {
  let found = fieldMaps.get(entry);
  if (found === undefined) fieldMaps.set(entry, (found = new Map(entry.fields.map((field) => [field.name, field]))));
  return found;
}

function readField(
  given: Json | undefined,
  field: TypeField,
  owner: TypeEntry,
  path: string,
  reading: Reading,
  depth: number,
): MutableJson | undefined {
  const fieldPath = path === '' ? field.name : `${path}.${field.name}`;
  const { type } = field;
  const isStruct = type.kind === 'reference' && isJsonObject(field.default);
  if (given === undefined || given === null) {
    if (isStruct && !field.omitZero) return readStruct({}, referenced(type.name), fieldPath, reading, depth + 1);
    if (type.kind === 'scalar' && (type.code === 't' || type.code === 'm') && !field.pointer && !field.omitZero)
      return null;
    // A quantity is a struct in Go: without a pointer it is always written.
    if (type.kind === 'scalar' && type.code === 'q' && !field.pointer) return '0';
    return field.always ? zeroOf(type, field) : undefined;
  }
  const value = readValue(given, type, owner, fieldPath, reading, depth + 1);
  if (field.always || field.pointer) return value;
  return isZero(value, type) ? undefined : value;
}

function zeroOf(type: TypeExpression, field: TypeField): MutableJson {
  if (field.pointer || type.kind !== 'scalar') return null;
  switch (type.code) {
    case 's':
      return '';
    case 'b':
      return false;
    case 'i':
    case 'l':
    case 'd':
    case 'x':
      return 0;
    case 'q':
      return '0';
    default:
      return null;
  }
}

function isZero(value: MutableJson, type: TypeExpression): boolean {
  if (type.kind === 'scalar')
    return value === '' || value === 0 || value === false || (type.code === 'w' && value === null);
  if (type.kind === 'list') return Array.isArray(value) && value.length === 0;
  return type.kind === 'map' && isJsonObject(value) && Object.keys(value).length === 0;
}

function referenced(name: string): TypeEntry {
  const entry = builtinEntry(name);
  if (entry === undefined) throw new Error(`no built-in type ${name}`);
  return entry;
}

function readValue(
  value: Json,
  type: TypeExpression,
  owner: TypeEntry,
  path: string,
  reading: Reading,
  depth: number,
): MutableJson {
  guardDepth(depth);
  switch (type.kind) {
    case 'scalar':
      return readScalar(value, type, owner, path, reading);
    case 'reference':
      return readStruct(value ?? {}, referenced(type.name), path, reading, depth + 1);
    case 'list': {
      if (!Array.isArray(value)) throw wrongForm(reading, value, owner.name, path, `[]${goTypeOf(type.items)}`);
      return (value as readonly Json[]).map((item, index) =>
        item === null && type.items.kind === 'scalar'
          ? zeroItem(type.items)
          : readValue(item, type.items, owner, `${path}[${index}]`, reading, depth + 1),
      );
    }
    case 'map': {
      if (!isJsonObject(value)) throw wrongForm(reading, value, owner.name, path, `map[string]${goTypeOf(type.items)}`);
      const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
      for (const key of Object.keys(value)) {
        const item = value[key];
        if (item === undefined) continue;
        out[key] =
          item === null && type.items.kind === 'scalar'
            ? zeroItem(type.items)
            : readValue(item, type.items, owner, `${path}.${key}`, reading, depth + 1);
      }
      return out;
    }
  }
}

function zeroItem(type: TypeExpression): MutableJson {
  if (type.kind !== 'scalar') return null;
  if (type.code === 'q') return '0';
  return type.code === 's' ? '' : type.code === 'b' ? false : type.code === 'i' || type.code === 'l' ? 0 : null;
}

function readScalar(
  value: Json,
  type: Extract<TypeExpression, { kind: 'scalar' }>,
  owner: TypeEntry,
  path: string,
  reading: Reading,
): MutableJson {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const wrong = (goType: string): ApiError => wrongForm(reading, value, owner.name, path, goType);
  switch (type.code) {
    case 's':
      if (typeof value !== 'string') throw wrong('string');
      return value;
    case 'b':
      if (typeof value !== 'boolean') throw wrong('bool');
      return value;
    case 'i':
    case 'l':
      if (!isNumber || (typeof value === 'number' && !Number.isInteger(value)))
        throw wrong(type.code === 'i' ? 'int32' : 'int64');
      return value;
    case 'd':
      if (!isNumber) throw wrong('float64');
      return value;
    case 'x':
      if (!isNumber && typeof value !== 'string') throw wrong('intstr.IntOrString');
      return value;
    case 'q': {
      const canonical = isNumber || typeof value === 'string' ? canonicalQuantity(value) : undefined;
      if (canonical === undefined)
        throw badRequest(
          `${reading.what}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        );
      return canonical;
    }
    case 't':
    case 'm': {
      if (typeof value !== 'string') throw wrong('string');
      const time = Date.parse(value);
      if (Number.isNaN(time))
        throw badRequest(
          `${reading.what}: parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
        );
      if (type.code === 't') return `${new Date(time).toISOString().slice(0, 19)}Z`;
      return /\.\d{6}Z$/.test(value) ? value : `${new Date(time).toISOString().slice(0, 23)}000Z`;
    }
    case 'y':
      if (typeof value !== 'string') throw wrong('[]uint8');
      if (!BASE64.test(value.replaceAll(/[\r\n]/g, '')))
        throw badRequest(`${reading.what}: illegal base64 data at input byte ${firstIllegal(value)}`);
      return Buffer.from(value, 'base64').toString('base64');
    case 'u':
    case 'w':
      return value as MutableJson;
  }
}

/** Without line breaks, which Go's encoding/base64 passes over. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Where Go's encoding/base64 gives up: at the first letter that is none, or at the group of four that the text does not fill. */
function firstIllegal(text: string): number {
  const found = text.search(/[^A-Za-z0-9+/\r\n]/);
  return found < 0 ? text.length - (text.length % 4) : found;
}

function shortGoName(name: string): string {
  const [group, version, type] = name.split('.');
  return group === undefined || version === undefined || type === undefined ? name : `${version}.${type}`;
}

function goTypeOf(type: TypeExpression): string {
  switch (type.kind) {
    case 'reference':
      return shortGoName(type.name);
    case 'list':
      return `[]${goTypeOf(type.items)}`;
    case 'map':
      return `map[string]${goTypeOf(type.items)}`;
    case 'scalar':
      return (
        (
          {
            s: 'string',
            b: 'bool',
            i: 'int32',
            l: 'int64',
            d: 'float64',
            q: 'resource.Quantity',
            y: '[]uint8',
          } as Partial<Record<string, string>>
        )[type.code] ?? 'interface {}'
      );
  }
}

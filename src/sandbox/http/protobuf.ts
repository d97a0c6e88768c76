import { builtinEntry, type ScalarCode, type TypeEntry, type TypeExpression } from '../../core/fields/builtin-table.ts';
import { BUILTIN_TYPES } from '../../core/fields/builtin-types.ts';
import { builtinTypeName } from '../../core/fields/builtin.ts';
import { guardDepth } from '../../core/fields/depth.ts';
import type { MutableJson, MutableJsonObject } from '../../core/json.ts';
import { parseApiVersion } from '../../core/object-key.ts';
import { badRequest, unsupportedMediaType } from '../status.ts';
import { PROTOBUF_FIELDS } from './protobuf-fields.ts';

/*
 * kubectl creates some objects with Go's typed clients, and those send protobuf. Bodies are read into JSON here; answers are JSON always,
 * which every client accepts.
 */

const MAGIC = Buffer.from('k8s\0', 'latin1');
/** Kinds that every group has. */
const META_KINDS = new Set(['DeleteOptions', 'Status']);

/** One field as it stands in the bytes. */
interface Wire {
  readonly number: number;
  readonly type: number;
  /** Of a number. */
  readonly value: bigint;
  /** Of a text, a message or packed numbers. */
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

function readVarint(bytes: Buffer, from: number): readonly [bigint, number] {
  let value = 0n;
  for (let index = from, shift = 0n; index < bytes.length && shift < 70n; index++, shift += 7n) {
    const byte = bytes[index] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [BigInt.asUintN(64, value), index + 1];
  }
  throw badRequest('protobuf: unexpected end of a number');
}

function* fieldsOf(bytes: Buffer): Generator<Wire> {
  let place = 0;
  while (place < bytes.length) {
    const [tag, after] = readVarint(bytes, place);
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    place = after;
    if (type === 0) {
      const [value, next] = readVarint(bytes, place);
      place = next;
      yield { number, type, value, bytes: NOTHING };
    } else if (type === 1 || type === 5) {
      const size = type === 1 ? 8 : 4;
      if (place + size > bytes.length) throw badRequest('protobuf: unexpected end');
      yield { number, type, value: 0n, bytes: bytes.subarray(place, place + size) };
      place += size;
    } else if (type === 2) {
      const [size, next] = readVarint(bytes, place);
      const end = next + Number(size);
      if (end > bytes.length) throw badRequest('protobuf: unexpected end');
      yield { number, type, value: 0n, bytes: bytes.subarray(next, end) };
      place = end;
    } else throw badRequest(`protobuf: wire type ${type} is not known`);
  }
}

interface Slot {
  readonly name: string;
  readonly type: TypeExpression;
}

/** The fields of a type by number; a nested layout stands for Go's inline structs. */
interface Layout {
  readonly slots: ReadonlyMap<number, Slot>;
  readonly inline: ReadonlyMap<number, Layout>;
}

const layouts = new Map<string, Layout>();
let numbersByType: Map<string, readonly string[]> | undefined;

function layoutOf(entry: TypeEntry): Layout {
  const known = layouts.get(entry.name);
  if (known !== undefined) return known;
  if (numbersByType === undefined) {
    const numbers = PROTOBUF_FIELDS.trim().split('\n');
    const types = BUILTIN_TYPES.trim().split('\n');
    numbersByType = new Map(
      types.map((line, index) => [(line.split(' ')[0] ?? '').replace('!', ''), (numbers[index] ?? '').split(',')]),
    );
  }
  const numbers = numbersByType.get(entry.name) ?? [];
  const layout = buildLayout(entry.fields.map((field, index) => [numbers[index] ?? '', field] as const));
  layouts.set(entry.name, layout);
  return layout;
}

function buildLayout(fields: readonly (readonly [string, Slot])[]): Layout {
  const slots = new Map<number, Slot>();
  const nested = new Map<number, (readonly [string, Slot])[]>();
  for (const [path, slot] of fields) {
    const dot = path.indexOf('.');
    if (dot < 0) {
      if (path !== '' && path !== '-') slots.set(Number(path), slot);
      continue;
    }
    const outer = Number(path.slice(0, dot));
    nested.set(outer, [...(nested.get(outer) ?? []), [path.slice(dot + 1), slot]]);
  }
  return { slots, inline: new Map([...nested].map(([number, inner]) => [number, buildLayout(inner)])) };
}

function readMessage(bytes: Buffer, layout: Layout, out: MutableJsonObject, depth: number): void {
  guardDepth(depth);
  for (const wire of fieldsOf(bytes)) {
    const inline = layout.inline.get(wire.number);
    if (inline !== undefined) {
      readMessage(wire.bytes, inline, out, depth + 1);
      continue;
    }
    const slot = layout.slots.get(wire.number);
    if (slot === undefined) continue;
    const { name, type } = slot;
    if (type.kind === 'list') {
      const known = out[name];
      const list: MutableJson[] = Array.isArray(known) ? known : [];
      list.push(...readItems(wire, type.items, depth));
      out[name] = list;
    } else if (type.kind === 'map') {
      const known = out[name];
      const map: MutableJsonObject =
        (known as MutableJsonObject | undefined) ?? (Object.create(null) as MutableJsonObject);
      readMapEntry(wire.bytes, type.items, map, depth);
      out[name] = map;
    } else out[name] = readValue(wire, type, depth);
  }
}

function readItems(wire: Wire, type: TypeExpression, depth: number): MutableJson[] {
  const packed =
    wire.type === 2 && type.kind === 'scalar' && (type.code === 'i' || type.code === 'l' || type.code === 'b');
  if (!packed) return [readValue(wire, type, depth)];
  const items: MutableJson[] = [];
  for (let place = 0; place < wire.bytes.length; ) {
    const [value, next] = readVarint(wire.bytes, place);
    items.push(readValue({ ...wire, type: 0, value }, type, depth));
    place = next;
  }
  return items;
}

function readMapEntry(bytes: Buffer, type: TypeExpression, map: MutableJsonObject, depth: number): void {
  let key = '';
  let value: MutableJson | undefined;
  for (const wire of fieldsOf(bytes)) {
    if (wire.number === 1) key = wire.bytes.toString('utf8');
    else if (wire.number === 2) {
      // A list as the value of a map is a message that holds it.
      if (type.kind === 'list') value = [...fieldsOf(wire.bytes)].flatMap((item) => readItems(item, type.items, depth));
      else value = readValue(wire, type, depth);
    }
  }
  map[key] = value ?? (type.kind === 'scalar' && (type.code === 's' || type.code === 'y') ? '' : null);
}

function readValue(wire: Wire, type: TypeExpression, depth: number): MutableJson {
  if (type.kind === 'scalar') return readScalar(wire, type.code);
  if (type.kind === 'reference') {
    const entry = builtinEntry(type.name);
    const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
    if (entry?.free === true) return parseRaw(wire.bytes);
    if (entry !== undefined) readMessage(wire.bytes, layoutOf(entry), out, depth + 1);
    return out;
  }
  throw badRequest('protobuf: lists of lists are not known');
}

/** Fields that hold JSON as bytes in their first field. */
function parseRaw(bytes: Buffer): MutableJson {
  for (const wire of fieldsOf(bytes))
    if (wire.number === 1) {
      try {
        return JSON.parse(wire.bytes.toString('utf8')) as MutableJson;
      } catch {
        throw badRequest('protobuf: an embedded object is no JSON');
      }
    }
  return null;
}

function readScalar(wire: Wire, code: ScalarCode): MutableJson {
  switch (code) {
    case 's':
      return wire.bytes.toString('utf8');
    case 'y':
      return wire.bytes.toString('base64');
    case 'b':
      return wire.value !== 0n;
    case 'i':
    case 'l':
      return Number(BigInt.asIntN(64, wire.value));
    case 'd':
      return wire.bytes.length === 8 ? wire.bytes.readDoubleLE(0) : 0;
    case 'q': {
      for (const inner of fieldsOf(wire.bytes)) if (inner.number === 1) return inner.bytes.toString('utf8');
      return '0';
    }
    case 'x':
      return readIntOrString(wire.bytes);
    case 't':
    case 'm': {
      let seconds = 0;
      for (const inner of fieldsOf(wire.bytes))
        if (inner.number === 1) seconds = Number(BigInt.asIntN(64, inner.value));
      return new Date(seconds * 1000).toISOString();
    }
    case 'u':
    case 'w':
      return parseRaw(wire.bytes);
  }
}

function readIntOrString(bytes: Buffer): MutableJson {
  let isText = false;
  let number = 0;
  let text = '';
  for (const inner of fieldsOf(bytes)) {
    if (inner.number === 1) isText = inner.value === 1n;
    else if (inner.number === 2) number = Number(BigInt.asIntN(32, inner.value));
    else if (inner.number === 3) text = inner.bytes.toString('utf8');
  }
  return isText ? text : number;
}

/** Reads a body in the Kubernetes protobuf envelope. @throws ApiError 400 for broken bytes, 415 for a kind without protobuf */
export function readProtobuf(body: Buffer): MutableJsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('protobuf: the body does not begin as Kubernetes objects do');
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = NOTHING;
  for (const wire of fieldsOf(body.subarray(MAGIC.length))) {
    if (wire.number === 1)
      for (const inner of fieldsOf(wire.bytes)) {
        if (inner.number === 1) apiVersion = inner.bytes.toString('utf8');
        else if (inner.number === 2) kind = inner.bytes.toString('utf8');
      }
    else if (wire.number === 2) raw = wire.bytes;
  }
  const type = META_KINDS.has(kind) ? `meta.v1.${kind}` : builtinTypeName({ ...parseApiVersion(apiVersion), kind });
  const entry = type === undefined ? undefined : builtinEntry(type);
  if (entry === undefined)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    );
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  readMessage(raw, layoutOf(entry), out, 0);
  out['apiVersion'] = apiVersion;
  out['kind'] = kind;
  return out;
}

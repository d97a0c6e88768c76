import { guardDepth } from '../core/fields/depth.ts';
import {
  isJsonObject,
  own,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../core/json.ts';

/** An object as the store keeps it; never changed in place. */
export type Stored = JsonObject;

export function metaOf(object: JsonObject): JsonObject {
  const meta = own(object, 'metadata');
  return isJsonObject(meta) ? meta : {};
}

export function textOf(object: Json | undefined, key: string): string {
  const value = own(object, key);
  return typeof value === 'string' ? value : '';
}

export function nameOf(object: JsonObject): string {
  return textOf(metaOf(object), 'name');
}

export function namespaceOf(object: JsonObject): string {
  return textOf(metaOf(object), 'namespace');
}

export function uidOf(object: JsonObject): string {
  return textOf(metaOf(object), 'uid');
}

export function isDeleting(object: JsonObject): boolean {
  return own(metaOf(object), 'deletionTimestamp') !== undefined;
}

/** A deep copy that its owner may change; keys named `__proto__` stay data. */
export function copyOf<T extends Json>(value: T): MutableJson {
  return copy(value, 0);
}

export function copyObject(value: JsonObject): MutableJsonObject {
  return copy(value, 0) as MutableJsonObject;
}

function copy(value: Json, depth: number): MutableJson {
  if (typeof value !== 'object' || value === null) return value;
  guardDepth(depth);
  if (Array.isArray(value)) return value.map((item: Json) => copy(item, depth + 1));
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  const object = value as JsonObject;
  for (const key of Object.keys(object)) {
    const item = object[key];
    if (item !== undefined) out[key] = copy(item, depth + 1);
  }
  return out;
}

/** The object with some of its metadata replaced; undefined removes. The rest is shared. */
export function withMeta(object: JsonObject, changes: Readonly<Record<string, Json | undefined>>): Stored {
  const meta: MutableJsonObject = Object.create(null) as MutableJsonObject;
  const old = metaOf(object);
  for (const key of Object.keys(old)) if (old[key] !== undefined) meta[key] = old[key] as MutableJson;
  for (const key of Object.keys(changes)) {
    const value = changes[key];
    if (value === undefined) delete meta[key];
    else meta[key] = value as MutableJson;
  }
  return withField(object, 'metadata', meta);
}

/** The object with one top-level field replaced or, with undefined, removed. */
export function withField(object: JsonObject, field: string, value: Json | undefined): Stored {
  const out: MutableJsonObject = Object.create(null) as MutableJsonObject;
  for (const key of Object.keys(object))
    if (key !== field && object[key] !== undefined) out[key] = object[key] as MutableJson;
  if (value !== undefined) out[field] = value as MutableJson;
  return out;
}

/** The object below a key of a mutable one, made when it is missing. */
export function child(parent: MutableJsonObject, key: string): MutableJsonObject {
  const found = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (isJsonObject(found)) return found as MutableJsonObject;
  const made: MutableJsonObject = Object.create(null) as MutableJsonObject;
  parent[key] = made;
  return made;
}

/** The objects in a list below a key; empty when there is none. */
export function items(parent: Json | undefined, key: string): readonly MutableJsonObject[] {
  const found = own(parent, key);
  return Array.isArray(found) ? (found.filter(isJsonObject) as unknown as MutableJsonObject[]) : [];
}

/** Sets a field that is not there yet. */
export function setDefault(object: MutableJsonObject, key: string, value: MutableJson): void {
  if (!Object.hasOwn(object, key) || object[key] === undefined || object[key] === null) object[key] = value;
}

/** A scalar as text; anything else as JSON, a missing value as ''. */
export function showScalar(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The texts of a map of texts, such as labels. */
export function textMap(value: Json | undefined): Map<string, string> {
  const out = new Map<string, string>();
  if (isJsonObject(value))
    for (const key of Object.keys(value)) {
      const text = value[key];
      if (typeof text === 'string') out.set(key, text);
    }
  return out;
}

export function labelsOf(object: JsonObject): Map<string, string> {
  return textMap(own(metaOf(object), 'labels'));
}

export function annotationOf(object: JsonObject, name: string): string | undefined {
  const value = own(own(metaOf(object), 'annotations'), name);
  return typeof value === 'string' ? value : undefined;
}

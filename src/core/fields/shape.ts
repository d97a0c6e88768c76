import { isJsonObject, type Json } from '../json.ts';
import { UNTYPED, type ListTypeOf, type MapType, type SchemaType } from './schema.ts';

const FREE_MAP: MapType = {
  kind: 'map',
  atomic: false,
  fields: () => new Map(),
  additional: () => UNTYPED,
  preserveUnknown: true,
  embeddedResource: false,
};
const FREE_LIST: ListTypeOf = { kind: 'list', listType: 'atomic', keys: [], items: () => UNTYPED };
const FREE_SCALAR: SchemaType = { kind: 'scalar', scalar: 'any' };

/**
 * The type with which a value is walked: an untyped value is walked by its own form (maps by key, lists as a whole). A null fits every
 * form and is walked as a map, which is what an empty value comes down to.
 */
export function shapeOf(type: SchemaType, value: Json | undefined): Exclude<SchemaType, { kind: 'untyped' }> {
  if (type.kind !== 'untyped') return type;
  if (Array.isArray(value)) return FREE_LIST;
  if (value === null || value === undefined || isJsonObject(value)) return FREE_MAP;
  return FREE_SCALAR as Exclude<SchemaType, { kind: 'untyped' }>;
}

/** Null, a missing value, {} and [] are all "nothing inside". */
export function isHollow(value: Json | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

import { guardDepth } from '../../core/fields/depth.ts';
import {
  isJsonObject,
  own,
  type Json,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { copyOf } from '../object.ts';
import { readAsType } from './go-json.ts';

/*
 * Structural schemas of custom resources: what is kept and what is filled in. The root and embedded objects have apiVersion, kind and
 * metadata besides what the schema says.
 */

function keepsUnknown(schema: Json | undefined): boolean {
  return own(schema, 'x-kubernetes-preserve-unknown-fields') === true;
}

function isEmbedded(schema: Json | undefined): boolean {
  return own(schema, 'x-kubernetes-embedded-resource') === true;
}

/** Removes what the schema does not declare and tells which fields went, as paths. */
export function pruneCustom(object: MutableJsonObject, schema: JsonObject | undefined): string[] {
  const unknown: string[] = [];
  if (schema !== undefined) pruneObject(object, schema, '', true, unknown, 0);
  return unknown;
}

function pruneObject(
  object: MutableJsonObject,
  schema: Json | undefined,
  path: string,
  embedded: boolean,
  unknown: string[],
  depth: number,
): void {
  guardDepth(depth);
  const properties = own(schema, 'properties');
  const additional = own(schema, 'additionalProperties');
  const keep = keepsUnknown(schema);
  for (const key of Object.keys(object)) {
    if (embedded && (key === 'apiVersion' || key === 'kind' || key === 'metadata')) continue;
    const at = path === '' ? key : `${path}.${key}`;
    const declared = own(properties, key);
    if (declared !== undefined) pruneValue(object[key], declared, at, unknown, depth + 1);
    else if (isJsonObject(additional)) pruneValue(object[key], additional, at, unknown, depth + 1);
    else if (additional !== true && !keep) {
      unknown.push(at);
      delete object[key];
    }
  }
}

function pruneValue(
  value: MutableJson | undefined,
  schema: Json,
  path: string,
  unknown: string[],
  depth: number,
): void {
  if (Array.isArray(value)) {
    const items = own(schema, 'items');
    for (const [index, item] of value.entries())
      if (items !== undefined) pruneValue(item, items, `${path}[${index}]`, unknown, depth + 1);
  } else if (isJsonObject(value)) {
    const object = value as MutableJsonObject;
    if (isEmbedded(schema)) readEmbeddedMeta(object);
    pruneObject(object, schema, path, isEmbedded(schema), unknown, depth + 1);
  }
}

function readEmbeddedMeta(object: MutableJsonObject): void {
  const meta = own(object, 'metadata');
  if (isJsonObject(meta)) object['metadata'] = readAsType(meta, 'meta.v1.ObjectMeta', 'embedded metadata').object;
}

/** Fills in the defaults of the schema; a null where null is not allowed counts as missing when there is a default. */
export function defaultCustom(object: MutableJsonObject, schema: JsonObject | undefined): void {
  if (schema !== undefined) fill(object, schema, 0);
}

function fill(value: MutableJson | undefined, schema: Json, depth: number): void {
  guardDepth(depth);
  if (Array.isArray(value)) {
    const items = own(schema, 'items');
    if (items !== undefined)
      for (const [index, item] of value.entries()) {
        if (item === null && own(items, 'default') !== undefined && own(items, 'nullable') !== true)
          value[index] = copyOf(own(items, 'default') ?? null);
        fill(value[index], items, depth + 1);
      }
    return;
  }
  if (!isJsonObject(value)) return;
  const object = value as MutableJsonObject;
  const properties = own(schema, 'properties');
  if (isJsonObject(properties))
    for (const name of Object.keys(properties)) {
      const property = properties[name];
      const initial = own(property, 'default');
      const given = own(object, name);
      if (initial !== undefined && (given === undefined || (given === null && own(property, 'nullable') !== true)))
        object[name] = copyOf(initial);
      if (property !== undefined) fill(object[name], property, depth + 1);
    }
  const additional = own(schema, 'additionalProperties');
  if (isJsonObject(additional))
    for (const key of Object.keys(object))
      if (own(properties, key) === undefined) fill(object[key], additional, depth + 1);
}

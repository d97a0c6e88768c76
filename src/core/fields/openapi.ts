import { isJsonObject, listAt, own, stringAt, type Json, type JsonObject } from '../json.ts';
import type { GroupVersionKind } from '../object-key.ts';
import {
  RAW,
  UNTYPED,
  type ListTypeOf,
  type MapType,
  type ScalarType,
  type SchemaField,
  type SchemaType,
} from './schema.ts';

/** Types of an OpenAPI document, built when they are asked for and then kept. */
export interface OpenApiTypes {
  /** The type of a kind; undefined when the document does not describe it. */
  typeOf(kind: GroupVersionKind): SchemaType | undefined;
  /** The kinds that the document describes. */
  kinds(): readonly GroupVersionKind[];
}

const SCHEMA_REF = '#/components/schemas/';
const WELL_KNOWN: ReadonlyMap<string, SchemaType> = new Map<string, SchemaType>([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', { kind: 'scalar', scalar: 'quantity' }],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', { kind: 'scalar', scalar: 'intOrString' }],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', { kind: 'scalar', scalar: 'time' }],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', { kind: 'scalar', scalar: 'time' }],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.Duration', { kind: 'scalar', scalar: 'duration' }],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', RAW],
]);

/**
 * Reads a document of `/openapi/v3/apis/GROUP/VERSION` as the API server's own merge does: list and map types from the `x-kubernetes-*`
 * extensions (or the patch strategy where there are none), a `$ref` alone or in an `allOf` of one, objects without properties as free form.
 */
export function readOpenApi(document: Json): OpenApiTypes {
  const schemas = own(own(document, 'components'), 'schemas');
  const named = new Map<string, SchemaType>();
  const byKind = new Map<string, string>();
  const kinds: GroupVersionKind[] = [];
  if (isJsonObject(schemas))
    for (const name of Object.keys(schemas))
      for (const entry of listAt(schemas[name], 'x-kubernetes-group-version-kind')) {
        const kind = {
          group: stringAt(entry, 'group') ?? '',
          version: stringAt(entry, 'version') ?? '',
          kind: stringAt(entry, 'kind') ?? '',
        };
        if (byKind.has(kindKey(kind))) continue;
        byKind.set(kindKey(kind), name);
        kinds.push(kind);
      }

  const resolve = (name: string): SchemaType => {
    const known = WELL_KNOWN.get(name) ?? named.get(name);
    if (known !== undefined) return known;
    const schema = own(schemas, name);
    const type = schema === undefined ? UNTYPED : readSchema(schema, resolve, false);
    named.set(name, type);
    return type;
  };
  return {
    typeOf: (kind) => {
      const name = byKind.get(kindKey(kind));
      return name === undefined ? undefined : resolve(name);
    },
    kinds: () => kinds,
  };
}

function kindKey(kind: GroupVersionKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}

/**
 * One schema as a type. `resolve` answers references by name; `preserve` says that an outer schema keeps unknown fields, which holds for
 * everything inside.
 */
export function readSchema(
  schema: Json | undefined,
  resolve: (name: string) => SchemaType,
  preserve: boolean,
): SchemaType {
  if (!isJsonObject(schema)) return UNTYPED;
  const reference = referenceOf(schema);
  if (reference !== undefined) {
    const type = resolve(reference);
    // A field may make the map that it refers to atomic.
    const mapType = own(schema, 'x-kubernetes-map-type');
    if (type.kind !== 'map') return type;
    const retainKeys = hasStrategy(schema, 'retainKeys');
    if (mapType === undefined && !retainKeys) return type;
    return {
      ...type,
      atomic: mapType === undefined ? type.atomic : mapType === 'atomic',
      ...(retainKeys ? { retainKeys } : {}),
    };
  }
  const keepsUnknown = preserve || own(schema, 'x-kubernetes-preserve-unknown-fields') === true;
  if (own(schema, 'x-kubernetes-int-or-string') === true || own(schema, 'format') === 'int-or-string')
    return { kind: 'scalar', scalar: 'intOrString' };
  switch (own(schema, 'type')) {
    case 'object':
      return readObject(schema, resolve, keepsUnknown);
    case 'array':
      return readList(schema, resolve, keepsUnknown);
    case 'integer':
    case 'number':
      return { kind: 'scalar', scalar: 'number' };
    case 'boolean':
      return { kind: 'scalar', scalar: 'boolean' };
    case 'string':
      return { kind: 'scalar', scalar: stringFormat(own(schema, 'format')) };
    default:
      return isJsonObject(own(schema, 'properties')) || own(schema, 'additionalProperties') !== undefined
        ? readObject(schema, resolve, keepsUnknown)
        : UNTYPED;
  }
}

function referenceOf(schema: JsonObject): string | undefined {
  const direct = stringAt(schema, '$ref');
  const wrapped = listAt(schema, 'allOf').length === 1 ? stringAt(schema, 'allOf', 0, '$ref') : undefined;
  const reference = direct ?? wrapped;
  return reference?.startsWith(SCHEMA_REF) === true ? reference.slice(SCHEMA_REF.length) : undefined;
}

function stringFormat(format: Json | undefined): ScalarType {
  if (format === 'byte') return 'bytes';
  if (format === 'date-time') return 'time';
  return format === undefined || format === 'password' ? 'string' : 'any';
}

function readObject(schema: JsonObject, resolve: (name: string) => SchemaType, preserve: boolean): MapType {
  const properties = own(schema, 'properties');
  const additional = own(schema, 'additionalProperties');
  let fields: ReadonlyMap<string, SchemaField> | undefined;
  const readFields = (): ReadonlyMap<string, SchemaField> => {
    const found = new Map<string, SchemaField>();
    if (isJsonObject(properties))
      for (const name of Object.keys(properties)) {
        const property = properties[name];
        let type: SchemaType | undefined;
        found.set(name, {
          type: () => (type ??= readSchema(property, resolve, preserve)),
          default: own(property, 'default'),
        });
      }
    return found;
  };
  let additionalType: SchemaType | undefined;
  const free =
    additional === undefined && (preserve || !isJsonObject(properties) || Object.keys(properties).length === 0);
  return {
    kind: 'map',
    atomic: own(schema, 'x-kubernetes-map-type') === 'atomic',
    fields: () => (fields ??= readFields()),
    additional:
      free || additional === true
        ? () => UNTYPED
        : isJsonObject(additional)
          ? () => (additionalType ??= readSchema(additional, resolve, preserve))
          : undefined,
    preserveUnknown: preserve,
    embeddedResource: own(schema, 'x-kubernetes-embedded-resource') === true,
    ...(hasStrategy(schema, 'retainKeys') ? { retainKeys: true } : {}),
  };
}

function readList(schema: JsonObject, resolve: (name: string) => SchemaType, preserve: boolean): ListTypeOf {
  const items = own(schema, 'items');
  let itemType: SchemaType | undefined;
  const mergeKey = stringAt(schema, 'x-kubernetes-patch-merge-key');
  const merges = hasStrategy(schema, 'merge');
  const listType = own(schema, 'x-kubernetes-list-type');
  const keys = listAt(schema, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string');
  const byStrategy = listType === undefined && merges;
  return {
    kind: 'list',
    listType:
      listType === 'map' || (byStrategy && mergeKey !== undefined)
        ? 'map'
        : listType === 'set' || byStrategy
          ? 'set'
          : 'atomic',
    keys: listType === 'map' ? keys : byStrategy && mergeKey !== undefined ? [mergeKey] : [],
    items: () => (itemType ??= readSchema(items, resolve, preserve)),
    ...(merges ? { patchMergeKey: mergeKey ?? '' } : {}),
  };
}

function hasStrategy(schema: JsonObject, word: string): boolean {
  return (stringAt(schema, 'x-kubernetes-patch-strategy') ?? '').split(',').includes(word);
}

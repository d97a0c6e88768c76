import { isJsonObject, own, type Json } from '../json.ts';
import { builtinType } from './builtin.ts';
import { readSchema } from './openapi.ts';
import { UNTYPED, type MapType, type SchemaField, type SchemaType } from './schema.ts';

const STRING: SchemaType = { kind: 'scalar', scalar: 'string' };

function withObjectFields(type: MapType): MapType {
  const fields = new Map<string, SchemaField>(type.fields());
  fields.set('apiVersion', { type: () => STRING, default: undefined });
  fields.set('kind', { type: () => STRING, default: undefined });
  fields.set('metadata', { type: () => builtinType('meta.v1.ObjectMeta'), default: undefined });
  return { ...type, fields: () => fields };
}

function embed(type: SchemaType): SchemaType {
  if (type.kind === 'list') {
    let items: SchemaType | undefined;
    return { ...type, items: () => (items ??= embed(type.items())) };
  }
  if (type.kind !== 'map') return type;
  const fields = lazily(() => {
    const found = new Map<string, SchemaField>();
    for (const [name, field] of type.fields())
      found.set(name, { type: lazily(() => embed(field.type())), default: field.default });
    return found;
  });
  const { additional } = type;
  const embedded: MapType = {
    ...type,
    fields,
    additional: additional === undefined ? undefined : lazily(() => embed(additional())),
  };
  if (!type.embeddedResource) return embedded;
  const object = lazily(() => withObjectFields(embedded).fields() as Map<string, SchemaField>);
  return { ...embedded, fields: object };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * The type of a custom resource from the `openAPIV3Schema` of its definition's version: apiVersion, kind and metadata are those that
 * every object has, here and in embedded objects. A missing schema (or one without properties that keeps unknown fields) leaves the
 * rest free.
 */
export function structuralType(schema: Json | undefined): SchemaType {
  const root = isJsonObject(schema) ? readSchema(schema, () => UNTYPED, false) : UNTYPED;
  if (root.kind !== 'map') {
    const free: MapType = {
      kind: 'map',
      atomic: false,
      fields: () => new Map(),
      additional: () => UNTYPED,
      preserveUnknown: own(schema, 'x-kubernetes-preserve-unknown-fields') === true,
      embeddedResource: false,
    };
    return withObjectFields(free);
  }
  const inner = embed(root);
  return inner.kind === 'map' ? withObjectFields(inner) : inner;
}

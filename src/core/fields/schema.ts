/** How the server merges a list: as one value, as a set of scalars, or by the keys of its items. */
export type ListType = 'atomic' | 'set' | 'map';

export type ScalarType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'intOrString'
  | 'quantity'
  | 'duration'
  | 'time'
  | 'bytes'
  | 'any';

/**
 * The type of a value as structured merge sees it (sigs.k8s.io/structured-merge-diff, `schema`). Field types are resolved on
 * demand, so that recursive types (JSONSchemaProps) are finite.
 */
export type SchemaType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | {
      /** Fields by name; `additional` is the type of the others (undefined: there are no others). */
      readonly kind: 'map';
      readonly atomic: boolean;
      readonly fields: () => ReadonlyMap<string, SchemaField>;
      readonly additional: (() => SchemaType) | undefined;
      readonly preserveUnknown: boolean;
      readonly embeddedResource: boolean;
      /** A strategic merge patch of this map drops the keys that the patch does not name. */
      readonly retainKeys?: boolean;
    }
  | {
      readonly kind: 'list';
      readonly listType: ListType;
      /** For `map` lists: the names of the key fields, in order. */
      readonly keys: readonly string[];
      readonly items: () => SchemaType;
      /** How a strategic merge patch merges it: by this key, or '' for a set of scalars; absent: it replaces the list. */
      readonly patchMergeKey?: string;
    }
  /** No schema: maps merge by key, lists are atomic. */
  | { readonly kind: 'untyped' };

export type MapType = Extract<SchemaType, { kind: 'map' }>;
export type ListTypeOf = Extract<SchemaType, { kind: 'list' }>;

export interface SchemaField {
  readonly type: () => SchemaType;
  /** The default that the server fills in, where the schema says so. */
  readonly default: unknown;
}

export const UNTYPED: SchemaType = { kind: 'untyped' };

/** A value that is replaced as a whole, of any shape (RawExtension). */
export const RAW: SchemaType = {
  kind: 'map',
  atomic: true,
  fields: () => new Map(),
  additional: () => UNTYPED,
  preserveUnknown: true,
  embeddedResource: false,
};

/** The type of a key of a map; undefined when the schema declares neither the key nor others. */
export function fieldType(type: SchemaType, key: string): SchemaType | undefined {
  if (type.kind === 'untyped') return UNTYPED;
  if (type.kind !== 'map') return undefined;
  const field = type.fields().get(key);
  if (field !== undefined) return field.type();
  return type.additional === undefined ? undefined : type.additional();
}

/** Whether the schema declares the key by name (a struct's field, not a key of a free map). */
export function declaresField(type: SchemaType, key: string): boolean {
  return type.kind === 'map' && type.fields().has(key);
}

/** How the server merges a list: as one value, as a set of scalars, or by the keys of its items. */
export type ListType = 'atomic' | 'set' | 'map';

/**
 * The type of a value as structured merge sees it (sigs.k8s.io/structured-merge-diff, `schema`). Field types are resolved on
 * demand, so that recursive types (JSONSchemaProps) are finite.
 */
export type SchemaType =
  | {
      readonly kind: 'scalar';
      readonly scalar:
        | 'string'
        | 'number'
        | 'boolean'
        | 'intOrString'
        | 'quantity'
        | 'duration'
        | 'time'
        | 'bytes'
        | 'any';
    }
  | {
      /** Fields by name; `additional` is the type of the others (undefined: there are no others). */
      readonly kind: 'map';
      readonly atomic: boolean;
      readonly fields: () => ReadonlyMap<string, SchemaField>;
      readonly additional: (() => SchemaType) | undefined;
      readonly preserveUnknown: boolean;
      readonly embeddedResource: boolean;
    }
  | {
      readonly kind: 'list';
      readonly listType: ListType;
      /** For `map` lists: the names of the key fields, in order. */
      readonly keys: readonly string[];
      readonly items: () => SchemaType;
    }
  /** No schema: maps merge by key, lists are atomic. */
  | { readonly kind: 'untyped' };

export interface SchemaField {
  readonly type: () => SchemaType;
  /** The default that the server fills in, where the schema says so. */
  readonly default: unknown;
}

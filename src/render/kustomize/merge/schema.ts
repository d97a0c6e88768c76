import { isJsonObject, own, type Json } from '../../../core/json.ts';
import { isBuiltInClusterScoped, isBuiltInKind } from '../scope.ts';
import { definitionOfType, KIND_TYPES, MERGE_TYPES, type MergeField, typeOfDefinition } from './built-in-types.ts';

/** What a merge needs to know about a place in an object. */
export interface MergeSchema {
  /** Present for a list that merges: the fields that tell its items apart, none for plain values. */
  readonly keys: readonly string[] | undefined;
  field(name: string): MergeSchema | undefined;
  elements(): MergeSchema | undefined;
}

/**
 * What became of the built-in schema before a build chose another one. Kustomize reads it for a merge; a kind that the built-in table does
 * not know makes it want it, and then it is read behind the chosen one and covers it. Otherwise the chosen one stands alone.
 */
export type BuiltInUse = 'unread' | 'wanted' | 'read';

export function laterUse(one: BuiltInUse, other: BuiltInUse): BuiltInUse {
  if (one === 'read' || other === 'read') return 'read';
  return one === 'wanted' ? one : other;
}

/** All types that a build knows: the built-in ones, or those of `openapi.path`. */
export interface SchemaBook {
  forKind(apiVersion: string, kind: string): MergeSchema | undefined;
  isClusterScoped(apiVersion: string, kind: string): boolean;
}

/** A known place with nothing below it that merges. */
const OPAQUE: MergeSchema = { keys: undefined, field: () => undefined, elements: () => undefined };

class BuiltInType implements MergeSchema {
  readonly keys: readonly string[] | undefined;
  readonly #type: string | undefined;
  /** Of a schema that stands beside: a type that it defines is no built-in one. */
  readonly #definitions: Json | undefined;

  constructor(field: MergeField, definitions: Json | undefined) {
    this.keys = field.keys;
    this.#type = field.type;
    this.#definitions = definitions;
  }

  field(name: string): MergeSchema | undefined {
    if (this.#type === undefined) return undefined;
    const defined = this.#defined();
    if (defined !== undefined) return defined.field(name);
    const fields = MERGE_TYPES[this.#type] ?? {};
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return found === undefined ? OPAQUE : new BuiltInType(found, this.#definitions);
  }

  elements(): MergeSchema {
    return this.#type === undefined ? OPAQUE : new BuiltInType({ type: this.#type }, this.#definitions);
  }

  #defined(): MergeSchema | undefined {
    if (this.#definitions === undefined || this.#type === undefined) return undefined;
    const schema = own(this.#definitions, definitionOfType(this.#type) ?? '');
    return schema === undefined ? undefined : new JsonSchema(schema, this.#definitions, 'read');
  }
}

export const BUILT_IN_SCHEMAS: SchemaBook = {
  forKind(apiVersion, kind) {
    const type = KIND_TYPES.get(`${apiVersion} ${kind}`);
    return type === undefined ? undefined : new BuiltInType({ type }, undefined);
  },
  isClusterScoped: isBuiltInClusterScoped,
};

const GVK_EXTENSION = 'x-kubernetes-group-version-kind';
const STRATEGY_EXTENSION = 'x-kubernetes-patch-strategy';
const KEY_EXTENSION = 'x-kubernetes-patch-merge-key';
const KEYS_EXTENSION = 'x-kubernetes-list-map-keys';
const MAX_REFERENCES = 20;

class JsonSchema implements MergeSchema {
  readonly #schema: Json | undefined;
  readonly #definitions: Json | undefined;
  readonly #builtIn: BuiltInUse;

  constructor(schema: Json | undefined, definitions: Json | undefined, builtIn: BuiltInUse) {
    this.#schema = schema;
    this.#definitions = definitions;
    this.#builtIn = builtIn;
  }

  get keys(): readonly string[] | undefined {
    const strategy = own(this.#schema, STRATEGY_EXTENSION);
    if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return undefined;
    const keys = own(this.#schema, KEYS_EXTENSION);
    if (Array.isArray(keys)) return keys.filter((key): key is string => typeof key === 'string');
    const key = own(this.#schema, KEY_EXTENSION);
    return typeof key === 'string' ? [key] : [];
  }

  field(name: string): MergeSchema | undefined {
    const property = own(own(this.#schema, 'properties'), name);
    const rest = own(this.#schema, 'additionalProperties');
    const found = property ?? (isJsonObject(rest) ? rest : undefined);
    return found === undefined ? undefined : this.#follow(found);
  }

  elements(): MergeSchema | undefined {
    const type = own(this.#schema, 'type');
    const isArray = type === 'array' || (Array.isArray(type) && type.length === 1 && type[0] === 'array');
    const items = own(this.#schema, 'items');
    return isArray && isJsonObject(items) ? this.#follow(items) : undefined;
  }

  #follow(start: Json): MergeSchema | undefined {
    let schema: Json | undefined = start;
    for (let hops = 0; hops < MAX_REFERENCES; hops++) {
      const reference = own(schema, '$ref');
      if (typeof reference !== 'string' || reference === '')
        return new JsonSchema(schema, this.#definitions, this.#builtIn);
      const name = reference
        .replace(/^#\/definitions\//, '')
        .replaceAll('~1', '/')
        .replaceAll('~0', '~');
      const type = this.#builtIn === 'unread' ? undefined : typeOfDefinition(name);
      schema = own(this.#definitions, name);
      const isCovered = this.#builtIn === 'wanted' && type !== undefined && type !== '';
      if (schema === undefined || isCovered) return this.#builtInType(type);
    }
    return undefined;
  }

  #builtInType(type: string | undefined): MergeSchema | undefined {
    if (type === undefined) return undefined;
    return type === '' ? OPAQUE : new BuiltInType({ type }, this.#builtIn === 'read' ? this.#definitions : undefined);
  }
}

/**
 * The types of an OpenAPI document (`definitions`, and `paths` for which kinds have namespaces). They stand instead of the built-in ones.
 * The document is read when a type is first asked for: one that nobody needs may be malformed.
 */
export function schemasFromOpenApi(read: () => Json, use: BuiltInUse): SchemaBook {
  let known: ReadSchemas | undefined;
  const schemas = (): ReadSchemas => (known ??= readSchemas(read()));
  return {
    forKind(apiVersion, kind) {
      const { byKind, definitions } = schemas();
      const schema = byKind.get(`${apiVersion} ${kind}`);
      const isKnown = use !== 'unread' || apiVersion.startsWith('kustomize.config.k8s.io/');
      const type = isKnown ? KIND_TYPES.get(`${apiVersion} ${kind}`) : undefined;
      if (schema !== undefined && (type === undefined || use !== 'wanted'))
        return new JsonSchema(schema, definitions, use);
      return type === undefined ? undefined : new BuiltInType({ type }, use === 'read' ? definitions : undefined);
    },
    isClusterScoped(apiVersion, kind) {
      if (isBuiltInKind(apiVersion, kind)) return isBuiltInClusterScoped(apiVersion, kind);
      return schemas().scopes.get(`${apiVersion} ${kind}`) === false;
    },
  };
}

interface ReadSchemas {
  readonly definitions: Json | undefined;
  readonly byKind: ReadonlyMap<string, Json>;
  /** Kind → whether it has a namespace. */
  readonly scopes: ReadonlyMap<string, boolean>;
}

function readSchemas(document: Json): ReadSchemas {
  const definitions = own(document, 'definitions');
  const byKind = new Map<string, Json>();
  for (const definition of isJsonObject(definitions) ? Object.values(definitions) : []) {
    const kinds = own(definition, GVK_EXTENSION);
    for (const gvk of Array.isArray(kinds) ? kinds : []) {
      const key = kindKey(gvk);
      if (key !== undefined && definition !== undefined) byKind.set(key, definition);
    }
  }
  return { definitions, byKind, scopes: scopesOf(own(document, 'paths')) };
}

function kindKey(gvk: Json): string | undefined {
  const group = own(gvk, 'group');
  const version = own(gvk, 'version');
  const kind = own(gvk, 'kind');
  if (typeof version !== 'string' || typeof kind !== 'string') return undefined;
  return `${typeof group === 'string' && group !== '' ? `${group}/` : ''}${version} ${kind}`;
}

/** Kind → whether it has a namespace, from the paths of its GET operations. */
function scopesOf(paths: Json | undefined): Map<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const [path, operations] of isJsonObject(paths) ? Object.entries(paths) : []) {
    const gvk = own(own(operations, 'get'), GVK_EXTENSION);
    const key = gvk === undefined ? undefined : kindKey(gvk);
    if (key === undefined) continue;
    if (path.includes('namespaces/{namespace}')) scopes.set(key, true);
    else if (!scopes.has(key)) scopes.set(key, false);
  }
  return scopes;
}

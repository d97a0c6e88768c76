import { RE2JS } from 're2js';
import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { type Draft, draftOf } from './drafts.ts';
import { keywordProblem, type KeywordShape, shapeOf } from './keywords.ts';

/** A schema that is no schema, or that asks for something that is refused. */
export class SchemaProblem extends Error {
  override readonly name = 'SchemaProblem';
}

export interface SchemaLimits {
  /** Objects and booleans in schema positions. */
  readonly schemas: number;
  readonly depth: number;
}

const DEFAULT_LIMITS: SchemaLimits = { schemas: 50_000, depth: 100 };
const ROOT = 'file:///values.schema.json';

/** A schema that others can refer to, with the draft and the base that hold inside it. */
export interface Resource {
  readonly schema: Json;
  readonly base: string;
  readonly draft: Draft;
  readonly anchors: Map<string, Json>;
  readonly dynamicAnchors: Map<string, Json>;
  readonly isRecursive: boolean;
}

/** A values schema, checked and ready for questions: which resource a subschema belongs to, and what a reference means. */
export class SchemaIndex {
  readonly root: Json;
  readonly #resources = new Map<string, Resource>();
  readonly #owners = new Map<object, Resource>();
  readonly #patterns = new Map<string, RE2JS>();
  readonly #warn: (message: string) => void;
  readonly #limits: SchemaLimits;
  #count = 0;

  /** @throws SchemaProblem when a keyword has a wrong value, a reference leads nowhere or to another host, or a limit is passed */
  constructor(root: Json, warn: (message: string) => void, limits: SchemaLimits = DEFAULT_LIMITS) {
    this.root = root;
    this.#warn = warn;
    this.#limits = limits;
    const draft = draftNamedBy(root) ?? 2020;
    this.#add(root, undefined, ROOT, draft, '#', 0);
    this.#checkReferences();
  }

  /** The resource that a schema object stands in. */
  resourceOf(schema: object): Resource | undefined {
    return this.#owners.get(schema);
  }

  pattern(source: string): RE2JS {
    let pattern = this.#patterns.get(source);
    if (pattern === undefined) {
      try {
        pattern = RE2JS.compile(source);
      } catch {
        throw new SchemaProblem(`${JSON.stringify(source)} is not a valid regular expression (RE2 syntax)`);
      }
      this.#patterns.set(source, pattern);
    }
    return pattern;
  }

  /** What a reference inside a resource means. @throws SchemaProblem */
  resolve(
    reference: string,
    from: Resource,
  ): { readonly schema: Json; readonly resource: Resource; readonly anchor: string } {
    const url = parseUrl(reference, from.base);
    const fragment = decodeFragment(url.hash.slice(1));
    url.hash = '';
    const resource = this.#resources.get(url.href);
    if (resource === undefined) return this.#unknown(url, reference);
    if (fragment === '' || fragment.startsWith('/')) {
      const schema = this.#atPointer(resource, fragment, reference);
      const owner = typeof schema === 'object' && schema !== null ? this.#owners.get(schema) : undefined;
      return { schema, resource: owner ?? resource, anchor: '' };
    }
    const schema = resource.anchors.get(fragment) ?? resource.dynamicAnchors.get(fragment);
    if (schema === undefined) throw new SchemaProblem(`$ref ${JSON.stringify(reference)} names no schema`);
    return { schema, resource, anchor: fragment };
  }

  #unknown(
    url: URL,
    reference: string,
  ): never | { readonly schema: Json; readonly resource: Resource; readonly anchor: string } {
    if (url.protocol === 'urn:') {
      this.#warn(`unresolved URN reference ignored in values.schema.json: ${reference}`);
      const resource = this.#resources.get(ROOT);
      if (resource !== undefined) return { schema: true, resource, anchor: '' };
    }
    if (url.protocol === 'file:')
      throw new SchemaProblem(`$ref ${JSON.stringify(reference)} points to another file, which is refused`);
    throw new SchemaProblem(
      `$ref ${JSON.stringify(reference)} points to ${url.host === '' ? 'another place' : `host ${url.host}`}: schemas are never fetched over the network`,
    );
  }

  #atPointer(resource: Resource, pointer: string, reference: string): Json {
    let current: Json | undefined = resource.schema;
    let owner = resource;
    for (const token of pointer.split('/').slice(1)) {
      const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(current))
        current = /^\d{1,9}$/.test(key) ? (current as readonly Json[])[Number(key)] : undefined;
      else current = isJsonObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
      if (typeof current === 'object' && current !== null) owner = this.#owners.get(current) ?? owner;
    }
    if (!isJsonObject(current) && typeof current !== 'boolean') {
      throw new SchemaProblem(`$ref ${JSON.stringify(reference)} names no schema`);
    }
    // A schema in a place where none is looked for, that a reference makes one.
    if (isJsonObject(current) && !this.#owners.has(current))
      this.#add(current, owner, owner.base, owner.draft, reference, 0);
    return current;
  }

  #add(schema: Json, parent: Resource | undefined, base: string, draft: Draft, at: string, depth: number): void {
    this.#count++;
    if (this.#count > this.#limits.schemas)
      throw new SchemaProblem(`it holds more than ${this.#limits.schemas} schemas`);
    if (depth > this.#limits.depth) throw new SchemaProblem(`it nests more than ${this.#limits.depth} levels deep`);
    if (!isJsonObject(schema)) {
      if (parent === undefined) this.#register(schema, base, draft);
      if (typeof schema !== 'boolean' || draft === 4) throw new SchemaProblem(`${at} is no schema`);
      return;
    }
    const resource = this.#resourceFor(schema, parent, base, draft);
    this.#owners.set(schema, resource);
    this.#addAnchors(schema, resource);
    const referenceOnly = resource.draft < 2019 && typeof schema['$ref'] === 'string';
    for (const key of Object.keys(schema)) {
      const shape = shapeOf(key, resource.draft);
      const value = schema[key];
      if (shape === undefined || value === undefined || (referenceOnly && key !== '$ref' && key !== 'definitions'))
        continue;
      const problem = keywordProblem(key, shape, value, resource.draft);
      if (problem !== undefined) throw new SchemaProblem(`at ${at}: ${problem}`);
      if (shape === 'pattern' && typeof value === 'string') this.pattern(value);
      if (key === 'patternProperties') for (const source of Object.keys(value as JsonObject)) this.pattern(source);
      for (const [step, item] of subschemas(shape, value)) {
        this.#add(item, resource, resource.base, resource.draft, `${at}/${key}${step}`, depth + 1);
      }
    }
  }

  #resourceFor(schema: JsonObject, parent: Resource | undefined, base: string, draft: Draft): Resource {
    const id = schema[draft === 4 ? 'id' : '$id'];
    const own =
      typeof id === 'string' && !id.startsWith('#') && (draft >= 2019 || schema['$ref'] === undefined) ? id : undefined;
    if (parent !== undefined && own === undefined) return parent;
    const url = own === undefined ? new URL(base) : parseUrl(own, base);
    url.hash = '';
    const resource = this.#register(schema, url.href, draftNamedBy(schema) ?? draft);
    if (parent === undefined) this.#resources.set(ROOT, resource);
    return resource;
  }

  #register(schema: Json, base: string, draft: Draft): Resource {
    const resource: Resource = {
      schema,
      base,
      draft,
      anchors: new Map(),
      dynamicAnchors: new Map(),
      isRecursive: isJsonObject(schema) && draft === 2019 && schema['$recursiveAnchor'] === true,
    };
    this.#resources.set(base, resource);
    return resource;
  }

  #addAnchors(schema: JsonObject, resource: Resource): void {
    const id = schema[resource.draft === 4 ? 'id' : '$id'];
    if (resource.draft < 2019 && typeof id === 'string' && id.startsWith('#'))
      resource.anchors.set(id.slice(1), schema);
    const { $anchor: anchor, $dynamicAnchor: dynamic } = schema;
    if (resource.draft >= 2019 && typeof anchor === 'string') resource.anchors.set(anchor, schema);
    if (resource.draft === 2020 && typeof dynamic === 'string') resource.dynamicAnchors.set(dynamic, schema);
  }

  /** A reference that leads nowhere is an error even when no value ever gets there. */
  #checkReferences(): void {
    for (const [schema, resource] of this.#owners) {
      for (const key of ['$ref', '$dynamicRef', '$recursiveRef']) {
        const reference = (schema as JsonObject)[key];
        if (shapeOf(key, resource.draft) !== undefined && typeof reference === 'string')
          this.resolve(reference, resource);
      }
    }
  }
}

function* subschemas(shape: KeywordShape, value: Json): Generator<readonly [string, Json]> {
  if (shape === 'schema' || shape === 'schemaOrBoolean') {
    if (isJsonObject(value)) yield ['', value];
  } else if (Array.isArray(value)) {
    if (shape !== 'schemas' && shape !== 'schemaOrList') return;
    for (const [index, item] of (value as readonly Json[]).entries()) yield [`/${index}`, item];
  } else if (shape === 'schemaOrList') {
    yield ['', value];
  } else if ((shape === 'schemaMap' || shape === 'dependencies') && isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const item = value[key];
      if (isJsonObject(item)) yield [`/${key}`, item];
    }
  }
}

function draftNamedBy(schema: Json): Draft | undefined {
  const uri = isJsonObject(schema) ? schema['$schema'] : undefined;
  if (typeof uri !== 'string') return undefined;
  const draft = draftOf(uri);
  if (draft === undefined)
    throw new SchemaProblem(
      `$schema ${JSON.stringify(uri)} is not a draft that is supported (4, 6, 7, 2019-09, 2020-12)`,
    );
  return draft;
}

function parseUrl(reference: string, base: string): URL {
  try {
    return new URL(reference, base);
  } catch {
    throw new SchemaProblem(`${JSON.stringify(reference)} is not a valid reference`);
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

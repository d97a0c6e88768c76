import { createHash } from 'node:crypto';
import { builtinEntry, type TypeEntry, type TypeExpression, type TypeField } from '../../core/fields/builtin-table.ts';
import { isJsonObject, type Json, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import { copyObject } from '../object.ts';
import type { Catalog } from '../schema/catalog.ts';
import { versionOf, type Resource } from '../schema/resource.ts';

const PREFIX = '#/components/schemas/';

function schemaName(type: string): string {
  const [group = '', version = '', name = ''] = type.split('.');
  if (group === 'meta') return `io.k8s.apimachinery.pkg.apis.meta.${version}.${name}`;
  if (group === 'apiextensions') return `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.${version}.${name}`;
  if (group === 'apiregistration') return `io.k8s.kube-aggregator.pkg.apis.apiregistration.${version}.${name}`;
  return `io.k8s.api.${group}.${version}.${name}`;
}

const SCALARS: Readonly<Record<string, MutableJsonObject>> = {
  s: { type: 'string' },
  y: { type: 'string', format: 'byte' },
  t: { type: 'string', format: 'date-time' },
  m: { type: 'string', format: 'date-time' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  d: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  q: { $ref: `${PREFIX}io.k8s.apimachinery.pkg.api.resource.Quantity` },
  x: { $ref: `${PREFIX}io.k8s.apimachinery.pkg.util.intstr.IntOrString` },
  w: { $ref: `${PREFIX}io.k8s.apimachinery.pkg.runtime.RawExtension` },
  u: { $ref: `${PREFIX}io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON` },
};
const SHARED: MutableJsonObject = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object' },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': {},
};

/** Writes OpenAPI v3 documents from the built-in table and from the schemas of custom resources; kept until the catalog changes. */
export class OpenApiDocuments {
  readonly #catalog: Catalog;
  readonly #documents = new Map<string, { readonly revision: number; readonly text: string }>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The index of `/openapi/v3`; `prefix` stands before the paths in it. */
  index(prefix: string): MutableJsonObject {
    const paths: MutableJsonObject = {};
    for (const [group, versions] of this.#catalog.groups())
      for (const version of versions) {
        const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
        const stamp = this.#isBuiltin(group) ? 'builtin' : `custom-${this.#catalog.revision}`;
        const hash = createHash('sha256').update(`${path} ${stamp}`).digest('hex').toUpperCase();
        paths[path] = { serverRelativeURL: `${prefix}/openapi/v3/${path}?hash=${hash}` };
      }
    return { paths };
  }

  #isBuiltin(group: string): boolean {
    return this.#catalog.all().every((resource) => resource.group !== group || resource.definition === undefined);
  }

  /** The text of one document; undefined when the version is not served. */
  document(group: string, version: string): string | undefined {
    const key = `${group}/${version}`;
    const known = this.#documents.get(key);
    const builtin = this.#isBuiltin(group);
    if (known !== undefined && (builtin || known.revision === this.#catalog.revision)) return known.text;
    const resources = this.#catalog
      .all()
      .filter((resource) => resource.group === group && versionOf(resource, version)?.served === true);
    if (resources.length === 0) return undefined;
    const text = JSON.stringify(build(group, version, resources));
    this.#documents.set(key, { revision: this.#catalog.revision, text });
    return text;
  }
}

function build(group: string, version: string, resources: readonly Resource[]): MutableJsonObject {
  const schemas: MutableJsonObject = { ...SHARED };
  const paths: MutableJsonObject = {};
  const wanted: string[] = ['meta.v1.ObjectMeta', 'meta.v1.Status', 'meta.v1.DeleteOptions', 'meta.v1.ListMeta'];
  for (const resource of resources) {
    const served = versionOf(resource, version);
    if (served === undefined) continue;
    if (served.typeName !== undefined) wanted.push(served.typeName, `${served.typeName}List`);
    else {
      const name = customName(resource, version);
      schemas[name] = customSchema(served.schema, resource, version);
      schemas[`${name}List`] = listSchema(name, resource, version);
    }
    for (const [path, item] of pathsOf(resource, version)) paths[path] = item;
    if (served.scale !== undefined) wanted.push('autoscaling.v1.Scale');
  }
  const done = new Set<string>();
  for (let type = wanted.pop(); type !== undefined; type = wanted.pop()) {
    if (done.has(type)) continue;
    done.add(type);
    const entry = builtinEntry(type);
    if (entry !== undefined) schemas[schemaName(type)] = entrySchema(entry, group, version, resources, wanted);
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'unversioned' }, paths, components: { schemas } };
}

function customName(resource: Resource, version: string): string {
  return `${resource.group.split('.').reverse().join('.')}.${version}.${resource.kind}`;
}

function entrySchema(
  entry: TypeEntry,
  group: string,
  version: string,
  resources: readonly Resource[],
  wanted: string[],
): MutableJsonObject {
  const properties: MutableJsonObject = {};
  for (const field of entry.fields) properties[field.name] = fieldSchema(field, wanted);
  const required = entry.fields.filter((field) => field.required).map((field) => field.name);
  const kind = resources.find((resource) => {
    const name = versionOf(resource, version)?.typeName;
    return name === entry.name || `${name ?? ''}List` === entry.name;
  });
  const isList = kind !== undefined && entry.name.endsWith('List') && !kind.kind.endsWith('List');
  return {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    ...(entry.fields.length > 0 ? { properties } : {}),
    ...(entry.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...(kind === undefined
      ? {}
      : { 'x-kubernetes-group-version-kind': [{ group, version, kind: isList ? kind.listKind : kind.kind }] }),
  };
}

function fieldSchema(field: TypeField, wanted: string[]): MutableJsonObject {
  const schema = expressionSchema(field.type, wanted);
  const reference = schema['$ref'];
  const extra: MutableJsonObject = {};
  if (field.default !== undefined) extra['default'] = field.default as MutableJson;
  if (field.values.length > 0) extra['enum'] = [...field.values];
  const merges = field.type.kind === 'list' && field.type.patchMergeKey !== undefined;
  const strategy = [...(merges ? ['merge'] : []), ...(field.retainKeys ? ['retainKeys'] : [])].join(',');
  if (strategy !== '') extra['x-kubernetes-patch-strategy'] = strategy;
  if (field.type.kind === 'list' && field.type.patchMergeKey !== undefined && field.type.patchMergeKey !== '')
    extra['x-kubernetes-patch-merge-key'] = field.type.patchMergeKey;
  if (field.type.kind === 'reference' && field.type.atomic !== undefined)
    extra['x-kubernetes-map-type'] = field.type.atomic ? 'atomic' : 'granular';
  if (reference === undefined) return { ...schema, ...extra };
  return Object.keys(extra).length === 0 ? schema : { allOf: [{ $ref: reference }], ...extra };
}

function expressionSchema(type: TypeExpression, wanted: string[]): MutableJsonObject {
  switch (type.kind) {
    case 'scalar':
      return { ...SCALARS[type.code] };
    case 'reference':
      wanted.push(type.name);
      return { $ref: `${PREFIX}${schemaName(type.name)}` };
    case 'map': {
      const items = expressionSchema(type.items, wanted);
      return {
        type: 'object',
        ...(type.items.kind === 'scalar' && type.items.code === 'u' ? {} : { additionalProperties: items }),
        ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      };
    }
    case 'list':
      return {
        type: 'array',
        items: expressionSchema(type.items, wanted),
        'x-kubernetes-list-type': type.listType,
        ...(type.keys.length > 0 ? { 'x-kubernetes-list-map-keys': [...type.keys] } : {}),
      };
  }
}

const OBJECT_META: MutableJsonObject = {
  allOf: [{ $ref: `${PREFIX}io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta` }],
};

function customSchema(schema: Json | undefined, resource: Resource, version: string): MutableJsonObject {
  const out: MutableJsonObject = isJsonObject(schema)
    ? copyObject(schema)
    : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const given = out['properties'];
  const properties: MutableJsonObject = isJsonObject(given) ? (given as MutableJsonObject) : {};
  properties['apiVersion'] = { type: 'string' };
  properties['kind'] = { type: 'string' };
  properties['metadata'] = { ...OBJECT_META };
  out['properties'] = properties;
  out['x-kubernetes-group-version-kind'] = [{ group: resource.group, version, kind: resource.kind }];
  addEmbedded(out, true);
  return out;
}

/** Objects embedded in a custom resource have apiVersion, kind and metadata like every object. */
function addEmbedded(schema: MutableJson | undefined, root: boolean): void {
  if (!isJsonObject(schema)) return;
  const object = schema as MutableJsonObject;
  if (!root && object['x-kubernetes-embedded-resource'] === true) {
    const given = object['properties'];
    const properties: MutableJsonObject = isJsonObject(given) ? (given as MutableJsonObject) : {};
    properties['apiVersion'] = { type: 'string' };
    properties['kind'] = { type: 'string' };
    properties['metadata'] = { ...OBJECT_META };
    object['properties'] = properties;
  }
  const properties = object['properties'];
  if (isJsonObject(properties))
    for (const name of Object.keys(properties)) addEmbedded(properties[name] as MutableJson, false);
  addEmbedded(object['items'], false);
  addEmbedded(object['additionalProperties'], false);
}

function listSchema(name: string, resource: Resource, version: string): MutableJsonObject {
  return {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: `${PREFIX}io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta` },
      items: { type: 'array', items: { $ref: `${PREFIX}${name}` } },
    },
    'x-kubernetes-group-version-kind': [{ group: resource.group, version, kind: resource.listKind }],
  };
}

function parameter(name: string, type: string): MutableJsonObject {
  return { name, in: 'query', schema: { type, uniqueItems: true } };
}

const WRITE = [
  parameter('dryRun', 'string'),
  parameter('fieldManager', 'string'),
  parameter('fieldValidation', 'string'),
];
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

function pathsOf(resource: Resource, version: string): [string, MutableJsonObject][] {
  const base = resource.group === '' ? `/api/${version}` : `/apis/${resource.group}/${version}`;
  const collection = resource.namespaced
    ? `${base}/namespaces/{namespace}/${resource.plural}`
    : `${base}/${resource.plural}`;
  const kind = { group: resource.group, version, kind: resource.kind };
  const operation = (action: string, parameters: readonly MutableJsonObject[]): MutableJsonObject => ({
    parameters: parameters.map((entry) => ({ ...entry })),
    responses: { '200': { description: 'OK' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { ...kind },
  });
  const patch = {
    ...operation('patch', [...WRITE, parameter('force', 'boolean')]),
    requestBody: {
      content: Object.fromEntries(
        PATCH_TYPES.filter((type) => resource.definition === undefined || !type.includes('strategic')).map((type) => [
          type,
          { schema: {} },
        ]),
      ),
    },
  };
  const one: MutableJsonObject = {};
  const all: MutableJsonObject = {};
  if (resource.verbs.includes('list')) all['get'] = operation('list', []);
  if (resource.verbs.includes('create')) all['post'] = operation('post', WRITE);
  if (resource.verbs.includes('get')) one['get'] = operation('get', []);
  if (resource.verbs.includes('update')) one['put'] = operation('put', WRITE);
  if (resource.verbs.includes('patch')) one['patch'] = patch;
  if (resource.verbs.includes('delete')) one['delete'] = operation('delete', [parameter('dryRun', 'string')]);
  return [
    [collection, all],
    [`${collection}/{name}`, one],
  ];
}

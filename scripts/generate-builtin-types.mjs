// Writes src/core/fields/builtin-types.ts: the built-in kinds of Kubernetes as a compact table, from the OpenAPI v3 documents of a
// running API server and from the Go modules that define them (which fields are pointers and which are always written):
//   node scripts/generate-builtin-types.mjs DIR MODULES VERSION
// DIR: the answers of /openapi/v3/apis/G/V, one JSON file each; MODULES: the folder with k8s.io/api@VERSION and its sisters
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, modules, version] = process.argv.slice(2);
if (version === undefined) {
  console.error('usage: node scripts/generate-builtin-types.mjs DIR MODULES VERSION');
  process.exit(2);
}
const schemas = {};
for (const file of readdirSync(folder).sort())
  if (/^apis?_.*\.json$/.test(file))
    Object.assign(schemas, JSON.parse(readFileSync(join(folder, file), 'utf8')).components?.schemas ?? {});

const SCALARS = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'm',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'w',
};
const short = (name) => name.split('.').slice(-3).join('.');
const names = Object.keys(schemas)
  .filter((name) => schemas[name].type === 'object' && SCALARS[name] === undefined)
  .sort((a, b) => (short(a) < short(b) ? -1 : 1));
const index = new Map(names.map((name, position) => [name, position]));
if (new Set(names.map(short)).size !== names.length) throw new Error('short names are not unique');

// How Go writes a field: by `package.version.Type`, then by JSON name.
const goFields = new Map();
function readGo(path, prefix) {
  const text = readdirSync(path)
    .filter((file) => /^types.*\.go$/.test(file))
    .map((file) => readFileSync(join(path, file), 'utf8'))
    .join('\n');
  const inline = [];
  for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = new Map();
    for (const [, goType, json] of body.matchAll(/^\t(?:\w+\s+)?([*\w.[\]]+)\s+`json:"([^"]*)"/gm)) {
      const [field, ...options] = json.split(',');
      if (options.includes('inline')) inline.push([`${prefix}.${name}`, `${prefix}.${goType.split('.').at(-1)}`]);
      else
        fields.set(field, {
          pointer: goType.startsWith('*'),
          always: !options.includes('omitempty') && !options.includes('omitzero'),
          omitZero: options.includes('omitzero'),
        });
    }
    goFields.set(`${prefix}.${name}`, fields);
  }
  for (let round = 0; round < 3; round++)
    for (const [outer, inner] of inline)
      for (const [field, facts] of goFields.get(inner) ?? [])
        if (!goFields.get(outer).has(field)) goFields.get(outer).set(field, facts);
}
const api = join(modules, `api@${version}`);
for (const group of readdirSync(api, { withFileTypes: true }))
  if (group.isDirectory())
    for (const folderOfVersion of readdirSync(join(api, group.name)))
      if (/^v\d+$/.test(folderOfVersion))
        readGo(join(api, group.name, folderOfVersion), `${group.name}.${folderOfVersion}`);
readGo(join(modules, `apimachinery@${version}`, 'pkg/apis/meta/v1'), 'meta.v1');
readGo(join(modules, `apiextensions-apiserver@${version}`, 'pkg/apis/apiextensions/v1'), 'apiextensions.v1');
readGo(join(modules, `kube-aggregator@${version}`, 'pkg/apis/apiregistration/v1'), 'apiregistration.v1');
let unknownFields = 0;

function goFlags(typeName, field) {
  const facts = goFields.get(typeName)?.get(field);
  if (facts === undefined) {
    if (field !== 'apiVersion' && field !== 'kind' && field !== 'metadata') unknownFields++;
    return '';
  }
  return `${facts.pointer ? '&' : ''}${facts.always ? '#' : ''}${facts.omitZero ? '0' : ''}`;
}

function expression(schema) {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
  if (reference !== undefined) {
    const name = reference.replace('#/components/schemas/', '');
    const atomic = { atomic: '!', granular: '-' }[schema['x-kubernetes-map-type']] ?? '';
    if (SCALARS[name] !== undefined) return SCALARS[name];
    return index.has(name) ? `${atomic}$${index.get(name).toString(36)}` : 'u';
  }
  switch (schema.type) {
    case 'string':
      if (schema.format === 'byte') return 'y';
      return schema.format === 'date-time' ? 't' : 's';
    case 'integer':
      return schema.format === 'int64' ? 'l' : 'i';
    case 'number':
      return 'd';
    case 'boolean':
      return 'b';
    case 'array': {
      const keys = schema['x-kubernetes-list-map-keys'];
      const merge = (schema['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');
      const mergeKey = schema['x-kubernetes-patch-merge-key'] ?? '';
      const patch = merge ? `^${mergeKey === (keys?.[0] ?? '') ? '' : mergeKey}^` : '';
      const item = expression(schema.items);
      if (schema['x-kubernetes-list-type'] === 'map') return `<${keys.join(',')}>${patch}${item}`;
      if (schema['x-kubernetes-list-type'] === 'set') return `<>${patch}${item}`;
      if (schema['x-kubernetes-list-type'] === undefined && merge)
        return mergeKey === '' ? `<>${patch}${item}` : `<${mergeKey}>^^${item}`;
      return `[${patch}${item}`;
    }
    case 'object':
      return `${schema['x-kubernetes-map-type'] === 'atomic' ? '!' : ''}{${schema.additionalProperties === undefined ? 'u' : expression(schema.additionalProperties)}`;
    default:
      return schema.format === 'int-or-string' ? 'x' : 'u';
  }
}

const lines = names.map((name) => {
  const schema = schemas[name];
  const required = new Set(schema.required ?? []);
  const flags = schema['x-kubernetes-map-type'] === 'atomic' ? '!' : '';
  const fields = Object.keys(schema.properties ?? {})
    .sort()
    .map((field) => {
      const property = schema.properties[field];
      const retain = (property['x-kubernetes-patch-strategy'] ?? '').split(',').includes('retainKeys') ? '%' : '';
      const initial =
        property.default === undefined
          ? ''
          : typeof property.default === 'object'
            ? '+'
            : `=${JSON.stringify(property.default)}`;
      const values = property.enum === undefined ? '' : `|${property.enum.join('|')}`;
      return `${field}${required.has(field) ? '*' : ''}${goFlags(short(name), field)}:${retain}${expression(property)}${values}${initial}`;
    });
  const free = schema.properties === undefined || Object.keys(schema.properties).length === 0 ? ' ~' : '';
  return `${short(name)}${flags}${free}${fields.length > 0 ? ` ${fields.join(' ')}` : ''}`;
});
const text = lines.join('\n');
if (/[`\\]|\$\{/.test(text)) throw new Error('the table needs escapes');
writeFileSync(
  'src/core/fields/builtin-types.ts',
  `/**
 * The built-in kinds of Kubernetes ${version.replace('v0.', '1.')}: one type a line, in the notation of builtin-table.ts. Written by
 * scripts/generate-builtin-types.mjs; do not edit.
 */
export const BUILTIN_TYPES = \`
${text}
\`;
`,
);
console.log(`${names.length} types, ${text.length} bytes, ${unknownFields} fields that the Go types do not have`);

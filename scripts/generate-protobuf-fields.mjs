// Writes src/sandbox/http/protobuf-fields.ts: the protobuf numbers of the fields of the built-in types, from the generated.proto files of
// the Go modules:   node scripts/generate-protobuf-fields.mjs MODULES VERSION   (after generate-builtin-types.mjs)
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [modules, version] = process.argv.slice(2);
if (version === undefined) {
  console.error('usage: node scripts/generate-protobuf-fields.mjs MODULES VERSION');
  process.exit(2);
}
const messages = new Map();
function readProto(path, prefix) {
  const text = readFileSync(join(path, 'generated.proto'), 'utf8').replaceAll(/\/\/.*$/gm, '');
  for (const [, name, body] of text.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)) {
    const fields = [];
    for (const [, type, field, number] of body.matchAll(
      /(?:optional|repeated)?\s*((?:map<[^>]*>)|[.\w]+) (\w+) = (\d+);/g,
    ))
      fields.push({ type: type.replace(/^\./, ''), field, number: Number(number) });
    messages.set(`${prefix}.${name}`, { fields, prefix });
  }
}
const api = join(modules, `api@${version}`);
for (const group of readdirSync(api, { withFileTypes: true }))
  if (group.isDirectory())
    for (const folder of readdirSync(join(api, group.name)))
      if (/^v\d+$/.test(folder))
        try {
          readProto(join(api, group.name, folder), `${group.name}.${folder}`);
        } catch {
          // A group without protobuf types.
        }
readProto(join(modules, `apimachinery@${version}`, 'pkg/apis/meta/v1'), 'meta.v1');
readProto(join(modules, `apiextensions-apiserver@${version}`, 'pkg/apis/apiextensions/v1'), 'apiextensions.v1');
readProto(join(modules, `kube-aggregator@${version}`, 'pkg/apis/apiregistration/v1'), 'apiregistration.v1');

const table = readFileSync('src/core/fields/builtin-types.ts', 'utf8').split('`')[1].trim().split('\n');
const missing = [];
const lines = table.map((line) => {
  const [head, ...rest] = line.split(' ');
  const name = head.replace('!', '');
  const fields = rest.filter((entry) => entry !== '~').map((entry) => /^(.*?)[*&#0]*:/.exec(entry)[1]);
  const message = messages.get(name);
  if (message === undefined) return '';
  const plain = (text) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const known = new Set(fields.map(plain));
  // Go's inline structs are messages of their own here: looked into where their name is no field of the type.
  const find = (within, field, depth) => {
    const direct = within.fields.find((entry) => plain(entry.field) === plain(field));
    if (direct !== undefined) return String(direct.number);
    if (depth === 0) return undefined;
    for (const entry of within.fields) {
      if (known.has(plain(entry.field))) continue;
      const inner = messages.get(`${within.prefix}.${entry.type.split('.').at(-1)}`);
      const found = inner === undefined ? undefined : find(inner, field, depth - 1);
      if (found !== undefined) return `${entry.number}.${found}`;
    }
    return undefined;
  };
  const numberOf = (field) => {
    const found = find(message, field, 2);
    if (found === undefined && field !== 'apiVersion' && field !== 'kind') missing.push(`${name}.${field}`);
    return found ?? '';
  };
  return fields.map(numberOf).join(',');
});
writeFileSync(
  'src/sandbox/http/protobuf-fields.ts',
  `/**
 * The protobuf numbers of the fields of the built-in types: one line for each line of BUILTIN_TYPES, one number for each of its fields
 * in order; \`2.5\` is field 5 of the message in field 2. Written by scripts/generate-protobuf-fields.mjs; do not edit.
 */
export const PROTOBUF_FIELDS = \`
${lines.map((line) => (line === '' ? '-' : line)).join('\n')}
\`;
`,
);
console.log(`${lines.length} types, ${lines.join('\n').length} bytes; without a number: ${missing.join(' ')}`);

// Writes src/sandbox/schema/builtin-resources.ts: the built-in resources as a compact table, from the aggregated discovery of a running
// API server:   node scripts/generate-sandbox-resources.mjs API.json APIS.json
import { readFileSync, writeFileSync } from 'node:fs';

const [api, apis] = process.argv.slice(2);
if (apis === undefined) {
  console.error('usage: node scripts/generate-sandbox-resources.mjs API.json APIS.json');
  process.exit(2);
}
const FULL = 'create delete deletecollection get list patch update watch';
// Served by other code than the API server's storage, or a second view of the same storage.
const LEFT_OUT = new Set(['events.k8s.io', 'componentstatuses']);
const lines = [];
for (const group of [...JSON.parse(readFileSync(api, 'utf8')).items, ...JSON.parse(readFileSync(apis, 'utf8')).items])
  for (const version of group.versions)
    for (const resource of version.resources) {
      const name = group.metadata.name ?? '';
      if (LEFT_OUT.has(name) || LEFT_OUT.has(resource.resource)) continue;
      const verbs = resource.verbs.join(' ') === FULL ? '*' : resource.verbs.join(',');
      const subresources = (resource.subresources ?? []).map((sub) => {
        const kind = sub.responseKind?.kind ?? '';
        const owner = kind === resource.responseKind.kind ? '' : `=${kind}`;
        return `${sub.subresource}${owner}`;
      });
      lines.push(
        [
          `${name}/${version.version}`,
          resource.responseKind.kind,
          resource.resource,
          resource.singularResource || '-',
          resource.scope === 'Namespaced' ? 'N' : 'C',
          (resource.shortNames ?? []).join(',') || '-',
          (resource.categories ?? []).join(',') || '-',
          verbs,
          subresources.join(',') || '-',
        ].join(' '),
      );
    }
writeFileSync(
  'src/sandbox/schema/builtin-resources.ts',
  `/**
 * The built-in resources, one a line: group/version, kind, plural, singular, N(amespaced) or C(luster), short names, categories,
 * verbs (\`*\`: all), subresources (\`=Kind\` where it is another). Written by scripts/generate-sandbox-resources.mjs; do not edit.
 */
export const BUILTIN_RESOURCES = \`
${lines.join('\n')}
\`;
`,
);
console.log(`${lines.length} resources`);

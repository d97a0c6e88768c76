import type { Random } from '../seeded-random.ts';
import type { RandomBuild } from './random-kustomization.ts';

const SCALARS = [
  '1',
  '"1"',
  "'q'",
  'plain',
  'yes',
  '"yes"',
  'null',
  '~',
  '',
  '1.10',
  '0777',
  'a b',
  '"a: b"',
  "'#x'",
  '[]',
  '{}',
  '[a, "b"]',
  '{x: 1, y: [2]}',
  '2020-01-02',
  "it's",
  '"tab\\t"',
  'é',
  '"😀"',
  'true',
  '"{"',
  "''",
  '""',
  'x#y',
  '|\n  l1\n  l2',
  '|-\n  l1\n\n   l2',
];
const VALUES = [
  1,
  1.5,
  'x',
  '<&>',
  null,
  true,
  [1, { name: 'x', v: 2 }],
  { k: 'v', n: { deep: 'd' } },
  1e21,
  12345678901,
  'é',
];
const PATHS = [
  'a',
  'b',
  'c',
  'm.k',
  'm.n.deep',
  'list.[name=x].v',
  'list.0.v',
  'list.[name=y].name',
  'm.n',
  'm',
  'new',
  'm.new',
  'list.[name=z].v',
  'list.2.v',
  'list',
  'm.n.items.1.0',
  'list.*.name',
];
const SOURCES = ['metadata.name', 'data.val', 'data.num', 'spec.obj', 'spec.n', 'spec.list'];

/** A replacement into JSON or YAML that stands in a ConfigMap as text. */
export function makeStructuredText(r: Random): RandomBuild {
  const text = r.chance(0.3) ? json(r) : yaml(r);
  const create = r.chance(0.5) ? '    options: {create: true}\n' : '';
  return {
    files: {
      'app/r.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: t\ndata:\n  f.y: ${JSON.stringify(text)}\n---\napiVersion: v1\nkind: Thing\nmetadata:\n  name: s\ndata:\n  val: some text\n  num: "42"\nspec:\n  n: 7\n  obj: {p: 1, "q": "2"}\n  list:\n  - u\n  - v: w\n`,
      'app/kustomization.yaml': `resources: [r.yaml]\nreplacements:\n- source: {kind: Thing, fieldPath: ${r.pick(SOURCES)}}\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: ['data.f\\.y.${r.pick(PATHS)}']\n${create}`,
    },
    path: 'app',
  };
}

function json(r: Random): string {
  const object: Record<string, unknown> = { list: [{ name: 'x', v: 1 }] };
  for (const key of ['a', 'b', 'c', 'm']) if (r.chance(0.6)) object[key] = r.pick(VALUES);
  return JSON.stringify(object, null, r.pick([0, 2, 4]));
}

function yaml(r: Random): string {
  const at = (indent: string): string => r.pick(SCALARS).replaceAll('\n', `\n${indent}`);
  const lines: string[] = [];
  for (const key of ['a', 'b', 'c']) if (r.chance(0.7)) lines.push(`${key}: ${at('')}`);
  if (r.chance(0.7))
    for (const name of ['x', 'y'])
      lines.push(...(name === 'x' ? ['list:'] : []), `- name: ${name}`, `  v: ${at('  ')}`);
  if (r.chance(0.7)) lines.push('m:', `  k: ${at('  ')}`, '  n:', `    deep: ${at('    ')}`);
  if (r.chance(0.3) && lines.includes('m:'))
    lines.push('    items:', '    - 1', '    - - 2', '      - 3', '    - k: v', '      l: w');
  return lines.join('\n') + (r.chance(0.8) ? '\n' : '');
}

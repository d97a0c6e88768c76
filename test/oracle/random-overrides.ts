import type { Json, JsonObject } from '../../src/core/json.ts';
import { isJsonObject } from '../../src/core/json.ts';
import type { Random } from './seeded-random.ts';

export type Path = readonly string[];

export interface Leaf {
  readonly path: Path;
  readonly value: Json;
}

/** Everything in values that can be set: scalars, lists, and maps that are empty. */
export function leavesOf(values: Json, path: Path = []): Leaf[] {
  if (!isJsonObject(values) || Object.keys(values).length === 0)
    return path.length === 0 ? [] : [{ path, value: values }];
  return Object.entries(values).flatMap(([key, value]) => leavesOf(value ?? null, [...path, key]));
}

const TEXTS = [
  '',
  'abc',
  'a b',
  'x: y',
  '123',
  'true',
  'null',
  '1e3',
  'é',
  '{{ .Release.Name }}',
  'a\nb\n',
  '"q"',
  "it's",
  '- a',
  '#c',
  '/p/q',
  'https://a.example/x?y=1&z=<2>',
  'x'.repeat(90),
];
const NUMBERS = [0, 1, 2, 80, 8080, 1_000_000, 12_345_678, 1.5, -1, 1e21];
const MAPS: readonly Json[] = [
  { a: 'b' },
  { 'a.b/c': 'true', x: 'y' },
  { name: 'n', value: 'v' },
  { cpu: '100m', memory: '1Gi' },
  {},
];
const LISTS: readonly Json[] = [
  [],
  ['a'],
  ['a', 'b c'],
  [{ name: 'A', value: 'x' }],
  [{ name: 'n', key: 'k', hosts: ['h'] }],
  [1, true, null],
];

function replacement(leaf: Leaf, random: Random): Json {
  const { value } = leaf;
  if (random.chance(0.05)) return null;
  if (typeof value === 'boolean') return random.chance(0.9) ? !value : random.pick<Json>(['true', 1, 'x']);
  if (typeof value === 'string') return random.chance(0.85) ? random.pick(TEXTS) : random.pick(NUMBERS);
  if (typeof value === 'number' || typeof value === 'bigint')
    return random.chance(0.8) ? random.pick(NUMBERS) : random.pick(TEXTS);
  if (Array.isArray(value)) return random.chance(0.9) ? random.pick(LISTS) : random.pick(MAPS);
  if (value !== null) return random.chance(0.85) ? random.pick(MAPS) : random.pick<Json>([...LISTS, ...TEXTS, true]);
  return random.pick<Json>([...MAPS, ...LISTS, ...TEXTS, ...NUMBERS, true, false]);
}

/** Some leaves with other values: switches first of all, because features hide behind them. */
export function randomOverrides(leaves: readonly Leaf[], random: Random): Leaf[] {
  const switches = leaves.filter(
    ({ path, value }) => typeof value === 'boolean' && /enable|create|install/i.test(path.at(-1) ?? ''),
  );
  const chosen = new Map<string, Leaf>();
  // Now and then everything is on (or off): features meet each other.
  const all = random.below(12);
  if (all < 2)
    for (const leaf of switches)
      chosen.set(leaf.path.join('\0'), { path: leaf.path, value: all === 0 || random.chance(0.6) });
  for (let count = 1 + random.below(6); count > 0 && leaves.length > 0; count--) {
    const leaf = random.pick(switches.length > 0 && random.chance(0.5) ? switches : leaves);
    chosen.set(leaf.path.join('\0'), { path: leaf.path, value: replacement(leaf, random) });
  }
  return [...chosen.values()];
}

/** The leaves as values. */
export function asValues(leaves: readonly Leaf[]): JsonObject {
  const root: { [key: string]: Json } = {};
  for (const { path, value } of leaves) {
    let current = root;
    for (const key of path.slice(0, -1)) {
      const next = current[key];
      current = (isJsonObject(next) ? next : (current[key] = {})) as { [key: string]: Json };
    }
    current[path.at(-1) ?? ''] = value;
  }
  return root;
}

/** A leaf as a flag of the `--set` family. */
export function asFlag({ path, value }: Leaf, random: Random): readonly [string, string] {
  const key = path.map((step) => step.replaceAll(/[\\.,=[{}]/g, (char) => `\\${char}`)).join('.');
  const text = typeof value === 'string' ? value.replaceAll(/[\\,]/g, (char) => `\\${char}`) : JSON.stringify(value);
  const isPlain = typeof value !== 'object' && !(typeof value === 'string' && value.startsWith('{'));
  if (isPlain && typeof value === 'number' && random.chance(0.8)) return ['--set', `${key}=${text}`];
  if (isPlain && random.chance(0.7)) return [random.pick(['--set', '--set-string']), `${key}=${text}`];
  return ['--set-json', `${key}=${JSON.stringify(value)}`];
}

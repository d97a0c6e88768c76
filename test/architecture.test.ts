import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = 'src';
const PURE = ['policy', 'diff', 'plan', 'health', 'capacity', 'rollout'];
const EDGES = [
  'sources',
  'render',
  'cluster',
  'apply',
  'history',
  'queue',
  'webhooks',
  'telemetry',
  'config',
  'sandbox',
];
const WIRING = ['controller', 'cli'];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = filesBelow(ROOT).map((path) => relative(ROOT, path));
const texts = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

function importsOf(file: string): Import[] {
  const text = texts.get(file) ?? '';
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gms)) {
    const target = match[1] ?? match[2];
    if (target !== undefined) found.push({ from: file, to: normalize(join(dirname(file), target)) });
  }
  return found;
}

const imports = files.flatMap(importsOf);
const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

function cycles(): string[][] {
  const graph = new Map(files.map((file) => [file, [] as string[]]));
  for (const edge of imports) graph.get(edge.from)?.push(edge.to);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group);
  };
  for (const file of files) if (!index.has(file)) visit(file);
  return found;
}

describe('architecture', () => {
  it('every folder of src has a place in a layer', () => {
    const known = new Set(['', 'core', ...PURE, ...EDGES, ...WIRING]);
    expect([...new Set(files.map(folderOf))].filter((folder) => !known.has(folder))).toEqual([]);
  });

  it('every folder of src is on the map', () => {
    const map = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect([...new Set(files.map(folderOf))].filter((folder) => folder !== '' && !map.includes(`\`${folder}`))).toEqual(
      [],
    );
  });

  it('core and the stages import core and themselves only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [folderOf(from), folderOf(to)];
      return !WIRING.includes(own) && own !== '' && other !== own && other !== 'core';
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('imports point to files that exist', () => {
    expect(imports.filter(({ to }) => !texts.has(to)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('there are no import cycles, of types neither', () => {
    expect(cycles().map((group) => group.sort().join(' ↔ '))).toEqual([]);
  });

  it('pure stages have no clock, no environment and no I/O', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.\w|\bsetTimeout\(|from 'node:(?!crypto|util|buffer)/;
    const wrong = files.filter(
      (file) => [...PURE, 'core'].includes(folderOf(file)) && impure.test(texts.get(file) ?? ''),
    );
    expect(wrong).toEqual([]);
  });

  it('names say what is inside', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|manager)(\.ts|\/)/.test(file))).toEqual([]);
  });
});

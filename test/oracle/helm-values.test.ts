import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Json, stableJson } from '../../src/core/json.ts';
import { loadChart } from '../../src/render/helm/load/load-chart.ts';
import type { Chart } from '../../src/render/helm/load/chart.ts';
import { coalesceValues } from '../../src/render/helm/values/coalesce.ts';
import { enableSubcharts } from '../../src/render/helm/values/enable-subcharts.ts';
import { importValues } from '../../src/render/helm/values/import-values.ts';
import { readUserValues } from '../../src/render/helm/values/user-values.ts';
import { isTable, newTable, type Table, type Value } from '../../src/render/helm/values/value.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { seededRandom, type Random } from './seeded-random.ts';

const ORACLES = process.env['ORACLES'];
const COUNT = Number(process.env['HELM_VALUES_COUNT'] ?? 150);
const SEED = Number(process.env['HELM_VALUES_SEED'] ?? 1);

const TEMPLATE = '# {{ .Template.Name }}\n{{ .Values | toJson }}\n';

/** Values with the keys that meet those of other charts. */
function randomTable(random: Random, depth: number, names: readonly string[]): { [key: string]: Json } {
  const table: { [key: string]: Json } = {};
  for (let count = random.below(5); count > 0; count--) {
    const key = random.pick(['aa', 'bb', 'cc', 'global', 'exports', 'enabled', ...names]);
    table[key] = depth <= 0 ? random.pick([null, 1, true, 'x', [1]]) : randomValue(random, depth, names);
  }
  return table;
}

function randomValue(random: Random, depth: number, names: readonly string[]): Json {
  if (depth > 0 && random.chance(0.55)) return randomTable(random, depth - 1, names);
  return random.pick<Json>([null, null, 1, true, false, 'x', [1, null], 1e6]);
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly user: Json;
}

function randomCase(random: Random): Case {
  const files: Record<string, string> = {};
  const addChart = (path: string, name: string, depth: number): void => {
    const subs = depth === 0 ? [] : ['db', 'mq'].filter(() => random.chance(0.7));
    const listed = subs.filter(() => random.chance(0.85));
    const dependencies = listed.map((sub) => ({
      name: sub,
      version: '*',
      ...(random.chance(0.3) ? { alias: random.pick(['aa', 'other']) } : {}),
      ...(random.chance(0.4)
        ? { condition: random.pick(['db.enabled', 'aa.enabled', 'enabled', 'mq.enabled,bb']) }
        : {}),
      ...(random.chance(0.3) ? { tags: [random.pick(['t1', 't2'])] } : {}),
      ...(random.chance(0.4)
        ? {
            'import-values': [
              random.pick<Json>([
                'aa',
                'bb',
                { child: 'aa', parent: 'bb' },
                { child: 'exports', parent: '.' },
                { child: 'bb.cc', parent: 'aa.cc' },
              ]),
            ],
          }
        : {}),
    }));
    const keys = new Set<string>();
    const unique = dependencies.filter(({ name: own, alias }) => {
      const key = alias ?? own;
      if (keys.has(key)) return false;
      keys.add(key);
      return true;
    });
    const metadata = {
      apiVersion: 'v2',
      name,
      version: '0.1.0',
      ...(random.chance(0.9) ? { dependencies: unique } : {}),
    };
    files[join(path, 'Chart.yaml')] = JSON.stringify(metadata);
    files[join(path, 'values.yaml')] = JSON.stringify(randomTable(random, 3, ['db', 'mq', 'tags']));
    files[join(path, 'templates/x.yaml')] = TEMPLATE;
    for (const sub of subs) addChart(join(path, 'charts', sub), sub, depth - 1);
  };
  addChart('', 'web', 2);
  const user = randomTable(random, 3, ['db', 'mq', 'tags', 'other']);
  if (random.chance(0.5)) user['tags'] = { t1: random.chance(0.5), t2: random.chance(0.5) };
  return { files, user };
}

/** What each template prints, by name; undefined when the render fails. */
function ours({ files, user }: Case): Record<string, string> | undefined {
  try {
    const { chart } = loadChart(new MemorySnapshot(files), '');
    const given = readUserValues({ valueFiles: [], values: user, set: [], readFile: () => undefined });
    const enabled = importValues(
      enableSubcharts(chart, given, () => {}),
      () => {},
    );
    const values = coalesceValues(enabled, given, { keepNulls: false, warn: () => {} });
    const printed: Record<string, string> = {};
    const add = (part: Chart, own: Table, parent: string): void => {
      const path = `${parent}${part.metadata.name}`;
      printed[`${path}/templates/x.yaml`] = stableJson(own as Json);
      for (const sub of part.dependencies) {
        const below: Value | undefined = own[sub.metadata.name];
        add(sub, isTable(below) ? below : newTable(), `${path}/charts/`);
      }
    };
    add(enabled, values, '');
    return printed;
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'helm-values-'));
afterAll(() => rmSync(folder, { recursive: true }));

function theirs({ files, user }: Case, number: number): Promise<Record<string, string> | undefined> {
  const path = join(folder, String(number));
  for (const [name, text] of Object.entries({ ...files, 'user.json': JSON.stringify(user) })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return new Promise((resolve) => {
    execFile(join(ORACLES ?? '', 'helm'), ['template', 'r', path, '-f', join(path, 'user.json')], (error, stdout) => {
      rmSync(path, { recursive: true });
      if (error !== null) return resolve(undefined);
      const printed: Record<string, string> = {};
      for (const match of stdout.matchAll(/^# (\S+\.yaml)\n(.*)$/gm)) {
        printed[match[1] ?? ''] = stableJson(JSON.parse(match[2] ?? 'null') as Json);
      }
      return resolve(printed);
    });
  });
}

describe.skipIf(ORACLES === undefined)('values of charts with subcharts', () => {
  it(`${COUNT} random charts (seed ${SEED}) have the values that Helm gives them`, async () => {
    const random = seededRandom(SEED);
    const wrong: string[] = [];
    for (let number = 0; number < COUNT; number += 2) {
      const pair = [randomCase(random), randomCase(random)];
      await Promise.all(
        pair.map(async (item, index) => {
          const [want, got] = [await theirs(item, number + index), ours(item)];
          if (stableJson((want ?? null) as Json) !== stableJson((got ?? null) as Json)) {
            wrong.push(JSON.stringify({ ...item, want: want ?? null, got: got ?? null }));
          }
        }),
      );
    }
    expect(wrong.length, wrong.slice(0, 2).join('\n')).toBe(0);
  });
});

if (ORACLES === undefined)
  console.log('values of charts with subcharts: skipped, ORACLES names no folder with the real tools');

import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/core/json.ts';
import type { HelmSet } from '../../../../src/core/manifest.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';
import { loadChart } from '../../../../src/render/helm/load/load-chart.ts';
import { coalesceValues } from '../../../../src/render/helm/values/coalesce.ts';
import { ChartProblem } from '../../../../src/render/helm/load/chart-problem.ts';
import { readUserValues } from '../../../../src/render/helm/values/user-values.ts';
import { isTable, type Value } from '../../../../src/render/helm/values/value.ts';
import rows from './set-rows.json' with { type: 'json' };

const BASE = { a: { b: 1, c: [1, 2, { d: 'e' }] }, s: 'text', k: null, l: ['x', ['w', 'z']] };

function apply(...set: HelmSet[]): Value {
  return readUserValues({ valueFiles: [], values: BASE, set, readFile: () => undefined });
}

/** As `toJson` shows it: a null deletes its key here, integers and floats look alike. */
function shown(value: Value): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(shown);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, shown(value[key] ?? null)]));
}

describe('the --set family', () => {
  // Every expected value is what `helm template` 4.3.1 says of a chart that prints its values.
  const wrong: string[] = [];
  for (const { flag, text, values } of rows) {
    let got: Json;
    try {
      got = shown(coalesced(apply({ flag: flag as HelmSet['flag'], text })));
    } catch (thrown) {
      if (!(thrown instanceof ChartProblem)) throw thrown;
      got = null;
    }
    if (JSON.stringify(sorted(got)) !== JSON.stringify(sorted(values as Json))) wrong.push(`--${flag} ${text}`);
  }

  it(`gives what Helm gives, in ${rows.length} rows`, () => {
    expect(wrong).toEqual([]);
  });

  it('makes whole numbers int64 with --set and float64 with --set-json', () => {
    const values = apply({ flag: 'set', text: 'x=1' }, { flag: 'set-json', text: 'y=1' });
    expect([(values as { x: Value }).x, (values as { y: Value }).y]).toEqual([1n, 1]);
  });

  it('applies flags in the order of Helm, however they were mixed', () => {
    const values = apply(
      { flag: 'set-literal', text: 'x=c' },
      { flag: 'set', text: 'x=b' },
      { flag: 'set-json', text: 'x="a"' },
    );
    expect((values as { x: Value }).x).toBe('c');
  });

  it('takes __proto__ as a key like any other', () => {
    const values = apply({
      flag: 'set',
      text: '__proto__.polluted=1,a.__proto__.polluted=1,constructor.prototype.polluted=1',
    });
    expect(Object.hasOwn(values as object, '__proto__')).toBe(true);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ['a key of many steps', `${'a.'.repeat(5000)}b=1`],
    ['lists in lists', `a${'[0]'.repeat(5000)}=1`],
    ['an index far out', 'a[4000000000]=1'],
    ['JSON that nests deeply', `x=${'['.repeat(100_000)}`],
  ])('refuses %s', (_name, text) => {
    expect(() => apply({ flag: text.startsWith('x=') ? 'set-json' : 'set', text })).toThrow(ChartProblem);
  });
});

/** What templates see: null deletes a default. */
function coalesced(user: Value): Value {
  const snapshot = new MemorySnapshot({
    'Chart.yaml': 'apiVersion: v2\nname: v\nversion: 0.1.0\n',
    'values.yaml': JSON.stringify(BASE),
  });
  const { chart } = loadChart(snapshot, '');
  return coalesceValues(chart, isTable(user) ? user : {}, { keepNulls: false, warn: () => {} });
}

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json as { [key: string]: Json })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}

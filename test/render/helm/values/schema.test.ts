import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../src/core/json.ts';
import type { Chart } from '../../../../src/render/helm/load/chart.ts';
import { loadChart } from '../../../../src/render/helm/load/load-chart.ts';
import { schemaProblems } from '../../../../src/render/helm/values/schema/chart-schemas.ts';
import { fromJson, isTable, newTable } from '../../../../src/render/helm/values/value.ts';
import { MemorySnapshot } from '../../../doubles/memory-snapshot.ts';
import rows from './schema-rows.json' with { type: 'json' };

function chartWith(schema: string): Chart {
  const files = { 'Chart.yaml': 'apiVersion: v2\nname: sc\nversion: 0.1.0\n', 'values.schema.json': schema };
  return loadChart(new MemorySnapshot(files), '').chart;
}

function problems(schema: string | Json, values: Json): string | undefined {
  const table = fromJson(values);
  const chart = chartWith(typeof schema === 'string' ? schema : JSON.stringify(schema));
  return schemaProblems(chart, isTable(table) ? table : newTable(), () => {});
}

describe('values.schema.json', () => {
  it(`agrees with Helm in ${rows.length} rows over five drafts`, () => {
    const wrong = rows.filter(
      ({ schema, values, ok }) => (problems(schema as Json, values as Json) === undefined) !== ok,
    );
    expect(wrong.map(({ schema, values }) => JSON.stringify([schema, values]))).toEqual([]);
  });

  it('words what is wrong as Helm does', () => {
    const wrong = rows.filter(
      (row) => 'message' in row && problems(row.schema as Json, row.values as Json) !== `sc:\n${row.message}\n`,
    );
    expect(wrong.map(({ schema, values }) => JSON.stringify([schema, values]))).toEqual([]);
  });

  it('never fetches a reference to another host', () => {
    const text = problems({ $ref: 'https://schemas.example.com/v1.json' }, {});
    expect(text).toContain('host schemas.example.com: schemas are never fetched over the network');
  });

  it('refuses a reference to a file of the machine', () => {
    expect(problems({ $ref: 'file:///etc/passwd' }, {})).toContain('another file, which is refused');
  });

  it('stops references that go in a circle', () => {
    expect(problems({ $ref: '#' }, {})).toContain('circle');
  });

  it('stops a schema that doubles its work at every level', () => {
    const $defs: Record<string, Json> = { d0: { type: 'object' } };
    for (let level = 1; level <= 60; level++) {
      $defs[`d${level}`] = { allOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] };
    }
    expect(problems({ $ref: '#/$defs/d60', $defs }, {})).toContain('takes more than 250000 steps');
  });

  it('runs patterns in linear time', () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' } } };
    expect(problems(schema, { a: `${'a'.repeat(5000)}!` })).toContain('does not match pattern');
  });

  it.each([
    ['deep nesting', `${'{"not":'.repeat(100_000)}true${'}'.repeat(100_000)}`],
    ['deep lists', '['.repeat(1_000_000)],
    ['no JSON', '{'],
    ['too many schemas', JSON.stringify({ allOf: Array.from({ length: 60_000 }, () => ({})) })],
  ])('refuses %s', (_name, schema) => {
    expect(problems(schema, {})).toContain('values.schema.json cannot be used');
  });

  it('takes __proto__ as a property like any other', () => {
    expect(problems('{"required":["__proto__"]}', {})).toContain("missing property '__proto__'");
    expect(problems('{"properties":{"constructor":{"type":"string"}}}', {})).toBeUndefined();
    expect(problems('{"additionalProperties":false}', JSON.parse('{"__proto__":1}') as Json)).toContain(
      "'__proto__' not allowed",
    );
  });
});

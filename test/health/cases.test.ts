import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/object-key.ts';
import { assess, hasRule } from '../../src/health/assess.ts';
import { relate } from '../../src/health/related.ts';
import { DISAGREEMENTS } from './disagreements.ts';

const FILE = join(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'health.jsonl');

interface Row {
  readonly id: string;
  readonly gk: string;
  readonly expect: { readonly status: string };
  readonly obj: KubeObject;
}

/** A day on which every time in the cases is past, as on the clock of whoever runs them. */
const NOW = Date.parse('2027-01-01T00:00:00Z');

function readRows(): readonly Row[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

const there = existsSync(FILE);
if (!there) console.warn(`health cases are skipped: ${FILE} is not there`);

describe.skipIf(!there)('the health that Argo CD gives', () => {
  const rows = there ? readRows() : [];
  const different = rows.flatMap((row) => {
    const health = assess(row.obj, relate([]), NOW);
    return health.status === row.expect.status.toLowerCase() ? [] : [{ row, health }];
  });

  it('is ours in at least 99 % of the cases', () => {
    const agreed = rows.length - different.length;
    console.log(`health cases: ${agreed} of ${rows.length} agree (${((100 * agreed) / rows.length).toFixed(2)} %)`);
    expect(agreed / rows.length).toBeGreaterThanOrEqual(0.99);
  });

  it('differs from ours only where the reviewed table says why', () => {
    const lines = different
      .filter(
        ({ row, health }) =>
          !DISAGREEMENTS.some(
            (entry) =>
              row.gk === `${entry.group}/${entry.kind}` &&
              entry.theirs === row.expect.status &&
              entry.ours === health.status &&
              entry.applies(row.obj),
          ),
      )
      .map(({ row, health }) => `${row.id}: ours ${health.status} (${health.reason}: ${health.message.slice(0, 100)})`);
    expect(lines, `verdicts that nobody reviewed:\n${lines.join('\n')}`).toEqual([]);
  });

  it('has a rule of ours for every kind that is not built in', () => {
    const kinds = new Set(rows.map((row) => row.gk).filter((gk) => !gk.includes('_')));
    const generic = [...kinds].filter(
      (gk) => !hasRule(gk.slice(0, gk.lastIndexOf('/')), gk.slice(gk.lastIndexOf('/') + 1)),
    );
    expect(generic).toEqual([]);
  });
});

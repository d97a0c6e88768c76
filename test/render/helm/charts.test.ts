import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { renderWithArguments } from './helm-arguments.ts';

const CASES = join(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'helm');

interface ChartCase {
  readonly id: string;
  readonly chart: string;
  readonly case: string;
  readonly args: readonly string[];
  readonly error?: string;
}

const isThere = existsSync(join(CASES, 'index.json'));
if (!isThere) console.log(`real charts: skipped, there is no ${CASES}/index.json`);

const cases: readonly ChartCase[] = isThere
  ? (JSON.parse(readFileSync(join(CASES, 'index.json'), 'utf8')) as { cases: readonly ChartCase[] }).cases
  : [];

/** What is wrong with a case, in one line; undefined when nothing is. */
function problemOf(item: ChartCase): string | undefined {
  const folder = join(CASES, item.chart);
  const rendered = renderWithArguments(folder, item.args);
  const [problem] = rendered.problems;
  if (item.error !== undefined) return problem === undefined ? 'renders, but must fail' : undefined;
  if (problem !== undefined) return `${problem.path}:${problem.line ?? 0}: ${problem.message}`;
  const wanted = gunzipSync(readFileSync(join(folder, `${item.case}.golden.yaml.gz`))).toString('utf8');
  if (rendered.text === wanted) return undefined;
  const [want, got] = [wanted.split('\n'), rendered.text.split('\n')];
  const line = want.findIndex((text, index) => text !== got[index]);
  return `line ${line + 1}: want ${JSON.stringify(want[line])}, got ${JSON.stringify(got[line])}`;
}

describe.skipIf(!isThere)('real charts', () => {
  for (const chart of new Set(cases.map((item) => item.chart))) {
    const own = cases.filter((item) => item.chart === chart);
    it(`${chart}: ${own.length} renders are those of Helm, byte for byte`, () => {
      const wrong = own.flatMap((item) => {
        const problem = problemOf(item);
        return problem === undefined ? [] : [`${item.id}: ${problem}`];
      });
      expect(wrong).toEqual([]);
    });
  }
});

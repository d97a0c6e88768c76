import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { APPLY_BENCH } from './apply-bench.ts';
import { CLIENT_BENCH } from './client-bench.ts';
import { DIFF_BENCH } from './diff-bench.ts';
import { HEALTH_BENCH } from './health-bench.ts';
import type { Bench, Figure } from './measure.ts';
import { MEMORY_BENCH } from './memory-bench.ts';
import { RENDER_BENCH } from './render-bench.ts';
import { SOURCE_BENCH } from './source-bench.ts';

const BENCHES: readonly Bench[] = [
  DIFF_BENCH,
  SOURCE_BENCH,
  RENDER_BENCH,
  HEALTH_BENCH,
  CLIENT_BENCH,
  APPLY_BENCH,
  MEMORY_BENCH,
];
/** The last figures of each group, with machine and commit. */
const RESULTS = 'test/bench/results.json';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`there is no benchmark ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const results: Record<string, unknown> = readResults();
for (const bench of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  const found = await bench.run();
  if ('skipped' in found) {
    console.log(`${bench.name}: skipped, ${found.skipped}`);
    continue;
  }
  for (const figure of found) console.log(formatFigure(bench.name, figure));
  results[bench.name] = {
    commit: execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    figures: found,
  };
}
mkdirSync('test/bench', { recursive: true });
writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);

function readResults(): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Record<string, unknown>;
  } catch {
    // The first run on this checkout.
    return {};
  }
}

function formatFigure(group: string, { name, value, unit, goal, met, detail }: Figure): string {
  return `${met ? '✔' : '✗'} ${group}: ${name}: ${value} ${unit} (goal ${goal}; ${detail})`;
}

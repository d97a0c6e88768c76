import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KubeObject } from '../../src/core/object-key.ts';
import { assess } from '../../src/health/assess.ts';
import { bestMs, type Bench, type Figure, round } from './measure.ts';

export const HEALTH_BENCH: Bench = {
  name: 'health',
  run: async () => {
    const path = resolve(process.env['EVENKEEL_CASES'] ?? '../shared/cases', 'health.jsonl');
    if (!existsSync(path)) return { skipped: `there is no ${path}` };
    const objects = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly obj: KubeObject }).obj);
    const rounds = 20;
    const ms = await bestMs(5, () => {
      for (let turn = 0; turn < rounds; turn++) for (const object of objects) assess(object);
    });
    const perSecond = (objects.length * rounds * 1000) / ms;
    return [
      {
        name: 'assessments a second, one core',
        value: Math.round(perSecond),
        unit: '/s',
        goal: '≥ 20,000',
        met: perSecond >= 20_000,
        detail: `${objects.length} objects of the cases`,
      },
      startUp(),
    ];
  },
};

/** What a new process does to have its first two verdicts: import the engine with all rules, judge a built-in kind and a custom one. */
const FIRST_VERDICTS = `
const { assess } = await import(process.argv[1]);
const verdicts = [
  assess({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 1 }, status: { replicas: 1 } }),
  assess({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'web' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
];
if (verdicts.map(({ status }) => status).join() !== 'progressing,healthy') throw new Error(JSON.stringify(verdicts));`;
const SPENT = `
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs: performance.now() }));`;

/** Processor time of new processes of the built product, less that of processes that do nothing, which ran in turns with them. */
function startUp(): Figure {
  const module = pathToFileURL(resolve('dist', 'health', 'assess.js')).href;
  const runs = 15;
  const bare: Spent[] = [];
  const full: Spent[] = [];
  for (let run = 0; run < runs; run++) {
    bare.push(spentBy(SPENT, module));
    full.push(spentBy(FIRST_VERDICTS + SPENT, module));
  }
  const cpuMs = median(full, 'cpuMs') - median(bare, 'cpuMs');
  const wallMs = median(full, 'wallMs') - median(bare, 'wallMs');
  return {
    name: 'start-up of the rule set in a new process, processor time',
    value: round(cpuMs),
    unit: 'ms',
    goal: '< 50',
    met: cpuMs < 50,
    detail: `import and two first verdicts, less a bare start of Node (${round(median(bare, 'cpuMs'))} ms); ${round(wallMs)} ms on the wall clock; median of ${runs}`,
  };
}

interface Spent {
  readonly cpuMs: number;
  readonly wallMs: number;
}

function spentBy(code: string, module: string): Spent {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code, module], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Spent;
}

function median(spent: readonly Spent[], key: keyof Spent): number {
  return spent.map((entry) => entry[key]).sort((a, b) => a - b)[spent.length >> 1] ?? Number.NaN;
}

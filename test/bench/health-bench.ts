import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KubeObject } from '../../src/core/object-key.ts';
import { assess } from '../../src/health/assess.ts';
import { bestMs, type Bench } from './measure.ts';

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
    ];
  },
};

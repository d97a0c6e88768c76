import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { loadYaml } from '../../src/render/yaml/load.ts';

const metrics = createMetrics({ version: '1' });
const declared = [...(await metrics.text()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => ({
  name,
  type,
}));
const series = new Set(
  declared.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  ),
);

function metricsIn(text: string): string[] {
  return [...new Set(text.match(/\bevenkeel_\w+/g) ?? [])];
}

const dashboard = readFileSync('deploy/monitoring/dashboard.json', 'utf8');
const alerts = readFileSync('deploy/monitoring/alerts.yaml', 'utf8');

describe('dashboard and alerts', () => {
  it('ask only for metrics that the controller has', () => {
    expect(metricsIn(dashboard).filter((name) => !series.has(name))).toEqual([]);
    expect(metricsIn(alerts).filter((name) => !series.has(name))).toEqual([]);
  });

  it('show every metric that the controller has', () => {
    const shown = metricsIn(dashboard + alerts).map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
    expect(
      declared
        .map(({ name }) => name)
        .filter((name) => !shown.includes(name) && name !== 'evenkeel_history_write_failures_total'),
    ).toEqual([]);
    expect(alerts).toContain('evenkeel_history_write_failures_total');
  });

  it('are well-formed, with one id for each panel', () => {
    const { panels } = JSON.parse(dashboard) as { readonly panels: readonly { readonly id: number }[] };
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(loadYaml(alerts, 'kubernetes').problems).toEqual([]);
    // Every alert says what is wrong and what to do.
    const count = (text: string): number => alerts.split(text).length - 1;
    expect(count('summary:')).toBe(count('- alert:'));
    expect(count('action:')).toBe(count('- alert:'));
  });
});

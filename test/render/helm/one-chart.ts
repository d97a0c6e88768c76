import { derivedEntropy } from '../../../src/render/helm/functions/entropy.ts';
import { renderChart, type RenderChartOptions, type RenderedChart } from '../../../src/render/helm/render-chart.ts';
import { type MemoryFile, MemorySnapshot } from '../../doubles/memory-snapshot.ts';

export const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';

/** Renders files of a chart; without a path they get a Chart.yaml. */
export function render(
  files: Record<string, MemoryFile>,
  options: Partial<RenderChartOptions> = {},
  path = '',
): RenderedChart {
  const all = path === '' ? { 'Chart.yaml': CHART, ...files } : files;
  return renderChart(new MemorySnapshot(all), path, {
    releaseName: 'rel',
    namespace: 'ns',
    entropy: derivedEntropy({ seed: 'seed', application: 'test', now: new Date(0) }),
    ...options,
  });
}

/** What one template writes. */
export function written(
  template: string,
  files: Record<string, MemoryFile> = {},
  options: Partial<RenderChartOptions> = {},
): string {
  const { text, problems } = render({ 'templates/x.yaml': `v: |-\n  ${template}`, ...files }, options);
  if (problems.length > 0) return `FAILS ${problems.map(({ message }) => message).join('\n')}`;
  return text.split('\n').slice(3).join('\n').trim();
}

/** The place and first line of each problem. */
export const lines = ({ problems }: RenderedChart): string[] =>
  problems.map(
    ({ path, line, column, message }) => `${path}:${line ?? '-'}:${column ?? '-'} ${message.split('\n')[0]}`,
  );

import type { EntropySource } from '../../helm/functions/entropy.ts';
import { renderChart } from '../../helm/render-chart.ts';
import type { ChartRenderer } from './chart.ts';

/** Renders the charts of `helmCharts` with our own Helm engine. Random values come from the source given. */
export function chartRenderer(entropy: EntropySource): ChartRenderer {
  return (request) => {
    const texts = new Map(
      request.values.map((file, index) => [`values ${index}`, new TextEncoder().encode(file.text)]),
    );
    const rendered = renderChart(request.snapshot, request.path, {
      releaseName: request.releaseName,
      namespace: request.namespace === '' ? 'default' : request.namespace,
      valueFiles: [...texts.keys()],
      readFile: (path) => texts.get(path),
      ...(request.kubeVersion === '' ? {} : { kubeVersion: request.kubeVersion }),
      apiVersions: request.apiVersions,
      includeCrds: request.includeCrds,
      skipTests: request.skipTests,
      noHooks: request.skipHooks,
      entropy,
    });
    if (rendered.problems.length > 0) return { kind: 'failed', problems: rendered.problems };
    return { kind: 'rendered', text: rendered.text };
  };
}

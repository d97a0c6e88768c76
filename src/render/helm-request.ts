import { performance } from 'node:perf_hooks';
import type { Json } from '../core/json.ts';
import type { HelmSettings, RenderLimits, RenderRequest } from '../core/manifest.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { EntropySource } from './helm/functions/entropy.ts';
import { DEFAULT_BUDGET } from './helm/gotemplate/budget.ts';
import { postRenderer } from './helm-post-render.ts';
import { renderChart, type RenderChartOptions, type RenderedChart } from './helm/render-chart.ts';
import type { ResolvedDependency } from './helm/load/add-dependencies.ts';
import type { ChartRenderer } from './kustomize/generate/chart.ts';
import type { WorldRecord } from './world-record.ts';

/** What Helm uses when nobody names a release. */
export const DEFAULT_RELEASE = 'release-name';

/** What a chart is rendered with beside its settings. */
export interface ChartSurroundings {
  readonly entropy: EntropySource;
  /** The cluster; absent: there is none. */
  readonly world?: WorldRecord | undefined;
  readonly dependencies: readonly ResolvedDependency[];
}

/** Renders the chart of a request as Helm would install it. */
export function renderRequestedChart(
  snapshot: Snapshot,
  request: RenderRequest,
  settings: HelmSettings,
  { entropy, world, dependencies }: ChartSurroundings,
): RenderedChart {
  const capabilities = world?.capabilities();
  const kubeVersion = settings.kubeVersion ?? capabilities?.kubeVersion;
  return renderChart(snapshot, request.path, {
    ...budgetOf(request.limits),
    releaseName: settings.releaseName ?? request.application,
    namespace: settings.namespace ?? request.namespace,
    entropy,
    dependencies,
    ...(world === undefined ? {} : { lookup: world.lookup }),
    set: settings.set ?? [],
    includeCrds: settings.includeCrds ?? false,
    skipTests: settings.skipTests ?? false,
    skipSchemaValidation: settings.skipSchemaValidation ?? false,
    isUpgrade: settings.isUpgrade ?? request.isUpgrade ?? false,
    ...(settings.valueFiles === undefined ? {} : { valueFiles: settings.valueFiles }),
    ...(settings.values === undefined ? {} : { values: settings.values as Json }),
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    ...(capabilities === undefined
      ? {}
      : { clusterApiVersions: capabilities.apiVersions, unreadGroups: capabilities.unreadGroups }),
    ...(settings.apiVersions === undefined ? {} : { apiVersions: settings.apiVersions }),
    ...(settings.postRender === undefined ? {} : { postRender: postRenderer(settings.postRender, request.limits) }),
  });
}

/** Renders the entries of `helmCharts` with our own engine; `helm template` is what Kustomize would run. */
export function chartRenderer(entropy: EntropySource, limits: RenderLimits): ChartRenderer {
  return (request) => {
    const texts = new Map(request.values.map(({ path, text }, index) => [`${index} ${path}`, text]));
    const chart = renderChart(request.snapshot, request.path, {
      ...budgetOf(limits),
      releaseName: request.releaseName === '' ? DEFAULT_RELEASE : request.releaseName,
      namespace: request.namespace === '' ? 'default' : request.namespace,
      entropy,
      valueFiles: [...texts.keys()],
      readFile: (name) => {
        const text = texts.get(name);
        return text === undefined ? undefined : Buffer.from(text);
      },
      includeCrds: request.includeCrds,
      noHooks: request.skipHooks,
      skipTests: request.skipTests,
      apiVersions: request.apiVersions,
      ...(request.kubeVersion === '' ? {} : { kubeVersion: request.kubeVersion }),
    });
    if (chart.problems.length > 0) return { kind: 'failed', problems: chart.problems };
    return { kind: 'rendered', text: chart.text };
  };
}

/** The limits of a render as the chart engine counts them. */
export function budgetOf(limits: RenderLimits): Pick<RenderChartOptions, 'budget' | 'elapsedMs'> {
  const start = performance.now();
  return {
    budget: { ...DEFAULT_BUDGET, outputBytes: 4 * limits.outputBytes, timeMs: limits.timeMs },
    elapsedMs: () => performance.now() - start,
  };
}

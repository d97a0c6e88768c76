import { performance } from 'node:perf_hooks';
import type { Json } from '../core/json.ts';
import type { HelmSettings, RenderLimits, RenderRequest } from '../core/manifest.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { EntropySource } from './helm/functions/entropy.ts';
import { DEFAULT_BUDGET } from './helm/gotemplate/budget.ts';
import type { FetchedCharts } from './fetched-charts.ts';
import { postRenderer } from './helm-post-render.ts';
import { renderChart, type RenderChartOptions, type RenderedChart } from './helm/render-chart.ts';
import type { ChartRenderer } from './kustomize/generate/chart.ts';
import type { WorldRecord } from './world-record.ts';

/** What Helm uses when nobody names a release. */
export const DEFAULT_RELEASE = 'release-name';

/** What a chart is rendered with beside its settings. */
export interface ChartSurroundings {
  readonly entropy: EntropySource;
  /** The cluster; absent: there is none. */
  readonly world?: WorldRecord | undefined;
  /** What was fetched for charts; absent: nothing is. */
  readonly charts?: FetchedCharts | undefined;
}

/** What the engine takes of the surroundings, for the chart at a path. */
function fromSurroundings(
  { entropy, world, charts }: ChartSurroundings,
  path: string,
): Pick<
  RenderChartOptions,
  'entropy' | 'dependencies' | 'lookup' | 'clusterApiVersions' | 'unreadGroups' | 'kubeVersion'
> {
  const capabilities = world?.capabilities();
  return {
    entropy,
    ...(charts === undefined ? {} : { dependencies: charts.of(path) }),
    ...(world === undefined ? {} : { lookup: world.lookup }),
    ...(capabilities === undefined
      ? {}
      : {
          kubeVersion: capabilities.kubeVersion,
          clusterApiVersions: capabilities.apiVersions,
          unreadGroups: capabilities.unreadGroups,
        }),
  };
}

/** Renders the chart of a request as Helm would install it. */
export function renderRequestedChart(
  snapshot: Snapshot,
  request: RenderRequest,
  settings: HelmSettings,
  surroundings: ChartSurroundings,
): RenderedChart {
  return renderChart(snapshot, request.path, {
    ...budgetOf(request.limits),
    ...fromSurroundings(surroundings, request.path),
    releaseName: settings.releaseName ?? request.application,
    namespace: settings.namespace ?? request.namespace,
    set: settings.set ?? [],
    includeCrds: settings.includeCrds ?? false,
    skipTests: settings.skipTests ?? false,
    skipSchemaValidation: settings.skipSchemaValidation ?? false,
    isUpgrade: settings.isUpgrade ?? request.isUpgrade ?? false,
    ...(settings.valueFiles === undefined ? {} : { valueFiles: settings.valueFiles }),
    ...(settings.values === undefined ? {} : { values: settings.values as Json }),
    ...(settings.kubeVersion === undefined ? {} : { kubeVersion: settings.kubeVersion }),
    ...(settings.apiVersions === undefined ? {} : { apiVersions: settings.apiVersions }),
    ...(settings.postRender === undefined ? {} : { postRender: postRenderer(settings.postRender, request.limits) }),
  });
}

/** Of the request for a kustomization, what its charts are rendered with too. */
export interface ChartRendererSettings {
  readonly limits: RenderLimits;
  readonly isUpgrade: boolean;
}

/**
 * Renders the entries of `helmCharts` with our own engine, in the same surroundings as a chart of its own. Without a world they are what
 * `helm template` prints, which is what Kustomize would run.
 */
export function chartRenderer(
  { limits, isUpgrade }: ChartRendererSettings,
  surroundings: ChartSurroundings,
): ChartRenderer {
  return (request) => {
    const texts = new Map(request.values.map(({ path, text }, index) => [`${index} ${path}`, text]));
    const chart = renderChart(request.snapshot, request.path, {
      ...budgetOf(limits),
      ...fromSurroundings(surroundings, request.path),
      releaseName: request.releaseName === '' ? DEFAULT_RELEASE : request.releaseName,
      namespace: request.namespace === '' ? 'default' : request.namespace,
      isUpgrade,
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

import type { Json } from '../../core/json.ts';
import type { HelmSet, RenderProblem } from '../../core/manifest.ts';
import type { KubeObject } from '../../core/object-key.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { EntropySource } from './functions/entropy.ts';
import { helmFunctions } from './functions/function-map.ts';
import { satisfies } from './load/versions.ts';
import { Budget, type BudgetLimits, DEFAULT_BUDGET } from './gotemplate/budget.ts';
import { addDependencies, missingDependencies, type ResolvedDependency } from './load/add-dependencies.ts';
import type { Chart } from './load/chart.ts';
import { ChartProblem } from './load/chart-problem.ts';
import { loadChart } from './load/load-chart.ts';
import { DEFAULT_LOAD_LIMITS, type LoadLimits } from './load/load-limits.ts';
import { collectObjects, type ObjectSource, type RenderedObject } from './manifests/collect-objects.ts';
import { chartCrds } from './manifests/crds.ts';
import { applyPostRender } from './manifests/post-render.ts';
import { printDocuments } from './manifests/print.ts';
import { showOnly } from './manifests/show-only.ts';
import { type RenderedDocument, sortManifests } from './manifests/sort-manifests.ts';
import { type Capabilities, resolveCapabilities } from './objects/capabilities.ts';
import { LookupRecorder, type Lookup, type LookupRequest } from './objects/lookup.ts';
import { releaseNameProblem } from './objects/release.ts';
import { chartTemplates, isNotes } from './objects/scopes.ts';
import { renderTemplates } from './render-templates.ts';
import { coalesceValues, ValuesProblem } from './values/coalesce.ts';
import { enableSubcharts } from './values/enable-subcharts.ts';
import { importValues } from './values/import-values.ts';
import { schemaProblems } from './values/schema/chart-schemas.ts';
import { readUserValues } from './values/user-values.ts';
import type { Table } from './values/value.ts';

export interface RenderChartOptions {
  readonly releaseName: string;
  readonly namespace: string;
  /** In order, later ones win; read with `readFile`. */
  readonly valueFiles?: readonly string[];
  /** Inline values, above the files. */
  readonly values?: Json;
  /** The `--set` family, above everything. */
  readonly set?: readonly HelmSet[];
  /** How `valueFiles` and `--set-file` are read; default: from the snapshot, relative to the chart's folder. */
  readonly readFile?: (path: string) => Uint8Array | undefined;
  readonly kubeVersion?: string;
  /** `--api-versions`: added to what is known. */
  readonly apiVersions?: readonly string[];
  /** Everything that the cluster serves, instead of Helm's built-in list. */
  readonly clusterApiVersions?: readonly string[];
  /** Groups of the cluster of which it is not known what they serve. */
  readonly unreadGroups?: readonly string[];
  readonly isUpgrade?: boolean;
  readonly includeCrds?: boolean;
  /** Leave out hooks with the event `test`. */
  readonly skipTests?: boolean;
  /** Leave out all hooks. */
  readonly noHooks?: boolean;
  /** Only what these templates wrote; none: everything. */
  readonly showOnly?: readonly string[];
  readonly skipSchemaValidation?: boolean;
  readonly entropy: EntropySource;
  /** Answers `lookup`; without it every lookup finds nothing. */
  readonly lookup?: Lookup;
  /** Changes the objects after the templates (Kustomize). */
  readonly postRender?: (objects: readonly KubeObject[]) => readonly KubeObject[];
  /** What was fetched for dependencies that do not lie in charts/. */
  readonly dependencies?: readonly ResolvedDependency[];
  readonly budget?: BudgetLimits;
  /** Time since the render began, for the budget; without it time is not limited. */
  readonly elapsedMs?: () => number;
  readonly loadLimits?: LoadLimits;
}

export interface RenderedChart {
  /** What `helm template` prints; '' when there are problems. */
  readonly text: string;
  /** In install order, hooks last; CRDs first when they are included. */
  readonly objects: readonly RenderedObject[];
  /** What makes Helm fail. All failing templates are listed. */
  readonly problems: readonly RenderProblem[];
  /** Documents that Helm prints but no cluster accepts. */
  readonly objectProblems: readonly RenderProblem[];
  readonly warnings: readonly string[];
  /** What templates looked up, each once: the render depends on it. */
  readonly lookups: readonly LookupRequest[];
}

/**
 * Renders a chart as `helm template` does: load → values → render → hooks → order.
 * @param chartPath folder or `.tgz` in the snapshot; '' is its root
 * @throws EngineError RenderLimit when a budget is spent; errors of the snapshot
 */
export function renderChart(snapshot: Snapshot, chartPath: string, options: RenderChartOptions): RenderedChart {
  const warnings: string[] = [];
  const recorder = new LookupRecorder(options.lookup);
  try {
    const chart = loadComplete(snapshot, chartPath, options, warnings);
    const prepared = prepareValues(snapshot, chartPath, chart, options, warnings);
    const capabilities = checkCapabilities(prepared.chart, chartPath, options);
    const templates = chartTemplates({
      ...prepared,
      capabilities,
      release: { name: options.releaseName, namespace: options.namespace, isUpgrade: options.isUpgrade ?? false },
    });
    const functions = helmFunctions({ entropy: options.entropy, lookup: recorder.lookup });
    const budget = new Budget(options.budget ?? DEFAULT_BUDGET, options.elapsedMs);
    const rendered = renderTemplates(templates, functions, budget);
    if (rendered.problems.length > 0) return failed(rendered.problems, warnings, recorder);
    const origins = new Map(templates.map((template) => [template.name, template.file.origin]));
    return finish(prepared.chart, rendered.texts, (name) => origins.get(name) ?? chartPath, {
      options,
      warnings,
      recorder,
    });
  } catch (thrown) {
    if (thrown instanceof ChartProblem) return failed([problemOf(thrown)], warnings, recorder);
    if (thrown instanceof ValuesProblem) {
      return failed([{ path: chartPath, message: thrown.message }], warnings, recorder);
    }
    throw thrown;
  }
}

/** The chart with all its dependencies, or what keeps it from being installed. */
function loadComplete(snapshot: Snapshot, path: string, options: RenderChartOptions, warnings: string[]): Chart {
  const limits = options.loadLimits ?? DEFAULT_LOAD_LIMITS;
  const loaded = loadChart(snapshot, path, limits);
  warnings.push(...loaded.warnings);
  const chart = addDependencies(loaded.chart, options.dependencies ?? [], snapshot, limits);
  const { metadata } = chart;
  if (metadata.type !== '' && metadata.type !== 'application') {
    throw new ChartProblem(path, `${metadata.type} charts are not installable`);
  }
  if (metadata.deprecated) warnings.push(`${path}: this chart is deprecated`);
  const missing = missingDependencies(chart);
  if (missing.length > 0) {
    throw new ChartProblem(path, `found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`);
  }
  const nameProblem = releaseNameProblem(options.releaseName);
  if (nameProblem !== undefined) throw new ChartProblem(path, nameProblem);
  return chart;
}

function prepareValues(
  snapshot: Snapshot,
  chartPath: string,
  chart: Chart,
  options: RenderChartOptions,
  warnings: string[],
): { readonly chart: Chart; readonly values: Table } {
  const warn = (message: string): void => {
    if (!warnings.includes(message)) warnings.push(message);
  };
  const user = readUserValues({
    valueFiles: options.valueFiles ?? [],
    ...(options.values === undefined ? {} : { values: options.values }),
    set: options.set ?? [],
    readFile: options.readFile ?? ((path) => snapshot.read(besideChart(snapshot, chartPath, path))),
  });
  const enabled = importValues(enableSubcharts(chart, user, warn), warn);
  const values = coalesceValues(enabled, user, { keepNulls: false, warn });
  if (options.skipSchemaValidation !== true) {
    const problems = schemaProblems(enabled, values, warn);
    if (problems !== undefined) {
      throw new ChartProblem(
        chartPath,
        `values don't meet the specifications of the schema(s) in the following chart(s):\n${problems}`,
      );
    }
  }
  return { chart: enabled, values };
}

/** A path relative to the chart's folder, or to the folder that its archive lies in. */
function besideChart(snapshot: Snapshot, chartPath: string, path: string): string {
  const slash = chartPath.lastIndexOf('/');
  const folder = snapshot.stat(chartPath) === 'directory' ? chartPath : chartPath.slice(0, Math.max(0, slash));
  return path.startsWith('/') || folder === '' ? path : `${folder}/${path}`;
}

function checkCapabilities(chart: Chart, path: string, options: RenderChartOptions): Capabilities {
  const capabilities = resolveCapabilities({
    ...(options.kubeVersion === undefined ? {} : { kubeVersion: options.kubeVersion }),
    ...(options.clusterApiVersions === undefined ? {} : { apiVersions: options.clusterApiVersions }),
    extraApiVersions: options.apiVersions ?? [],
    unreadGroups: options.unreadGroups ?? [],
  });
  if ('problem' in capabilities) throw new ChartProblem(path, capabilities.problem);
  const wanted = chart.metadata.kubeVersion;
  if (wanted !== '' && !satisfies(capabilities.kubeVersion.plain, wanted)) {
    throw new ChartProblem(
      path,
      `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${capabilities.kubeVersion.full}`,
    );
  }
  return capabilities;
}

interface Finish {
  readonly options: RenderChartOptions;
  readonly warnings: string[];
  readonly recorder: LookupRecorder;
}

/** Hooks and order: from what the templates wrote to documents and objects. */
function finish(
  chart: Chart,
  texts: ReadonlyMap<string, string>,
  originOf: (template: string) => string,
  { options, warnings, recorder }: Finish,
): RenderedChart {
  const written = new Map([...texts].filter(([name]) => !isNotes(name)));
  const unsorted = sortManifests(written, originOf);
  warnings.push(...unsorted.warnings);
  if (unsorted.problems.length > 0) return failed(unsorted.problems, warnings, recorder);
  const sorted = options.postRender === undefined ? unsorted : applyPostRender(unsorted, options.postRender);
  const crds = options.includeCrds === true ? chartCrds(chart) : [];
  const hooks = sorted.hooks.filter((hook) => isWanted(hook, options));
  const printed = printDocuments(crds, sorted.manifests, hooks);
  const patterns = options.showOnly ?? [];
  const shown = patterns.length === 0 ? { text: printed } : showOnly(printed, patterns);
  if ('missing' in shown) {
    return failed(
      [{ path: originOf(''), message: `could not find template ${shown.missing} in chart` }],
      warnings,
      recorder,
    );
  }
  const sources: ObjectSource[] = [...sorted.manifests, ...hooks].map((document) => ({
    json: document.json,
    origin: { path: originOf(document.template) },
  }));
  const { objects, problems } = collectObjects([...crds.flatMap((crd) => crd.documents), ...sources]);
  return { text: shown.text, objects, problems: [], objectProblems: problems, warnings, lookups: recorder.requests() };
}

function isWanted(hook: RenderedDocument, options: RenderChartOptions): boolean {
  return options.noHooks !== true && !(options.skipTests === true && hook.events.includes('test'));
}

function failed(
  problems: readonly RenderProblem[],
  warnings: readonly string[],
  recorder: LookupRecorder,
): RenderedChart {
  return { text: '', objects: [], problems, objectProblems: [], warnings, lookups: recorder.requests() };
}

function problemOf(problem: ChartProblem): RenderProblem {
  return {
    path: problem.path,
    message: problem.message,
    ...(problem.line === undefined ? {} : { line: problem.line }),
    ...(problem.column === undefined ? {} : { column: problem.column }),
    ...(problem.excerpt === undefined ? {} : { excerpt: problem.excerpt }),
  };
}

import { readFileSync } from 'node:fs';
import { EngineError, messageOf } from '../core/errors.ts';
import type { HelmSet, RenderLimits, RenderProblem } from '../core/manifest.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { RemoteRequest, RenderAnswers } from '../core/render-world.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { detectKind } from './detect.ts';
import type { FetchedCharts } from './fetched-charts.ts';
import { budgetOf, chartRenderer, DEFAULT_RELEASE } from './helm-request.ts';
import { derivedEntropy, type EntropySource, randomEntropy } from './helm/functions/entropy.ts';
import { renderChart } from './helm/render-chart.ts';
import { buildKustomization } from './kustomize/build.ts';
import type { BuildCache } from './kustomize/cache.ts';
import type { RemoteAccess } from './kustomize/remotes.ts';
import { renderPlain } from './plain.ts';
import { WorldRecord } from './world-record.ts';
import { emitYaml } from './yaml/emit.ts';

export interface RenderTextOptions {
  readonly namespace: string;
  readonly limits: RenderLimits;
  readonly release?: string;
  /** Files of this machine, as `helm template -f` takes them; `-` is the standard input. */
  readonly valueFiles?: readonly string[];
  readonly set?: readonly HelmSet[];
  readonly includeCrds?: boolean;
  readonly skipTests?: boolean;
  readonly noHooks?: boolean;
  readonly isUpgrade?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly showOnly?: readonly string[];
  readonly skipSchemaValidation?: boolean;
  /** Charts that were fetched for those that are rendered. */
  readonly charts?: FetchedCharts;
  readonly seed?: string;
  readonly reorder?: 'legacy' | 'none';
  /** What earlier kustomizations of the same process made. */
  readonly builds?: BuildCache;
  /** What may be asked for of other hosts, and what is known of it. */
  readonly bases?: Omit<RemoteAccess, 'ask'> & { readonly known: RenderAnswers['remotes'] };
}

export interface RenderedText {
  /** For a kustomization what `kustomize build` prints, for a chart what `helm template` prints, byte for byte. */
  readonly text: string;
  readonly problems: readonly RenderProblem[];
  readonly warnings: readonly string[];
  /** What it names on other hosts: as long as one is not known, the render is not the last. */
  readonly asked: readonly RemoteRequest[];
  objects(): readonly KubeObject[];
}

/**
 * Renders a path for people, as the tools themselves would print it: no namespace is filled in, nothing is checked that they do not check.
 * @throws EngineError SourcePathNotFound, SourceRefused, RenderLimit
 */
export function renderToText(snapshot: Snapshot, path: string, options: RenderTextOptions): RenderedText {
  const detected = detectKind(snapshot, path);
  if ('problem' in detected)
    return { text: '', problems: [detected.problem], warnings: [], asked: [], objects: () => [] };
  if (detected.kind === 'helm' || path.endsWith('.tgz')) return chartText(snapshot, path, options);
  return detected.kind === 'kustomize' ? kustomizeText(snapshot, path, options) : plainText(snapshot, path, options);
}

function plainText(snapshot: Snapshot, path: string, { limits }: RenderTextOptions): RenderedText {
  const { objects, problems, warnings } = renderPlain(snapshot, path, true, limits);
  const failed = problems.length > 0;
  const text = failed ? '' : objects.map(({ object }) => emitYaml(object, 'sigs')).join('---\n');
  return { text, problems, warnings, asked: [], objects: () => (failed ? [] : objects.map(({ object }) => object)) };
}

function kustomizeText(snapshot: Snapshot, path: string, options: RenderTextOptions): RenderedText {
  const { limits, bases } = options;
  const world = new WorldRecord({ lookups: [], remotes: bases?.known ?? [], nowMs: 0 }, new Date(0));
  const built = buildKustomization(snapshot, path, {
    limits,
    renderChart: chartRenderer(
      { limits, isUpgrade: options.isUpgrade ?? false },
      { entropy: entropyOf(snapshot, options), charts: options.charts },
    ),
    ...(bases === undefined ? {} : { remotes: { ...bases, ask: world.remote } }),
    ...(options.reorder === undefined ? {} : { reorder: options.reorder }),
    ...(options.builds === undefined ? {} : { cache: options.builds }),
  });
  const { problems, warnings } = built;
  return {
    text: built.text(),
    problems,
    warnings,
    asked: world.questions().remotes,
    objects: () => built.objects.map(({ object }) => object),
  };
}

function chartText(snapshot: Snapshot, path: string, options: RenderTextOptions): RenderedText {
  const {
    release,
    namespace,
    limits,
    charts,
    reorder: _reorder,
    seed: _seed,
    builds: _builds,
    bases: _bases,
    ...flags
  } = options;
  const chart = renderChart(snapshot, path, {
    ...flags,
    ...budgetOf(limits),
    releaseName: release ?? DEFAULT_RELEASE,
    namespace,
    entropy: entropyOf(snapshot, options),
    ...(charts === undefined ? {} : { dependencies: charts.of(path) }),
    readFile: readLocalFile,
  });
  const { text, problems, warnings } = chart;
  return { text, problems, warnings, asked: [], objects: () => chart.objects.map(({ object }) => object) };
}

/** Really random, as Helm's; with a seed the same commit always gives the same random strings and its own time. */
function entropyOf(snapshot: Snapshot, { release, seed }: RenderTextOptions): EntropySource {
  if (seed === undefined) return randomEntropy(() => new Date());
  const now = new Date(snapshot.timeSeconds * 1000);
  return derivedEntropy({ seed, application: release ?? DEFAULT_RELEASE, now });
}

function readLocalFile(path: string): Uint8Array | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw new EngineError(
      'NotSupported',
      `values file ${path} cannot be read (NotSupported): only files are read, no addresses`,
    );
  }
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EngineError('UsageInvalid', `values file ${path} cannot be read (UsageInvalid): ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

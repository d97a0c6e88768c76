import type { RenderProblem, RenderRequest, RenderResult, RenderSettings } from '../core/manifest.ts';
import type { RenderAnswers } from '../core/render-world.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { detectKind } from './detect.ts';
import type { FetchedCharts } from './fetched-charts.ts';
import { chartRenderer, renderRequestedChart } from './helm-request.ts';
import { randomEntropy } from './helm/functions/entropy.ts';
import { buildKustomization } from './kustomize/build.ts';
import type { BuildCache } from './kustomize/cache.ts';
import type { RemoteAccess } from './kustomize/remotes.ts';
import { buildManifestSet } from './manifest-set.ts';
import { checkObject, nameObject } from './object-shape.ts';
import { type RenderedObject, type RenderedObjects, renderPlain } from './plain.ts';
import { WorldRecord } from './world-record.ts';

export interface RenderTools {
  /** What is known of the world; absent: there is none, and what is random is really random. */
  readonly answers?: RenderAnswers;
  /** Charts that were fetched for those that are rendered. */
  readonly charts?: FetchedCharts;
  /** What earlier kustomizations made. */
  readonly builds?: BuildCache;
  /** What may be asked for of other hosts; needs a world that answers. */
  readonly bases?: Omit<RemoteAccess, 'ask'>;
}

/**
 * snapshot → manifests, the whole of it: finds out what a path is, lets the engine render it, checks the objects and settles
 * namespaces, keys and digest. What is wrong with the input is in the result, complete, with the trace.
 * @throws EngineError SourcePathNotFound, SourceRefused, RenderLimit
 */
export function renderSnapshot(snapshot: Snapshot, request: RenderRequest, tools: RenderTools = {}): RenderResult {
  const world =
    tools.answers === undefined ? undefined : new WorldRecord(tools.answers, new Date(snapshot.timeSeconds * 1000));
  const result = renderOnce(snapshot, request, tools, world);
  return world === undefined ? result : { ...result, asked: world.questions() };
}

function renderOnce(
  snapshot: Snapshot,
  request: RenderRequest,
  tools: RenderTools,
  world: WorldRecord | undefined,
): RenderResult {
  const settings = resolveSettings(snapshot, request);
  if ('problem' in settings) return { kind: 'failed', problems: [settings.problem], trace: snapshot.trace() };
  const rendered = renderWith(snapshot, request, settings, tools, world);
  if (rendered.problems.length > 0) return { kind: 'failed', problems: rendered.problems, trace: snapshot.trace() };
  const built = buildManifestSet(rendered.objects, {
    namespace: request.namespace,
    outputBytes: request.limits.outputBytes,
  });
  const trace = snapshot.trace();
  if ('problems' in built) return { kind: 'failed', problems: built.problems, trace };
  return { kind: 'rendered', set: built.set, trace, warnings: rendered.warnings };
}

function resolveSettings(
  snapshot: Snapshot,
  request: RenderRequest,
): Exclude<RenderSettings, { kind: 'auto' }> | { readonly problem: RenderProblem } {
  if (request.settings.kind !== 'auto') return request.settings;
  const detected = detectKind(snapshot, request.path);
  if ('problem' in detected) return detected;
  if (detected.kind === 'plain') return { kind: 'plain', recurse: true };
  return detected.kind === 'helm' ? { kind: 'helm', includeCrds: true } : { kind: 'kustomize' };
}

function renderWith(
  snapshot: Snapshot,
  request: RenderRequest,
  settings: Exclude<RenderSettings, { kind: 'auto' }>,
  tools: RenderTools,
  world: WorldRecord | undefined,
): RenderedObjects {
  const { path, limits } = request;
  const surroundings = { entropy: world?.entropy ?? randomEntropy(() => new Date()), world, charts: tools.charts };
  switch (settings.kind) {
    case 'plain':
      return renderPlain(snapshot, path, settings.recurse, limits);
    case 'kustomize': {
      const built = buildKustomization(snapshot, path, {
        limits,
        renderChart: chartRenderer({ limits, isUpgrade: request.isUpgrade ?? false }, surroundings),
        ...(tools.bases === undefined || world === undefined ? {} : { remotes: { ...tools.bases, ask: world.remote } }),
        ...(tools.builds === undefined ? {} : { cache: tools.builds }),
      });
      return checked(built);
    }
    default: {
      const chart = renderRequestedChart(snapshot, request, settings, surroundings);
      const problems = [...chart.problems, ...chart.objectProblems];
      return checked({ objects: chart.objects, problems, warnings: chart.warnings });
    }
  }
}

/** What the plain engine checks while it reads, for objects that another engine made. */
function checked(rendered: RenderedObjects): RenderedObjects {
  const objects: RenderedObject[] = [];
  const problems: RenderProblem[] = [...rendered.problems];
  for (const { object, origin } of rendered.objects) {
    const found = checkObject(object);
    if ('object' in found) {
      objects.push({ object: found.object, origin });
      continue;
    }
    for (const { message, remedy } of found.problems) {
      problems.push({
        ...origin,
        message: `${nameObject(object)}: ${message}`,
        ...(remedy === undefined ? {} : { remedy }),
      });
    }
  }
  return { objects, problems, warnings: rendered.warnings };
}

import { LRUCache } from 'lru-cache';
import { atMost } from '../core/cache-room.ts';
import { APPLICATION_LABEL, type Application } from '../core/application.ts';
import { labelOf } from '../core/application-label.ts';
import type { ObjectDiff } from '../core/diff.ts';
import { isEngineError } from '../core/errors.ts';
import { own, stringAt } from '../core/json.ts';
import type { Live } from '../core/live.ts';
import type { Manifest } from '../core/manifest.ts';
import { formatKey, gvkOf, type KubeObject } from '../core/object-key.ts';
import type { Cluster } from '../core/ports.ts';
import { digestJson } from '../core/digest.ts';
import { diffObject, diffPredicted } from '../diff/diff-object.ts';
import { ignoreFields } from '../diff/ignore-fields.ts';
import type { Desired } from '../plan/build-plan.ts';
import { asEngineError } from './live-reader.ts';
import { mapBounded } from '../apply/map-bounded.ts';

const PARALLEL_DRY_RUNS = 16;

/**
 * Verdicts that were reached before. The same desired object against the same live object is the same verdict, by identity; a verdict
 * that a dry-run gave is kept by content and resourceVersion.
 */
export class VerdictCache {
  /** By the desired object: it and its verdict are kept as long as somebody else keeps that object, and no longer. */
  readonly #seen = new WeakMap<KubeObject, { readonly live: KubeObject; readonly result: Compared }>();
  readonly #predicted = new LRUCache<string, ObjectDiff>(atMost(50_000));
  /** Dry-runs that were sent, for tests and metrics. */
  dryRuns = 0;

  seen(desired: KubeObject, live: KubeObject): Compared | undefined {
    const entry = this.#seen.get(desired);
    return entry?.live === live ? entry.result : undefined;
  }

  remember(desired: KubeObject, live: KubeObject, result: Compared): void {
    this.#seen.set(desired, { live, result });
  }

  predicted(id: string): ObjectDiff | undefined {
    return this.#predicted.get(id);
  }

  rememberPredicted(id: string, diff: ObjectDiff): void {
    this.#predicted.set(id, diff);
  }
}

export interface Compared {
  readonly manifest: Manifest;
  readonly diff: ObjectDiff;
}

export interface CompareOptions {
  readonly application: Application;
  /** Ask the server about every change before it is planned: immutable fields, conflicts and admission then show in the plan. */
  readonly dryRunChanges: boolean;
  readonly force: boolean;
  /**
   * Exactly this set was applied to the end before. A difference is then drift, or a value that admission rewrites at every apply: the
   * server tells which, so that nobody fights with a webhook for ever.
   */
  readonly settled?: boolean;
  readonly signal?: AbortSignal;
}

/** Compares every manifest with what is live. Calls the server only for what changed or cannot be decided here. */
export async function compareManifests(
  manifests: readonly Manifest[],
  live: ReadonlyMap<string, Live>,
  cluster: Cluster,
  cache: VerdictCache,
  options: CompareOptions,
): Promise<Desired[]> {
  const results: Desired[] = Array.from({ length: manifests.length });
  const open: number[] = [];
  for (const [index, manifest] of manifests.entries()) {
    const id = formatKey(manifest.key);
    const state = live.get(id) ?? { state: 'absent' };
    const seen = state.state === 'present' ? cache.seen(manifest.object, state.object) : undefined;
    if (seen === undefined) open.push(index);
    else results[index] = desiredOf(seen.manifest, seen.diff, state, options.application);
  }
  await mapBounded(open, PARALLEL_DRY_RUNS, async (index) => {
    const manifest = manifests[index] as Manifest;
    const id = formatKey(manifest.key);
    const state = live.get(id) ?? { state: 'absent' };
    const compared = await compareOne(manifest, state, cluster, cache, options);
    if (state.state === 'present' && compared.diff.error === undefined)
      cache.remember(manifest.object, state.object, compared);
    results[index] = desiredOf(compared.manifest, compared.diff, state, options.application);
  });
  return results;
}

async function compareOne(
  manifest: Manifest,
  live: Live,
  cluster: Cluster,
  cache: VerdictCache,
  options: CompareOptions,
): Promise<Compared> {
  const { object, ignored } = ignoreFields(
    manifest.object,
    manifest.key,
    live.state === 'present' ? live.object : undefined,
    options.application.ignore,
  );
  const wanted = object === manifest.object ? manifest : { ...manifest, object };
  if (live.state !== 'present') return { manifest: wanted, diff: diffObject(object, live, undefined) };
  try {
    const schema = await cluster.schema(gvkOf(object), options.signal);
    const local = diffObject(object, live, schema);
    const noted: ObjectDiff = ignored.length > 0 ? { ...local, ignored } : local;
    if (noted.action === 'unchanged') return { manifest: wanted, diff: noted };
    const drifted = options.settled === true && noted.action === 'update';
    if (noted.needsDryRun !== true && !options.dryRunChanges && !drifted) return { manifest: wanted, diff: noted };
    return { manifest: wanted, diff: await askServer(object, live.object, noted, cluster, cache, options) };
  } catch (thrown) {
    return {
      manifest: wanted,
      diff: { key: manifest.key, action: 'unknown', changes: [], error: asEngineError(thrown) },
    };
  }
}

/** What the server itself would make of it. Its refusals are facts for the plan, not failures of the comparison. */
async function askServer(
  object: KubeObject,
  live: KubeObject,
  local: ObjectDiff,
  cluster: Cluster,
  cache: VerdictCache,
  options: CompareOptions,
): Promise<ObjectDiff> {
  const id = `${digestJson(object)} ${stringAt(live, 'metadata', 'uid') ?? ''} ${stringAt(live, 'metadata', 'resourceVersion') ?? ''} ${String(options.force)}`;
  const known = cache.predicted(id);
  if (known !== undefined) return known;
  const schema = await cluster.schema(gvkOf(object), options.signal);
  const force = options.force;
  let diff: ObjectDiff;
  try {
    cache.dryRuns += 1;
    const predicted = await cluster.apply(object, {
      dryRun: true,
      force,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const judged = diffPredicted(local, live, predicted, schema);
    // An adoption is one even when no value changes: from then on the fields are ours.
    diff =
      local.action === 'adopt'
        ? { ...judged, action: 'adopt' }
        : local.needsDryRun === true || judged.action === 'unchanged'
          ? judged
          : withoutNeed(local);
  } catch (thrown) {
    if (isEngineError(thrown, 'FieldImmutable')) diff = { ...withoutNeed(local), action: 'recreate', error: thrown };
    else if (
      isEngineError(thrown, 'FieldConflict') ||
      isEngineError(thrown, 'ClusterRejected') ||
      isEngineError(thrown, 'ClusterDenied')
    ) {
      diff = { ...withoutNeed(local), error: thrown };
    } else throw thrown;
  }
  if (diff.error === undefined) cache.rememberPredicted(id, diff);
  return diff;
}

function withoutNeed(diff: ObjectDiff): ObjectDiff {
  const { needsDryRun: _decided, ...rest } = diff;
  return rest;
}

function desiredOf(manifest: Manifest, diff: ObjectDiff, live: Live, application: Application): Desired {
  if (live.state !== 'present') return { manifest, diff, live };
  const owner = stringAt(live.object, 'metadata', 'labels', APPLICATION_LABEL);
  const ours = owner === labelOf(application.name);
  const tool = ours || owner !== undefined ? undefined : foreignTool(live.object);
  return {
    manifest,
    diff,
    live,
    ...(owner === undefined ? {} : { owner }),
    ...(tool === undefined ? {} : { foreignTool: tool }),
  };
}

/** The other engine whose marks an object carries (annotations and labels of Argo CD, Flux and Helm). */
function foreignTool(object: KubeObject): string | undefined {
  const { annotations, labels } = object.metadata;
  const tracking = own(annotations, 'argocd.argoproj.io/tracking-id');
  if (typeof tracking === 'string') return `Argo CD application ${tracking.split(':')[0] ?? ''}`;
  for (const tool of ['kustomize', 'helm']) {
    const name = own(labels, `${tool}.toolkit.fluxcd.io/name`);
    if (typeof name === 'string') return `Flux ${tool === 'helm' ? 'HelmRelease' : 'Kustomization'} ${name}`;
  }
  const release = own(annotations, 'meta.helm.sh/release-name');
  return typeof release === 'string' ? `Helm release ${release}` : undefined;
}

import { setMaxListeners } from 'node:events';
import { formatApplicationName, type Application } from '../core/application.ts';
import { labelOf } from '../core/application-label.ts';
import { isEngineError } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import type { Live } from '../core/live.ts';
import { formatKey, gvkOf, type ObjectKey } from '../core/object-key.ts';
import type { Plan } from '../core/plan.ts';
import type { Cluster } from '../core/ports.ts';
import { listStates, readState, type StoredState } from '../apply/state-store.ts';
import { managedEntries, ourEntry } from '../diff/ownership.ts';
import { buildPlan, type Desired } from '../plan/build-plan.ts';
import type { PlanOverrides } from '../plan/guards.ts';
import type { Leftover } from '../plan/prune.ts';
import { chooseRevision, type DesiredRevision } from './choose-revision.ts';
import { compareManifests } from './compare-manifests.ts';
import type { Engine } from './engine.ts';
import { healthRulesOf } from './health-rules.ts';
import { markTakenBack } from './take-back.ts';
import type { LiveRef } from './live-reader.ts';
import { placeManifests } from './place-manifests.ts';

export interface Prepared {
  readonly application: Application;
  readonly stored: StoredState;
  readonly revision: DesiredRevision;
  readonly desired: readonly Desired[];
  readonly plan: Plan;
}

export interface PrepareOptions {
  readonly overrides: PlanOverrides;
  /** Ask the server about each change, so that what it would refuse stands in the plan. */
  readonly dryRunChanges: boolean;
  /**
   * What was applied completely and is desired still may be taken back from whoever took it since (self-healing), also when a new
   * revision changes it. A digest says the same of that rendered set, where the state does not know any more.
   */
  readonly takeBack?: true | string;
  readonly maxAgeMs?: number;
  /** The application is being deleted: its hooks of that moment run, and no others. */
  readonly deleting?: 'preDelete' | 'postDelete';
  readonly signal?: AbortSignal;
}

/**
 * commit → snapshot → manifests → diff → plan: everything up to the first effect. The one function behind `diff`, `plan`, `sync` and
 * the controller, so that a preview and a sync see the same world.
 *
 * @throws EngineError Source*, Render*, Cluster* when there is nothing to plan from. What concerns single objects is in the plan.
 */
export async function prepare(application: Application, engine: Engine, options: PrepareOptions): Promise<Prepared> {
  const { signal } = options;
  // Every read and dry-run of a pass listens to the same signal.
  if (signal !== undefined) setMaxListeners(0, signal);
  // Wrong rules are told before anything is applied that could not be judged by them.
  await healthRulesOf(application, engine);
  const stored = await readState(engine.home, application.name, signal);
  const revision = await chooseRevision(application, stored.state, engine, {
    retryHeld: options.overrides.retryHeld,
    ...(options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs }),
    ...(signal === undefined ? {} : { signal }),
  });
  return planRevision(application, stored, revision, engine, options);
}

/** Compares a revision with the cluster and plans it. */
export async function planRevision(
  declared: Application,
  stored: StoredState,
  revision: DesiredRevision,
  engine: Engine,
  options: PrepareOptions,
): Promise<Prepared> {
  const application = mayTakeBack(stored, revision, options) ? forced(declared) : declared;
  const { signal } = options;
  const withSignal = signal === undefined ? {} : { signal };
  const cluster = engine.clusterOf(application);
  const label = labelOf(application.name);
  const placed = await placeManifests(withNamespace(application, revision), cluster, {
    namespace: application.destination.namespace,
    label,
    ...withSignal,
  });
  const rendered = new Set(placed.manifests.map(({ key }) => formatKey(key)));
  const leftoverKeys = stored.state.inventory.filter((key) => !rendered.has(formatKey(key)));
  const refs: LiveRef[] = [
    ...placed.manifests
      .filter(({ key }) => {
        const id = formatKey(key);
        return !placed.unknownKinds.has(id) && !placed.pendingKinds.has(id) && !placed.unreadable.has(id);
      })
      .map(({ key, object }) => ({ key, kind: gvkOf(object) })),
    ...leftoverKeys.map((key) => ({ key, kind: { group: key.group, version: '', kind: key.kind } })),
  ];
  const live = new Map(await engine.liveReaderOf(application).read(refs, label, signal));
  for (const [id, error] of placed.unreadable) live.set(id, { state: 'unknown', error });
  await settleUnknownKinds(leftoverKeys, live, cluster, signal);
  const compared = await compareManifests(placed.manifests, live, cluster, engine.verdicts, {
    application,
    dryRunChanges: options.dryRunChanges,
    force: application.sync.conflicts === 'force',
    settled: stored.state.current?.complete === true && stored.state.current.manifestDigest === revision.manifestDigest,
    ...withSignal,
  });
  const desired =
    options.takeBack === undefined || application !== declared
      ? compared
      : await markTakenBack(compared, application, stored.state, engine, signal);
  const others = await otherApplications(application, desired, leftoverKeys, live, engine, signal);
  const plan = buildPlan({
    application,
    commitId: revision.commitId,
    manifestDigest: revision.manifestDigest,
    desired,
    leftovers: leftoverKeys.map((key) => leftoverOf(key, live.get(formatKey(key)), others, application)),
    state: stored.state,
    overrides: options.overrides,
    unknownKinds: placed.unknownKinds,
    ownedElsewhere: others.owned,
    ...(options.deleting === undefined ? {} : { deleting: options.deleting }),
  });
  return { application, stored, revision, desired, plan };
}

/** All that is desired was ours once: a field in other hands was taken from us, it is no conflict between two declarations. */
function mayTakeBack({ state }: StoredState, revision: DesiredRevision, { takeBack }: PrepareOptions): boolean {
  if (takeBack === undefined || state.current?.manifestDigest !== revision.manifestDigest) return false;
  return state.current.complete || takeBack === revision.manifestDigest;
}

function forced(application: Application): Application {
  return { ...application, sync: { ...application.sync, conflicts: 'force' } };
}

function withNamespace(application: Application, revision: DesiredRevision): DesiredRevision['manifests'] {
  const { namespace } = application.destination;
  const renders = revision.manifests.some(
    ({ object }) => object.kind === 'Namespace' && object.metadata.name === namespace,
  );
  if (!application.sync.createNamespace || renders || revision.manifests.length === 0) return revision.manifests;
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    // It may come to hold what others put there: it is never pruned by itself.
    metadata: { name: namespace, annotations: { 'evenkeel.dev/prune': 'never' } },
  };
  return [
    {
      key: { group: '', kind: 'Namespace', namespace: '', name: namespace },
      object,
      origin: { path: 'sync.createNamespace' },
    },
    ...revision.manifests,
  ];
}

/**
 * A leftover whose kind the cluster serves no more is gone with its definition. Only discovery can say so, read whole: a path that
 * answers 404 may be a proxy's, and a group that could not be read may still serve it.
 */
async function settleUnknownKinds(
  keys: readonly ObjectKey[],
  live: Map<string, Live>,
  cluster: Cluster,
  signal: AbortSignal | undefined,
): Promise<void> {
  const doubtful = keys.filter((key) => {
    const state = live.get(formatKey(key));
    return state?.state === 'unknown' && isEngineError(state.error, 'KindUnknown');
  });
  if (doubtful.length === 0) return;
  const { resources, failedGroups } = await cluster.resources(signal);
  for (const key of doubtful) {
    const served = resources.some(({ group, kind }) => group === key.group && kind === key.kind);
    if (!served && !failedGroups.includes(key.group)) live.set(formatKey(key), { state: 'absent' });
  }
}

interface OtherApplications {
  /** Objects that another application owns: key → its name. */
  readonly owned: ReadonlyMap<string, string>;
  /** Objects that another application renders and waits for: key → its name. */
  readonly claimed: ReadonlyMap<string, string>;
  /** Label value → name. */
  readonly names: ReadonlyMap<string, string>;
}

/** Looks at the other applications only where an object of theirs, or one to delete, is in play. */
async function otherApplications(
  application: Application,
  desired: readonly Desired[],
  leftovers: readonly ObjectKey[],
  live: ReadonlyMap<string, Live>,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<OtherApplications> {
  const label = labelOf(application.name);
  const foreign = desired.filter((entry) => entry.owner !== undefined && entry.owner !== label);
  const deletable = leftovers.filter((key) => live.get(formatKey(key))?.state === 'present');
  const owned = new Map<string, string>();
  const claimed = new Map<string, string>();
  const names = new Map<string, string>();
  if (foreign.length === 0 && deletable.length === 0) return { owned, claimed, names };
  const { states } = await listStates(engine.home, signal === undefined ? {} : { signal });
  const self = formatApplicationName(application.name);
  const contested = new Set([...foreign.map(({ manifest }) => manifest.key), ...deletable].map(formatKey));
  for (const { name, state } of states) {
    const other = formatApplicationName(name);
    if (other === self) continue;
    names.set(labelOf(name), other);
    for (const key of state.inventory) if (contested.has(formatKey(key))) owned.set(formatKey(key), other);
    for (const key of state.claims) if (contested.has(formatKey(key))) claimed.set(formatKey(key), other);
  }
  // An object whose label names another application is that one's only while its state says so as well.
  const labelled = new Set(foreign.map(({ manifest }) => formatKey(manifest.key)));
  for (const id of owned.keys()) if (!labelled.has(id)) owned.delete(id);
  return { owned, claimed, names };
}

function leftoverOf(
  key: ObjectKey,
  live: Live | undefined,
  others: OtherApplications,
  application: Application,
): Leftover {
  const state: Live = live ?? { state: 'absent' };
  if (state.state !== 'present') return { key, live: state, managed: false };
  const label = stringAt(state.object, 'metadata', 'labels', 'evenkeel.dev/application');
  const owner =
    label === undefined
      ? undefined
      : label === labelOf(application.name)
        ? formatApplicationName(application.name)
        : (others.names.get(label) ?? label);
  const claimedBy = others.claimed.get(formatKey(key));
  return {
    key,
    live: state,
    managed: ourEntry(managedEntries(state.object)) !== undefined,
    ...(owner === undefined ? {} : { owner }),
    ...(claimedBy === undefined ? {} : { claimedBy }),
  };
}

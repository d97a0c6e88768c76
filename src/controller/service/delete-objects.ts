import { formatApplicationName, type Application } from '../../core/application.ts';
import { digestJson } from '../../core/digest.ts';
import { EngineError, isEngineError } from '../../core/errors.ts';
import { stringAt, type Json } from '../../core/json.ts';
import type { Manifest } from '../../core/manifest.ts';
import { formatKey, keyOf, type KubeObject, type ObjectKey } from '../../core/object-key.ts';
import type { StoredState } from '../../apply/state-store.ts';
import { stripSecrets } from '../../history/strip-secrets.ts';
import { readDirectives } from '../../plan/annotations.ts';
import { NO_OVERRIDES } from '../../plan/guards.ts';
import type { Engine } from '../engine.ts';
import { planRevision } from '../prepare.ts';
import { carryOut, type Reconciled } from '../reconcile.ts';
import { restoreSecrets } from '../restore-secrets.ts';

export interface DeleteOptions {
  readonly signal: AbortSignal;
  readonly gate: () => void;
}

export interface DeletedObjects {
  /** Still there, on their way out. */
  readonly pending: readonly ObjectKey[];
  /** What stays in the cluster: protected kinds, and what its annotations keep. */
  readonly left: readonly ObjectKey[];
}

type When = 'preDelete' | 'postDelete';

/**
 * Deletes what an application owns: its hooks before the deletion, the objects in reverse order, and once all of them are gone its hooks
 * after the deletion. Safe to repeat; a hook that was done is not run again.
 *
 * @throws EngineError ClusterDenied when deleting is not allowed, ApplyFailed when a hook fails: what comes after it is not done
 */
export async function deleteObjects(
  application: Application,
  engine: Engine,
  stored: StoredState,
  options: DeleteOptions,
): Promise<DeletedObjects> {
  const hooks = await deletionHooks(application, stored, engine, options.signal);
  const after = digestOf('postDelete', hooks);
  // The hooks after the deletion began: those before it are done, and their names no longer kept.
  const isLate = [stored.state.current?.manifestDigest, stored.state.hooks?.manifestDigest].includes(after);
  let owned = stored;
  if (!isLate) {
    const first = await pass('preDelete', hooks, application, stored, engine, options);
    const found = await remaining(application, first, engine, options.signal);
    if (found.pending.length > 0 || !hooks.some(({ object }) => runsAt(object, 'postDelete'))) return found;
    owned = first.stored;
  }
  return remaining(
    application,
    await pass('postDelete', hooks, application, owned, engine, options),
    engine,
    options.signal,
  );
}

/** The hooks of what was applied last that run at a deletion. Without its history they are not known, and the deletion goes on. */
async function deletionHooks(
  application: Application,
  { state }: StoredState,
  engine: Engine,
  signal: AbortSignal,
): Promise<readonly Manifest[]> {
  const { current } = state;
  if (current === undefined) return [];
  const objects = await engine.history.getRendered(current.manifestDigest).catch(() => undefined);
  if (objects === undefined) {
    engine.logger.warn({ application: application.name }, 'hooks of the deletion are not known: their history is gone');
    return [];
  }
  const hooks = objects.filter((object) => runsAt(object, 'preDelete') || runsAt(object, 'postDelete'));
  const whole = await restoreSecrets(application, state, hooks, current.commitId, engine, signal);
  return whole.map((object) => ({
    key: keyOf(object),
    object,
    origin: { path: `revision ${current.number}` },
  }));
}

/** A hook that is synced as well is an object of the application like others, and deleted as such. */
function runsAt(object: KubeObject, when: When): boolean {
  const phases = readDirectives(object, false).hook?.phases ?? [];
  return phases.includes(when) && !phases.includes('sync');
}

/** Rendered sets are kept by their content. Each pass keeps all hooks, so that the next one finds them. */
function digestOf(when: When, hooks: readonly Manifest[]): string {
  return digestJson([when, ...stripSecrets(hooks.map(({ object }) => object))] as unknown as Json);
}

async function pass(
  when: When,
  hooks: readonly Manifest[],
  application: Application,
  stored: StoredState,
  engine: Engine,
  options: DeleteOptions,
): Promise<Reconciled> {
  const revision = {
    commitId: stored.state.current?.commitId ?? '',
    commitSubject: 'the Application is deleted',
    author: '',
    manifests: hooks,
    manifestDigest: digestOf(when, hooks),
    warnings: [],
    reused: false,
  };
  const pruning: Application = { ...application, sync: { ...application.sync, prune: true, createNamespace: false } };
  const prepared = await planRevision(pruning, stored, revision, engine, {
    overrides: { ...NO_OVERRIDES, allowEmpty: true, allowDeletions: true },
    dryRunChanges: false,
    deleting: when,
    signal: options.signal,
  });
  const startedAt = new Date(engine.clock.now()).toISOString();
  const result = await carryOut(prepared, engine, { ...options, trigger: 'deletion' }, startedAt);
  const ids = new Set(hooks.map(({ key }) => formatKey(key)));
  for (const { key, error } of result.report.failed) {
    if (ids.has(formatKey(key))) throw hookFailed(application, error);
    if (error?.code === 'ClusterDenied') throw error;
  }
  return result;
}

function hookFailed(application: Application, error: EngineError | undefined): EngineError {
  return new EngineError(
    'ApplyFailed',
    `application ${formatApplicationName(application.name)} is not deleted (HookFailed): ${error?.message ?? 'no reason given'}`,
    {
      cause: error,
      remedy: 'mend what the hook needs; with deletionPolicy: orphan no hook runs and nothing is deleted',
    },
  );
}

async function remaining(
  application: Application,
  { report, stored }: Reconciled,
  engine: Engine,
  signal: AbortSignal,
): Promise<DeletedObjects> {
  const cluster = engine.clusterOf(application);
  const pending: ObjectKey[] = report.failed.map(({ key }) => key);
  const left: ObjectKey[] = [];
  for (const key of stored.state.inventory) {
    const live = await cluster.get({ group: key.group, version: '', kind: key.kind }, key, signal);
    if (live.state === 'absent' || (live.state === 'unknown' && isEngineError(live.error, 'KindUnknown'))) continue;
    const going = live.state === 'unknown' || stringAt(live.object, 'metadata', 'deletionTimestamp') !== undefined;
    (going ? pending : left).push(key);
  }
  return { pending, left };
}

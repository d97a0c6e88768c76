import { formatApplicationName, type Application } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import type { Revision } from '../core/revision.ts';
import type { ApplicationState, HeldCommit } from '../core/state.ts';
import { readState } from '../apply/state-store.ts';
import { NO_OVERRIDES } from '../plan/guards.ts';
import type { Engine } from './engine.ts';
import { planRevision } from './prepare.ts';
import { chooseRevision } from './choose-revision.ts';
import { carryOut, type Reconciled, type ReconcileOptions } from './reconcile.ts';

export interface RollbackOptions extends ReconcileOptions {
  /** Number in the history; absent: the newest complete one before the current. */
  readonly to?: number;
  readonly by: string;
}

/**
 * Goes back to a stored rendered set. The commits that Git offers now are held, so that neither polling nor self-healing brings them
 * back; a newer commit, or a sync with retry, ends it. No Git host is asked.
 *
 * @throws EngineError RevisionNotFound with the numbers that there are
 */
export async function rollback(
  application: Application,
  engine: Engine,
  options: RollbackOptions,
): Promise<Reconciled> {
  const startedAt = new Date(engine.clock.now()).toISOString();
  const stored = await readState(engine.home, application.name, options.signal);
  const revisions = await engine.history.list(application.name, 1000);
  const target = chooseTarget(application, revisions, stored.state, options.to);
  const head = await newestKnownCommit(application, engine, options.signal);
  const held = holdCommits(stored.state, [head, stored.state.current?.commitId], target.commitId, {
    by: options.by,
    since: startedAt,
  });
  const changeState = (state: ApplicationState): ApplicationState => ({
    ...state,
    held,
    pinned: { number: target.number, commitId: target.commitId, manifestDigest: target.renderedDigest },
  });
  const pinnedState = { ...stored, state: changeState(stored.state) };
  // The source is not asked: a rollback has to work while the Git host is down.
  const revision = await chooseRevision(application, { ...pinnedState.state, held }, offline(engine), {
    retryHeld: false,
    offline: true,
    signal: options.signal,
  });
  const prepared = await planRevision(application, stored, revision, engine, {
    overrides: options.overrides ?? NO_OVERRIDES,
    dryRunChanges: options.dryRunChanges ?? false,
    signal: options.signal,
  });
  await options.onPlan?.(prepared);
  return carryOut(prepared, engine, { ...options, trigger: `rollback to ${target.number}`, changeState }, startedAt);
}

function chooseTarget(
  application: Application,
  revisions: readonly Revision[],
  state: ApplicationState,
  to: number | undefined,
): Revision {
  const name = formatApplicationName(application.name);
  const good = revisions.filter((revision) => revision.outcome === 'synced' || revision.outcome === 'rolledBack');
  const known = [...new Set(good.map((revision) => revision.number))].sort((a, b) => a - b);
  const target =
    to === undefined
      ? good.find((revision) => revision.renderedDigest !== state.current?.manifestDigest)
      : revisions.find((revision) => revision.number === to);
  if (target === undefined) {
    throw new EngineError(
      'RevisionNotFound',
      `application ${name} has no revision ${to ?? 'before the current one'} (NotFound)`,
      {
        remedy:
          known.length === 0
            ? 'nothing was synced yet'
            : `choose one of ${known.join(', ')} (evenkeel history ${application.name.name})`,
      },
    );
  }
  return target;
}

/** What Git pointed to when it was last asked. */
async function newestKnownCommit(
  application: Application,
  engine: Engine,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const fetched = await engine.sources.resolve(application.source.git, {
      signal,
      maxAgeMs: Number.POSITIVE_INFINITY,
    });
    return fetched.commit.id;
  } catch {
    // The host is down: what is applied now is what has to be held.
    return undefined;
  }
}

function holdCommits(
  state: ApplicationState,
  commits: readonly (string | undefined)[],
  target: string,
  facts: { readonly by: string; readonly since: string },
): HeldCommit[] {
  const held = state.held.filter((entry) => entry.commitId !== target);
  for (const commitId of new Set(commits)) {
    if (commitId === undefined || commitId === target || held.some((entry) => entry.commitId === commitId)) continue;
    held.push({ commitId, reason: 'rolledBack', ...facts });
  }
  return held;
}

/** The engine with its sources unplugged; clones on this machine can still be opened. */
function offline(engine: Engine): Engine {
  return {
    ...engine,
    sources: {
      resolve: () =>
        Promise.reject(new EngineError('SourceUnreachable', 'source is not asked during a rollback (Offline)')),
      open: (source, commitId) => engine.sources.open(source, commitId),
      close: () => Promise.resolve(),
    },
  };
}

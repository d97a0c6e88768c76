import { formatApplicationName, type Application } from '../core/application.ts';
import { digestText } from '../core/digest.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { ObjectHealth } from '../core/health.ts';
import type { Live } from '../core/live.ts';
import { formatKey } from '../core/object-key.ts';
import type { ApplyReport, Plan } from '../core/plan.ts';
import type { Revision, RevisionOutcome } from '../core/revision.ts';
import type { ApplicationState } from '../core/state.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import type { ApplyEvent } from '../apply/apply-plan-ports.ts';
import type { StoredState } from '../apply/state-store.ts';
import { stripSecrets } from '../history/strip-secrets.ts';
import { isEmptyPlan, refusesAll } from '../plan/build-plan.ts';
import { NO_OVERRIDES, type PlanOverrides } from '../plan/guards.ts';
import type { Engine } from './engine.ts';
import { awaitHealthy, observeHealth } from './observe-health.ts';
import { prepare, type Prepared } from './prepare.ts';

export interface ReconcileOptions {
  readonly signal: AbortSignal;
  /** Who or what asks: `commit`, `webhook`, `person NAME`, `self-heal`, `rollback to 3`. */
  readonly trigger: string;
  readonly overrides?: PlanOverrides;
  /** Apply only the plan with this digest. */
  readonly approvedDigest?: string;
  readonly dryRunChanges?: boolean;
  readonly takeBack?: true | string;
  readonly maxAgeMs?: number;
  /** Throws when this process may not write any more. */
  readonly gate?: () => void;
  readonly changeState?: (state: ApplicationState) => ApplicationState;
  readonly onPlan?: (prepared: Prepared) => void | Promise<void>;
  readonly onProgress?: (event: ApplyEvent) => void;
  /** Looks at the plan and says whether it shall be carried out now; absent: yes. */
  readonly decide?: (prepared: Prepared) => boolean | Promise<boolean>;
}

export interface Reconciled {
  /** False when {@link ReconcileOptions.decide} said no: nothing was written. */
  readonly applied: boolean;
  readonly prepared: Prepared;
  readonly plan: Plan;
  readonly report: ApplyReport;
  readonly stored: StoredState;
  readonly complete: boolean;
  /** Every object of the plan, judged after the apply. */
  readonly health: readonly ObjectHealth[];
}

/**
 * One pass over one application: commit → snapshot → manifests → diff → plan → apply → health → history. Level-triggered and safe to
 * repeat: a pass that finds nothing to do sends no write.
 *
 * @throws EngineError of the stage that failed; what concerns single objects is in the report
 */
export async function reconcile(
  application: Application,
  engine: Engine,
  options: ReconcileOptions,
): Promise<Reconciled> {
  const startedAt = new Date(engine.clock.now()).toISOString();
  const prepared = await prepare(application, engine, {
    overrides: options.overrides ?? NO_OVERRIDES,
    dryRunChanges: options.dryRunChanges ?? false,
    signal: options.signal,
    ...(options.takeBack === undefined ? {} : { takeBack: options.takeBack }),
    ...(options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs }),
  });
  await options.onPlan?.(prepared);
  if (options.decide !== undefined && !(await options.decide(prepared))) return planned(prepared);
  return carryOut(prepared, engine, options, startedAt);
}

function planned(prepared: Prepared): Reconciled {
  const { plan, stored } = prepared;
  const report: ApplyReport = { outcomes: [], failed: [], writes: 0, cancelled: false };
  return { applied: false, prepared, plan, report, stored, complete: false, health: [] };
}

/** Applies what was prepared and remembers it. */
export async function carryOut(
  prepared: Prepared,
  engine: Engine,
  options: ReconcileOptions,
  startedAt: string,
): Promise<Reconciled> {
  const { application, plan, stored, revision } = prepared;
  if (options.approvedDigest !== undefined && options.approvedDigest !== plan.digest) {
    throw new EngineError(
      'PlanMoved',
      `application ${plan.application} is not synced (PlanMoved): the plan is ${plan.digest} now, approved was ${options.approvedDigest}`,
      {
        remedy: 'look at the new plan with evenkeel plan and approve that one',
      },
    );
  }
  const number = revisionNumber(stored.state, plan.manifestDigest);
  const effective = !isEmptyPlan(plan) || stored.state.current?.manifestDigest !== plan.manifestDigest;
  if (effective && !refusesAll(plan)) await storeRendered(prepared, engine);
  try {
    const result = await applyPlan(
      plan,
      stored,
      {
        cluster: engine.clusterOf(application),
        home: engine.home,
        clock: engine.clock,
        logger: engine.logger,
        awaitHealthy: (keys, timeoutMs, signal) => awaitHealthy(application, keys, timeoutMs, engine, signal),
        ...(options.gate === undefined ? {} : { gate: options.gate }),
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      },
      {
        waveTimeoutMs: application.sync.waveTimeoutMs,
        signal: options.signal,
        revision: { number, commitId: revision.commitId },
        changeState: (state) => settleHolds(options.changeState?.(state) ?? state, prepared, options),
      },
    );
    const health = options.signal.aborted
      ? []
      : await observeHealth(
          application,
          result.stored.state.inventory,
          engine,
          options.signal,
          result.report.writes === 0 ? seenLive(prepared) : undefined,
        );
    if (effective) {
      const outcome: RevisionOutcome = result.report.cancelled
        ? 'cancelled'
        : result.complete
          ? revision.pinnedNumber === undefined
            ? 'synced'
            : 'rolledBack'
          : 'failed';
      await remember(prepared, engine, { number, outcome, trigger: options.trigger, startedAt, health });
    }
    return {
      applied: true,
      prepared,
      plan,
      report: result.report,
      stored: result.stored,
      complete: result.complete,
      health,
    };
  } catch (thrown) {
    if (isEngineError(thrown, 'PlanRefused')) {
      await remember(prepared, engine, {
        number,
        outcome: 'refused',
        trigger: options.trigger,
        startedAt,
        health: [],
        message: thrown.message,
      });
    }
    throw thrown;
  }
}

/** What the comparison read; after a pass without a write it is still what is there. */
function seenLive(prepared: Prepared): ReadonlyMap<string, Live> {
  return new Map(prepared.desired.map(({ manifest, live }) => [formatKey(manifest.key), live]));
}

/** The number of what is applied: counts up with every other rendered set. */
function revisionNumber(state: ApplicationState, manifestDigest: string): number {
  if (state.current === undefined) return 1;
  return state.current.manifestDigest === manifestDigest ? state.current.number : state.current.number + 1;
}

/** A commit that is applied is not held any more, and with it a rollback ends. The same state object says that nothing changed. */
function settleHolds(state: ApplicationState, prepared: Prepared, options: ReconcileOptions): ApplicationState {
  const { revision } = prepared;
  if (revision.pinnedNumber !== undefined) return state;
  const retried = options.overrides?.retryHeld === true;
  const held = retried ? state.held.filter((entry) => entry.commitId !== revision.commitId) : state.held;
  if (state.pinned === undefined && held.length === state.held.length) return state;
  const { pinned: _ended, ...rest } = state;
  return { ...rest, held };
}

async function storeRendered(prepared: Prepared, engine: Engine): Promise<void> {
  try {
    await engine.history.putRendered(
      prepared.plan.manifestDigest,
      stripSecrets(prepared.desired.map(({ manifest }) => manifest.object)),
    );
  } catch (thrown) {
    // History shows and remembers; nothing is decided from it, so a sync does not fail for it.
    engine.logger.warn({ application: prepared.plan.application, error: String(thrown) }, 'rendered set not stored');
  }
}

interface Remembered {
  readonly number: number;
  readonly outcome: RevisionOutcome;
  readonly trigger: string;
  readonly startedAt: string;
  readonly health: readonly ObjectHealth[];
  readonly message?: string;
}

async function remember(prepared: Prepared, engine: Engine, facts: Remembered): Promise<void> {
  const { plan, revision, application } = prepared;
  const id = digestText(`${plan.application} ${facts.number} ${plan.digest} ${facts.outcome} ${revision.commitId}`);
  const worst = facts.health.find(({ health }) => health.status !== 'healthy' && health.status !== 'suspended');
  const record: Revision = {
    id,
    number: facts.number,
    application: formatApplicationName(application.name),
    commitId: revision.commitId,
    commitSubject: revision.commitSubject,
    author: revision.author,
    ...(revision.verification === undefined ? {} : { signedBy: revision.verification }),
    renderedDigest: plan.manifestDigest,
    planDigest: plan.digest,
    counts: plan.counts,
    outcome: facts.outcome,
    trigger: facts.trigger,
    startedAt: facts.startedAt,
    finishedAt: new Date(engine.clock.now()).toISOString(),
    ...(facts.health.length === 0 ? {} : { health: worst?.health.status ?? 'healthy' }),
    ...(facts.message === undefined ? {} : { message: facts.message }),
  };
  try {
    await engine.history.append(record);
    await engine.history.trim(application.name, application.historyLimit);
  } catch (thrown) {
    engine.logger.warn({ application: plan.application, error: String(thrown) }, 'history not written');
  }
}

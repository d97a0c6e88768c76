import type { Application } from '../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { describeKey, formatKey } from '../../core/object-key.ts';
import type { RenderProblem } from '../../core/manifest.ts';
import type { JobReason } from '../../core/ports.ts';
import { signedBy, type Trace } from '../../core/snapshot.ts';
import { isEmptyPlan } from '../../plan/build-plan.ts';
import type { Engine } from '../engine.ts';
import type { Prepared } from '../prepare.ts';
import { reconcile, type Reconciled, type ReconcileOptions } from '../reconcile.ts';
import { rollback } from '../rollback.ts';
import type { Fights } from './fights.ts';
import type { Requests } from './requests.ts';
import { generationOf, type Findings, type HistoryLine, type Tracked } from './tracked.ts';

export interface PassOptions {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly reason: JobReason;
  readonly requests: Requests;
  readonly fights: Fights;
  readonly gate: () => void;
  /** Others that it has to wait for, one line each. */
  readonly openDependencies: () => readonly string[];
  /** It is about to write. */
  readonly onSyncing: () => void;
}

export interface PassResult {
  readonly findings: Findings;
  readonly reconciled?: Reconciled;
  /** Absent: nothing more is known than before. */
  readonly settled?: Tracked['settled'];
  readonly line?: HistoryLine;
  readonly blockedBy: readonly string[];
  /** Look again after this time; absent: when something changes. */
  readonly retryMs?: number;
  /** It was put back to what Git says, although nothing new was in Git. */
  readonly healed: boolean;
}

const MAX_PROBLEMS = 10;

/** One pass over one application, with what the service decides: when to write, and what the outcome means. Never throws. */
export async function runPass(tracked: Tracked, application: Application, options: PassOptions): Promise<PassResult> {
  const { engine, signal, requests } = options;
  const verdict: { kind: Decision; blockedBy: readonly string[]; waitMs: number; newRevision: boolean } = {
    kind: 'apply',
    blockedBy: [],
    waitMs: 0,
    newRevision: false,
  };
  const rendered: { trace?: Trace; commitId?: string } = {};
  const traced: Engine = {
    ...engine,
    renderer: {
      render: async (fetched, request, renderSignal, world) => {
        const result = await engine.renderer.render(fetched, request, renderSignal, world);
        rendered.trace = result.trace;
        rendered.commitId = fetched.commit.id;
        return result;
      },
      close: async () => undefined,
    },
  };
  const common: ReconcileOptions = {
    signal,
    trigger: triggerOf(options),
    gate: options.gate,
    // The polls ask the hosts; a pass takes the newest commit that is known.
    maxAgeMs: Number.POSITIVE_INFINITY,
    ...(application.sync.selfHeal ? { takeBack: tracked.completeDigest ?? true } : {}),
    ...(requests.sync === undefined ? {} : { overrides: requests.sync.overrides }),
    ...(requests.sync?.plan === undefined ? {} : { approvedDigest: requests.sync.plan }),
  };
  try {
    const result =
      requests.rollback === undefined
        ? await reconcile(application, traced, {
            ...common,
            decide: (prepared) => {
              Object.assign(verdict, decide(tracked, application, prepared, options));
              if (verdict.kind === 'apply' && !isEmptyPlan(prepared.plan)) options.onSyncing();
              return verdict.kind === 'apply';
            },
          })
        : await rollback(application, traced, {
            ...common,
            by: requests.rollback.by,
            overrides: requests.rollback.overrides,
            ...(requests.rollback.to === undefined ? {} : { to: requests.rollback.to }),
            onPlan: () => options.onSyncing(),
          });
    // A commit that is not trusted is looked at again after the interval: the keys may be others then.
    const distrusted = isEngineError(result.prepared.revision.sourceProblem, 'SourceUnverified');
    const settled =
      result.complete &&
      !distrusted &&
      result.prepared.revision.pinnedNumber === undefined &&
      rendered.trace !== undefined
        ? {
            commitId: result.prepared.revision.head ?? result.prepared.revision.commitId,
            trace: rendered.trace,
            generation: generationOf(tracked.object),
          }
        : undefined;
    const changed = result.applied && (!isEmptyPlan(result.plan) || movedOn(result));
    const healed = result.applied && result.report.writes > 0 && !verdict.newRevision;
    const failed = result.report.failed.some(({ error }) => error?.retry === 'backoff');
    return {
      findings: findingsOf(result, verdict),
      reconciled: result,
      blockedBy: verdict.blockedBy,
      healed,
      ...(settled === undefined ? {} : { settled }),
      ...(changed && !result.report.cancelled ? { line: lineOf(result, common.trigger, engine.clock.now()) } : {}),
      ...(verdict.waitMs > 0 ? { retryMs: verdict.waitMs } : {}),
      ...(result.applied && !result.complete && !result.report.cancelled && failed ? { retryMs: 0 } : {}),
    };
  } catch (thrown) {
    const error = asError(thrown, tracked);
    return {
      findings: failure(tracked.findings, error),
      blockedBy: [],
      healed: false,
      ...(error.retry === 'backoff' ? { retryMs: 0 } : {}),
    };
  }
}

type Decision = 'apply' | 'approval' | 'drift' | 'fight' | 'blocked';

/** Whether a plan is carried out now. */
function decide(
  tracked: Tracked,
  application: Application,
  { plan, stored, desired }: Prepared,
  options: PassOptions,
): { kind: Decision; blockedBy: readonly string[]; waitMs: number; newRevision: boolean } {
  const { current } = stored.state;
  const newRevision = current?.manifestDigest !== plan.manifestDigest || !current.complete;
  const answer = (kind: Decision, blockedBy: readonly string[] = [], waitMs = 0) => ({
    kind,
    blockedBy,
    waitMs,
    newRevision,
  });
  if (isEmptyPlan(plan)) return answer('apply');
  if (newRevision) {
    const blockedBy = options.openDependencies();
    if (blockedBy.length > 0) return answer('blocked', blockedBy);
  }
  if (options.requests.sync !== undefined) return answer('apply');
  if (application.sync.mode === 'manual')
    return answer(options.requests.approve === plan.digest ? 'apply' : 'approval');
  if (newRevision) return answer('apply');
  if (!application.sync.selfHeal) return answer('drift');
  const nowMs = options.engine.clock.monotonic();
  const waits = desired
    .filter(({ diff }) => diff.action !== 'unchanged')
    .map(({ manifest }) => options.fights.waitMs(fightId(tracked, formatKey(manifest.key)), nowMs));
  const waitMs = Math.max(0, ...waits);
  return waitMs > 0 ? answer('fight', [], waitMs) : answer('apply');
}

export function fightId(tracked: Tracked, key: string): string {
  return `${tracked.id} ${key}`;
}

function findingsOf(
  result: Reconciled,
  verdict: { readonly kind: Decision; readonly blockedBy: readonly string[] },
): Findings {
  const { plan, prepared, stored } = result;
  const { revision } = prepared;
  const commit = revision.commitId.slice(0, 12);
  const facts = {
    commitId: revision.commitId,
    subject: revision.commitSubject,
    refusals: plan.refusals,
    ...(stored.state.current === undefined ? {} : { number: stored.state.current.number }),
    // Whether a host answers is the polls' matter; whether its commit is trusted is found out here.
    ...(isEngineError(revision.sourceProblem, 'SourceUnverified') ? { error: revision.sourceProblem } : {}),
  };
  if (!result.applied) {
    const open = { ...facts, problems: [], plan: { digest: plan.digest, counts: plan.counts } };
    const count = countChanges(result);
    const say = (one: string, many: string): string => (count === 1 ? `1 change ${one}` : `${count} changes ${many}`);
    switch (verdict.kind) {
      case 'blocked':
        return {
          ...open,
          sync: 'Blocked',
          reason: 'DependencyNotReady',
          message: `waits for ${verdict.blockedBy.join(', ')}`,
        };
      case 'approval':
        return {
          ...open,
          sync: 'OutOfSync',
          reason: 'WaitsForApproval',
          message: `${say('waits', 'wait')} for the approval of plan ${plan.digest} of commit ${commit}`,
        };
      case 'fight':
        return {
          ...open,
          sync: 'OutOfSync',
          reason: 'Fight',
          message: `${say('is', 'are')} undone by somebody else again and again: it is put back less often`,
        };
      default:
        return {
          ...open,
          sync: 'OutOfSync',
          reason: 'Drift',
          message: `${say('differs', 'differ')} from commit ${commit}`,
        };
    }
  }
  const failed = result.report.failed;
  if (result.complete) {
    const { pinnedNumber } = revision;
    const left = plan.refusals.length;
    if (left > 0)
      return {
        ...facts,
        problems: [],
        sync: 'OutOfSync',
        reason: 'PartlyRefused',
        message: `commit ${commit} is applied but for what ${left === 1 ? 'a guard' : `${left} guards`} refused: ${plan.refusals[0]?.message ?? ''}`,
      };
    return {
      ...facts,
      problems: [],
      sync: 'Synced',
      reason: pinnedNumber === undefined ? 'Applied' : 'RolledBack',
      message:
        pinnedNumber === undefined
          ? `commit ${commit}${signedBy(revision.verification)} is applied`
          : `revision ${pinnedNumber} (commit ${commit}) is applied and pinned by a rollback until a newer commit`,
    };
  }
  const [first] = failed;
  const problems = failed
    .slice(0, MAX_PROBLEMS)
    .map(({ key, error, reason }) => error?.message ?? `${describeKey(key)}: ${reason ?? 'failed'}`);
  if (result.report.cancelled)
    return {
      ...facts,
      problems,
      sync: 'Syncing',
      reason: 'Superseded',
      message: `commit ${commit} was left for something newer`,
    };
  return {
    ...facts,
    problems,
    sync: 'Failed',
    reason: first?.error?.code ?? 'SyncFailed',
    message: `commit ${commit} is not completely applied: ${problems[0] ?? 'a step failed'}${failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''}`,
    ...(first?.error === undefined ? {} : { error: first.error }),
  };
}

/** What was known stays; only that it did not work is new. */
function failure(before: Findings | undefined, error: EngineError): Findings {
  const refused = error.code === 'PlanRefused';
  return {
    ...(before?.commitId === undefined ? {} : { commitId: before.commitId }),
    ...(before?.subject === undefined ? {} : { subject: before.subject }),
    ...(before?.number === undefined ? {} : { number: before.number }),
    refusals: [],
    problems: problemsOf(error),
    sync: 'Failed',
    reason: refused ? 'PlanRefused' : error.code,
    message: error.message,
    error,
  };
}

/** All problems of a render or a specification, as lines. */
function problemsOf(error: EngineError): string[] {
  const { problems } = error.data;
  if (!Array.isArray(problems)) return [];
  return problems.slice(0, MAX_PROBLEMS).map((problem: unknown) => {
    if (typeof problem === 'string') return problem;
    const found = problem as Partial<RenderProblem>;
    return `${found.path ?? ''}${found.line === undefined ? '' : `:${found.line}`}: ${found.message ?? ''}`;
  });
}

function asError(thrown: unknown, tracked: Tracked): EngineError {
  if (isEngineError(thrown)) return thrown;
  return new EngineError(
    'ApplyFailed',
    `application ${tracked.id} was not looked at (Internal): ${messageOf(thrown)}`,
    {
      cause: thrown,
    },
  );
}

function countChanges({ plan }: Reconciled): number {
  const { create, update, adopt, recreate, delete: deletions, hooks } = plan.counts;
  return create + update + adopt + recreate + deletions + hooks;
}

function movedOn(result: Reconciled): boolean {
  const before = result.prepared.stored.state.current;
  const now = result.stored.state.current;
  return before?.manifestDigest !== now?.manifestDigest || before?.complete !== now?.complete;
}

function lineOf(result: Reconciled, trigger: string, nowMs: number): HistoryLine {
  const { revision } = result.prepared;
  return {
    number: result.stored.state.current?.number ?? 0,
    commit: revision.commitId.slice(0, 12),
    subject: revision.commitSubject.slice(0, 100),
    outcome: result.complete ? (revision.pinnedNumber === undefined ? 'synced' : 'rolledBack') : 'failed',
    trigger,
    finishedAt: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
  };
}

function triggerOf({ requests, reason }: PassOptions): string {
  if (requests.sync !== undefined) return `person ${requests.sync.by}`;
  switch (reason) {
    case 'webhook':
      return 'webhook';
    case 'drift':
      return 'self-heal';
    case 'person':
      return 'person';
    default:
      return 'commit';
  }
}

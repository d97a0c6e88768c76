import { EngineError } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import { describeKey, gvkOf, type KubeObject } from '../core/object-key.ts';
import type { Step, StepOutcome, StepResult } from '../core/plan.ts';
import type { StepContext } from './step-context.ts';
import { waitUntilGone } from './wait-until-gone.ts';
import type { ApplyDeps } from './apply-plan-ports.ts';
import { toEngineError } from './step-error.ts';

const GONE_TIMEOUT_MS = 60_000;

/** What is known of a hook from before, and who wants to know of it. */
export interface HookCourse {
  /** Its object, when it was started before and nobody saw its end. */
  readonly startedUid?: string;
  /** It was started. Resolves when that is remembered. */
  readonly onStarted: (uid: string) => Promise<void>;
}

/**
 * Runs one hook object: removes the object of an earlier run where its policy says so, creates it, waits until it is done, and removes
 * it again by policy. One that runs already is not started again. A Job that its TTL removed after success counts as done.
 */
export async function runHook(
  step: Step,
  context: StepContext,
  awaitHealthy: ApplyDeps['awaitHealthy'],
  timeoutMs: number,
  course?: HookCourse,
): Promise<StepOutcome> {
  const startedMs = context.clock.monotonic();
  const outcome = (result: StepResult, extra: { reason?: string; error?: EngineError } = {}): StepOutcome => ({
    key: step.key,
    result,
    durationMs: Math.round(context.clock.monotonic() - startedMs),
    ...extra,
  });
  const object = step.manifest?.object;
  if (object === undefined || context.signal.aborted) return outcome('skipped', { reason: 'cancelled' });
  const policies = step.hook?.deletePolicies ?? [];
  try {
    if (!(await isRunning(object, step, context, course?.startedUid))) {
      const removes = policies.includes('beforeCreation');
      if (removes) await removeHook(object, step, context, true);
      context.gate();
      context.countWrite();
      const { metadata } = await context.cluster.apply(object, { force: true, signal: context.signal });
      // Where nothing is removed, applying it once more goes on with what runs.
      if (removes && typeof metadata.uid === 'string') await course?.onStarted(metadata.uid);
    }
    const health = await awaitHealthy([step.key], timeoutMs, context.signal);
    if (context.signal.aborted) return outcome('skipped', { reason: 'cancelled' });
    const problem = health.problems[0];
    if (!health.healthy && problem !== undefined) {
      if (policies.includes('failed')) await removeHook(object, step, context, false);
      throw new EngineError(
        'NotHealthyInTime',
        `hook ${describeKey(step.key)} failed (HookFailed): ${problem.message}`,
        {
          remedy:
            'look at the logs of its pods; the sync goes on when the hook succeeds with a newer commit or a retry',
        },
      );
    }
    if (policies.includes('succeeded')) await removeHook(object, step, context, false);
    return outcome('created', { reason: 'hook done' });
  } catch (thrown) {
    if (context.signal.aborted) return outcome('skipped', { reason: 'cancelled' });
    return outcome('failed', { error: toEngineError(thrown, step) });
  }
}

async function isRunning(
  object: KubeObject,
  step: Step,
  context: StepContext,
  uid: string | undefined,
): Promise<boolean> {
  if (uid === undefined) return false;
  const live = await context.cluster.get(gvkOf(object), step.key, context.signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent' || live.object.metadata.uid !== uid) return false;
  return stringAt(live.object, 'metadata', 'deletionTimestamp') === undefined;
}

async function removeHook(object: KubeObject, step: Step, context: StepContext, wait: boolean): Promise<void> {
  const live = await context.cluster.get(gvkOf(object), step.key, context.signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') return;
  context.gate();
  context.countWrite();
  const uid = typeof live.object.metadata.uid === 'string' ? { uid: live.object.metadata.uid } : {};
  await context.cluster.delete(gvkOf(object), step.key, { propagation: 'Background', signal: context.signal, ...uid });
  if (wait && !(await waitUntilGone(live.object, context, GONE_TIMEOUT_MS))) {
    throw new EngineError(
      'ApplyFailed',
      `hook ${describeKey(step.key)} of an earlier run is still being deleted (StuckDeletion)`,
      {
        remedy: 'look at its finalizers',
      },
    );
  }
}

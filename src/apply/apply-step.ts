import { EngineError, isEngineError } from '../core/errors.ts';
import { describeKey, type KubeObject } from '../core/object-key.ts';
import type { Step, StepOutcome, StepResult } from '../core/plan.ts';
import { takeOverFields } from './adopt.ts';
import { moveFieldVersions } from './move-field-versions.ts';
import { recreateObject } from './recreate.ts';
import type { StepContext } from './step-context.ts';
import { toEngineError } from './step-error.ts';

/**
 * Carries one step out. Never throws: what went wrong is in the outcome, and a wave-mate is not disturbed.
 */
export async function applyStep(step: Step, context: StepContext): Promise<StepOutcome> {
  const startedMs = context.clock.monotonic();
  const finish = (
    result: StepResult,
    extra: { readonly reason?: string; readonly error?: EngineError } = {},
  ): StepOutcome => ({
    key: step.key,
    result,
    durationMs: Math.round(context.clock.monotonic() - startedMs),
    ...extra,
  });
  if (step.action === 'unchanged') return finish('unchanged');
  if (context.signal.aborted) return finish('skipped', { reason: 'cancelled' });
  try {
    context.gate();
    return finish(await perform(step, context));
  } catch (thrown) {
    if (context.signal.aborted) return finish('skipped', { reason: 'cancelled' });
    return finish('failed', { error: toEngineError(thrown, step) });
  }
}

async function perform(step: Step, context: StepContext): Promise<StepResult> {
  const { cluster, signal } = context;
  if (step.action === 'delete') return deleteObject(step, context);
  const object = step.manifest?.object;
  if (object === undefined)
    throw new EngineError(
      'ApplyFailed',
      `${describeKey(step.key)} cannot be applied (NoManifest): the plan holds no manifest for it`,
    );
  if (step.action === 'recreate') return recreateObject(object, step, context);
  if (step.action === 'adopt') {
    context.countWrite();
    await takeOverFields(cluster, object, signal);
  }
  context.gate();
  context.countWrite();
  try {
    await applyOnce(object, step, context);
  } catch (thrown) {
    if (isEngineError(thrown, 'FieldImmutable') && step.replace === true) return recreateObject(object, step, context);
    // Refused for the sake of what was written at another version? Then the records are moved, and it is tried once more.
    if (!isEngineError(thrown, 'ClusterRejected') || step.action === 'create') throw thrown;
    context.gate();
    if (!(await moveFieldVersions(cluster, object, signal))) throw thrown;
    context.countWrite();
    await applyOnce(object, step, context);
  }
  return step.action === 'create' ? 'created' : 'configured';
}

/** How long a kind may take to be served after its definition was established; discovery follows the definition with a delay. */
const SERVED_TIMEOUT_MS = 20_000;
const SERVED_PAUSE_MS = 250;

async function applyOnce(object: KubeObject, step: Step, context: StepContext): Promise<KubeObject> {
  const endMs = context.clock.monotonic() + SERVED_TIMEOUT_MS;
  for (;;) {
    try {
      // An adopted object's fields were taken over above; what is left in other hands is theirs unless the rules say otherwise.
      return await context.cluster.apply(object, {
        force: step.force === true,
        signal: context.signal,
      });
    } catch (thrown) {
      const fresh = isEngineError(thrown, 'KindUnknown') && step.action === 'create';
      if (!fresh || context.clock.monotonic() >= endMs) throw thrown;
      await context.clock.sleep(SERVED_PAUSE_MS, context.signal);
      context.cluster.refresh();
    }
  }
}

async function deleteObject(step: Step, context: StepContext): Promise<StepResult> {
  context.countWrite();
  const kind = { group: step.key.group, version: '', kind: step.key.kind };
  // The uid names the very object that the plan saw; another one of that name is left alone.
  await context.cluster.delete(kind, step.key, {
    propagation: 'Background',
    signal: context.signal,
    ...(step.diff.uid === undefined ? {} : { uid: step.diff.uid }),
  });
  return 'deleted';
}

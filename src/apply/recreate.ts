import { EngineError } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import { describeKey, gvkOf, keyOf, type KubeObject } from '../core/object-key.ts';
import type { Step, StepResult } from '../core/plan.ts';
import type { StepContext } from './step-context.ts';
import { waitUntilGone } from './wait-until-gone.ts';

/** How long a deleted object may take to go before its replacement gives up; finalizers and graceful pods need their time. */
const GONE_TIMEOUT_MS = 120_000;
const NEVER_REPLACED = new Set(['Namespace', 'CustomResourceDefinition', 'PersistentVolume', 'PersistentVolumeClaim']);

/**
 * Replaces an object whose immutable fields changed: proves by a dry-run create that the new one would be accepted, deletes the very
 * object that was seen (uid and resourceVersion), waits until it is gone, applies the new one.
 *
 * @throws EngineError FieldImmutable for kinds whose deletion would take data with it; ClusterRejected when the new object is refused
 */
export async function recreateObject(object: KubeObject, step: Step, context: StepContext): Promise<StepResult> {
  const subject = describeKey(step.key);
  if (NEVER_REPLACED.has(object.kind)) {
    throw new EngineError(
      'FieldImmutable',
      `${subject} cannot be replaced (ProtectedKind): deleting a ${object.kind} would take data with it`,
      {
        remedy: 'undo the change, or delete and create the object by hand',
      },
    );
  }
  const { cluster, signal } = context;
  await cluster.create(underProbeName(object), { dryRun: true, signal });
  const live = await cluster.get(gvkOf(object), step.key, signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'present') {
    context.gate();
    context.countWrite();
    const uid = stringAt(live.object, 'metadata', 'uid');
    const resourceVersion = stringAt(live.object, 'metadata', 'resourceVersion');
    await cluster.delete(gvkOf(object), keyOf(live.object), {
      propagation: 'Foreground',
      signal,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    });
    if (!(await waitUntilGone(live.object, context, GONE_TIMEOUT_MS))) {
      throw new EngineError(
        'ApplyFailed',
        `${subject} cannot be replaced (StuckDeletion): it is still there ${GONE_TIMEOUT_MS / 1000} s after its deletion`,
        {
          remedy: 'look at its finalizers; the next sync goes on from here',
        },
      );
    }
  }
  context.gate();
  context.countWrite();
  await cluster.apply(object, { force: step.force === true, signal });
  return 'configured';
}

/** The object's own name is taken while it lives, so the probe asks for a free one; everything else is judged as it is. */
function underProbeName(object: KubeObject): KubeObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      name: `${object.metadata.name.slice(0, 40).replace(/[^a-z0-9]+$/, '')}-evenkeel-probe`,
    },
  };
}

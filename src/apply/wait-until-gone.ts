import { stringAt } from '../core/json.ts';
import { gvkOf, type KubeObject } from '../core/object-key.ts';
import type { StepContext } from './step-context.ts';

/** Reads until the object is gone, or the deadline passes. @returns whether it is gone */
export async function waitUntilGone(
  object: KubeObject,
  context: Pick<StepContext, 'cluster' | 'clock' | 'signal'>,
  timeoutMs: number,
): Promise<boolean> {
  const endMs = context.clock.monotonic() + timeoutMs;
  const uid = stringAt(object, 'metadata', 'uid');
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2000)) {
    const live = await context.cluster.get(
      gvkOf(object),
      { namespace: object.metadata.namespace ?? '', name: object.metadata.name },
      context.signal,
    );
    if (live.state === 'absent') return true;
    if (live.state === 'present' && uid !== undefined && stringAt(live.object, 'metadata', 'uid') !== uid) return true;
    if (context.clock.monotonic() >= endMs) return false;
    await context.clock.sleep(pauseMs, context.signal);
  }
}

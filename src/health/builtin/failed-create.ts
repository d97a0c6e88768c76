import type { Health } from '../../core/health.ts';
import { stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { refusedPods } from './refused-pods.ts';
import type { AssessContext } from './context.ts';

/** Workloads without a condition for it tell by an event that the API server refuses their pods. */
export function failedCreate(workload: KubeObject, own: Health, context: AssessContext): Health | undefined {
  const event = context.related.eventsOf(workload).findLast((entry) => stringAt(entry, 'reason') === 'FailedCreate');
  if (event === undefined) return undefined;
  const message = stringAt(event, 'message') ?? stringAt(event, 'note');
  return refusedPods({ message, since: stringAt(event, 'lastTimestamp') ?? stringAt(event, 'eventTime') }, own);
}

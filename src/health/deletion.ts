import type { Health } from '../core/health.ts';
import { listAt } from '../core/json.ts';
import { describeDuration, parseTime } from './times.ts';
import { amend, verdict } from './verdict.ts';

/** A deletion that takes longer is said to be stuck. */
const STUCK_MS = 5 * 60_000;

const FINALIZERS: Readonly<Record<string, string>> = {
  'kubernetes.io/pvc-protection': 'a pod still uses the claim',
  'kubernetes.io/pv-protection': 'a claim is still bound to the volume',
  foregroundDeletion: 'its dependents are deleted first',
  orphan: 'its dependents are being released',
  'service.kubernetes.io/load-balancer-cleanup': 'the load balancer is being removed',
  'batch.kubernetes.io/job-tracking': 'the Job controller has not counted it yet',
  'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection': 'a snapshot content is still bound to it',
  'customresourcecleanup.apiextensions.k8s.io': 'its objects are deleted first',
};

/**
 * An object on its way out is progressing, whatever its status says, with the finalizers that hold it named. When its own verdict is degraded
 * that one stays: a deletion that fails has to be seen.
 */
export function assessDeletion(object: unknown, deletedAt: string, own: Health, now: number): Health {
  const names = listAt(object, 'metadata', 'finalizers').filter((name): name is string => typeof name === 'string');
  const since = parseTime(deletedAt);
  const held = names
    .slice(0, 5)
    .map((name) => (Object.hasOwn(FINALIZERS, name) ? `${name} (${FINALIZERS[name] ?? ''})` : name));
  if (own.status === 'degraded')
    return amend(own, {
      message: `being deleted${names.length === 0 ? '' : `, held by ${held.join(', ')}`}: ${own.message}`,
      since: own.since ?? deletedAt,
    });
  if (names.length === 0)
    return verdict('progressing', 'Terminating', 'it is being deleted', {
      since: since === undefined ? undefined : deletedAt,
    });
  const age = since === undefined ? 0 : now - since;
  const stuck = age > STUCK_MS;
  const message = `it is being deleted${stuck ? ` since ${describeDuration(age)}` : ''}; ${names.length === 1 ? 'finalizer' : 'finalizers'} ${held.join(', ')} ${names.length === 1 ? 'holds' : 'hold'} it`;
  return verdict('progressing', stuck ? 'DeletionStuck' : 'Terminating', message, {
    cause: stuck ? 'environment' : undefined,
    since: since === undefined ? undefined : deletedAt,
    remedy: stuck
      ? 'the controller that owns the finalizer has to run and to finish; take the finalizer away by hand only when that controller is gone for good'
      : undefined,
  });
}

import type { Health } from '../../core/health.ts';
import type { Condition } from '../conditions.ts';
import { verdict } from '../verdict.ts';

/**
 * The API server refuses to create pods (ReplicaFailure, FailedCreate events): quota is the environment's, anything else (admission,
 * an invalid template, a missing ServiceAccount) is the release's.
 */
export function refusedPods(condition: Pick<Condition, 'message' | 'since'>, own: Health): Health {
  const message = condition.message ?? 'pods cannot be created';
  const quota = /exceeded quota|quota/i.test(message);
  const account = /serviceaccount "([^"]{1,253})" not found|error looking up service account \S+?\/(\S{1,253}):/.exec(
    message,
  );
  return verdict(
    'degraded',
    quota ? 'QuotaExceeded' : 'PodsRefused',
    `${own.message} — the API server refuses its pods: ${message}`,
    {
      cause: quota ? 'environment' : 'release',
      since: condition.since ?? own.since,
      remedy: quota
        ? 'raise the quota of the namespace, or free what others use of it'
        : account === null
          ? 'change the pod template so that it is admitted'
          : `create ServiceAccount ${account[1] ?? account[2] ?? ''}`,
    },
  );
}

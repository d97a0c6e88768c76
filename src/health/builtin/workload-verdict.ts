import type { Health } from '../../core/health.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { describePods, podsOf, summarizePods } from '../pods/summarize-pods.ts';
import { amend, verdict } from '../verdict.ts';
import type { AssessContext } from './context.ts';

/**
 * Adds to a workload's own verdict what its pods say. While it is not healthy, the worst pod gives the reason: a pod that the release broke
 * makes the workload degraded at once, without waiting for a deadline; one that the environment holds up keeps it progressing, with that cause.
 */
export function withPods(
  own: Health,
  workload: KubeObject,
  pods: readonly KubeObject[] | undefined,
  wanted: number,
  context: AssessContext,
): Health {
  const known = pods ?? podsOf(workload, context.related);
  if (known.length === 0 || own.status === 'suspended') return own;
  const summary = summarizePods(known, context.related, context.now);
  if (own.status === 'healthy') return amend(own, { warnings: [...(own.warnings ?? []), ...summary.warnings] });
  const { worst } = summary;
  if (worst === undefined || worst.reason === 'Terminating') return own;
  const told = describePods(summary, wanted);
  const message = `${own.message} — ${told ?? worst.message}`;
  const details = {
    cause: worst.cause ?? own.cause,
    blockedBy: worst.blockedBy ?? (summary.example === undefined ? undefined : [summary.example]),
    since: worst.since ?? own.since,
    deadline: own.deadline,
    remedy: worst.remedy ?? own.remedy,
    warnings: own.warnings,
  };
  const status =
    own.status === 'degraded' || (worst.status === 'degraded' && worst.cause === 'release')
      ? 'degraded'
      : 'progressing';
  // A deadline that passed stays the reason, unless a pod tells of a fault of its own.
  const reason = own.status === 'degraded' && worst.status !== 'degraded' ? own.reason : worst.reason;
  return verdict(status, reason, message, details);
}

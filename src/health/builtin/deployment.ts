import type { Health } from '../../core/health.ts';
import { at, listAt, numberAt, stringAt } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { conditionOf } from '../conditions.ts';
import { isFresh, isStale } from '../observed.ts';
import { podsOf } from '../pods/summarize-pods.ts';
import { formatTime, parseTime } from '../times.ts';
import { amend, verdict } from '../verdict.ts';
import { refusedPods } from './refused-pods.ts';
import type { AssessContext } from './context.ts';
import { withPods } from './workload-verdict.ts';

/**
 * Counts of the newest template against the wanted number, the controller's own deadline, and what the API server refused
 * (ReplicaFailure: quota, admission), with the diagnosis of the newest pods.
 */
export function assessDeployment(deployment: KubeObject, context: AssessContext): Health {
  if (isFresh(deployment))
    return verdict('progressing', 'NoStatus', 'the Deployment controller has not looked at it yet');
  if (isStale(deployment))
    return verdict('progressing', 'NotObserved', 'the Deployment controller has not seen the latest change yet');
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const own = byCounts(deployment, wanted);
  const refused = conditionOf(deployment, 'ReplicaFailure');
  if (refused?.status === 'True' && own.status !== 'healthy') return refusedPods(refused, own);
  if (own.status === 'suspended') return own;
  return withPods(
    own,
    deployment,
    own.status === 'healthy' ? undefined : newestPods(deployment, context),
    wanted,
    context,
  );
}

function byCounts(deployment: KubeObject, wanted: number): Health {
  const progress = conditionOf(deployment, 'Progressing');
  const count = (key: string): number => numberAt(deployment, 'status', key) ?? 0;
  const [total, updated, available] = [count('replicas'), count('updatedReplicas'), count('availableReplicas')];
  if (at(deployment, 'spec', 'paused') === true) {
    return verdict(
      'suspended',
      'Paused',
      `the Deployment is paused with ${updated} of ${wanted} pods of its latest template`,
      { since: progress?.since },
    );
  }
  if (progress?.status === 'False' && progress.reason === 'ProgressDeadlineExceeded') {
    const seconds = numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600;
    return verdict(
      'degraded',
      'ProgressDeadlineExceeded',
      `made no progress within ${seconds} s: ${updated} of ${wanted} pods updated, ${available} available`,
      {
        cause: 'release',
        since: progress.since,
        remedy: 'look at its newest pods',
      },
    );
  }
  const waiting = whatIsMissing(wanted, total, updated, available);
  if (waiting !== undefined)
    return verdict('progressing', waiting.reason, waiting.message, { ...deadlineOf(deployment, progress) });
  return verdict(
    'healthy',
    'Available',
    wanted === 0 ? 'it is scaled to zero' : `${available} of ${wanted} pods are available`,
    { since: conditionOf(deployment, 'Available')?.since },
  );
}

function whatIsMissing(
  wanted: number,
  total: number,
  updated: number,
  available: number,
): { readonly reason: string; readonly message: string } | undefined {
  if (updated < wanted) return { reason: 'Updating', message: `${updated} of ${wanted} pods have the latest template` };
  if (total > updated)
    return {
      reason: 'OldPodsRemaining',
      message: `${total - updated} old ${total - updated === 1 ? 'pod is' : 'pods are'} still there`,
    };
  if (available < updated)
    return { reason: 'NotAvailable', message: `${available} of ${updated} updated pods are available` };
  return undefined;
}

/** The controller's deadline: the last progress that it noted plus progressDeadlineSeconds (the largest number means none). */
function deadlineOf(
  deployment: KubeObject,
  progress: { readonly since: string | undefined } | undefined,
): { readonly since?: string | undefined; readonly deadline?: string | undefined } {
  const seconds = numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600;
  const noted = listAt(deployment, 'status', 'conditions').find((entry) => stringAt(entry, 'type') === 'Progressing');
  const last = parseTime(stringAt(noted, 'lastUpdateTime')) ?? parseTime(progress?.since);
  if (last === undefined || seconds >= 2_147_483_647) return { since: progress?.since };
  return { since: progress?.since, deadline: formatTime(last + seconds * 1000) };
}

const REVISION = 'deployment.kubernetes.io/revision';

/** Pods of the newest ReplicaSet; all pods when ReplicaSets are not known. Undefined lets the caller look for itself. */
function newestPods(deployment: KubeObject, context: AssessContext): readonly KubeObject[] | undefined {
  const sets = context.related.childrenOf(deployment).filter((child) => child.kind === 'ReplicaSet');
  const revision = stringAt(deployment, 'metadata', 'annotations', REVISION);
  const newest = sets.find(
    (set) => revision !== undefined && stringAt(set, 'metadata', 'annotations', REVISION) === revision,
  );
  if (newest === undefined) return undefined;
  const pods = podsOf(newest, context.related);
  return pods.length > 0 ? pods : undefined;
}

export function assessReplicaSet(set: KubeObject, context: AssessContext): Health {
  const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
  if (isFresh(set)) return verdict('progressing', 'NoStatus', 'its controller has not looked at it yet');
  if (isStale(set)) return verdict('progressing', 'NotObserved', 'its controller has not seen the latest change yet');
  const available = numberAt(set, 'status', 'availableReplicas') ?? 0;
  const total = numberAt(set, 'status', 'replicas') ?? 0;
  const done = available >= wanted && total <= wanted;
  const own = done
    ? verdict(
        'healthy',
        'Available',
        wanted === 0 ? 'it is scaled to zero' : `${available} of ${wanted} pods are available`,
      )
    : verdict(
        'progressing',
        available < wanted ? 'NotAvailable' : 'ScalingDown',
        available < wanted
          ? `${available} of ${wanted} pods are available`
          : `${total} pods are left of which ${wanted} are wanted`,
      );
  const refused = conditionOf(set, 'ReplicaFailure');
  if (refused?.status === 'True' && !done) return refusedPods(refused, own);
  return amend(withPods(own, set, undefined, wanted, context), {});
}

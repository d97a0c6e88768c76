import type { Health } from '../../core/health.ts';
import { stringAt } from '../../core/json.ts';
import { conditionOf } from '../conditions.ts';
import { asReason, verdict } from '../verdict.ts';
import { containersOf, describeTermination } from './container-state.ts';
import { whichContainer } from './diagnose-container.ts';

/** Reasons of a failed pod that the cluster gave, not the containers: the release did nothing wrong. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  Evicted: 'the node ran short of something and evicted the pod',
  Preempting: 'a pod of higher priority took its place',
  Preempted: 'a pod of higher priority took its place',
  NodeLost: 'its node is gone',
  NodeShutdown: 'its node was shut down',
  Shutdown: 'its node was shut down',
  Terminated: 'its node was shut down',
  NodeAffinity: 'its node no longer fits its node affinity',
  UnexpectedAdmissionError: 'the kubelet could not give it what it asked for (a device, for example)',
  TopologyAffinityError: 'the node cannot place its devices and CPUs together (NUMA)',
  SMTAlignmentError: 'the node cannot give it whole cores',
  UnexpectedPodSandboxError: 'the node could not make its sandbox',
  ContainerStatusUnknown: 'the node lost track of its containers',
};

const DISRUPTIONS: Readonly<Record<string, string>> = {
  PreemptionByScheduler: 'a pod of higher priority took its place',
  DeletionByTaintManager: 'its node got a taint that it does not tolerate',
  EvictionByEvictionAPI: 'it was evicted (a drain, for example)',
  DeletionByPodGC: 'its node is gone',
  TerminationByKubelet: 'the kubelet ended it (node pressure or shutdown)',
};

/** A pod of phase Failed: by whom it was ended, or which container failed and how. */
export function diagnoseFailedPod(pod: unknown): Health {
  const reason = stringAt(pod, 'status', 'reason') ?? '';
  const message = stringAt(pod, 'status', 'message') ?? '';
  const disruption = conditionOf(pod, 'DisruptionTarget');
  if (disruption?.status === 'True') {
    const given = disruption.reason ?? '';
    const why = (Object.hasOwn(DISRUPTIONS, given) ? DISRUPTIONS[given] : disruption.message) ?? 'it was disrupted';
    return environment(asReason(disruption.reason, 'Disrupted'), why, message, disruption.since);
  }
  if (/^OutOf\S/.test(reason)) {
    return environment(
      asReason(reason, 'OutOfResource'),
      `its node had no ${reason.slice('OutOf'.length)} left when it came`,
      message,
      undefined,
    );
  }
  const known = Object.hasOwn(ENVIRONMENT, reason) ? ENVIRONMENT[reason] : undefined;
  if (known !== undefined) return environment(reason, known, message, undefined);
  if (reason === 'DeadlineExceeded') {
    return verdict('degraded', reason, `the pod ran longer than its activeDeadlineSeconds${tail(message)}`, {
      cause: 'release',
    });
  }
  return (
    failedContainer(pod) ??
    verdict('degraded', asReason(reason, 'PodFailed'), message === '' ? 'the pod failed' : message, {
      cause: 'release',
    })
  );
}

function environment(reason: string, why: string, message: string, since: string | undefined): Health {
  return verdict('degraded', reason, `${why}${tail(message)}`, {
    cause: 'environment',
    since,
    remedy: 'its owner makes a new pod; nothing of the release has to change',
  });
}

function failedContainer(pod: unknown): Health | undefined {
  const failed = containersOf(pod).find(
    ({ terminated, role }) =>
      role !== 'ephemeral' &&
      terminated !== undefined &&
      (terminated.exitCode !== 0 || terminated.reason === 'OOMKilled'),
  );
  const end = failed?.terminated;
  if (failed === undefined || end === undefined) return undefined;
  const oom = end.reason === 'OOMKilled';
  return verdict(
    'degraded',
    oom ? 'OOMKilled' : 'ContainerFailed',
    `${whichContainer(failed)} ended with ${describeTermination(end)}${tail(end.message)}`,
    {
      cause: oom && !failed.hasMemoryLimit ? 'environment' : 'release',
      since: end.finishedAt,
      remedy: oom ? 'raise its memory limit, or make it use less' : `read the logs of ${whichContainer(failed)}`,
    },
  );
}

function tail(message: string): string {
  return message.trim() === '' ? '' : `: ${message}`;
}

import type { Health } from '../../core/health.ts';
import { listAt, own, stringAt } from '../../core/json.ts';
import { isKubeObject } from '../../core/object-key.ts';
import { conditionOf } from '../conditions.ts';
import type { Related } from '../related.ts';
import { describeDuration, formatTime, parseTime } from '../times.ts';
import { asReason, oneLine, verdict } from '../verdict.ts';
import { type ContainerState, containersOf, describeTermination } from './container-state.ts';
import { diagnoseContainer, missingObject, whichContainer } from './diagnose-container.ts';
import { diagnoseFailedPod } from './failed-pod.ts';
import { diagnosePending } from './pending-pod.ts';

/** After the grace period the kubelet has this long to confirm. */
const TERMINATION_SLACK_MS = 60_000;
/** A sandbox or a volume that takes longer than this is a fault. */
const CREATING_LIMIT_MS = 10 * 60_000;

/**
 * The verdict on a pod for its own sake: one that is to end (restartPolicy Never or OnFailure) has not done its work while it runs.
 */
export function assessPod(pod: unknown, related: Related, now: number): Health {
  const health = diagnosePod(pod, related, now);
  const policy = stringAt(pod, 'spec', 'restartPolicy');
  if (health.reason !== 'Ready' || (policy !== 'Never' && policy !== 'OnFailure')) return health;
  return verdict(
    'progressing',
    'Running',
    `the pod runs; with restartPolicy ${policy} it is done when its containers end`,
    {
      warnings: health.warnings,
    },
  );
}

/** The verdict on one pod, down to the container that is at fault. */
export function diagnosePod(pod: unknown, related: Related, now: number): Health {
  if (stringAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return terminating(pod, now);
  const phase = stringAt(pod, 'status', 'phase');
  if (phase === undefined) {
    return verdict('progressing', 'NoStatus', 'no kubelet has reported on the pod yet', {
      since: stringAt(pod, 'metadata', 'creationTimestamp'),
    });
  }
  if (phase === 'Failed') return diagnoseFailedPod(pod);
  if (phase === 'Succeeded') return verdict('healthy', 'Completed', 'all containers ended with exit code 0');
  const lost = lostNode(pod);
  if (lost !== undefined) return lost;
  const pending = diagnosePending(pod);
  if (pending !== undefined) return pending;
  const containers = containersOf(pod);
  const fault = worstContainer(pod, containers, now);
  if (fault !== undefined) return fault;
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status === 'True') return running(containers, now);
  return starting(pod, containers, related, now) ?? notReady(pod, containers, related);
}

function worstContainer(pod: unknown, containers: readonly ContainerState[], now: number): Health | undefined {
  const context = {
    namespace: stringAt(pod, 'metadata', 'namespace') ?? '',
    restartPolicy: stringAt(pod, 'spec', 'restartPolicy') ?? 'Always',
    now,
  };
  let worst: Health | undefined;
  for (const container of containers) {
    if (container.role === 'ephemeral') continue;
    const found = diagnoseContainer(container, context);
    if (found !== undefined && (worst === undefined || (worst.status !== 'degraded' && found.status === 'degraded')))
      worst = found;
  }
  return worst;
}

function terminating(pod: unknown, now: number): Health {
  const due = parseTime(stringAt(pod, 'metadata', 'deletionTimestamp'));
  const finalizers = listAt(pod, 'metadata', 'finalizers').filter((name) => typeof name === 'string');
  const held = finalizers.length === 0 ? '' : `; held by ${finalizers.slice(0, 5).join(', ')}`;
  if (due === undefined || now < due + TERMINATION_SLACK_MS) {
    return verdict('progressing', 'Terminating', `the pod is being stopped${held}`, {
      deadline: due === undefined ? undefined : formatTime(due),
    });
  }
  const node = stringAt(pod, 'spec', 'nodeName');
  const message = `the pod should be gone since ${describeDuration(now - due)}${held}; what it holds (devices, volumes, its name) stays taken`;
  return verdict('progressing', 'StuckTerminating', message, {
    cause: 'environment',
    since: stringAt(pod, 'metadata', 'deletionTimestamp'),
    remedy:
      finalizers.length > 0
        ? 'find out why the owner of the finalizer does not finish'
        : node === undefined
          ? 'delete the pod with force'
          : `check whether node ${node} is alive; delete the pod with force if it is gone`,
  });
}

function lostNode(pod: unknown): Health | undefined {
  const ready = conditionOf(pod, 'Ready');
  const gone =
    stringAt(pod, 'status', 'reason') === 'NodeLost' ||
    ready?.reason === 'NodeStatusUnknown' ||
    stringAt(pod, 'status', 'phase') === 'Unknown';
  const unready = ready?.status === 'False' && ready.reason === 'NodeNotReady';
  if (!gone && !unready) return undefined;
  const node = stringAt(pod, 'spec', 'nodeName') ?? 'its node';
  return verdict(
    'degraded',
    gone ? 'NodeLost' : 'NodeNotReady',
    `node ${node} does not report; nobody knows whether the pod runs`,
    {
      cause: 'environment',
      since: ready?.since,
      blockedBy: node === 'its node' ? undefined : [{ group: '', kind: 'Node', namespace: '', name: node }],
      remedy: `check node ${node}`,
    },
  );
}

function running(containers: readonly ContainerState[], now: number): Health {
  const warnings: string[] = [];
  for (const container of containers) {
    if (container.unhealthyDevices.length > 0)
      warnings.push(`${whichContainer(container)}: ${container.unhealthyDevices.join(', ')} reported unhealthy`);
    if (container.last === undefined || container.restarts === 0) continue;
    const ended = parseTime(container.last.finishedAt);
    if (ended !== undefined && now - ended > 3_600_000) continue;
    warnings.push(
      `${whichContainer(container)} was restarted ${container.restarts} times, last after ${describeTermination(container.last)}`,
    );
  }
  return verdict('healthy', 'Ready', 'the pod is ready', { warnings });
}

const VOLUME_EVENTS = new Set(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']);
const SANDBOX_EVENTS = new Set([
  'FailedCreatePodSandBox',
  'FailedCreatePodContainer',
  'NetworkNotReady',
  'FailedPrepareDynamicResources',
]);

/** Containers that are still being created: volumes, the sandbox, the network, devices. */
function starting(
  pod: unknown,
  containers: readonly ContainerState[],
  related: Related,
  now: number,
): Health | undefined {
  const creating = containers.filter((container) => container.waiting !== undefined);
  const sandbox = conditionOf(pod, 'PodReadyToStartContainers');
  if (creating.length === 0 && sandbox?.status !== 'False' && containers.length > 0) return undefined;
  const initialising = containers.find(
    (container) =>
      (container.role === 'init' && container.running) ||
      (container.role === 'sidecar' && container.running && container.started === false),
  );
  if (initialising !== undefined) {
    return verdict('progressing', 'Initializing', `${whichContainer(initialising)} is still running`, {
      since: initialising.runningSince,
    });
  }
  const since =
    conditionOf(pod, 'PodScheduled')?.since ??
    stringAt(pod, 'status', 'startTime') ??
    stringAt(pod, 'metadata', 'creationTimestamp');
  const began = parseTime(since);
  const event = latestEvent(pod, related, (reason) => VOLUME_EVENTS.has(reason) || SANDBOX_EVENTS.has(reason));
  const late = began !== undefined && now - began > CREATING_LIMIT_MS;
  if (event !== undefined) {
    const missing = missingObject(event.message, stringAt(pod, 'metadata', 'namespace') ?? '');
    const volume = VOLUME_EVENTS.has(event.reason);
    return verdict(
      missing !== undefined || late ? 'degraded' : 'progressing',
      event.reason,
      `${volume ? 'a volume' : 'the sandbox'} of the pod cannot be set up: ${oneLine(event.message, 400)}`,
      {
        cause: missing === undefined ? 'environment' : 'release',
        since,
        blockedBy: missing === undefined ? undefined : [missing],
        remedy:
          missing === undefined
            ? volume
              ? 'check the volume, its claim and the CSI driver on the node'
              : 'check the network plugin and the runtime on the node'
            : `create ${missing.kind} ${missing.name}`,
      },
    );
  }
  const what = sandbox?.status === 'False' ? 'sandbox and network' : 'volumes and containers';
  const text = `${what} of the pod are being set up${began === undefined ? '' : ` since ${describeDuration(now - began)}`}`;
  if (late) {
    return verdict('progressing', 'ContainerCreating', text, {
      cause: 'environment',
      since,
      remedy: 'look at the events of the pod: a volume, the network or a device is missing',
    });
  }
  return verdict('progressing', 'ContainerCreating', text, {
    since,
    deadline: began === undefined ? undefined : formatTime(began + CREATING_LIMIT_MS),
  });
}

function notReady(pod: unknown, containers: readonly ContainerState[], related: Related): Health {
  const ready = conditionOf(pod, 'Ready');
  const since = ready?.since;
  const unstarted = containers.find(
    (container) => container.running && container.started === false && container.probes.startup,
  );
  const unready = containers.find(
    (container) => container.role !== 'ephemeral' && container.role !== 'init' && container.running && !container.ready,
  );
  const probe = latestEvent(pod, related, (reason) => reason === 'Unhealthy');
  const told = probe === undefined ? '' : `: ${oneLine(probe.message, 300)}`;
  if (unstarted !== undefined) {
    return verdict(
      'progressing',
      'StartupProbe',
      `${whichContainer(unstarted)} has not passed its startup probe${told}`,
      { since, cause: 'release' },
    );
  }
  if (unready !== undefined) {
    const why = unready.probes.readiness ? 'has not passed its readiness probe' : 'is not ready';
    return verdict(
      'progressing',
      unready.probes.readiness ? 'ReadinessProbe' : 'ContainersNotReady',
      `${whichContainer(unready)} ${why}${restarted(unready)}${told}`,
      { since, cause: 'release' },
    );
  }
  const gates = listAt(pod, 'spec', 'readinessGates').flatMap((gate) => {
    const type = stringAt(gate, 'conditionType');
    return type !== undefined && conditionOf(pod, type)?.status !== 'True' ? [type] : [];
  });
  if (gates.length > 0) {
    return verdict(
      'progressing',
      'ReadinessGates',
      `its containers are ready, but ${gates.slice(0, 5).join(', ')} ${gates.length === 1 ? 'is' : 'are'} not`,
      {
        since,
        cause: 'environment',
        remedy: 'the readiness gate is set by a controller (of a load balancer, for example): check that one',
      },
    );
  }
  return verdict('progressing', asReason(ready?.reason, 'NotReady'), ready?.message ?? 'the pod is not ready yet', {
    since,
  });
}

/** A container that came back from a crash and is not ready may be on its way into the next one. */
function restarted(container: ContainerState): string {
  if (container.last === undefined || container.restarts === 0) return '';
  const times = container.restarts === 1 ? 'once' : `${container.restarts} times`;
  return ` (restarted ${times}, last after ${describeTermination(container.last)})`;
}

function latestEvent(
  pod: unknown,
  related: Related,
  wanted: (reason: string) => boolean,
): { readonly reason: string; readonly message: string } | undefined {
  if (!isKubeObject(pod)) return undefined;
  const uid = stringAt(pod, 'metadata', 'uid');
  const events = related.eventsOf(pod).filter((event) => {
    const about = stringAt(own(event, 'involvedObject') ?? own(event, 'regarding'), 'uid');
    return wanted(stringAt(event, 'reason') ?? '') && (uid === undefined || about === undefined || about === uid);
  });
  const event = events.at(-1);
  if (event === undefined) return undefined;
  return {
    reason: stringAt(event, 'reason') ?? '',
    message: stringAt(event, 'message') ?? stringAt(event, 'note') ?? '',
  };
}

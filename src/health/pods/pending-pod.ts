import type { Health, HealthCause } from '../../core/health.ts';
import { listAt, stringAt } from '../../core/json.ts';
import type { ObjectKey } from '../../core/object-key.ts';
import { conditionOf } from '../conditions.ts';
import { asReason, verdict } from '../verdict.ts';
import { describeSchedulerMessage, parseSchedulerMessage, type SchedulerMessage } from './scheduler-message.ts';

/** A pod that has no node yet: gated, waiting for the scheduler, or refused by it (with its message taken apart). */
export function diagnosePending(pod: unknown): Health | undefined {
  if (stringAt(pod, 'spec', 'nodeName') !== undefined) return undefined;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled === undefined || scheduled.status === 'True') {
    if (listAt(pod, 'status', 'containerStatuses').length > 0 || stringAt(pod, 'status', 'phase') !== 'Pending')
      return undefined;
    return scheduled === undefined
      ? verdict('progressing', 'Pending', 'the pod waits for the scheduler', {
          since: stringAt(pod, 'metadata', 'creationTimestamp'),
        })
      : undefined;
  }
  const { since } = scheduled;
  if (scheduled.reason === 'SchedulingGated') return gated(pod, since);
  const message = scheduled.message ?? '';
  if (scheduled.reason === 'SchedulerError') {
    return verdict('progressing', 'SchedulerError', `the scheduler failed: ${message}`, {
      cause: 'environment',
      since,
      remedy: 'look at the scheduler',
    });
  }
  const parsed = parseSchedulerMessage(message);
  const claim = /persistentvolumeclaim "([^"]{1,253})" (not found|is being deleted)/.exec(message);
  if (claim !== null) {
    const key: ObjectKey = {
      group: '',
      kind: 'PersistentVolumeClaim',
      namespace: stringAt(pod, 'metadata', 'namespace') ?? '',
      name: claim[1] ?? '',
    };
    return verdict('progressing', 'ClaimNotFound', `PersistentVolumeClaim ${key.name} ${claim[2] ?? 'not found'}`, {
      cause: 'release',
      since,
      blockedBy: [key],
      remedy: `create PersistentVolumeClaim ${key.name}`,
    });
  }
  if (parsed === undefined) {
    return verdict(
      'progressing',
      asReason(scheduled.reason, 'Unschedulable'),
      message === '' ? 'the pod cannot be scheduled' : message,
      { cause: 'environment', since },
    );
  }
  return verdict('progressing', 'Unschedulable', describeSchedulerMessage(parsed), {
    cause: causeOf(parsed),
    since,
    remedy: remedyOf(parsed),
  });
}

function gated(pod: unknown, since: string | undefined): Health {
  const gates = listAt(pod, 'spec', 'schedulingGates').flatMap((gate) => stringAt(gate, 'name') ?? []);
  const names = gates.length === 0 ? 'a scheduling gate' : gates.slice(0, 5).join(', ');
  return verdict('progressing', 'SchedulingGated', `the pod is held back by ${names}`, {
    cause: 'environment',
    since,
    remedy: 'the owner of the gate (a queue for quota, for example) lifts it when there is room',
  });
}

/** Nodes that are merely too full or away are the cluster's; a selector that no node fits at all is the release's. */
function causeOf(parsed: SchedulerMessage): HealthCause {
  const kinds = new Set(parsed.reasons.map((reason) => reason.kind));
  const own = parsed.reasons.length > 0 && [...kinds].every((kind) => kind === 'selector' || kind === 'affinity');
  return own && parsed.nodes > 0 ? 'release' : 'environment';
}

function remedyOf(parsed: SchedulerMessage): string {
  const resource = parsed.reasons.find((reason) => reason.kind === 'resource');
  if (resource !== undefined) return `free ${resource.name ?? 'capacity'} or add nodes that have it`;
  if (causeOf(parsed) === 'release')
    return 'check the node selector and the affinity of the pod against the labels of the nodes';
  const kinds = new Set(parsed.reasons.map((reason) => reason.kind));
  if (kinds.has('volume')) return 'check the claims of the pod: a volume is not bound, or is in another zone';
  if (kinds.has('taint')) return 'give the pod a toleration, or add nodes without the taint';
  return 'add nodes that fit the pod';
}

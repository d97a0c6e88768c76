import { own, type JsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { isDeleting, items, metaOf, nameOf, textOf, uidOf, type Stored } from '../object.ts';
import { setStatus } from './access.ts';
import type { ControllerContext } from './controller.ts';
import type { OwnedIndex } from './owned-index.ts';
import { numberIn, resolveShare, specOf } from './pod-state.ts';
import { positive } from './replica-sets.ts';

const NO_DEADLINE = 2 ** 31 - 1;

interface Sets {
  readonly current: Stored | undefined;
  readonly old: readonly Stored[];
}

type Condition = JsonObject;

function conditionIn(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((entry) => entry['type'] === type);
}

/** Replaces a condition; the transition time moves with its status, the update time with any change. */
function put(conditions: readonly Condition[], condition: Condition, time: string): Condition[] {
  const before = conditionIn(conditions, textOf(condition, 'type'));
  // Another message alone (it may name a pod that changes every time) is no news.
  if (before !== undefined && before['status'] === condition['status'] && before['reason'] === condition['reason'])
    return [...conditions];
  const sameStatus = before?.['status'] === condition['status'];
  const next: Condition = {
    ...condition,
    lastUpdateTime: time,
    lastTransitionTime: sameStatus ? (before?.['lastTransitionTime'] ?? time) : time,
  };
  return [...conditions.filter((entry) => entry !== before), next];
}

/** Writes the status of a Deployment; asks to be called again when its deadline could pass or a pod becomes available by time. */
export function reportDeployment(
  deployment: Stored,
  sets: Sets,
  pods: OwnedIndex,
  { state, clock }: ControllerContext,
): number | undefined {
  const spec = specOf(deployment);
  const all = [...(sets.current === undefined ? [] : [sets.current]), ...sets.old];
  const sum = (field: string): number => all.reduce((total, set) => total + numberIn(own(set, 'status'), field), 0);
  const wanted = numberIn(spec, 'replicas', 1);
  const total = sum('replicas');
  const available = sum('availableReplicas');
  const ready = sum('readyReplicas');
  const updated = sets.current === undefined ? 0 : numberIn(own(sets.current, 'status'), 'replicas');
  const wantedTotal = all.reduce((count, set) => count + numberIn(specOf(set), 'replicas', 1), 0);
  const terminating = all.reduce((count, set) => count + pods.of(uidOf(set)).filter(isDeleting).length, 0);
  const time = formatTime(clock.now());
  let conditions: Condition[] = items(own(deployment, 'status'), 'conditions') as Condition[];
  conditions = progress(deployment, sets, { updated, total, available }, conditions, time, clock.now());
  const rolling = own(own(spec, 'strategy'), 'rollingUpdate');
  const unavailable =
    textOf(own(spec, 'strategy'), 'type') === 'RollingUpdate' ? Math.min(wanted, shareOf(rolling, wanted)) : 0;
  conditions = put(
    conditions,
    available >= wanted - unavailable
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    time,
  );
  conditions = failure(all, conditions, time);
  const status: JsonObject = {
    observedGeneration: own(metaOf(deployment), 'generation') ?? 0,
    ...positive({
      replicas: total,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: available,
      unavailableReplicas: Math.max(0, wantedTotal - available),
    }),
    terminatingReplicas: terminating,
    conditions,
  };
  setStatus(state, 'apps', 'deployments', deployment, status);
  return nextLook(deployment, conditions, { updated, total, available, wanted }, clock.now());
}

function shareOf(rolling: unknown, wanted: number): number {
  const surge = resolveShare(own(rolling, 'maxSurge'), wanted, 'up');
  const unavailable = resolveShare(own(rolling, 'maxUnavailable'), wanted, 'down');
  return surge === 0 && unavailable === 0 ? 1 : unavailable;
}

interface Numbers {
  readonly updated: number;
  readonly total: number;
  readonly available: number;
}

function isComplete(deployment: Stored, numbers: Numbers): boolean {
  const wanted = numberIn(specOf(deployment), 'replicas', 1);
  return numbers.updated === wanted && numbers.total === wanted && numbers.available === wanted;
}

function progress(
  deployment: Stored,
  { current }: Sets,
  numbers: Numbers,
  conditions: readonly Condition[],
  time: string,
  nowMs: number,
): Condition[] {
  const deadline = numberIn(specOf(deployment), 'progressDeadlineSeconds', NO_DEADLINE);
  const without = conditions.filter((entry) => entry['type'] !== 'Progressing');
  if (deadline >= NO_DEADLINE) return without;
  const before = conditionIn(conditions, 'Progressing');
  const paused = own(specOf(deployment), 'paused') === true;
  const set = (status: string, reason: string, message: string): Condition[] =>
    put(conditions, { type: 'Progressing', status, reason, message }, time);
  if (paused)
    return before?.['reason'] === 'DeploymentPaused'
      ? [...conditions]
      : set('Unknown', 'DeploymentPaused', 'Deployment is paused');
  const name = current === undefined ? '' : nameOf(current);
  if (isComplete(deployment, numbers))
    return set('True', 'NewReplicaSetAvailable', `ReplicaSet ${JSON.stringify(name)} has successfully progressed.`);
  const status = own(deployment, 'status');
  const advanced =
    numbers.updated > numberIn(status, 'updatedReplicas') ||
    numbers.total - numbers.updated < numberIn(status, 'replicas') - numberIn(status, 'updatedReplicas') ||
    numbers.available > numberIn(status, 'availableReplicas');
  const completed = before?.['reason'] === 'NewReplicaSetAvailable';
  const observed = numberIn(status, 'observedGeneration') === own(metaOf(deployment), 'generation');
  if (before === undefined || (completed && !observed))
    return set(
      'True',
      before === undefined ? 'NewReplicaSetCreated' : 'ReplicaSetUpdated',
      before === undefined
        ? `Created new replica set ${JSON.stringify(name)}`
        : `ReplicaSet ${JSON.stringify(name)} is progressing.`,
    );
  if (advanced || (before['reason'] === 'DeploymentPaused' && !paused)) {
    const next = set('True', 'ReplicaSetUpdated', `ReplicaSet ${JSON.stringify(name)} is progressing.`);
    // Progress is a new start of the deadline even when the words stay the same.
    return next.map((entry) => (entry['type'] === 'Progressing' ? { ...entry, lastUpdateTime: time } : entry));
  }
  const since = Date.parse(textOf(before, 'lastUpdateTime'));
  if (!completed && before['status'] === 'True' && nowMs - since > deadline * 1000)
    return set('False', 'ProgressDeadlineExceeded', `ReplicaSet ${JSON.stringify(name)} has timed out progressing.`);
  return [...conditions];
}

function failure(sets: readonly Stored[], conditions: readonly Condition[], time: string): Condition[] {
  for (const set of sets) {
    const found = items(own(set, 'status'), 'conditions').find((entry) => entry['type'] === 'ReplicaFailure');
    if (found !== undefined)
      return put(
        conditions,
        { type: 'ReplicaFailure', status: 'True', reason: textOf(found, 'reason'), message: textOf(found, 'message') },
        time,
      );
  }
  return conditions.filter((entry) => entry['type'] !== 'ReplicaFailure');
}

function nextLook(
  deployment: Stored,
  conditions: readonly Condition[],
  numbers: Numbers & { readonly wanted: number },
  nowMs: number,
): number | undefined {
  const before = conditionIn(conditions, 'Progressing');
  if (before === undefined || before['status'] !== 'True' || before['reason'] === 'NewReplicaSetAvailable')
    return undefined;
  if (isComplete(deployment, numbers)) return undefined;
  const deadline = numberIn(specOf(deployment), 'progressDeadlineSeconds', NO_DEADLINE);
  const since = Date.parse(textOf(before, 'lastUpdateTime'));
  return Math.max(50, since + deadline * 1000 + 1000 - nowMs);
}

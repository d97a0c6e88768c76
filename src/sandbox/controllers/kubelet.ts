import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { annotationOf, child, isDeleting, items, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { finalizersOf } from '../registry/persist.ts';
import { change, read, remove, setStatus, withCondition } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import { conditionOf, controllerOf, phaseOf } from './pod-state.ts';

const FAILS = 'test.evenkeel.dev/fails';
const READY_AFTER = 'test.evenkeel.dev/ready-after';
const JOB_DURATION_MS = 1000;
const MANAGER = 'kubelet';

/**
 * Plays the nodes' side of pods: some time after a pod has its node it is ready (or fails as its annotation says), pods of Jobs
 * complete, pods that are deleted go.
 */
export function kubelet(readyAfterMs: number): Controller {
  const seen = new Map<string, number>();
  let nextAddress = 1;
  return {
    name: 'kubelet',
    keysOf: (event) => {
      if (event.resource !== '/pods') return [];
      if (event.type === 'DELETED') {
        seen.delete(`${uidOf(event.object)} scheduled`);
        seen.delete(`${uidOf(event.object)} running`);
        return [];
      }
      return textOf(own(event.object, 'spec'), 'nodeName') === '' && !isDeleting(event.object)
        ? []
        : [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const pod = read(context.state, '', 'pods', namespace, name);
      if (pod === undefined) return undefined;
      if (isDeleting(pod)) {
        if (finalizersOf(pod).length === 0)
          remove(context.state, '', 'pods', pod, { gracePeriodSeconds: 0, propagation: undefined });
        return undefined;
      }
      const phase = phaseOf(pod);
      const fails = annotationOf(pod, FAILS);
      const waited = (what: string, delayMs: number): number => {
        const id = `${uidOf(pod)} ${what}`;
        const now = context.clock.now();
        const start = seen.get(id) ?? now;
        seen.set(id, start);
        return start + delayMs - now;
      };
      if (phase === 'Pending' && items(own(pod, 'status'), 'containerStatuses').length === 0) {
        const left = waited('scheduled', readyDelay(pod, fails, readyAfterMs));
        if (left > 0) return left;
        const host = nextAddress++ % 65_000;
        start(pod, fails, `10.244.${host >> 8}.${host & 255}`, context);
        return 0;
      }
      if (phase === 'Running' && fails === undefined && textOf(controllerOf(pod), 'kind') === 'Job') {
        const left = waited('running', JOB_DURATION_MS);
        if (left > 0) return left;
        complete(pod, context);
      }
      return undefined;
    },
  };
}

function readyDelay(pod: Stored, fails: string | undefined, readyAfterMs: number): number {
  const text = fails === undefined ? annotationOf(pod, READY_AFTER) : undefined;
  const match = text === undefined ? null : /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  if (match === null) return readyAfterMs;
  return Number(match[1]) * ({ ms: 1, s: 1000, m: 60_000 }[match[2] ?? 'ms'] ?? 1);
}

function start(pod: Stored, fails: string | undefined, ip: string, context: ControllerContext): void {
  const time = formatTime(context.clock.now());
  const isReady = fails === undefined;
  let conditions = own(own(pod, 'status'), 'conditions');
  const set = (type: string, ready: boolean, bad?: string): void => {
    conditions = withCondition(
      conditions,
      { type, status: ready ? 'True' : 'False', ...(ready || bad === undefined ? {} : { reason: bad }) },
      time,
    );
  };
  set('PodReadyToStartContainers', true);
  set('Initialized', true);
  set('ContainersReady', isReady, 'ContainersNotReady');
  set('Ready', isReady, 'ContainersNotReady');
  const spec = own(pod, 'spec');
  const statuses = items(spec, 'containers').map((container) => containerStatus(container, fails, time));
  const inits = items(spec, 'initContainers').map((container) => initStatus(container, time));
  const status: JsonObject = {
    ...(own(pod, 'status') as JsonObject),
    phase: fails === 'ImagePullBackOff' ? 'Pending' : 'Running',
    conditions,
    startTime: time,
    containerStatuses: statuses,
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
    podIP: ip,
    podIPs: [{ ip }],
  };
  setStatus(context.state, '', 'pods', pod, status, MANAGER);
  if (fails === 'ImagePullBackOff') recordEvent(context, pod, MANAGER, 'Warning', 'Failed', 'Error: ImagePullBackOff');
  else if (fails === 'CrashLoopBackOff' || fails === 'OOMKilled')
    recordEvent(
      context,
      pod,
      MANAGER,
      'Warning',
      'BackOff',
      `Back-off restarting failed container in pod ${nameOf(pod)}`,
    );
  else if (fails === 'NotReady') recordEvent(context, pod, MANAGER, 'Warning', 'Unhealthy', 'Readiness probe failed');
}

function initStatus(container: JsonObject, time: string): MutableJsonObject {
  const sidecar = textOf(container, 'restartPolicy') === 'Always';
  return {
    name: textOf(container, 'name'),
    image: textOf(container, 'image'),
    imageID: '',
    ready: true,
    restartCount: 0,
    started: sidecar,
    state: sidecar
      ? { running: { startedAt: time } }
      : { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } },
  };
}

function containerStatus(container: JsonObject, fails: string | undefined, time: string): MutableJsonObject {
  const status: MutableJsonObject = {
    name: textOf(container, 'name'),
    image: textOf(container, 'image'),
    imageID: '',
    ready: fails === undefined,
    restartCount: 0,
    started: fails === undefined || fails === 'NotReady',
    state: { running: { startedAt: time } },
  };
  if (fails === 'ImagePullBackOff')
    status['state'] = {
      waiting: {
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image ${JSON.stringify(textOf(container, 'image'))}`,
      },
    };
  if (fails === 'CrashLoopBackOff' || fails === 'OOMKilled') {
    status['restartCount'] = 6;
    status['state'] = {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off 5m0s restarting failed container=${textOf(container, 'name')}`,
      },
    };
    const oom = fails === 'OOMKilled';
    status['lastState'] = {
      terminated: { exitCode: oom ? 137 : 1, reason: oom ? 'OOMKilled' : 'Error', finishedAt: time },
    };
  }
  return status;
}

function complete(pod: Stored, context: ControllerContext): void {
  const time = formatTime(context.clock.now());
  change(
    context.state,
    '',
    'pods',
    pod,
    (next) => {
      const status = child(next, 'status');
      status['phase'] = 'Succeeded';
      for (const type of ['Ready', 'ContainersReady'])
        if (conditionOf(pod, type) !== undefined)
          status['conditions'] = withCondition(
            status['conditions'],
            { type, status: 'False', reason: 'PodCompleted' },
            time,
          ) as MutableJsonObject[];
      for (const container of items(status, 'containerStatuses')) {
        container['ready'] = false;
        container['started'] = false;
        container['state'] = { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } };
      }
    },
    { subresource: 'status', manager: MANAGER },
  );
}

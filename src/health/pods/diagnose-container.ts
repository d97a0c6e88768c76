import type { Health, HealthCause } from '../../core/health.ts';
import type { ObjectKey } from '../../core/object-key.ts';
import { formatTime, parseTime } from '../times.ts';
import { asReason, oneLine, verdict } from '../verdict.ts';
import { type ContainerState, describeTermination, type Termination } from './container-state.ts';

/** What a container is told about its pod. */
export interface ContainerContext {
  readonly namespace: string;
  readonly restartPolicy: string;
  readonly now: number;
}

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'SignatureValidationFailed',
]);
const CONFIG_REASONS = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'PreStartHookError',
  'PreCreateHookError',
  'PostStartHookError',
  'ContainerCannotRun',
  'InvalidEnvironmentVariable',
  'CreatePodSandboxError',
]);
/** The registry or the way to it, not the name of the image. */
const REGISTRY_TROUBLE = [
  'toomanyrequests',
  'too many requests',
  'i/o timeout',
  'connection refused',
  'no such host',
  'TLS handshake',
  'context deadline exceeded',
  'server misbehaving',
  '503 Service Unavailable',
  '502 Bad Gateway',
  '500 Internal Server Error',
  'no space left on device',
  'network is unreachable',
  'connection reset',
];

/** How long a crash counts while the container runs again without being ready. */
const RECENT_CRASH_MS = 10 * 60_000;
const CRASH_LOOP_RESTARTS = 3;

/** What is wrong with a container of a pod that should run; undefined when nothing is (also while it is just starting). */
export function diagnoseContainer(container: ContainerState, context: ContainerContext): Health | undefined {
  const { waiting } = container;
  if (container.unhealthyDevices.length > 0 && !container.ready) {
    return bad(
      'DeviceUnhealthy',
      `${whichContainer(container)}: ${container.unhealthyDevices.join(', ')} reported unhealthy`,
      'environment',
      {
        remedy: 'replace the pod on another node; drain the node and check the device',
      },
    );
  }
  if (waiting !== undefined) return diagnoseWaiting(container, waiting, context);
  if (container.terminated !== undefined) return diagnoseTerminated(container, container.terminated, context);
  if (container.running && !container.ready && isCrashLooping(container, context.now))
    return crashLoop(container, container.last, context);
  return undefined;
}

function isCrashLooping(container: ContainerState, now: number): boolean {
  if (container.restarts < CRASH_LOOP_RESTARTS || container.last === undefined || container.last.exitCode === 0)
    return false;
  const ended = parseTime(container.last.finishedAt);
  return ended !== undefined && now - ended < RECENT_CRASH_MS;
}

function diagnoseWaiting(
  container: ContainerState,
  waiting: { readonly reason: string; readonly message: string },
  context: ContainerContext,
): Health | undefined {
  const { reason } = waiting;
  if (reason === 'CrashLoopBackOff') return crashLoop(container, container.last, context);
  if (IMAGE_REASONS.has(reason)) return imageTrouble(container, waiting);
  if (CONFIG_REASONS.has(reason)) return configTrouble(container, waiting, context);
  if (reason === 'ContainerCreating' || reason === 'PodInitializing' || reason === '') return undefined;
  const status = /Err|Error|BackOff|Invalid|Fail/.test(reason) ? 'degraded' : 'progressing';
  return verdict(
    status,
    asReason(reason, 'ContainerWaiting'),
    `${whichContainer(container)} waits: ${reason}${tail(waiting.message)}`,
    {
      cause: status === 'degraded' ? 'release' : undefined,
    },
  );
}

function diagnoseTerminated(
  container: ContainerState,
  end: Termination,
  context: ContainerContext,
): Health | undefined {
  const finishes = container.role === 'init' || context.restartPolicy !== 'Always';
  if (end.exitCode === 0 && finishes) return undefined;
  if (end.reason === 'OOMKilled') return outOfMemory(container, end, container.restarts);
  if (CONFIG_REASONS.has(end.reason)) return configTrouble(container, end, context);
  const text = `${whichContainer(container)} ended with ${describeTermination(end)}${tail(end.message)}`;
  // Twice in a row is what the kubelet calls a crash loop as soon as it waits before the next try.
  const twice = end.exitCode !== 0 && container.last !== undefined && container.last.exitCode !== 0;
  const final = context.restartPolicy === 'Never' && end.exitCode !== 0;
  if (container.restarts >= CRASH_LOOP_RESTARTS || twice || final) {
    return bad('ContainerFailed', text, 'release', {
      since: end.finishedAt,
      remedy: `read the logs of ${whichContainer(container)}`,
    });
  }
  return verdict('progressing', 'ContainerRestarting', `${text}; it is started again`, { since: end.finishedAt });
}

function crashLoop(container: ContainerState, last: Termination | undefined, context: ContainerContext): Health {
  if (last?.reason === 'OOMKilled') return outOfMemory(container, last, container.restarts);
  const ended =
    last === undefined
      ? ''
      : `, last ${describeTermination(last)}${last.reason !== '' && last.reason !== 'Error' ? ` (${last.reason})` : ''}${tail(last.message)}`;
  const times = `${container.restarts} ${container.restarts === 1 ? 'restart' : 'restarts'}`;
  const ms = parseTime(last?.finishedAt);
  return bad('CrashLoopBackOff', `${whichContainer(container)} keeps crashing (${times}${ended})`, 'release', {
    since: ms === undefined ? undefined : formatTime(Math.min(ms, context.now)),
    remedy: crashRemedy(container, last),
  });
}

function crashRemedy(container: ContainerState, last: Termination | undefined): string {
  if (last?.exitCode === 127 || last?.exitCode === 126)
    return `check the command and the image of ${whichContainer(container)}`;
  if (last?.exitCode === 137 && container.probes.liveness)
    return 'it was killed: check its liveness probe and its memory';
  if (last?.exitCode === 0) return 'it ends by itself: a container of a Deployment has to keep running';
  return `read the logs of the run before (kubectl logs --previous -c ${container.name})`;
}

function outOfMemory(container: ContainerState, end: Termination, restarts: number): Health {
  const cause: HealthCause = container.hasMemoryLimit ? 'release' : 'environment';
  const text = `${whichContainer(container)} was killed for using too much memory (${describeTermination(end)}${restarts > 0 ? `, ${restarts} restarts` : ''})`;
  return bad(
    'OOMKilled',
    container.hasMemoryLimit ? text : `${text}; it has no memory limit, so the node ran out`,
    cause,
    {
      since: end.finishedAt,
      remedy: container.hasMemoryLimit
        ? 'raise its memory limit, or make it use less'
        : 'give it a memory limit and request, or a node with more memory',
    },
  );
}

function imageTrouble(
  container: ContainerState,
  waiting: { readonly reason: string; readonly message: string },
): Health {
  const lower = waiting.message.toLowerCase();
  const registry =
    waiting.reason === 'RegistryUnavailable' ||
    waiting.reason === 'ImageInspectError' ||
    REGISTRY_TROUBLE.some((text) => lower.includes(text.toLowerCase()));
  const denied = /unauthorized|forbidden|denied|authentication required/.test(lower);
  const remedy = registry
    ? 'check the registry and the way to it from the node; nothing of the release has to change'
    : denied
      ? 'check the name of the image and the imagePullSecrets of the pod'
      : waiting.reason === 'ErrImageNeverPull'
        ? 'the image is not on the node and imagePullPolicy is Never'
        : 'check the name and the tag of the image';
  return bad(
    asReason(waiting.reason, 'ImagePullBackOff'),
    `${waiting.reason} on ${whichContainer(container)}, image ${container.image}${tail(waiting.message)}`,
    registry ? 'environment' : 'release',
    { remedy },
  );
}

function configTrouble(
  container: ContainerState,
  waiting: { readonly reason: string; readonly message: string },
  context: ContainerContext,
): Health {
  const missing = missingObject(waiting.message, context.namespace);
  return bad(
    asReason(waiting.reason, 'CreateContainerError'),
    `${waiting.reason} on ${whichContainer(container)}${tail(waiting.message)}`,
    'release',
    {
      blockedBy: missing === undefined ? undefined : [missing],
      remedy:
        missing === undefined
          ? `check the configuration of ${whichContainer(container)}`
          : `create ${missing.kind} ${missing.name}, or the key that is wanted of it`,
    },
  );
}

/** The Secret or ConfigMap that a message of the kubelet or of a volume names as not found. */
export function missingObject(message: string, namespace: string): ObjectKey | undefined {
  const named =
    /\b(secret|configmap)s? "([^"\s]{1,253})" not found/i.exec(message) ??
    /couldn't find key \S+ in (Secret|ConfigMap) ([^\s/]{1,253}\/[^\s,]{1,253})/.exec(message);
  if (named === null) return undefined;
  const kind = (named[1] ?? '').toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
  const path = (named[2] ?? '').split('/');
  const name = path.at(-1) ?? '';
  return name === ''
    ? undefined
    : { group: '', kind, namespace: path.length > 1 ? (path[0] ?? namespace) : namespace, name };
}

export function whichContainer(container: ContainerState): string {
  const role =
    container.role === 'main'
      ? 'container'
      : container.role === 'ephemeral'
        ? 'debug container'
        : container.role === 'init'
          ? 'init container'
          : 'sidecar';
  return `${role} ${container.name}`;
}

function tail(message: string): string {
  return message.trim() === '' ? '' : `: ${oneLine(message, 300)}`;
}

function bad(
  reason: string,
  message: string,
  cause: HealthCause,
  details: {
    readonly since?: string | undefined;
    readonly remedy?: string;
    readonly blockedBy?: readonly ObjectKey[] | undefined;
  },
): Health {
  return verdict('degraded', reason, message, {
    cause,
    ...details,
    since: parseTime(details.since) === undefined ? undefined : details.since,
  });
}

import { isJsonObject, type Json, listAt, numberAt, own, stringAt } from '../../core/json.ts';

export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

export interface Termination {
  readonly exitCode: number;
  readonly signal: number | undefined;
  readonly reason: string;
  readonly message: string;
  readonly finishedAt: string | undefined;
}

/** A container of a pod with its status; `state` is what runs now, `last` how the run before ended. */
export interface ContainerState {
  readonly role: ContainerRole;
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly started: boolean | undefined;
  readonly restarts: number;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly running: boolean;
  readonly runningSince: string | undefined;
  readonly terminated: Termination | undefined;
  readonly last: Termination | undefined;
  readonly unhealthyDevices: readonly string[];
  readonly hasMemoryLimit: boolean;
  readonly probes: { readonly startup: boolean; readonly readiness: boolean; readonly liveness: boolean };
}

/** All containers that have a status, init containers first, in the order of the pod. */
export function containersOf(pod: unknown): readonly ContainerState[] {
  return [
    ...read(pod, 'initContainers', 'initContainerStatuses', 'init'),
    ...read(pod, 'containers', 'containerStatuses', 'main'),
    ...read(pod, 'ephemeralContainers', 'ephemeralContainerStatuses', 'ephemeral'),
  ];
}

function read(pod: unknown, specKey: string, statusKey: string, role: ContainerRole): readonly ContainerState[] {
  const specs = listAt(pod, 'spec', specKey);
  return listAt(pod, 'status', statusKey)
    .filter(isJsonObject)
    .map((status) => {
      const name = stringAt(status, 'name') ?? '';
      const spec = specs.find((entry) => stringAt(entry, 'name') === name);
      const sidecar = role === 'init' && stringAt(spec, 'restartPolicy') === 'Always';
      return readOne(status, spec, sidecar ? 'sidecar' : role, name);
    });
}

function readOne(status: Json, spec: Json | undefined, role: ContainerRole, name: string): ContainerState {
  const state = own(status, 'state');
  const waiting = own(state, 'waiting');
  const running = own(state, 'running');
  const started = own(status, 'started');
  return {
    role,
    name,
    image: stringAt(spec, 'image') ?? stringAt(status, 'image') ?? '',
    ready: own(status, 'ready') === true,
    started: typeof started === 'boolean' ? started : undefined,
    restarts: numberAt(status, 'restartCount') ?? 0,
    waiting: isJsonObject(waiting)
      ? { reason: stringAt(waiting, 'reason') ?? '', message: stringAt(waiting, 'message') ?? '' }
      : undefined,
    running: isJsonObject(running),
    runningSince: stringAt(running, 'startedAt'),
    terminated: termination(own(state, 'terminated')),
    last: termination(own(own(status, 'lastState'), 'terminated')),
    unhealthyDevices: unhealthyDevices(status),
    hasMemoryLimit: own(own(own(spec, 'resources'), 'limits'), 'memory') !== undefined,
    probes: {
      startup: isJsonObject(own(spec, 'startupProbe')),
      readiness: isJsonObject(own(spec, 'readinessProbe')),
      liveness: isJsonObject(own(spec, 'livenessProbe')),
    },
  };
}

function termination(value: Json | undefined): Termination | undefined {
  if (!isJsonObject(value)) return undefined;
  return {
    exitCode: numberAt(value, 'exitCode') ?? 0,
    signal: numberAt(value, 'signal'),
    reason: stringAt(value, 'reason') ?? '',
    message: stringAt(value, 'message') ?? '',
    finishedAt: stringAt(value, 'finishedAt'),
  };
}

function unhealthyDevices(status: Json): readonly string[] {
  return listAt(status, 'allocatedResourcesStatus').flatMap((entry) => {
    const name = stringAt(entry, 'name') ?? 'device';
    return listAt(entry, 'resources')
      .filter((resource) => stringAt(resource, 'health') === 'Unhealthy')
      .map((resource) => `${name} ${stringAt(resource, 'resourceID') ?? ''}`.trim());
  });
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** `exit code 137 (SIGKILL)`, `exit code 127 (command not found)`, `out of memory, exit code 137 (SIGKILL)`. */
export function describeTermination(end: Termination): string {
  const number = end.signal ?? (end.exitCode > 128 && end.exitCode < 160 ? end.exitCode - 128 : undefined);
  const meaning =
    end.exitCode === 127
      ? 'command not found'
      : end.exitCode === 126
        ? 'command cannot be executed'
        : number === undefined
          ? undefined
          : (SIGNALS[number] ?? `signal ${number}`);
  const code = `exit code ${end.exitCode}${meaning === undefined ? '' : ` (${meaning})`}`;
  return end.reason === 'OOMKilled' ? `out of memory, ${code}` : code;
}

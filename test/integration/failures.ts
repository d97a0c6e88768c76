import { listAt, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import type { GroupVersionKind, KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';

/** Something that goes wrong in a cluster, and what we have to say of it. */
export interface Failure {
  readonly what: string;
  /** The verdict is on the last. */
  readonly objects: readonly KubeObject[];
  /** From when on the server itself shows it. */
  readonly shownBy: readonly { readonly kind: GroupVersionKind; readonly shows: (object: KubeObject) => boolean }[];
  readonly reason: string;
  readonly cause: 'release' | 'environment';
  readonly message: RegExp;
  /** What somebody does after it was applied. */
  readonly then?: (cluster: Cluster, namespace: string) => Promise<void>;
  /** Plays a part of the cluster that is not there. */
  readonly play?: (cluster: Cluster, object: KubeObject) => Promise<unknown> | undefined;
  /** The verdict needs this much time to have passed. */
  readonly laterMs?: number;
}

const PODS: GroupVersionKind = { group: '', version: 'v1', kind: 'Pod' };
const DEPLOYMENTS: GroupVersionKind = { group: 'apps', version: 'v1', kind: 'Deployment' };
const CONFIG_MAPS: GroupVersionKind = { group: '', version: 'v1', kind: 'ConfigMap' };
const FAILS = 'test.evenkeel.dev/fails';

function deployment(
  annotations: Readonly<Record<string, string>>,
  extra: { readonly container?: JsonObject; readonly spec?: JsonObject } = {},
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: '' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' }, annotations: { ...annotations } },
        spec: { containers: [{ name: 'main', image: 'registry.example.com/web:2', ...extra.container }] },
      },
      ...extra.spec,
    },
  };
}

function containerWaits(reason: string) {
  return [
    {
      kind: PODS,
      shows: (pod: KubeObject) =>
        listAt(pod, 'status', 'containerStatuses').some(
          (status) => stringAt(status, 'state', 'waiting', 'reason') === reason,
        ),
    },
  ];
}

function condition(kind: GroupVersionKind, type: string, fits: (condition: Json) => boolean) {
  return [
    {
      kind,
      shows: (object: KubeObject) =>
        listAt(object, 'status', 'conditions').some((entry) => stringAt(entry, 'type') === type && fits(entry)),
    },
  ];
}

/** As a kubelet does that does not find a Secret. */
async function missesItsSecret(cluster: Cluster, pod: KubeObject): Promise<unknown> {
  const waits = listAt(pod, 'status', 'containerStatuses').length > 0;
  if (pod.kind !== 'Pod' || waits || stringAt(pod, 'spec', 'nodeName') === undefined) return undefined;
  const { name, namespace = '' } = pod.metadata;
  const message = 'secret "database" not found';
  const status = {
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'main',
        image: 'registry.example.com/web:2',
        imageID: '',
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason: 'CreateContainerConfigError', message } },
      },
    ],
  };
  return cluster.patch(PODS, { namespace, name }, { type: 'merge', body: { status } }, { subresource: 'status' });
}

export const FAILURES: readonly Failure[] = [
  {
    what: 'an image that cannot be pulled',
    objects: [deployment({ [FAILS]: 'ImagePullBackOff' })],
    shownBy: containerWaits('ImagePullBackOff'),
    reason: 'ImagePullBackOff',
    cause: 'release',
    message: /2 of 2 pods: ImagePullBackOff on container main, image registry\.example\.com\/web:2/,
  },
  {
    what: 'a container that crashes',
    objects: [deployment({ [FAILS]: 'CrashLoopBackOff' })],
    shownBy: containerWaits('CrashLoopBackOff'),
    reason: 'CrashLoopBackOff',
    cause: 'release',
    message: /container main keeps crashing \(6 restarts/,
  },
  {
    what: 'a container that needs more memory than its limit',
    objects: [deployment({ [FAILS]: 'OOMKilled' }, { container: { resources: { limits: { memory: '64Mi' } } } })],
    shownBy: containerWaits('CrashLoopBackOff'),
    reason: 'OOMKilled',
    cause: 'release',
    message: /container main was killed for using too much memory/,
  },
  {
    what: 'a Secret that is not there',
    objects: [
      deployment(
        { [FAILS]: 'CreateContainerConfigError' },
        { container: { envFrom: [{ secretRef: { name: 'database' } }] } },
      ),
    ],
    shownBy: containerWaits('CreateContainerConfigError'),
    play: missesItsSecret,
    reason: 'CreateContainerConfigError',
    cause: 'release',
    message: /secret "database" not found/,
  },
  {
    what: 'more GPUs than any node has',
    objects: [deployment({}, { container: { resources: { limits: { 'nvidia.com/gpu': 64 } } } })],
    shownBy: condition(PODS, 'PodScheduled', (entry) => stringAt(entry, 'status') === 'False'),
    reason: 'Unschedulable',
    cause: 'environment',
    message: /nvidia\.com\/gpu/,
  },
  {
    what: 'a quota that is used up',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'small', namespace: '' },
        spec: { hard: { pods: '0' } },
      },
      deployment({}),
    ],
    shownBy: condition(DEPLOYMENTS, 'ReplicaFailure', (entry) => stringAt(entry, 'status') === 'True'),
    reason: 'QuotaExceeded',
    cause: 'environment',
    message: /exceeded quota/,
  },
  {
    what: 'a rollout past its deadline',
    objects: [deployment({ [FAILS]: 'NotReady' }, { spec: { progressDeadlineSeconds: 2 } })],
    shownBy: condition(DEPLOYMENTS, 'Progressing', (entry) => stringAt(entry, 'reason') === 'ProgressDeadlineExceeded'),
    reason: 'ProgressDeadlineExceeded',
    cause: 'release',
    message: /no progress within 2 s: 2 of 2 pods updated, 0 available/,
  },
  {
    what: 'a finalizer that nobody takes away',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'held', namespace: '', finalizers: ['example.com/never'] },
      },
    ],
    shownBy: [{ kind: CONFIG_MAPS, shows: (object) => object.metadata.deletionTimestamp !== undefined }],
    then: async (cluster, namespace) => {
      await cluster.delete(CONFIG_MAPS, { namespace, name: 'held' });
    },
    laterMs: 6 * 60_000,
    reason: 'DeletionStuck',
    cause: 'environment',
    message: /finalizer example\.com\/never holds it/,
  },
];

import { readJson } from '../../src/core/json-text.ts';
import { isKubeObject, type GroupVersionKind } from '../../src/core/object-key.ts';
import type { Cluster, WatchEvent } from '../../src/core/ports.ts';
import { LiveView } from '../../src/controller/service/live-view.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { SILENT } from '../doubles/memory-engine.ts';
import { round, type Bench } from './measure.ts';

const OBJECTS = 10_000;
/** Different sets of fields: most objects of a cluster are made like some others. */
const SHAPES = 500;
const DEPLOYMENTS: GroupVersionKind = { group: 'apps', version: 'v1', kind: 'Deployment' };

/** What the view of the cluster keeps of an object, against the text in which the server sends it. */
export const MEMORY_BENCH: Bench = {
  name: 'memory',
  run: async () => {
    if (globalThis.gc === undefined) return { skipped: 'node runs without --expose-gc' };
    let tell: (event: WatchEvent) => void = () => undefined;
    const parts: Partial<Cluster> = {
      watch: (_kind, _options, onEvent) => {
        tell = onEvent;
        return { close: () => undefined };
      },
    };
    const view = new LiveView({
      cluster: parts as Cluster,
      clock: systemClock,
      logger: SILENT,
      onChange: () => undefined,
      syncTimeoutMs: 1,
    });
    const opened = view.ready(DEPLOYMENTS);
    let bytes = 0;
    const before = held();
    for (let index = 0; index < OBJECTS; index++) {
      const text = deployment(index);
      bytes += text.length;
      const object = readJson(text);
      if (isKubeObject(object)) tell({ type: 'added', object });
    }
    tell({ type: 'synced' });
    await opened;
    const ratio = (held() - before) / bytes;
    if (view.size !== OBJECTS) throw new Error(`the view holds ${view.size} objects`);
    return [
      {
        name: `a watched object, of ${OBJECTS}`,
        value: round(ratio),
        unit: '× its JSON',
        goal: '≤ 1.5',
        met: ratio <= 1.5,
        detail: `${round(bytes / OBJECTS)} bytes of JSON each, ${SHAPES} different sets of fields`,
      },
    ];
  },
};

function held(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** As a server answers after an apply, with what its own controllers wrote. */
function deployment(index: number): string {
  const name = `app-${index}`;
  const labels = { app: name, 'evenkeel.dev/application': `team-${index >> 2}` };
  const container = {
    name: 'main',
    image: `registry.example.com/team/${name}:1.0.${index}`,
    args: ['--config=/etc/app/application.properties'],
    env: [
      { name: `SHARD_${index % SHAPES}`, value: String(index) },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    ],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
  const owned = {
    'f:metadata': { 'f:labels': { 'f:app': {}, 'f:evenkeel.dev/application': {} } },
    'f:spec': {
      'f:replicas': {},
      'f:selector': {},
      'f:template': {
        'f:metadata': { 'f:labels': { 'f:app': {} } },
        'f:spec': {
          'f:containers': {
            'k:{"name":"main"}': {
              '.': {},
              'f:args': {},
              'f:env': {
                'k:{"name":"POD_NAME"}': { '.': {}, 'f:name': {}, 'f:valueFrom': {} },
                [`k:{"name":"SHARD_${index % SHAPES}"}`]: { '.': {}, 'f:name': {}, 'f:value': {} },
              },
              'f:image': {},
              'f:name': {},
              'f:ports': {
                'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {} },
              },
              'f:resources': { 'f:limits': { 'f:memory': {} }, 'f:requests': { 'f:cpu': {}, 'f:memory': {} } },
            },
          },
        },
      },
    },
  };
  const status = {
    'f:status': {
      'f:conditions': {
        '.': {},
        'k:{"type":"Available"}': { '.': {}, 'f:message': {}, 'f:reason': {}, 'f:status': {}, 'f:type': {} },
      },
      'f:observedGeneration': {},
      'f:readyReplicas': {},
      'f:replicas': {},
    },
  };
  const time = '2026-01-01T00:00:00Z';
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: 'apps',
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(100_000 + index),
      generation: 1,
      creationTimestamp: time,
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      managedFields: [
        {
          manager: 'evenkeel',
          operation: 'Apply',
          apiVersion: 'apps/v1',
          time,
          fieldsType: 'FieldsV1',
          fieldsV1: owned,
        },
        {
          manager: 'kube-controller-manager',
          operation: 'Update',
          apiVersion: 'apps/v1',
          time,
          fieldsType: 'FieldsV1',
          fieldsV1: status,
          subresource: 'status',
        },
      ],
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [container],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
    status: {
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: 2,
      conditions: [
        {
          type: 'Available',
          status: 'True',
          lastUpdateTime: time,
          lastTransitionTime: time,
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        },
      ],
    },
  });
}

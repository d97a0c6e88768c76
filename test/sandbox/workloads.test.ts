import { afterEach, describe, expect, it } from 'vitest';
import { at, isJsonObject, listAt, numberAt, own, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { apply, ask } from './request.ts';

let sandbox: Sandbox;
let clock: FakeClock;
const failures: string[] = [];

async function start(options: SandboxOptions = {}): Promise<void> {
  clock = new FakeClock();
  failures.length = 0;
  sandbox = await startSandbox({
    clock,
    ...options,
    onFailure: (controller, key, error) => failures.push(`${controller} ${key}: ${String(error)}`),
  });
  await clock.advance(100);
}

afterEach(async () => {
  expect(failures).toEqual([]);
  await sandbox.close();
});

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PODS = '/api/v1/namespaces/default/pods';

function deployment(
  name: string,
  spec: JsonObject = {},
  pod: JsonObject = {},
  annotations: JsonObject = {},
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      ...spec,
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'a', image: 'a:1' }], ...pod },
      },
    },
  };
}

async function get(path: string): Promise<JsonObject> {
  return (await ask(sandbox, 'GET', path)).body;
}

async function pods(): Promise<readonly Json[]> {
  return listAt(await get(PODS), 'items');
}

function condition(object: Json, type: string): JsonObject | undefined {
  const found = listAt(object, 'status', 'conditions').find((entry) => own(entry, 'type') === type);
  return isJsonObject(found) ? found : undefined;
}

describe('deployments', () => {
  it('become available through a ReplicaSet and its pods, with the conditions of the real controller', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web'));
    await settle();
    const early = await get(`${DEPLOYMENTS}/web`);
    expect(condition(early, 'Available')?.['status']).toBe('False');
    expect(condition(early, 'Progressing')?.['reason']).toMatch(/NewReplicaSetCreated|ReplicaSetUpdated/);
    await clock.advance(1000);
    const late = await get(`${DEPLOYMENTS}/web`);
    expect(at(late, 'status', 'availableReplicas')).toBe(3);
    expect(at(late, 'status', 'observedGeneration')).toBe(1);
    expect(condition(late, 'Progressing')?.['reason']).toBe('NewReplicaSetAvailable');
    expect(stringAt(late, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')).toBe('1');
    const sets = listAt(await get('/apis/apps/v1/namespaces/default/replicasets'), 'items');
    expect(sets).toHaveLength(1);
    const hash = stringAt(sets[0], 'metadata', 'labels', 'pod-template-hash');
    expect(stringAt(sets[0], 'metadata', 'name')).toBe(`web-${hash ?? ''}`);
    expect((await pods()).every((pod) => stringAt(pod, 'metadata', 'labels', 'pod-template-hash') === hash)).toBe(true);
  });

  it('roll within maxSurge and maxUnavailable', async () => {
    await start();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web', { strategy }));
    await clock.advance(1000);
    await apply(
      sandbox,
      `${DEPLOYMENTS}/web`,
      deployment('web', { strategy }, { containers: [{ name: 'a', image: 'a:2' }] }),
    );
    let most = 0;
    let least = 99;
    for (let step = 0; step < 60; step++) {
      await clock.advance(50);
      const all = await pods();
      most = Math.max(most, all.length);
      least = Math.min(least, all.filter((pod) => condition(pod, 'Ready')?.['status'] === 'True').length);
    }
    expect(most).toBe(4);
    expect(least).toBe(3);
    const images = (await pods()).map((pod) => stringAt(pod, 'spec', 'containers', 0, 'image'));
    expect(images).toEqual(['a:2', 'a:2', 'a:2']);
  });

  it('hold a canary with minReadySeconds, and promote when it is applied away', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web', { replicas: 4 }));
    await clock.advance(1000);
    const held = deployment(
      'web',
      {
        replicas: 4,
        minReadySeconds: 2_147_483_646,
        progressDeadlineSeconds: 2_147_483_647,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      },
      { containers: [{ name: 'a', image: 'a:2' }] },
    );
    await apply(sandbox, `${DEPLOYMENTS}/web`, held);
    await clock.advance(60_000);
    const status = own(await get(`${DEPLOYMENTS}/web`), 'status');
    expect([
      numberAt(status, 'replicas'),
      numberAt(status, 'updatedReplicas'),
      numberAt(status, 'availableReplicas'),
    ]).toEqual([5, 1, 4]);
    expect(condition({ status: status ?? null }, 'Available')?.['status']).toBe('True');
    expect(condition({ status: status ?? null }, 'Progressing')).toBeUndefined();
    await apply(
      sandbox,
      `${DEPLOYMENTS}/web`,
      deployment('web', { replicas: 4 }, { containers: [{ name: 'a', image: 'a:2' }] }),
    );
    await clock.advance(5000);
    const promoted = own(await get(`${DEPLOYMENTS}/web`), 'status');
    expect([
      numberAt(promoted, 'replicas'),
      numberAt(promoted, 'updatedReplicas'),
      numberAt(promoted, 'availableReplicas'),
    ]).toEqual([4, 4, 4]);
  });

  it('fail as the annotation of the pods says, and run into their deadline', async () => {
    await start();
    const broken = deployment(
      'web',
      { replicas: 1, progressDeadlineSeconds: 5 },
      {},
      { 'test.evenkeel.dev/fails': 'CrashLoopBackOff' },
    );
    await apply(sandbox, `${DEPLOYMENTS}/web`, broken);
    await clock.advance(10_000);
    const [pod] = await pods();
    expect(stringAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason')).toBe('CrashLoopBackOff');
    expect(at(pod, 'status', 'containerStatuses', 0, 'restartCount')).toBe(6);
    expect(condition(await get(`${DEPLOYMENTS}/web`), 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
  });

  it('scale, and leave nothing behind when they are deleted', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web'));
    await clock.advance(1000);
    await ask(sandbox, 'PATCH', `${DEPLOYMENTS}/web/scale`, { spec: { replicas: 1 } });
    await clock.advance(1000);
    expect(await pods()).toHaveLength(1);
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/web`);
    await clock.advance(1000);
    expect(await pods()).toEqual([]);
    expect(listAt(await get('/apis/apps/v1/namespaces/default/replicasets'), 'items')).toEqual([]);
  });
});

describe('other workloads', () => {
  it('StatefulSets start one after another with a claim each, and roll from the end', async () => {
    await start();
    const set = (image: string): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db' },
      spec: {
        serviceName: 'db',
        replicas: 2,
        selector: { matchLabels: { app: 'db' } },
        template: {
          metadata: { labels: { app: 'db' } },
          spec: { containers: [{ name: 'a', image, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    });
    const path = '/apis/apps/v1/namespaces/default/statefulsets/db';
    await apply(sandbox, path, set('a:1'));
    await settle();
    expect((await pods()).map((pod) => stringAt(pod, 'metadata', 'name'))).toEqual(['db-0']);
    await clock.advance(2000);
    expect(own(await get(path), 'status')).toMatchObject({ readyReplicas: 2, updatedReplicas: 2, currentReplicas: 2 });
    const claims = listAt(await get('/api/v1/namespaces/default/persistentvolumeclaims'), 'items');
    expect(claims.map((claim) => [stringAt(claim, 'metadata', 'name'), stringAt(claim, 'status', 'phase')])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
    ]);
    await apply(sandbox, path, set('a:2'));
    await settle();
    const left = (await pods()).map(
      (pod) => `${stringAt(pod, 'metadata', 'name') ?? ''} ${stringAt(pod, 'spec', 'containers', 0, 'image') ?? ''}`,
    );
    expect(left[0]).toBe('db-0 a:1');
    await clock.advance(5000);
    expect((await pods()).map((pod) => stringAt(pod, 'spec', 'containers', 0, 'image'))).toEqual(['a:2', 'a:2']);
    const status = own(await get(path), 'status');
    expect(stringAt(status, 'currentRevision')).toBe(stringAt(status, 'updateRevision'));
  });

  it('DaemonSets run on every node that they tolerate', async () => {
    await start({
      nodes: [
        { name: 'a', cpu: '4', memory: '8Gi', extra: {}, labels: {}, taints: [] },
        { name: 'b', cpu: '4', memory: '8Gi', extra: {}, labels: {}, taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
      ],
    });
    const path = '/apis/apps/v1/namespaces/default/daemonsets/ds';
    await apply(sandbox, path, {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'ds' },
      spec: {
        selector: { matchLabels: { app: 'ds' } },
        template: { metadata: { labels: { app: 'ds' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } },
      },
    });
    await clock.advance(1000);
    expect(own(await get(path), 'status')).toMatchObject({
      desiredNumberScheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
    });
    expect((await pods()).map((pod) => stringAt(pod, 'spec', 'nodeName'))).toEqual(['a']);
  });

  it('Jobs complete', async () => {
    await start();
    const path = '/apis/batch/v1/namespaces/default/jobs/j';
    await apply(sandbox, path, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: {
        completions: 2,
        parallelism: 1,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a:1' }] } },
      },
    });
    await clock.advance(5000);
    const job = await get(path);
    expect(at(job, 'status', 'succeeded')).toBe(2);
    expect(condition(job, 'Complete')?.['status']).toBe('True');
    expect(stringAt(job, 'status', 'completionTime')).toBeDefined();
  });

  it('autoscalers keep the bounds and say that there are no metrics', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web', { replicas: 1 }));
    const path = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web';
    await apply(sandbox, path, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: {
        minReplicas: 2,
        maxReplicas: 4,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    });
    await clock.advance(40_000);
    expect(at(await get(`${DEPLOYMENTS}/web`), 'spec', 'replicas')).toBe(2);
    expect(condition(await get(path), 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
    });
    const owner = listAt(await get(`${DEPLOYMENTS}/web`), 'metadata', 'managedFields').find(
      (entry) => own(entry, 'subresource') === 'scale',
    );
    expect(own(owner, 'manager')).toBe('kube-controller-manager');
  });
});

describe('the scheduler', () => {
  it('places pods by GPU and says why one does not fit', async () => {
    await start({ nodes: 2, gpuNodes: 1 });
    const gpu = (count: number): JsonObject => ({
      containers: [{ name: 'a', image: 'a:1', resources: { limits: { 'nvidia.com/gpu': String(count) } } }],
    });
    await apply(sandbox, `${DEPLOYMENTS}/small`, deployment('small', { replicas: 1 }, gpu(6)));
    await clock.advance(1000);
    expect((await pods()).map((pod) => stringAt(pod, 'spec', 'nodeName'))).toEqual(['gpu-1']);
    await apply(sandbox, `${DEPLOYMENTS}/more`, deployment('more', { replicas: 1 }, gpu(4)));
    await clock.advance(1000);
    const waiting = (await pods()).find((pod) => stringAt(pod, 'status', 'phase') === 'Pending');
    expect(waiting).toBeDefined();
    expect(condition(waiting ?? null, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message:
        '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    });
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/small`);
    await clock.advance(2000);
    expect((await pods()).map((pod) => stringAt(pod, 'status', 'phase'))).toEqual(['Running']);
  });

  it('makes room for pods of higher priority', async () => {
    await start({ nodes: [{ name: 'only', cpu: '2', memory: '8Gi', extra: {}, labels: {}, taints: [] }] });
    const cpu = (extra: JsonObject): JsonObject => ({
      containers: [{ name: 'a', image: 'a:1', resources: { requests: { cpu: '1500m' } } }],
      ...extra,
    });
    await apply(sandbox, '/apis/scheduling.k8s.io/v1/priorityclasses/high', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 1000,
    });
    await apply(sandbox, `${DEPLOYMENTS}/low`, deployment('low', { replicas: 1 }, cpu({})));
    await clock.advance(1000);
    await apply(
      sandbox,
      `${DEPLOYMENTS}/high`,
      deployment('high', { replicas: 1 }, cpu({ priorityClassName: 'high' })),
    );
    await clock.advance(7000);
    const running = (await pods()).filter((pod) => stringAt(pod, 'status', 'phase') === 'Running');
    expect(running.map((pod) => stringAt(pod, 'metadata', 'labels', 'app'))).toEqual(['high']);
  });
});

describe('the cluster', () => {
  it('empties a namespace that is deleted, and waits for finalizers', async () => {
    await start();
    await ask(sandbox, 'POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'gone' },
    });
    await settle();
    await ask(sandbox, 'POST', '/api/v1/namespaces/gone/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'stays', finalizers: ['example.com/hold'] },
    });
    await ask(sandbox, 'DELETE', '/api/v1/namespaces/gone');
    await clock.advance(1000);
    const terminating = await get('/api/v1/namespaces/gone');
    expect(stringAt(terminating, 'status', 'phase')).toBe('Terminating');
    expect(condition(terminating, 'NamespaceFinalizersRemaining')?.['message']).toBe(
      'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    );
    const refused = await ask(sandbox, 'POST', '/api/v1/namespaces/gone/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late' },
    });
    expect([refused.code, listAt(refused.body, 'details', 'causes').map((cause) => own(cause, 'reason'))]).toEqual([
      403,
      ['NamespaceTerminating'],
    ]);
    await ask(sandbox, 'PATCH', '/api/v1/namespaces/gone/configmaps/stays', { metadata: { finalizers: null } });
    await clock.advance(1000);
    expect((await ask(sandbox, 'GET', '/api/v1/namespaces/gone')).code).toBe(404);
  });

  it('deletes in the foreground and lets dependents go as asked', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/fg`, deployment('fg'));
    await clock.advance(1000);
    const marked = await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/fg`, { propagationPolicy: 'Foreground' });
    expect(listAt(marked.body, 'metadata', 'finalizers')).toEqual(['foregroundDeletion']);
    await clock.advance(1000);
    expect((await ask(sandbox, 'GET', `${DEPLOYMENTS}/fg`)).code).toBe(404);
    expect(await pods()).toEqual([]);
    await apply(sandbox, `${DEPLOYMENTS}/orphan`, deployment('orphan'));
    await clock.advance(1000);
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/orphan`, { propagationPolicy: 'Orphan' });
    await clock.advance(1000);
    expect(listAt(await get('/apis/apps/v1/namespaces/default/replicasets'), 'items')).toHaveLength(1);
    expect(await pods()).toHaveLength(3);
  });

  it('plays the controllers of custom kinds by a table', async () => {
    await start({
      behaviours: [
        {
          group: 'serving.kserve.io',
          kind: 'InferenceService',
          afterMs: 2000,
          status: (object, time) => ({
            observedGeneration: at(object, 'metadata', 'generation') ?? 0,
            conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }],
          }),
        },
      ],
    });
    await apply(
      sandbox,
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/inferenceservices.serving.kserve.io',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'inferenceservices.serving.kserve.io' },
        spec: {
          group: 'serving.kserve.io',
          names: { kind: 'InferenceService', plural: 'inferenceservices' },
          scope: 'Namespaced',
          versions: [
            {
              name: 'v1beta1',
              served: true,
              storage: true,
              subresources: { status: {} },
              schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            },
          ],
        },
      },
    );
    await settle();
    const path = '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices/llm';
    await apply(sandbox, path, {
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'llm' },
      spec: { predictor: { model: 'x' } },
    });
    await clock.advance(1000);
    expect(condition(await get(path), 'Ready')).toBeUndefined();
    await clock.advance(2000);
    expect(condition(await get(path), 'Ready')?.['status']).toBe('True');
  });

  it('gives load balancers and ingresses an address, unless they are told to fail', async () => {
    await start();
    const service = (name: string, annotations: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, annotations },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    await apply(sandbox, '/api/v1/namespaces/default/services/good', service('good', {}));
    await apply(
      sandbox,
      '/api/v1/namespaces/default/services/bad',
      service('bad', { 'test.evenkeel.dev/fails': 'yes' }),
    );
    await clock.advance(1000);
    expect(
      stringAt(await get('/api/v1/namespaces/default/services/good'), 'status', 'loadBalancer', 'ingress', 0, 'ip'),
    ).toBe('192.0.2.10');
    expect(at(await get('/api/v1/namespaces/default/services/bad'), 'status', 'loadBalancer')).toEqual({});
  });
});

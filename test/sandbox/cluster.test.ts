import { afterEach, describe, expect, it } from 'vitest';
import { at, listAt, own, stringAt, type JsonObject } from '../../src/core/json.ts';
import { apply, ask } from './request.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start.ts';
import { settle, type FakeClock } from './fake-clock.ts';
import { DEPLOYMENTS, condition, deployment, PlayedCluster } from './played-cluster.ts';

let world: PlayedCluster;
let sandbox: Sandbox;
let clock: FakeClock;

async function start(options: SandboxOptions = {}): Promise<void> {
  world = await PlayedCluster.start(options);
  ({ sandbox, clock } = world);
}

afterEach(async () => {
  await world.close();
});

describe('the scheduler', () => {
  it('places pods by GPU and says why one does not fit', async () => {
    await start({ nodes: 2, gpuNodes: 1 });
    const gpu = (count: number): JsonObject => ({
      containers: [{ name: 'a', image: 'a:1', resources: { limits: { 'nvidia.com/gpu': String(count) } } }],
    });
    await apply(sandbox, `${DEPLOYMENTS}/small`, deployment('small', { replicas: 1 }, gpu(6)));
    await clock.advance(1000);
    expect((await world.pods()).map((pod) => stringAt(pod, 'spec', 'nodeName'))).toEqual(['gpu-1']);
    await apply(sandbox, `${DEPLOYMENTS}/more`, deployment('more', { replicas: 1 }, gpu(4)));
    await clock.advance(1000);
    const waiting = (await world.pods()).find((pod) => stringAt(pod, 'status', 'phase') === 'Pending');
    expect(waiting).toBeDefined();
    expect(condition(waiting ?? null, 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message:
        '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    });
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/small`);
    await clock.advance(2000);
    expect((await world.pods()).map((pod) => stringAt(pod, 'status', 'phase'))).toEqual(['Running']);
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
    const running = (await world.pods()).filter((pod) => stringAt(pod, 'status', 'phase') === 'Running');
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
    const terminating = await world.get('/api/v1/namespaces/gone');
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
    expect(await world.pods()).toEqual([]);
    await apply(sandbox, `${DEPLOYMENTS}/orphan`, deployment('orphan'));
    await clock.advance(1000);
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/orphan`, { propagationPolicy: 'Orphan' });
    await clock.advance(1000);
    expect(listAt(await world.get('/apis/apps/v1/namespaces/default/replicasets'), 'items')).toHaveLength(1);
    expect(await world.pods()).toHaveLength(3);
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
    expect(condition(await world.get(path), 'Ready')).toBeUndefined();
    await clock.advance(2000);
    expect(condition(await world.get(path), 'Ready')?.['status']).toBe('True');
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
      stringAt(
        await world.get('/api/v1/namespaces/default/services/good'),
        'status',
        'loadBalancer',
        'ingress',
        0,
        'ip',
      ),
    ).toBe('192.0.2.10');
    expect(at(await world.get('/api/v1/namespaces/default/services/bad'), 'status', 'loadBalancer')).toEqual({});
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { at, listAt, numberAt, own, stringAt, type JsonObject } from '../../src/core/json.ts';
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

describe('deployments', () => {
  it('become available through a ReplicaSet and its pods, with the conditions of the real controller', async () => {
    await start();
    await apply(sandbox, `${DEPLOYMENTS}/web`, deployment('web'));
    await settle();
    const early = await world.get(`${DEPLOYMENTS}/web`);
    expect(condition(early, 'Available')?.['status']).toBe('False');
    expect(condition(early, 'Progressing')?.['reason']).toMatch(/NewReplicaSetCreated|ReplicaSetUpdated/);
    await clock.advance(1000);
    const late = await world.get(`${DEPLOYMENTS}/web`);
    expect(at(late, 'status', 'availableReplicas')).toBe(3);
    expect(at(late, 'status', 'observedGeneration')).toBe(1);
    expect(condition(late, 'Progressing')?.['reason']).toBe('NewReplicaSetAvailable');
    expect(stringAt(late, 'metadata', 'annotations', 'deployment.kubernetes.io/revision')).toBe('1');
    const sets = listAt(await world.get('/apis/apps/v1/namespaces/default/replicasets'), 'items');
    expect(sets).toHaveLength(1);
    const hash = stringAt(sets[0], 'metadata', 'labels', 'pod-template-hash');
    expect(stringAt(sets[0], 'metadata', 'name')).toBe(`web-${hash ?? ''}`);
    expect((await world.pods()).every((pod) => stringAt(pod, 'metadata', 'labels', 'pod-template-hash') === hash)).toBe(
      true,
    );
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
      const all = await world.pods();
      most = Math.max(most, all.length);
      least = Math.min(least, all.filter((pod) => condition(pod, 'Ready')?.['status'] === 'True').length);
    }
    expect(most).toBe(4);
    expect(least).toBe(3);
    const images = (await world.pods()).map((pod) => stringAt(pod, 'spec', 'containers', 0, 'image'));
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
    const status = own(await world.get(`${DEPLOYMENTS}/web`), 'status');
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
    const promoted = own(await world.get(`${DEPLOYMENTS}/web`), 'status');
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
    const [pod] = await world.pods();
    expect(stringAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason')).toBe('CrashLoopBackOff');
    expect(at(pod, 'status', 'containerStatuses', 0, 'restartCount')).toBe(6);
    expect(condition(await world.get(`${DEPLOYMENTS}/web`), 'Progressing')).toMatchObject({
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
    expect(await world.pods()).toHaveLength(1);
    await ask(sandbox, 'DELETE', `${DEPLOYMENTS}/web`);
    await clock.advance(1000);
    expect(await world.pods()).toEqual([]);
    expect(listAt(await world.get('/apis/apps/v1/namespaces/default/replicasets'), 'items')).toEqual([]);
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
    expect((await world.pods()).map((pod) => stringAt(pod, 'metadata', 'name'))).toEqual(['db-0']);
    await clock.advance(2000);
    expect(own(await world.get(path), 'status')).toMatchObject({
      readyReplicas: 2,
      updatedReplicas: 2,
      currentReplicas: 2,
    });
    const claims = listAt(await world.get('/api/v1/namespaces/default/persistentvolumeclaims'), 'items');
    expect(claims.map((claim) => [stringAt(claim, 'metadata', 'name'), stringAt(claim, 'status', 'phase')])).toEqual([
      ['data-db-0', 'Bound'],
      ['data-db-1', 'Bound'],
    ]);
    await apply(sandbox, path, set('a:2'));
    await settle();
    const left = (await world.pods()).map(
      (pod) => `${stringAt(pod, 'metadata', 'name') ?? ''} ${stringAt(pod, 'spec', 'containers', 0, 'image') ?? ''}`,
    );
    expect(left[0]).toBe('db-0 a:1');
    await clock.advance(5000);
    expect((await world.pods()).map((pod) => stringAt(pod, 'spec', 'containers', 0, 'image'))).toEqual(['a:2', 'a:2']);
    const status = own(await world.get(path), 'status');
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
    expect(own(await world.get(path), 'status')).toMatchObject({
      desiredNumberScheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
    });
    expect((await world.pods()).map((pod) => stringAt(pod, 'spec', 'nodeName'))).toEqual(['a']);
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
    const job = await world.get(path);
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
    expect(at(await world.get(`${DEPLOYMENTS}/web`), 'spec', 'replicas')).toBe(2);
    expect(condition(await world.get(path), 'ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
    });
    const owner = listAt(await world.get(`${DEPLOYMENTS}/web`), 'metadata', 'managedFields').find(
      (entry) => own(entry, 'subresource') === 'scale',
    );
    expect(own(owner, 'manager')).toBe('kube-controller-manager');
  });
});

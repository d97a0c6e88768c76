import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { assess } from '../../../src/health/assess.ts';
import { relate } from '../../../src/health/related.ts';
import { ago, condition, containerStatus, NOW, object, pod, readyPod } from '../objects.ts';

function judge(subject: KubeObject, others: readonly KubeObject[] = []): string {
  const health = assess(subject, relate([subject, ...others]), NOW);
  const warnings = (health.warnings ?? []).map((warning) => ` [${warning}]`).join('');
  return `${health.status} ${health.reason}${health.cause === undefined ? '' : ` (${health.cause})`}: ${health.message}${warnings}`;
}

const web = (status: JsonObject, spec: JsonObject = {}): KubeObject =>
  object('apps/v1', 'Deployment', 'web', {
    metadata: { uid: 'd-1', generation: 2, annotations: { 'deployment.kubernetes.io/revision': '2' } },
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, ...spec },
    status: { observedGeneration: 2, ...status },
  });
const replicaSet = (name: string, uid: string, revision: string): KubeObject =>
  object('apps/v1', 'ReplicaSet', name, {
    metadata: {
      uid,
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'd-1' }],
      annotations: { 'deployment.kubernetes.io/revision': revision },
    },
    spec: { replicas: 3 },
    status: { replicas: 3 },
  });
const broken = (name: string): KubeObject =>
  pod(name, containerStatus({ waiting: { reason: 'ImagePullBackOff', message: 'not found' } }));
const done = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const set = (kind: string, spec: JsonObject, status: JsonObject): KubeObject =>
  object('apps/v1', kind, 'db', { metadata: { generation: 1 }, spec, status: { observedGeneration: 1, ...status } });

describe('a Deployment', () => {
  it.each<[string, KubeObject, string]>([
    [
      'without status',
      object('apps/v1', 'Deployment', 'web', { spec: {} }),
      'progressing NoStatus: the Deployment controller has not looked at it yet',
    ],
    [
      'with an old status',
      web({ observedGeneration: 1, ...done }),
      'progressing NotObserved: the Deployment controller has not seen the latest change yet',
    ],
    ['that is done', web(done), 'healthy Available: 3 of 3 pods are available'],
    ['scaled to zero', web({}, { replicas: 0 }), 'healthy Available: it is scaled to zero'],
    [
      'that is updating',
      web({ replicas: 4, updatedReplicas: 1, availableReplicas: 3 }),
      'progressing Updating: 1 of 3 pods have the latest template',
    ],
    [
      'with old pods',
      web({ replicas: 4, updatedReplicas: 3, availableReplicas: 4 }),
      'progressing OldPodsRemaining: 1 old pod is still there',
    ],
    [
      'with unavailable pods',
      web({ ...done, availableReplicas: 1 }),
      'progressing NotAvailable: 1 of 3 updated pods are available',
    ],
    [
      'that is paused',
      web(done, { paused: true }),
      'suspended Paused: the Deployment is paused with 3 of 3 pods of its latest template',
    ],
    [
      'past its deadline',
      web({
        replicas: 4,
        updatedReplicas: 1,
        availableReplicas: 3,
        conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')],
      }),
      'degraded ProgressDeadlineExceeded (release): made no progress within 600 s: 1 of 3 pods updated, 3 available',
    ],
    [
      'refused by a quota',
      web({
        conditions: [
          condition('ReplicaFailure', 'True', 'FailedCreate', 'pods "web-1-" is forbidden: exceeded quota: compute'),
        ],
      }),
      'degraded QuotaExceeded (environment): 0 of 3 pods have the latest template — the API server refuses its pods: pods "web-1-" is forbidden: exceeded quota: compute',
    ],
    [
      'refused by admission',
      web({
        conditions: [
          condition('ReplicaFailure', 'True', 'FailedCreate', 'admission webhook "policy" denied the request'),
        ],
      }),
      'degraded PodsRefused (release): 0 of 3 pods have the latest template — the API server refuses its pods: admission webhook "policy" denied the request',
    ],
  ])('%s', (_, subject, expected) => {
    expect(judge(subject)).toBe(expected);
  });

  it('is degraded at once by what the release broke, and quotes the worst pod of its newest ReplicaSet with the count', () => {
    const deployment = web({ replicas: 4, updatedReplicas: 3, availableReplicas: 1 });
    const old = pod(
      'old',
      containerStatus({ waiting: { reason: 'CrashLoopBackOff' } }),
      {},
      { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-0', uid: 'rs-0' }] },
    );
    const others = [
      replicaSet('web-0', 'rs-0', '1'),
      replicaSet('web-1', 'rs-1', '2'),
      broken('a'),
      broken('b'),
      readyPod('c'),
      old,
    ];
    expect(judge(deployment, others)).toBe(
      'degraded ImagePullBackOff (release): 1 old pod is still there — 2 of 3 pods: ImagePullBackOff on container web, image shop/web:2: not found',
    );
  });

  it('waits for what the environment holds up', () => {
    const unschedulable = pod(
      'a',
      {
        phase: 'Pending',
        conditions: [
          condition(
            'PodScheduled',
            'False',
            'Unschedulable',
            '0/4 nodes are available: 4 Insufficient nvidia.com/gpu.',
          ),
        ],
      },
      { nodeName: undefined as unknown as string },
    );
    const deployment = web({
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 2,
      conditions: [{ ...condition('Progressing', 'True', 'ReplicaSetUpdated'), lastUpdateTime: ago(10) }],
    });
    const health = assess(
      deployment,
      relate([deployment, replicaSet('web-1', 'rs-1', '2'), unschedulable, readyPod('b')]),
      NOW,
    );
    expect(health).toMatchObject({
      status: 'progressing',
      reason: 'Unschedulable',
      cause: 'environment',
      deadline: ago(-590),
      blockedBy: [{ kind: 'Pod', name: 'a' }],
    });
    expect(health.message).toContain('1 of 3 pods: none of 4 nodes fits: 4 nodes with too little nvidia.com/gpu');
  });

  it('past its deadline says so, also when its pods are only not ready', () => {
    const late = web({
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 2,
      conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded')],
    });
    const slow = pod('a', {
      conditions: [condition('Ready', 'False', 'ContainersNotReady')],
      ...containerStatus({ running: {} }, { started: true }),
    });
    expect(judge(late, [replicaSet('web-1', 'rs-1', '2'), slow, readyPod('b')])).toMatch(
      /^degraded ProgressDeadlineExceeded \(release\): .* — 1 of 3 pods: container web is not ready$/,
    );
  });

  it('finds its pods by selector when nobody knows owners', () => {
    const loose = pod('a', containerStatus({ waiting: { reason: 'ErrImageNeverPull' } }), {}, { ownerReferences: [] });
    expect(judge(web({ replicas: 3, updatedReplicas: 3, availableReplicas: 2 }), [loose])).toMatch(
      /^degraded ErrImageNeverPull \(release\)/,
    );
  });
});

describe('other workloads', () => {
  it.each<[string, KubeObject, string]>([
    [
      'a StatefulSet that is done',
      set('StatefulSet', { replicas: 2 }, { replicas: 2, readyReplicas: 2, currentRevision: 'a', updateRevision: 'a' }),
      'healthy Ready: 2 of 2 pods are ready',
    ],
    [
      'a StatefulSet between revisions, with a rollingUpdate block',
      set(
        'StatefulSet',
        { replicas: 2, updateStrategy: { rollingUpdate: { partition: 0 } } },
        { replicas: 2, readyReplicas: 2, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      'progressing Updating: 1 of 2 pods have the latest template',
    ],
    [
      'a StatefulSet held at its partition',
      set(
        'StatefulSet',
        { replicas: 5, updateStrategy: { rollingUpdate: { partition: 3 } } },
        { replicas: 5, readyReplicas: 5, updatedReplicas: 2, currentRevision: 'a', updateRevision: 'b' },
      ),
      'healthy Ready: 5 of 5 pods are ready; the update is held at partition 3',
    ],
    [
      'a StatefulSet on its way to its partition',
      set(
        'StatefulSet',
        { replicas: 5, updateStrategy: { rollingUpdate: { partition: 3 } } },
        { replicas: 5, readyReplicas: 5, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
      ),
      'progressing Updating: 1 of 2 pods above partition 3 have the latest template',
    ],
    [
      'a StatefulSet updated by hand',
      set(
        'StatefulSet',
        { replicas: 2, updateStrategy: { type: 'OnDelete' } },
        { replicas: 2, readyReplicas: 2, updatedReplicas: 0, currentRevision: 'a', updateRevision: 'b' },
      ),
      'healthy Ready: 2 of 2 pods are ready; pods are updated when they are deleted',
    ],
    [
      'a DaemonSet that is done',
      set('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 }),
      'healthy Available: 3 of 3 nodes have an available pod',
    ],
    [
      'a DaemonSet that is updating',
      set('DaemonSet', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberAvailable: 3 }),
      'progressing Updating: 1 of 3 nodes have a pod of the latest template',
    ],
    [
      'a DaemonSet on no node',
      set('DaemonSet', {}, { desiredNumberScheduled: 0 }),
      'healthy Available: no node is selected',
    ],
    [
      'a Job that is done',
      object('batch/v1', 'Job', 'j', { status: { succeeded: 1, conditions: [condition('Complete', 'True')] } }),
      'healthy Completed: 1 pods succeeded',
    ],
    [
      'a Job that was failed once',
      object('batch/v1', 'Job', 'j', { status: { active: 1, conditions: [condition('Failed', 'False')] } }),
      'progressing Running: 0 of 1 done, 1 running',
    ],
    [
      'a Job that failed',
      object('batch/v1', 'Job', 'j', {
        status: {
          failed: 7,
          conditions: [
            condition('Failed', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
          ],
        },
      }),
      'degraded BackoffLimitExceeded (release): Job has reached the specified backoff limit',
    ],
    [
      'a Job that is suspended',
      object('batch/v1', 'Job', 'j', { spec: { suspend: true }, status: {} }),
      'suspended Suspended: the Job is suspended',
    ],
    [
      'a CronJob that is suspended',
      object('batch/v1', 'CronJob', 'c', { spec: { suspend: true }, status: { lastScheduleTime: ago(60) } }),
      'suspended Suspended: the CronJob is suspended',
    ],
    [
      'a CronJob that is new',
      object('batch/v1', 'CronJob', 'c', { spec: {} }),
      'healthy NotScheduledYet: it has not run yet',
    ],
  ])('%s', (_, subject, expected) => {
    expect(judge(subject)).toBe(expected);
  });

  it('a StatefulSet whose pods a quota refuses says so by its event', () => {
    const events = [
      object('v1', 'Event', 'e', {
        involvedObject: { kind: 'StatefulSet', namespace: 'shop', name: 'db' },
        reason: 'FailedCreate',
        message: 'create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: small',
      }),
    ];
    expect(judge(set('StatefulSet', { replicas: 1 }, { replicas: 0 }), events)).toMatch(
      /^degraded QuotaExceeded \(environment\)/,
    );
  });
});

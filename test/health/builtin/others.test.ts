import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { assess } from '../../../src/health/assess.ts';
import { relate } from '../../../src/health/related.ts';
import { ago, condition, NOW, object, pod } from '../objects.ts';

function judge(subject: KubeObject, others: readonly KubeObject[] = []): string {
  const health = assess(subject, relate([subject, ...others]), NOW);
  const warnings = (health.warnings ?? []).map((warning) => ` [${warning}]`).join('');
  return `${health.status} ${health.reason}${health.cause === undefined ? '' : ` (${health.cause})`}: ${health.message}${warnings}`;
}

const claim = (status: JsonObject, spec: JsonObject = {}): KubeObject =>
  object('v1', 'PersistentVolumeClaim', 'data', { spec, status });
const hpa = (...conditions: JsonObject[]): KubeObject =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', { status: { conditions } });
const address = { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } };

describe('built-in kinds', () => {
  it.each<[string, KubeObject, readonly KubeObject[], string]>([
    ['a bound claim', claim({ phase: 'Bound' }), [], 'healthy Bound: it is bound to a volume'],
    [
      'a lost claim',
      claim({ phase: 'Lost' }, { volumeName: 'pv-1' }),
      [],
      'degraded Lost (environment): its volume pv-1 is gone, and the data with it',
    ],
    [
      'a claim that nobody uses yet',
      claim({ phase: 'Pending' }, { storageClassName: 'late' }),
      [
        {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: 'late' },
          volumeBindingMode: 'WaitForFirstConsumer',
        },
      ],
      'healthy WaitForFirstConsumer: it is bound when the first pod uses it',
    ],
    ['a claim that waits', claim({ phase: 'Pending' }), [], 'progressing Pending: no volume is bound to it yet'],
    [
      'a Service in the cluster',
      object('v1', 'Service', 's', { spec: { type: 'ClusterIP' } }),
      [],
      'healthy Current: it has its address',
    ],
    [
      'a Service without ready pods',
      object('v1', 'Service', 's', { spec: { selector: { app: 'web' } } }),
      [pod('p', {})],
      'healthy Current: it has its address [none of the 1 pods behind it is ready]',
    ],
    [
      'a load balancer',
      object('v1', 'Service', 's', { spec: { type: 'LoadBalancer' }, status: address }),
      [],
      'healthy AddressAssigned: its address is 10.0.0.1',
    ],
    [
      'a load balancer without address',
      object('v1', 'Service', 's', {
        metadata: { creationTimestamp: ago(30) },
        spec: { type: 'LoadBalancer' },
        status: { loadBalancer: {} },
      }),
      [],
      'progressing NoAddress (environment): no load balancer has given it an address yet',
    ],
    [
      'an Ingress',
      object('networking.k8s.io/v1', 'Ingress', 'i', { status: address }),
      [],
      'healthy AddressAssigned: its address is 10.0.0.1',
    ],
    [
      'an Ingress that nobody serves',
      object('networking.k8s.io/v1', 'Ingress', 'i', { metadata: { creationTimestamp: ago(7200) }, spec: {} }),
      [],
      'progressing NoAddress (environment): no ingress controller has given it an address yet (for 2 h)',
    ],
    [
      'an HPA that scales',
      hpa(
        condition('AbleToScale', 'True', 'ReadyForNewScale', 'ready'),
        condition('ScalingActive', 'True', 'ValidMetricFound'),
      ),
      [],
      'healthy ReadyForNewScale: ready',
    ],
    [
      'an HPA without metrics API',
      hpa(
        condition('AbleToScale', 'True', 'SucceededGetScale'),
        condition('ScalingActive', 'False', 'FailedGetResourceMetric', 'no metrics'),
      ),
      [],
      'healthy NoMetrics (environment): it keeps the replicas as they are until metrics are there [it cannot scale now (FailedGetResourceMetric): no metrics]',
    ],
    [
      'an HPA without target',
      hpa(condition('AbleToScale', 'False', 'FailedGetScale', 'deployments.apps "x" not found')),
      [],
      'degraded FailedGetScale (release): deployments.apps "x" not found',
    ],
    [
      'an HPA with a wrong selector',
      hpa(condition('ScalingActive', 'False', 'InvalidSelector', 'missing selector')),
      [],
      'degraded InvalidSelector (release): missing selector',
    ],
    [
      'an HPA at its maximum',
      hpa(
        condition('AbleToScale', 'True', 'ReadyForNewScale', 'ready'),
        condition('ScalingLimited', 'True', 'TooManyReplicas'),
      ),
      [],
      'healthy ReadyForNewScale: ready [it wants more replicas than maxReplicas allows]',
    ],
    [
      'a budget that allows nothing now',
      object('policy/v1', 'PodDisruptionBudget', 'b', {
        status: {
          disruptionsAllowed: 0,
          expectedPods: 2,
          conditions: [condition('DisruptionAllowed', 'False', 'InsufficientPods')],
        },
      }),
      [],
      'healthy InsufficientPods: 0 of 2 pods may be disrupted now [it allows no disruption now: a drain of these nodes will wait]',
    ],
    [
      'a budget that cannot be computed',
      object('policy/v1', 'PodDisruptionBudget', 'b', {
        status: { conditions: [condition('DisruptionAllowed', 'False', 'SyncFailed', 'found no controllers')] },
      }),
      [],
      'degraded SyncFailed (release): found no controllers',
    ],
    [
      'an APIService',
      object('apiregistration.k8s.io/v1', 'APIService', 'v1.x', {
        status: { conditions: [condition('Available', 'False', 'MissingEndpoints', 'no endpoints')] },
        spec: { service: { name: 'x', namespace: 'y' } },
      }),
      [],
      'progressing MissingEndpoints (environment): no endpoints',
    ],
    [
      'a Namespace that goes',
      object('v1', 'Namespace', 'n', {
        status: {
          phase: 'Terminating',
          conditions: [
            condition('NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', 'x.y in 1 resource instances'),
          ],
        },
      }),
      [],
      'progressing Terminating: x.y in 1 resource instances',
    ],
    [
      'a Node',
      object('v1', 'Node', 'n', {
        status: { conditions: [condition('Ready', 'True'), condition('MemoryPressure', 'True')] },
      }),
      [],
      'degraded MemoryPressure (environment): the node has MemoryPressure',
    ],
    [
      'a cordoned Node',
      object('v1', 'Node', 'n', {
        spec: { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
        status: { conditions: [condition('Ready', 'True')] },
      }),
      [],
      'suspended Cordoned: the node takes no new pods',
    ],
    ['a ConfigMap', object('v1', 'ConfigMap', 'c'), [], 'healthy Current: it is in use as soon as it is stored'],
  ])('%s', (_, subject, others, expected) => {
    expect(judge(subject, others)).toBe(expected);
  });

  it('a thing that cannot be deleted names its finalizers, and is progressing whatever its status says', () => {
    const widget = (seconds: number): KubeObject =>
      object('example.com/v1', 'Widget', 'w', {
        metadata: { deletionTimestamp: ago(seconds), finalizers: ['example.com/cleanup'] },
        status: { conditions: [condition('Ready', 'True')] },
      });
    expect(judge(widget(10))).toBe(
      'progressing Terminating: it is being deleted; finalizer example.com/cleanup holds it',
    );
    expect(judge(widget(900))).toBe(
      'progressing DeletionStuck (environment): it is being deleted since 15 min; finalizer example.com/cleanup holds it',
    );
    const used = object('v1', 'PersistentVolumeClaim', 'data', {
      metadata: { deletionTimestamp: ago(900), finalizers: ['kubernetes.io/pvc-protection'] },
      status: { phase: 'Bound' },
    });
    expect(judge(used)).toContain('kubernetes.io/pvc-protection (a pod still uses the claim)');
  });

  it('a kind without rules goes by its conditions', () => {
    const widget = (status: JsonObject, generation = 1): KubeObject =>
      object('example.com/v1', 'Widget', 'w', { metadata: { generation }, status });
    expect(judge(widget({ conditions: [condition('Ready', 'True', 'Fine', 'ok')] }))).toBe('healthy Fine: ok');
    expect(judge(widget({ conditions: [condition('Ready', 'False', 'Waiting', 'not yet', 60)] }))).toBe(
      'progressing Waiting: not yet',
    );
    expect(judge(widget({ conditions: [condition('Ready', 'False', 'Waiting', 'not yet', 900)] }))).toBe(
      'degraded Waiting (release): not yet (Ready is False since 15 min)',
    );
    expect(
      judge(widget({ conditions: [condition('Ready', 'True'), condition('Stalled', 'True', 'Broken', 'no')] })),
    ).toBe('degraded Broken (release): no');
    expect(
      judge(widget({ conditions: [condition('Ready', 'True'), condition('Reconciling', 'True', 'Busy', 'at work')] })),
    ).toBe('progressing Busy: at work');
    expect(judge(widget({ observedGeneration: 1, conditions: [condition('Ready', 'True')] }, 2))).toMatch(
      /^progressing NotObserved/,
    );
    expect(judge(widget({ conditions: [{ ...condition('Ready', 'True'), observedGeneration: 1 }] }, 2))).toMatch(
      /^progressing NotObserved/,
    );
    expect(judge(widget({ phase: 'Failed', message: 'why' }))).toBe('degraded Failed (release): why');
    expect(judge(object('example.com/v1', 'Widget', 'w'))).toBe('healthy NoStatus: it has no status to wait for');
  });
});

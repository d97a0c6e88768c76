import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { assessPod, diagnosePod } from '../../../src/health/pods/diagnose-pod.ts';
import { NOTHING_RELATED, relate } from '../../../src/health/related.ts';
import { ago, condition, containerStatus, NOW, object, pod, readyPod } from '../objects.ts';

function diagnose(subject: KubeObject, others: readonly KubeObject[] = []): string {
  const health = diagnosePod(subject, relate([subject, ...others]), NOW);
  return `${health.status} ${health.reason}${health.cause === undefined ? '' : ` (${health.cause})`}: ${health.message}`;
}

function event(reason: string, message: string): KubeObject {
  return object('v1', 'Event', `e-${reason}`, {
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'p' },
    reason,
    message,
    type: 'Warning',
  });
}

const waiting = (reason: string, message = '', rest: JsonObject = {}): JsonObject =>
  containerStatus({ waiting: { reason, message } }, rest);
const ended = (terminated: JsonObject): JsonObject => ({ terminated: { finishedAt: ago(30), ...terminated } });
const unscheduled = (reason: string, message: string): KubeObject =>
  pod(
    'p',
    { phase: 'Pending', conditions: [condition('PodScheduled', 'False', reason, message)] },
    { nodeName: undefined as unknown as string },
  );

describe('a pod', () => {
  it.each<[string, KubeObject, string]>([
    ['is ready', readyPod('p'), 'healthy Ready: the pod is ready'],
    ['has ended', pod('p', { phase: 'Succeeded' }), 'healthy Completed: all containers ended with exit code 0'],
    [
      'waits for the scheduler',
      pod('p', { phase: 'Pending' }, { nodeName: undefined as unknown as string }),
      'progressing Pending: the pod waits for the scheduler',
    ],
    [
      'does not fit',
      unscheduled(
        'Unschedulable',
        '0/5 nodes are available: 3 node(s) had untolerated taint {gpu: no}, 2 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.',
      ),
      'progressing Unschedulable (environment): none of 5 nodes fits: 3 nodes with a taint that it does not tolerate (gpu: no); 2 nodes with too little nvidia.com/gpu',
    ],
    [
      'selects no node',
      unscheduled('Unschedulable', "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."),
      'progressing Unschedulable (release): none of 2 nodes fits: 2 nodes outside of its node selector or affinity',
    ],
    [
      'wants a claim that is not there',
      unscheduled('Unschedulable', '0/2 nodes are available: persistentvolumeclaim "data" not found.'),
      'progressing ClaimNotFound (release): PersistentVolumeClaim data not found',
    ],
    [
      'is gated',
      pod(
        'p',
        { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulingGated')] },
        { nodeName: undefined as unknown as string, schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] },
      ),
      'progressing SchedulingGated (environment): the pod is held back by kueue.x-k8s.io/admission',
    ],
    [
      'crashes',
      pod(
        'p',
        waiting('CrashLoopBackOff', 'back-off', {
          restartCount: 4,
          lastState: ended({ exitCode: 1, reason: 'Error', message: 'no database' }),
        }),
      ),
      'degraded CrashLoopBackOff (release): container web keeps crashing (4 restarts, last exit code 1: no database)',
    ],
    [
      'crashes by a signal',
      pod(
        'p',
        waiting('CrashLoopBackOff', '', { restartCount: 2, lastState: ended({ exitCode: 139, reason: 'Error' }) }),
      ),
      'degraded CrashLoopBackOff (release): container web keeps crashing (2 restarts, last exit code 139 (SIGSEGV))',
    ],
    [
      'has no such command',
      pod('p', waiting('RunContainerError', 'exec: "srv": executable file not found in $PATH')),
      'degraded RunContainerError (release): RunContainerError on container web: exec: "srv": executable file not found in $PATH',
    ],
    [
      'runs out of its memory',
      pod(
        'p',
        waiting('CrashLoopBackOff', '', { restartCount: 3, lastState: ended({ exitCode: 137, reason: 'OOMKilled' }) }),
        { containers: [{ name: 'web', image: 'shop/web:2', resources: { limits: { memory: '1Gi' } } }] },
      ),
      'degraded OOMKilled (release): container web was killed for using too much memory (out of memory, exit code 137 (SIGKILL), 3 restarts)',
    ],
    [
      "runs out of its node's memory",
      pod('p', containerStatus(ended({ exitCode: 137, reason: 'OOMKilled' }))),
      'degraded OOMKilled (environment): container web was killed for using too much memory (out of memory, exit code 137 (SIGKILL)); it has no memory limit, so the node ran out',
    ],
    [
      'has no such image',
      pod('p', waiting('ImagePullBackOff', 'Back-off pulling image "shop/web:2"')),
      'degraded ImagePullBackOff (release): ImagePullBackOff on container web, image shop/web:2: Back-off pulling image "shop/web:2"',
    ],
    [
      'has a wrong image name',
      pod('p', waiting('InvalidImageName', 'invalid reference')),
      'degraded InvalidImageName (release): InvalidImageName on container web, image shop/web:2: invalid reference',
    ],
    [
      'cannot reach the registry',
      pod('p', waiting('ErrImagePull', 'dial tcp: i/o timeout')),
      'degraded ErrImagePull (environment): ErrImagePull on container web, image shop/web:2: dial tcp: i/o timeout',
    ],
    [
      'lacks a Secret',
      pod('p', waiting('CreateContainerConfigError', 'secret "db" not found')),
      'degraded CreateContainerConfigError (release): CreateContainerConfigError on container web: secret "db" not found',
    ],
    [
      'has a failing init container',
      pod(
        'p',
        {
          phase: 'Pending',
          initContainerStatuses: [
            {
              name: 'migrate',
              restartCount: 2,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: ended({ exitCode: 3, reason: 'Error' }),
            },
          ],
          ...waiting('PodInitializing'),
        },
        { initContainers: [{ name: 'migrate', image: 'm' }] },
      ),
      'degraded CrashLoopBackOff (release): init container migrate keeps crashing (2 restarts, last exit code 3)',
    ],
    [
      'has a failing sidecar',
      pod(
        'p',
        {
          initContainerStatuses: [
            { name: 'proxy', restartCount: 5, state: { waiting: { reason: 'CrashLoopBackOff' } } },
          ],
          ...containerStatus({ running: {} }, { ready: true }),
        },
        { initContainers: [{ name: 'proxy', image: 'm', restartPolicy: 'Always' }] },
      ),
      'degraded CrashLoopBackOff (release): sidecar proxy keeps crashing (5 restarts)',
    ],
    [
      'initialises',
      pod(
        'p',
        {
          phase: 'Pending',
          initContainerStatuses: [{ name: 'migrate', state: { running: { startedAt: ago(5) } } }],
          ...waiting('PodInitializing'),
        },
        { initContainers: [{ name: 'migrate', image: 'm' }] },
      ),
      'progressing Initializing: init container migrate is still running',
    ],
    [
      'ignores a broken debug container',
      pod(
        'p',
        {
          ephemeralContainerStatuses: [{ name: 'debug', state: { waiting: { reason: 'ImagePullBackOff' } } }],
          conditions: [condition('Ready', 'True')],
          ...containerStatus({ running: {} }, { ready: true }),
        },
        { ephemeralContainers: [{ name: 'debug', image: 'x' }] },
      ),
      'healthy Ready: the pod is ready',
    ],
    [
      'has not started',
      pod(
        'p',
        {
          conditions: [condition('Ready', 'False', 'ContainersNotReady')],
          ...containerStatus({ running: {} }, { started: false }),
        },
        { containers: [{ name: 'web', image: 'shop/web:2', startupProbe: {} }] },
      ),
      'progressing StartupProbe (release): container web has not passed its startup probe',
    ],
    [
      'is not ready',
      pod(
        'p',
        {
          conditions: [condition('Ready', 'False', 'ContainersNotReady')],
          ...containerStatus({ running: {} }, { started: true }),
        },
        { containers: [{ name: 'web', image: 'shop/web:2', readinessProbe: {} }] },
      ),
      'progressing ReadinessProbe (release): container web has not passed its readiness probe',
    ],
    [
      'crashed twice in a row',
      pod('p', {
        conditions: [condition('Ready', 'False', 'ContainersNotReady')],
        ...containerStatus(ended({ exitCode: 1, reason: 'Error' }), {
          restartCount: 1,
          lastState: ended({ exitCode: 1, reason: 'Error' }),
        }),
      }),
      'degraded ContainerFailed (release): container web ended with exit code 1',
    ],
    [
      'is not ready after a crash',
      pod('p', {
        conditions: [condition('Ready', 'False', 'ContainersNotReady')],
        ...containerStatus(
          { running: {} },
          { started: true, restartCount: 3, lastState: { terminated: { exitCode: 1, reason: 'Error' } } },
        ),
      }),
      'progressing ContainersNotReady (release): container web is not ready (restarted 3 times, last after exit code 1)',
    ],
    [
      'waits for a readiness gate',
      pod(
        'p',
        {
          conditions: [condition('Ready', 'False', 'ReadinessGatesNotReady'), condition('ContainersReady', 'True')],
          ...containerStatus({ running: {} }, { ready: true }),
        },
        { readinessGates: [{ conditionType: 'lb.example.com/ready' }] },
      ),
      'progressing ReadinessGates (environment): its containers are ready, but lb.example.com/ready is not',
    ],
    [
      'was evicted',
      pod('p', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
      'degraded Evicted (environment): the node ran short of something and evicted the pod: The node was low on resource: memory.',
    ],
    [
      'was preempted',
      pod('p', { phase: 'Failed', conditions: [condition('DisruptionTarget', 'True', 'PreemptionByScheduler')] }),
      'degraded PreemptionByScheduler (environment): a pod of higher priority took its place',
    ],
    [
      'was refused by the kubelet',
      pod('p', { phase: 'Failed', reason: 'UnexpectedAdmissionError', message: 'no devices' }),
      'degraded UnexpectedAdmissionError (environment): the kubelet could not give it what it asked for (a device, for example): no devices',
    ],
    [
      'came to a full node',
      pod('p', { phase: 'Failed', reason: 'OutOfnvidia.com/gpu' }),
      'degraded OutOfnvidiaComGpu (environment): its node had no nvidia.com/gpu left when it came',
    ],
    [
      'failed by itself',
      pod(
        'p',
        { phase: 'Failed', ...containerStatus(ended({ exitCode: 2, reason: 'Error' })) },
        { restartPolicy: 'Never' },
      ),
      'degraded ContainerFailed (release): container web ended with exit code 2',
    ],
    [
      'has an unhealthy device',
      pod(
        'p',
        containerStatus(
          { running: {} },
          {
            allocatedResourcesStatus: [
              { name: 'nvidia.com/gpu', resources: [{ resourceID: 'GPU-7', health: 'Unhealthy' }] },
            ],
          },
        ),
      ),
      'degraded DeviceUnhealthy (environment): container web: nvidia.com/gpu GPU-7 reported unhealthy',
    ],
    [
      'lost its node',
      pod('p', {
        conditions: [condition('Ready', 'Unknown', 'NodeStatusUnknown')],
        ...containerStatus({ running: {} }, { ready: true }),
      }),
      'degraded NodeLost (environment): node node-1 does not report; nobody knows whether the pod runs',
    ],
    [
      'is being stopped',
      pod('p', {}, {}, { deletionTimestamp: ago(-20) }),
      'progressing Terminating: the pod is being stopped',
    ],
    [
      'cannot be deleted',
      pod('p', {}, {}, { deletionTimestamp: ago(300), finalizers: ['example.com/keep'] }),
      'progressing StuckTerminating (environment): the pod should be gone since 5 min; held by example.com/keep; what it holds (devices, volumes, its name) stays taken',
    ],
  ])('that %s', (_, subject, expected) => {
    expect(diagnose(subject)).toBe(expected);
  });

  it('that is to end is not done while it runs', () => {
    const running = { conditions: [condition('Ready', 'True')], ...containerStatus({ running: {} }, { ready: true }) };
    const judge = (restartPolicy: string): string => {
      const { status, reason } = assessPod(pod('p', running, { restartPolicy }), NOTHING_RELATED, NOW);
      return `${status} ${reason}`;
    };
    expect(judge('Always')).toBe('healthy Ready');
    expect(judge('Never')).toBe('progressing Running');
    expect(judge('OnFailure')).toBe('progressing Running');
  });

  it('whose volume cannot be mounted names the volume, and a missing Secret as the fault of the release', () => {
    const creating = pod('p', { phase: 'Pending', ...waiting('ContainerCreating') });
    expect(diagnose(creating)).toBe(
      'progressing ContainerCreating: volumes and containers of the pod are being set up since 2 min',
    );
    expect(diagnose(creating, [event('FailedMount', 'rpc error: volume is attached elsewhere')])).toBe(
      'progressing FailedMount (environment): a volume of the pod cannot be set up: rpc error: volume is attached elsewhere',
    );
    expect(
      diagnose(creating, [event('FailedMount', 'MountVolume.SetUp failed for volume "c": secret "tls" not found')]),
    ).toMatch(/^degraded FailedMount \(release\)/);
    const old = pod('p', { phase: 'Pending', ...waiting('ContainerCreating') }, {}, { creationTimestamp: ago(3600) });
    expect(diagnose(old)).toBe(
      'progressing ContainerCreating (environment): volumes and containers of the pod are being set up since 60 min',
    );
  });

  it('that is ready tells of crashes shortly before, as a warning', () => {
    const health = diagnosePod(
      pod('p', {
        conditions: [condition('Ready', 'True')],
        ...containerStatus(
          { running: {} },
          { ready: true, restartCount: 2, lastState: ended({ exitCode: 137, reason: 'OOMKilled' }) },
        ),
      }),
      relate([]),
      NOW,
    );
    expect(health.status).toBe('healthy');
    expect(health.warnings).toEqual([
      'container web was restarted 2 times, last after out of memory, exit code 137 (SIGKILL)',
    ]);
  });

  it('that crashes again and again stays degraded while it runs in between', () => {
    const running = pod('p', {
      conditions: [condition('Ready', 'False', 'ContainersNotReady')],
      ...containerStatus(
        { running: { startedAt: ago(2) } },
        { restartCount: 6, lastState: ended({ exitCode: 1, reason: 'Error' }) },
      ),
    });
    expect(diagnose(running)).toMatch(/^degraded CrashLoopBackOff/);
  });
});

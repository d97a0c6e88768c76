import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'ray.io',
    project: 'KubeRay',
    kinds: [
      {
        kinds: ['RayCluster'],
        about: 'ReplicaFailure, Suspended, HeadPodReady, RayClusterProvisioned, ready workers',
        rules: [
          { when: { condition: 'ReplicaFailure', is: 'True' }, status: 'degraded' },
          { when: { condition: 'RayClusterSuspended', is: 'True' }, status: 'suspended' },
          { when: { field: 'status.state', is: 'suspended' }, status: 'suspended' },
          { when: { field: 'status.state', is: 'failed' }, status: 'degraded' },
          { when: { condition: 'HeadPodReady', is: 'False' }, status: 'progressing' },
          {
            when: { number: 'status.readyWorkerReplicas', below: 'status.desiredWorkerReplicas' },
            status: 'progressing',
            reason: 'WorkersNotReady',
            message: '{status.readyWorkerReplicas} of {status.desiredWorkerReplicas} workers are ready',
          },
          { when: { condition: 'RayClusterProvisioned', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.state', is: 'ready' }, status: 'healthy', message: 'head and workers are ready' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['RayService'],
        about: 'Ready with its reason; UpgradeInProgress, RollbackInProgress',
        rules: [
          {
            when: { condition: 'Ready', is: 'False', reason: ['InitializingTimeout', 'ValidationFailed'] },
            status: 'degraded',
          },
          { when: { condition: 'RollbackInProgress', is: 'True' }, status: 'degraded' },
          { when: { condition: 'UpgradeInProgress', is: 'True' }, status: 'progressing' },
          {
            when: {
              some: 'status.activeServiceStatus.applicationStatuses.*',
              where: { field: 'status', is: ['DEPLOY_FAILED', 'UNHEALTHY'] },
            },
            status: 'degraded',
            reason: 'ApplicationFailed',
            message: 'an application of Ray Serve: {message}',
          },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: [
              { condition: 'Ready', is: 'absent' },
              { field: 'status.serviceStatus', is: 'Running' },
            ],
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['RayJob'],
        about: 'jobDeploymentStatus and jobStatus',
        rules: [
          { when: { field: 'status.jobDeploymentStatus', is: ['Failed', 'ValidationFailed'] }, status: 'degraded' },
          { when: { field: 'status.jobStatus', is: ['FAILED', 'STOPPED'] }, status: 'degraded' },
          { when: { field: 'status.jobDeploymentStatus', is: 'Suspended' }, status: 'suspended' },
          {
            when: [
              { field: 'status.jobDeploymentStatus', is: 'Complete' },
              { field: 'status.jobStatus', is: 'SUCCEEDED' },
            ],
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['RayCronJob'],
        about: 'suspended',
        fresh: 'healthy',
        rules: [{ when: { field: 'spec.suspend', is: true }, status: 'suspended' }],
        otherwise: { status: 'healthy', message: 'it is scheduled' },
      },
    ],
  },
];

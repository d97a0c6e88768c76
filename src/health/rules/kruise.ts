import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apps.kruise.io',
    project: 'OpenKruise',
    kinds: [
      {
        kinds: ['AdvancedCronJob'],
        about: 'paused, active jobs, whether it was ever scheduled',
        fresh: 'rules',
        rules: [
          { when: { field: 'spec.paused', is: true }, status: 'suspended', reason: 'Paused' },
          { when: { field: 'status.active' }, status: 'progressing', reason: 'Running', message: 'it has active jobs' },
          {
            when: { field: 'status.lastScheduleTime' },
            status: 'healthy',
            reason: 'Scheduled',
            message: 'it ran at {status.lastScheduleTime}',
          },
        ],
        otherwise: { status: 'degraded', reason: 'NeverScheduled', message: 'it has never run' },
      },
      {
        kinds: ['BroadcastJob'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'failed' }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'paused' }, status: 'suspended' },
          { when: { field: 'status.phase', is: 'completed' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'running' }, status: 'progressing' },
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Complete', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CloneSet'],
        about: 'paused, partition, updated and available pods',
        rules: [
          {
            when: { field: 'spec.updateStrategy.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'the update is paused',
          },
          {
            when: [
              {
                any: [
                  { number: 'spec.updateStrategy.partition', above: 0 },
                  { field: 'spec.updateStrategy.partition', contains: '%' },
                ],
              },
              { field: 'status.expectedUpdatedReplicas' },
              { not: { number: 'status.updatedReplicas', below: 'status.expectedUpdatedReplicas' } },
            ],
            status: 'suspended',
            reason: 'HeldByPartition',
            message: 'the update is held at partition {spec.updateStrategy.partition}',
          },
          {
            when: [
              { number: 'spec.updateStrategy.partition', above: 0 },
              { field: 'status.expectedUpdatedReplicas' },
              { number: 'status.updatedReplicas', below: 'status.expectedUpdatedReplicas' },
            ],
            status: 'progressing',
            reason: 'Updating',
            message: '{status.updatedReplicas} of {status.expectedUpdatedReplicas} pods are updated',
          },
          {
            when: { number: 'status.updatedAvailableReplicas', equals: 'status.replicas' },
            status: 'healthy',
            message: 'all pods are updated and available',
          },
        ],
        otherwise: {
          status: 'degraded',
          reason: 'NotAvailable',
          message: '{status.updatedAvailableReplicas} of {status.replicas} pods are updated and available',
        },
      },
      {
        kinds: ['DaemonSet'],
        about: 'paused, partition, available pods per node',
        rules: [
          {
            when: { field: 'spec.updateStrategy.rollingUpdate.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'the update is paused',
          },
          {
            when: [
              { number: 'spec.updateStrategy.rollingUpdate.partition', above: 0 },
              {
                not: {
                  number: 'status.updatedNumberScheduled',
                  plus: 'spec.updateStrategy.rollingUpdate.partition',
                  below: 'status.desiredNumberScheduled',
                },
              },
            ],
            status: 'suspended',
            reason: 'HeldByPartition',
            message: 'the update is held at partition {spec.updateStrategy.rollingUpdate.partition}',
          },
          {
            when: { number: 'spec.updateStrategy.rollingUpdate.partition', above: 0 },
            status: 'progressing',
            reason: 'Updating',
            message:
              '{status.updatedNumberScheduled} pods are updated, down to partition {spec.updateStrategy.rollingUpdate.partition}',
          },
          {
            when: { number: 'status.desiredNumberScheduled', equals: 0 },
            status: 'progressing',
            reason: 'NoNodes',
            message: 'no node is selected',
          },
          {
            when: { number: 'status.updatedNumberScheduled', below: 'status.desiredNumberScheduled' },
            status: 'progressing',
            reason: 'Updating',
            message: '{status.updatedNumberScheduled} of {status.desiredNumberScheduled} pods are updated',
          },
          {
            when: { number: 'status.numberAvailable', equals: 0 },
            status: 'degraded',
            reason: 'NotAvailable',
            message: 'none of {status.desiredNumberScheduled} pods is available',
          },
          {
            when: { number: 'status.numberAvailable', below: 'status.desiredNumberScheduled' },
            status: 'progressing',
            reason: 'NotAvailable',
            message: '{status.numberAvailable} of {status.desiredNumberScheduled} pods are available',
          },
        ],
        otherwise: { status: 'healthy', message: 'all pods are updated and available' },
      },
      {
        kinds: ['StatefulSet'],
        about: 'paused, partition, updated and available pods',
        rules: [
          {
            when: { field: 'spec.updateStrategy.rollingUpdate.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'the update is paused',
          },
          {
            when: [
              { number: 'spec.updateStrategy.rollingUpdate.partition', above: 0 },
              {
                not: {
                  number: 'status.updatedReplicas',
                  plus: 'spec.updateStrategy.rollingUpdate.partition',
                  below: 'status.replicas',
                },
              },
            ],
            status: 'suspended',
            reason: 'HeldByPartition',
            message: 'the update is held at partition {spec.updateStrategy.rollingUpdate.partition}',
          },
          {
            when: { number: 'spec.updateStrategy.rollingUpdate.partition', above: 0 },
            status: 'progressing',
            reason: 'Updating',
            message:
              '{status.updatedReplicas} pods are updated, down to partition {spec.updateStrategy.rollingUpdate.partition}',
          },
          {
            when: { number: 'status.updatedAvailableReplicas', equals: 'status.replicas' },
            status: 'healthy',
            message: 'all pods are updated and available',
          },
        ],
        otherwise: {
          status: 'degraded',
          reason: 'NotAvailable',
          message: '{status.updatedAvailableReplicas} of {status.replicas} pods are updated and available',
        },
      },
      {
        kinds: ['UnitedDeployment', 'SidecarSet'],
        about: 'updated and ready pods',
        rules: [
          {
            when: { number: 'status.updatedReplicas', below: 'status.replicas' },
            status: 'progressing',
            reason: 'Updating',
          },
          {
            when: { number: 'status.updatedPods', below: 'status.matchedPods' },
            status: 'progressing',
            reason: 'Updating',
          },
          {
            when: { number: 'status.readyPods', below: 'status.matchedPods' },
            status: 'progressing',
            reason: 'NotReady',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'rollouts.kruise.io',
    project: 'OpenKruise',
    kinds: [
      {
        kinds: ['Rollout'],
        about: 'phase and the state of the present step',
        rules: [
          { when: { field: 'status.phase', is: 'Healthy' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Disabled', 'Disabling', 'Terminating'] }, status: 'degraded' },
          {
            when: [
              { field: 'status.phase', is: 'Progressing' },
              {
                any: [
                  { field: 'status.canaryStatus.currentStepState', is: 'StepPaused' },
                  { field: 'status.blueGreenStatus.currentStepState', is: 'StepPaused' },
                ],
              },
            ],
            status: 'suspended',
            reason: 'StepPaused',
          },
          { when: { condition: 'Progressing', is: 'True', reason: 'Paused' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'game.kruise.io',
    project: 'OpenKruise Game',
    kinds: [
      {
        kinds: ['GameServer'],
        about: 'current against desired state, and the conditions of its pod',
        fresh: 'unknown',
        rules: [
          { when: { field: 'status.currentState', is: ['Crash', 'NotReady'] }, status: 'degraded' },
          {
            when: [
              { field: 'status.desiredState' },
              { not: { field: 'status.currentState', sameAs: 'status.desiredState' } },
            ],
            status: 'progressing',
            reason: 'Changing',
            message: 'it is {status.currentState} and becomes {status.desiredState}',
          },
          {
            when: {
              some: 'status.podStatus.conditions.*',
              where: [
                { field: 'type', is: 'KruisePodReady' },
                { field: 'status', not: 'True' },
              ],
            },
            status: 'degraded',
            reason: 'PodNotReady',
            message: 'its pod is not ready: {type} {message}',
          },
          { when: { field: 'status.currentState', is: 'Maintaining' }, status: 'suspended' },
          {
            when: { field: 'status.currentState', is: 'Ready' },
            status: 'healthy',
            message: 'the game server is ready',
          },
          { when: { field: 'status.currentState' }, status: 'progressing' },
        ],
        otherwise: { status: 'unknown' },
      },
      {
        kinds: ['GameServerSet'],
        about: 'paused, partition, ready and updated replicas',
        rules: [
          {
            when: { field: 'spec.updateStrategy.rollingUpdate.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'the update is paused',
          },
          {
            when: [
              { number: 'spec.updateStrategy.rollingUpdate.partition', above: 0 },
              {
                not: {
                  number: 'status.updatedReplicas',
                  plus: 'spec.updateStrategy.rollingUpdate.partition',
                  below: 'status.replicas',
                },
              },
              { number: 'status.updatedReadyReplicas', below: 'status.replicas' },
            ],
            status: 'suspended',
            reason: 'HeldByPartition',
            message: 'the update is held at partition {spec.updateStrategy.rollingUpdate.partition}',
          },
          {
            when: { number: 'status.readyReplicas', below: 'spec.replicas' },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {spec.replicas} replicas are ready',
          },
          {
            when: { number: 'status.updatedReadyReplicas', below: 'spec.replicas' },
            status: 'progressing',
            reason: 'Updating',
            message: '{status.updatedReadyReplicas} of {spec.replicas} replicas are updated and ready',
          },
        ],
        otherwise: { status: 'healthy', message: 'all replicas are updated and ready' },
      },
    ],
  },
];

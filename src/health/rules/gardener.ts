import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'core.gardener.cloud',
    project: 'Gardener',
    kinds: [
      {
        kinds: ['Shoot'],
        about: 'hibernation; the label of its status; else the last operation and the health conditions',
        rules: [
          {
            when: { field: 'spec.hibernation.enabled', is: true },
            status: 'suspended',
            reason: 'Hibernated',
            message: 'the cluster hibernates',
          },
          {
            when: { field: ['metadata', 'labels', 'shoot.gardener.cloud/status'], is: 'healthy' },
            status: 'healthy',
            message: 'all health checks pass',
          },
          {
            when: { field: ['metadata', 'labels', 'shoot.gardener.cloud/status'], is: 'progressing' },
            status: 'progressing',
            message: '{status.lastOperation.description}',
          },
          {
            when: { field: ['metadata', 'labels', 'shoot.gardener.cloud/status'], is: 'unknown' },
            status: 'unknown',
          },
          {
            when: [
              { some: 'status.conditions.*', where: { field: 'status', not: 'True' } },
              { field: ['metadata', 'labels', 'shoot.gardener.cloud/status'], is: 'unhealthy' },
            ],
            status: 'progressing',
            cause: 'environment',
            deadline: '15m',
            message: '{type}: {message}',
          },
          {
            when: { field: ['metadata', 'labels', 'shoot.gardener.cloud/status'], is: 'unhealthy' },
            status: 'degraded',
            cause: 'environment',
            message: '{status.lastOperation.description}',
          },
          {
            when: { field: 'status.lastOperation.state', is: ['Failed', 'Error', 'Aborted'] },
            status: 'degraded',
            cause: 'environment',
            message: '{status.lastOperation.description}',
          },
          {
            when: { field: 'status.lastOperation.state', is: ['Processing', 'Pending'] },
            status: 'progressing',
            message: '{status.lastOperation.description}',
          },
          {
            when: { field: 'status.conditions', empty: true },
            status: 'degraded',
            cause: 'environment',
            reason: 'NoConditions',
            message: 'none of its health checks reports',
          },
          {
            when: {
              condition: ['APIServerAvailable', 'ControlPlaneHealthy', 'EveryNodeReady', 'SystemComponentsHealthy'],
              is: ['False', 'Progressing'],
            },
            status: 'progressing',
          },
          {
            when: {
              condition: [
                'APIServerAvailable',
                'ControlPlaneHealthy',
                'EveryNodeReady',
                'SystemComponentsHealthy',
                'ObservabilityComponentsHealthy',
              ],
              is: ['False', 'Unknown', 'Progressing'],
            },
            status: 'unknown',
          },
          {
            when: { condition: 'APIServerAvailable', is: 'True' },
            status: 'healthy',
            message: 'all health checks pass',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

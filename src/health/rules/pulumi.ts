import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'pulumi.com',
    project: 'Pulumi operator',
    kinds: [
      {
        kinds: ['Stack'],
        about: 'Stalled, Reconciling (a retry after a failure is a failure), Ready, the last update',
        rules: [
          { when: { condition: 'Stalled', is: 'True' }, status: 'degraded' },
          {
            when: {
              condition: 'Reconciling',
              is: 'True',
              reason: ['RetryingAfterFailure', 'StackRetryingAfterFailure'],
            },
            status: 'degraded',
          },
          { when: { condition: 'Reconciling', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: { field: 'status.lastUpdate.state', is: 'failed' },
            status: 'degraded',
            message: '{status.lastUpdate.message}',
          },
          {
            when: [
              { field: 'status.conditions', empty: true },
              { field: 'status.lastUpdate.state', is: 'succeeded' },
            ],
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['Program'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'auto.pulumi.com',
    project: 'Pulumi operator',
    kinds: [
      {
        kinds: ['Update', 'Workspace'],
        about: 'Failed, Complete, Ready',
        rules: [
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          { when: { condition: ['Complete', 'Ready'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

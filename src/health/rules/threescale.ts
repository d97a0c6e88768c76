import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apps.3scale.net',
    project: '3scale',
    kinds: [
      {
        kinds: ['APIManager'],
        about: 'the deployments by state; else Available, where a reason with False is a failure',
        rules: [
          {
            when: [
              { field: 'status.deployments.ready' },
              { field: 'status.deployments.starting', empty: true },
              { field: 'status.deployments.stopped', empty: true },
            ],
            status: 'healthy',
            message: 'all of its deployments are ready',
          },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
          {
            when: [{ condition: 'Available', is: 'False' }, { not: { condition: 'Available', reason: '' } }],
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'capabilities.3scale.net',
    project: '3scale',
    kinds: [
      {
        kinds: ['Tenant'],
        about: 'Ready, and the ids of the tenant and of its administrator',
        rules: [
          {
            when: [
              { condition: 'Ready', is: 'True' },
              { number: 'status.tenantId', above: 0 },
              { number: 'status.adminId', above: 0 },
            ],
            status: 'healthy',
            message: 'the tenant exists',
          },
          { when: { condition: 'Ready', is: ['False', 'Unknown'] }, status: 'degraded' },
        ],
        otherwise: { status: 'progressing', message: 'the tenant has no id yet' },
      },
      {
        kinds: ['Application'],
        about: 'suspended; Ready, where False is a failure as long as there is no application',
        rules: [
          { when: { field: 'status.state', is: 'suspended' }, status: 'suspended' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: [{ condition: 'Ready' }, { not: { number: 'status.adminId', above: 0 } }],
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'Failed, Invalid, Orphan; Waiting; Ready, Synced; status.state',
        rules: [
          { when: { field: 'status.state', is: 'suspended' }, status: 'suspended' },
          { when: { condition: ['Failed', 'Invalid', 'Orphan'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'Waiting', is: 'True' }, status: 'suspended' },
          { when: { condition: ['In-progress', 'Progressing'], is: 'True' }, status: 'progressing' },
          { when: { condition: ['Ready', 'Synced'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apps.3scale.net',
    project: '3scale',
    kinds: [
      {
        kinds: ['APIManager'],
        about: 'Available; a reason with False is a failure',
        rules: [
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

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'mongodbcommunity.mongodb.com',
    project: 'MongoDB community operator',
    kinds: [
      {
        kinds: ['MongoDBCommunity'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'mongodb.com',
    project: 'MongoDB controllers',
    kinds: [
      {
        kinds: ['*'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: ['Running', 'Updated', 'Disabled'] }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Unsupported'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'atlas.mongodb.com',
    project: 'MongoDB Atlas operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'Ready; ValidationSucceeded and *Ready False are failures',
        rules: [
          { when: { condition: 'ValidationSucceeded', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: {
              some: 'status.conditions.*',
              where: [{ field: 'status', is: 'False' }, { field: 'reason' }, { field: 'type', not: 'Ready' }],
            },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'ceph.rook.io',
    project: 'Rook',
    kinds: [
      {
        kinds: ['CephCluster'],
        about: 'ceph.health and state; HEALTH_WARN needs a person, the data is served',
        rules: [
          { when: { field: 'status.state', is: 'Error' }, status: 'degraded' },
          { when: { field: 'status.ceph.health', is: 'HEALTH_ERR' }, status: 'degraded', cause: 'environment' },
          {
            when: { field: 'status.state', is: ['Creating', 'Connecting', 'Updating', 'Progressing', 'Deleting'] },
            status: 'progressing',
          },
          {
            when: { field: 'status.ceph.health', is: 'HEALTH_WARN' },
            status: 'degraded',
            cause: 'environment',
            remedy: 'look at `ceph health detail`',
          },
          { when: { field: 'status.ceph.health', is: 'HEALTH_OK' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'phase',
        fresh: 'progressing',
        rules: [
          { when: { field: 'status.phase', is: ['Ready', 'Connected', 'Created'] }, status: 'healthy' },
          {
            when: { field: 'status.phase', is: ['Failure', 'Failed', 'Error', 'ReconcileFailed', 'DeletionIsBlocked'] },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'objectbucket.io',
    project: 'Object bucket claims (Rook, NooBaa)',
    kinds: [
      {
        kinds: ['ObjectBucketClaim', 'ObjectBucket'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Bound' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Lost', 'Error'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

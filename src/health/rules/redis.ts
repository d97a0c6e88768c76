import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'redis.redis.opstreelabs.in',
    project: 'Redis operator (OpsTree)',
    kinds: [
      {
        kinds: ['*'],
        about: 'state, where it is written',
        fresh: 'rules',
        rules: [
          { when: { field: 'status.state', is: ['Ready'] }, status: 'healthy' },
          { when: { field: 'status.state', is: 'Failed' }, status: 'degraded' },
          { when: { field: 'status.state' }, status: 'progressing' },
          {
            when: { field: 'kind', is: ['RedisCluster'] },
            status: 'progressing',
            reason: 'NoStatus',
            message: 'its controller has not reported a status yet',
          },
        ],
        otherwise: {
          status: 'healthy',
          reason: 'NoStatus',
          message: 'this kind writes no status; its StatefulSet carries the verdict',
        },
      },
    ],
  },
  {
    group: 'app.redislabs.com',
    project: 'Redis Enterprise operator',
    kinds: [
      {
        kinds: ['RedisEnterpriseCluster'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['Running', 'RunningWithWarning'] }, status: 'healthy' },
          {
            when: { field: 'status.state', is: ['Invalid', 'InvalidUpgrade', 'Error', 'RecoveryFailed'] },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['RedisEnterpriseDatabase', 'RedisEnterpriseActiveActiveDatabase', 'RedisEnterpriseRemoteCluster'],
        about: 'status',
        rules: [
          { when: { field: 'status.status', is: ['active', 'Active', 'active-change-pending'] }, status: 'healthy' },
          { when: { field: 'status.status', is: ['creation-failed', 'Error', 'error'] }, status: 'degraded' },
          { when: { field: 'status.specStatus', is: 'Invalid' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'databases.spotahome.com',
    project: 'Redis operator (Spotahome)',
    kinds: [{ kinds: ['RedisFailover'], about: 'it writes no status; its workloads carry the verdict', ...STORED }],
  },
  {
    group: 'dragonflydb.io',
    project: 'Dragonfly operator',
    kinds: [
      {
        kinds: ['Dragonfly'],
        about: 'phase',
        rules: [{ when: { field: 'status.phase', is: ['ready', 'Ready'] }, status: 'healthy' }],
        otherwise: WAITING,
      },
    ],
  },
];

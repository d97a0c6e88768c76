import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['psmdb.percona.com', 'pxc.percona.com', 'ps.percona.com', 'pgv2.percona.com'],
    project: 'Percona operators',
    kinds: [
      {
        kinds: ['PerconaServerMongoDB', 'PerconaXtraDBCluster', 'PerconaServerMySQL', 'PerconaPGCluster'],
        about: 'state',
        fresh: 'unknown',
        rules: [
          {
            when: { field: 'status.state', is: 'ready' },
            status: 'healthy',
            message: '{status.ready} of {status.size} nodes are ready',
          },
          { when: { field: 'status.state', is: 'error' }, status: 'degraded', message: '{status.message}' },
          {
            when: [
              { field: 'status.state', is: 'stopping' },
              { field: 'kind', is: 'PerconaXtraDBCluster' },
            ],
            status: 'degraded',
            cause: 'environment',
            message: 'its nodes stop, {status.ready} of {status.size} are still ready',
          },
          {
            when: { field: 'status.state', is: ['initializing', 'stopping'] },
            status: 'progressing',
            message: '{status.ready} of {status.size} nodes are ready',
          },
          { when: { field: 'status.state', is: 'paused' }, status: 'suspended', message: 'the cluster is paused' },
        ],
        otherwise: { status: 'unknown' },
      },
      {
        kinds: ['*'],
        about: 'state of a backup or restore',
        rules: [
          { when: { field: 'status.state', is: ['ready', 'Succeeded', 'succeeded'] }, status: 'healthy' },
          { when: { field: 'status.state', is: ['error', 'rejected', 'Failed', 'failed'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

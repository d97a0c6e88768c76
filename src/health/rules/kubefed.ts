import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['types.kubefed.io'],
    project: 'KubeFed',
    kinds: [
      {
        kinds: ['*'],
        about: 'Propagation, and the status of every cluster',
        rules: [
          { when: { condition: 'Propagation', is: 'False' }, status: 'degraded' },
          {
            when: {
              some: 'status.clusters.*',
              where: {
                field: 'status',
                is: [
                  'ClusterNotReady',
                  'CreationFailed',
                  'UpdateFailed',
                  'DeletionFailed',
                  'CreationTimedOut',
                  'UpdateTimedOut',
                  'RetrievalFailed',
                  'ComputeResourceFailed',
                  'ApplyOverridesFailed',
                  'ManagedLabelFalse',
                  'AlreadyExists',
                  'FieldRetentionFailed',
                ],
              },
            },
            status: 'degraded',
            message: 'cluster {name}: {status}',
          },
          { when: { condition: 'Propagation', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'core.kubefed.io',
    project: 'KubeFed',
    kinds: [
      {
        kinds: ['KubeFedCluster'],
        about: 'Ready, Offline',
        rules: [
          { when: { condition: ['Offline', 'ConfigMalformed'], is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', is: ['False', 'Unknown'] }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['*'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'placement.kubernetes-fleet.io',
    project: 'KubeFleet',
    kinds: [
      {
        kinds: ['ClusterResourcePlacement', 'ResourcePlacement'],
        about: 'scheduled, rolled out, applied, available',
        rules: [
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { current: true },
                { field: 'type', contains: ['Applied', 'Overridden', 'Scheduled', 'WorkSynchronized'] },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: { some: 'status.conditions.*', where: [{ current: true }, { field: 'status', not: 'True' }] },
            status: 'progressing',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [{ current: true }, { field: 'type', contains: 'Available' }, { field: 'status', is: 'True' }],
            },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apps.kubeedge.io',
    project: 'KubeEdge',
    kinds: [
      {
        kinds: ['EdgeApplication'],
        about: 'the condition of every manifest',
        rules: [
          {
            when: { some: 'status.workloadStatus.*', where: { field: 'condition', is: ['Unavailable', 'Failed'] } },
            status: 'degraded',
          },
          {
            when: { some: 'status.workloadStatus.*', where: { field: 'condition', is: 'Processing' } },
            status: 'progressing',
          },
          {
            when: { every: 'status.workloadStatus.*', where: { field: 'condition', is: 'Available' } },
            status: 'healthy',
            message: 'all of its objects are available',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['NodeGroup'],
        about: 'every node ready and selected',
        fresh: 'healthy',
        rules: [
          {
            when: { some: 'status.nodeStatuses.*', where: { field: 'readyStatus', is: ['NotReady', 'Unknown'] } },
            status: 'degraded',
            cause: 'environment',
            message: 'node {nodeName} is {readyStatus}',
          },
          {
            when: { some: 'status.nodeStatuses.*', where: { field: 'selectionStatus', is: 'FailedSelection' } },
            status: 'degraded',
            message: 'node {nodeName} could not be selected',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'devices.kubeedge.io',
    project: 'KubeEdge',
    kinds: [
      {
        kinds: ['Device'],
        about: 'the state that its mapper reports, where it does',
        fresh: 'healthy',
        rules: [
          {
            when: { field: 'status.state', is: ['offline', 'unhealthy', 'disconnected'] },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: { status: 'healthy', message: 'its twins are reported' },
      },
      { kinds: ['DeviceModel', 'DeviceStatus'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'operations.kubeedge.io',
    project: 'KubeEdge',
    kinds: [
      {
        kinds: ['NodeUpgradeJob', 'ImagePrePullJob', 'ConfigUpdateJob'],
        about: 'state or phase',
        rules: [
          {
            when: {
              any: [
                { field: 'status.state', is: ['Complete', 'Successful'] },
                { field: 'status.phase', is: 'Complete' },
              ],
            },
            status: 'healthy',
          },
          {
            when: {
              any: [
                { field: 'status.state', is: ['Failed', 'Failure'] },
                { field: 'status.phase', is: 'Failure' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

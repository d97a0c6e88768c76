import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'nvidia.com',
    project: 'NVIDIA GPU operator',
    kinds: [
      {
        kinds: ['ClusterPolicy', 'NVIDIADriver', 'NicClusterPolicy'],
        about: 'state ready, notReady, ignored, disabled; Ready and Error. Drivers take long to build and to load',
        rules: [
          {
            when: { condition: 'Error', is: 'True', notReason: ['OperandNotReady', 'DriverNotReady', ''] },
            status: 'degraded',
          },
          { when: { field: 'status.state', is: 'ready' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['ignored', 'disabled'] }, status: 'suspended' },
          { when: { field: 'status.state', is: 'error' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', is: 'False' }, status: 'progressing', cause: 'environment' },
          {
            when: { field: 'status.state', is: 'notReady' },
            status: 'progressing',
            cause: 'environment',
            remedy: 'look at the pods of the operator: drivers, toolkit, device plugin',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'mellanox.com',
    project: 'NVIDIA network operator',
    kinds: [
      {
        kinds: ['NicClusterPolicy', 'MacvlanNetwork', 'HostDeviceNetwork', 'IPoIBNetwork'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['ready', 'ignore'] }, status: 'healthy' },
          { when: { field: 'status.state', is: 'error' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'apps.nvidia.com',
    project: 'NVIDIA NIM operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'state and its conditions',
        rules: [
          { when: { field: 'status.state', is: 'Ready' }, status: 'healthy' },
          { when: { field: 'status.state', is: 'Failed' }, status: 'degraded' },
          { when: { condition: ['NIM_SERVICE_FAILED', 'NIM_CACHE_FAILED', 'Failed'], is: 'True' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'resource.k8s.io',
    project: 'Dynamic resource allocation',
    kinds: [
      {
        kinds: ['ResourceClaim'],
        about: 'allocated; nothing is allocated before a pod uses it',
        fresh: 'healthy',
        rules: [
          {
            when: {
              some: 'status.devices.*.conditions.*',
              where: [
                { field: 'type', is: 'Ready' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
          },
          {
            when: { field: 'status.allocation' },
            status: 'healthy',
            reason: 'Allocated',
            message: 'devices are allocated to it',
          },
        ],
        otherwise: { status: 'healthy', reason: 'NotAllocated', message: 'it is allocated when a pod uses it' },
      },
      { kinds: ['ResourceClaimTemplate', 'ResourceSlice', 'DeviceTaintRule'], about: 'configuration', ...STORED },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'cdi.kubevirt.io',
    project: 'KubeVirt',
    kinds: [
      {
        kinds: ['DataVolume'],
        about: 'phase, and Running with reason Error',
        rules: [
          { when: { field: 'status.phase', is: 'Succeeded' }, status: 'healthy' },
          {
            when: { field: 'status.phase', is: 'WaitForFirstConsumer' },
            status: 'healthy',
            message: 'it is filled when the first machine uses it',
          },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded' },
          {
            when: { condition: 'Running', is: 'False', reason: ['Error', 'ImagePullFailed', 'TransferFailed'] },
            status: 'degraded',
          },
          { when: { field: 'status.phase', is: 'Paused' }, status: 'suspended' },
        ],
        otherwise: { status: 'progressing', message: '{status.phase} {status.progress}' },
      },
      {
        kinds: ['DataImportCron'],
        about: 'UpToDate',
        rules: [
          { when: { condition: 'UpToDate', is: 'True' }, status: 'healthy' },
          { when: { condition: 'UpToDate', is: 'False', reason: 'ImportNotScheduled' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'kubevirt.io',
    project: 'KubeVirt',
    kinds: [
      {
        kinds: ['VirtualMachine'],
        about: 'printableStatus; Paused; Failure',
        rules: [
          { when: { condition: 'Paused', is: 'True' }, status: 'suspended' },
          { when: { field: 'status.printableStatus', is: 'Running' }, status: 'healthy' },
          { when: { field: 'status.printableStatus', is: ['Stopped', 'Paused'] }, status: 'suspended' },
          {
            when: { field: 'status.printableStatus', is: ['ErrorUnschedulable'] },
            status: 'degraded',
            cause: 'environment',
          },
          {
            when: {
              field: 'status.printableStatus',
              is: [
                'CrashLoopBackOff',
                'ErrImagePull',
                'ImagePullBackOff',
                'ErrorPvcNotFound',
                'DataVolumeError',
                'ErrorDataVolumeNotFound',
                'Unknown',
              ],
            },
            status: 'degraded',
          },
          { when: { condition: 'Failure', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: { status: 'progressing', message: '{status.printableStatus}' },
      },
      {
        kinds: ['VirtualMachineInstance'],
        about: 'phase, Ready, Paused',
        rules: [
          { when: { condition: 'Paused', is: 'True' }, status: 'suspended' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
          {
            when: { field: 'status.phase', is: 'Unknown' },
            status: 'unknown',
            message: 'the node of the machine does not answer',
          },
          { when: { condition: 'Synchronized', is: 'False' }, status: 'degraded' },
          {
            when: [
              { field: 'status.phase', is: 'Running' },
              { condition: 'Ready', is: 'True' },
            ],
            status: 'healthy',
            message: 'it is running',
          },
          {
            when: [
              { field: 'status.phase', is: 'Running' },
              { condition: 'Ready', is: 'False' },
            ],
            status: 'degraded',
          },
          {
            when: { field: 'status.phase', is: 'Succeeded' },
            status: 'suspended',
            reason: 'Succeeded',
            message: 'the guest was shut down',
          },
        ],
        otherwise: { status: 'progressing', message: '{status.phase}' },
      },
      {
        kinds: ['VirtualMachineInstanceReplicaSet'],
        about: 'ready replicas; paused',
        rules: [
          { when: { condition: 'ReplicaFailure', is: 'True' }, status: 'degraded' },
          { when: { field: 'spec.paused', is: true }, status: 'suspended' },
          {
            when: { number: 'status.readyReplicas', below: 'spec.replicas', default: 1 },
            status: 'progressing',
            reason: 'NotReady',
          },
        ],
        otherwise: { status: 'healthy' },
      },
      {
        kinds: ['KubeVirt'],
        about: 'phase, Available, Degraded',
        rules: [
          { when: { condition: 'Degraded', is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { field: 'status.phase', is: 'Deployed' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['VirtualMachineInstanceMigration'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'kueue.x-k8s.io',
    project: 'Kueue',
    kinds: [
      {
        kinds: ['Workload'],
        about: 'Finished, Evicted, Admitted, QuotaReserved',
        rules: [
          {
            when: {
              condition: 'Finished',
              is: 'True',
              reason: ['JobFailed', 'Failed', 'OutOfSync', 'AdmissionChecksRejected'],
            },
            status: 'degraded',
          },
          { when: { condition: 'Finished', is: 'True' }, status: 'healthy' },
          {
            when: { field: 'spec.active', is: false },
            status: 'suspended',
            reason: 'Deactivated',
            message: 'the workload is deactivated',
          },
          { when: { condition: 'DeactivationTarget', is: 'True' }, status: 'suspended' },
          { when: { condition: 'PodsReady', is: 'False', reason: ['Failed'] }, status: 'degraded' },
          { when: { condition: 'Admitted', is: 'True' }, status: 'healthy', message: 'the workload is admitted' },
          { when: { condition: ['Evicted', 'Preempted'], is: 'True' }, status: 'progressing', cause: 'environment' },
          {
            when: { condition: 'QuotaReserved', is: 'False' },
            status: 'progressing',
            cause: 'environment',
            remedy: 'it waits for quota in its ClusterQueue',
          },
        ],
        otherwise: { status: 'progressing', cause: 'environment' },
      },
      {
        kinds: ['ClusterQueue', 'LocalQueue', 'AdmissionCheck'],
        about: 'Active; a queue stopped on purpose is suspended',
        rules: [
          {
            when: { field: 'spec.stopPolicy', is: ['Hold', 'HoldAndDrain'] },
            status: 'suspended',
            reason: 'Stopped',
            message: 'the queue is held',
          },
          { when: { condition: 'Active', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Active', is: 'False', reason: 'Stopped' }, status: 'suspended' },
          { when: { condition: 'Active', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['MultiKueueCluster'],
        about: 'Active',
        rules: [
          { when: { condition: 'Active', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Active', is: 'False' }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: [
          'ResourceFlavor',
          'WorkloadPriorityClass',
          'Cohort',
          'Topology',
          'MultiKueueConfig',
          'ProvisioningRequestConfig',
        ],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
  {
    group: 'autoscaling.x-k8s.io',
    project: 'Cluster autoscaler',
    kinds: [
      {
        kinds: ['ProvisioningRequest'],
        about: 'Failed, Provisioned, BookingExpired',
        rules: [
          { when: { condition: ['Failed', 'CapacityRevoked'], is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'BookingExpired', is: 'True' }, status: 'suspended' },
          { when: { condition: 'Provisioned', is: 'True' }, status: 'healthy' },
        ],
        otherwise: { status: 'progressing', cause: 'environment' },
      },
    ],
  },
];

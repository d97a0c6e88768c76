import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'cluster.x-k8s.io',
    project: 'Cluster API',
    kinds: [
      {
        kinds: ['Cluster'],
        about:
          'paused; phase, Ready (Available in v1beta2) unless its severity is Info, changes of its topology, rollouts',
        rules: [
          {
            when: { field: 'spec.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'reconciliation is paused',
          },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded' },
          {
            when: [
              { condition: ['Ready', 'Available'], is: 'False', severity: ['Error', 'Warning'] },
              { field: 'status.phase', is: 'Provisioned' },
            ],
            status: 'degraded',
            cause: 'environment',
          },
          {
            when: [
              { condition: ['Ready', 'Available'], is: 'False' },
              { not: { condition: ['Ready', 'Available'], severity: 'Info' } },
            ],
            status: 'degraded',
            cause: 'environment',
          },
          { when: { condition: ['Ready', 'Available'], is: ['False', 'Unknown'] }, status: 'progressing' },
          {
            when: {
              condition: 'TopologyReconciled',
              is: 'False',
              reason: ['ReconcileFailed', 'TopologyReconcileFailed'],
            },
            status: 'degraded',
          },
          { when: { condition: 'TopologyReconciled', is: 'False' }, status: 'progressing' },
          { when: { condition: ['RollingOut', 'Remediating'], is: 'True' }, status: 'progressing' },
          { when: { field: 'status.phase', is: 'Provisioned' }, status: 'healthy', message: 'the cluster is running' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Machine'],
        about: 'phase Running and Ready',
        rules: [
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: 'False', severity: ['Error'] }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy', message: 'the machine is running' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['MachineDeployment', 'MachineSet'],
        about: 'paused; phase Running with all machines updated and ready; ScalingUp, ScalingDown; Failed',
        rules: [
          {
            when: { field: 'spec.paused', is: true },
            status: 'suspended',
            reason: 'Paused',
            message: 'its rollout is paused',
          },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded', cause: 'environment' },
          {
            when: [
              { field: 'status.phase', is: 'Running' },
              { field: 'status.updatedReplicas' },
              { number: 'status.updatedReplicas', below: 'status.replicas' },
            ],
            status: 'progressing',
            reason: 'Updating',
            message: '{status.updatedReplicas} of {status.replicas} machines are updated',
          },
          {
            when: [
              { field: 'status.phase', is: 'Running' },
              { number: 'status.readyReplicas', below: 'status.replicas' },
            ],
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {status.replicas} machines are ready',
          },
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy' },
          { when: { field: 'status.phase' }, status: 'progressing' },
          { when: { condition: ['Ready', 'Available', 'MachinesReady'], is: 'False' }, status: 'progressing' },
          {
            when: { number: 'status.readyReplicas', below: 'spec.replicas', default: 1 },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {spec.replicas} machines are ready',
          },
        ],
        otherwise: { status: 'healthy' },
      },
      {
        kinds: ['MachineHealthCheck'],
        about: 'healthy machines against expected ones, and whether remediation is allowed',
        rules: [
          { when: { condition: 'RemediationAllowed', is: 'False' }, status: 'degraded', cause: 'environment' },
          {
            when: { field: 'status.currentHealthy', is: null },
            status: 'progressing',
            reason: 'NotCounted',
            message: 'its machines have not been counted yet',
          },
          {
            when: { number: 'status.currentHealthy', below: 'status.expectedMachines' },
            status: 'degraded',
            cause: 'environment',
            reason: 'MachinesUnhealthy',
            message: '{status.currentHealthy} of {status.expectedMachines} machines are healthy',
          },
        ],
        otherwise: { status: 'healthy', message: 'all machines that it watches are healthy' },
      },
      {
        kinds: ['MachinePool'],
        about: 'phase Running or Scaling',
        rules: [
          {
            when: { field: 'status.phase', is: ['Running', 'Scaling', 'ScalingUp', 'ScalingDown'] },
            status: 'healthy',
          },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'addons.cluster.x-k8s.io',
    project: 'Cluster API',
    kinds: [
      {
        kinds: ['ClusterResourceSet'],
        about: 'ResourcesApplied',
        rules: [
          { when: { condition: 'ResourcesApplied', is: 'True' }, status: 'healthy' },
          { when: { condition: 'ResourcesApplied', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'controlplane.cluster.x-k8s.io',
    project: 'Cluster API',
    kinds: [
      {
        kinds: ['AWSManagedControlPlane'],
        about: 'failureMessage, EKSControlPlaneUpdating, Ready; conditions of severity Error',
        rules: [
          {
            when: { field: 'status.failureMessage' },
            status: 'degraded',
            cause: 'environment',
            reason: 'Failed',
            message: '{status.failureMessage}',
          },
          {
            when: { condition: 'EKSControlPlaneUpdating', is: 'True' },
            status: 'progressing',
            reason: 'Updating',
            message: 'the EKS control plane is being updated',
          },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'status', is: 'False' },
                { field: 'severity', is: 'Error' },
              ],
            },
            status: 'degraded',
            cause: 'environment',
          },
          { when: { condition: 'Ready', is: ['False', 'Unknown'] }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'Ready (Available in v1beta2); its severity',
        rules: [
          {
            when: { condition: ['Ready', 'Available'], is: 'False', severity: 'Error' },
            status: 'degraded',
            cause: 'environment',
          },
          { when: { condition: ['Ready', 'Available'], is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: ['Ready', 'Available'], is: 'True' }, status: 'healthy' },
          { when: { field: 'status.ready', is: true }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: ['infrastructure.cluster.x-k8s.io', 'bootstrap.cluster.x-k8s.io'],
    project: 'Cluster API',
    kinds: [
      {
        kinds: ['*'],
        about: 'Ready with its severity, failureReason, status.ready',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'status.failureReason' },
            status: 'degraded',
            cause: 'environment',
            message: '{status.failureMessage}',
          },
          { when: { condition: 'Ready', is: 'False', severity: 'Error' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.ready', is: true }, status: 'healthy' },
          {
            when: { field: 'kind', endsWith: 'Template' },
            status: 'healthy',
            reason: 'Current',
            message: 'a template is in use as soon as it is stored',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

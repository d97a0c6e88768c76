import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'policy.open-cluster-management.io',
    project: 'Open Cluster Management',
    kinds: [
      {
        kinds: ['Policy'],
        about: 'compliant; a policy that no cluster matches is healthy',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.disabled', is: true },
            status: 'healthy',
            reason: 'Disabled',
            message: 'the policy is disabled: nothing is asked of any cluster',
          },
          {
            when: { field: 'status.compliant', is: 'NonCompliant' },
            status: 'degraded',
            message: 'something is not compliant',
          },
          { when: { field: 'status.compliant', is: 'Compliant' }, status: 'healthy' },
          {
            when: [
              { field: 'status.compliant', empty: true },
              { field: 'status.placement' },
              { field: 'status.status', empty: true },
            ],
            status: 'healthy',
            reason: 'NoClusters',
            message: 'no cluster matches the policy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ConfigurationPolicy', 'CertificatePolicy'],
        about: 'compliant, as of the present generation',
        rules: [
          {
            when: [
              { field: 'status.lastEvaluatedGeneration' },
              { number: 'status.lastEvaluatedGeneration', differs: 'metadata.generation' },
            ],
            status: 'progressing',
            reason: 'NotObserved',
            message: 'the latest change has not been evaluated yet',
          },
          {
            when: { field: 'status.compliant', is: ['NonCompliant', 'UnknownCompliancy'] },
            status: 'degraded',
            message: 'something is not compliant',
          },
          { when: { field: 'status.compliant', is: 'Compliant' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['OperatorPolicy'],
        about: 'Compliant',
        rules: [
          { when: { condition: 'Compliant', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Compliant', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['PlacementBinding', 'PolicySet', 'PolicyAutomation'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'work.open-cluster-management.io',
    project: 'Open Cluster Management',
    kinds: [
      {
        kinds: ['ManifestWork'],
        about: 'Applied, Available',
        rules: [
          { when: { condition: ['Applied', 'Available'], is: 'False' }, status: 'degraded' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'cluster.open-cluster-management.io',
    project: 'Open Cluster Management',
    kinds: [
      {
        kinds: ['ManagedCluster'],
        about: 'ManagedClusterConditionAvailable, HubAcceptedManagedCluster',
        rules: [
          {
            when: { condition: 'ManagedClusterConditionAvailable', is: ['False', 'Unknown'] },
            status: 'degraded',
            cause: 'environment',
          },
          { when: { condition: 'ManagedClusterConditionAvailable', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'karpenter.sh',
    project: 'Karpenter',
    kinds: [
      {
        kinds: ['NodeClaim', 'Machine'],
        about: 'Launched, Registered, Initialized, Ready; Disrupting',
        rules: [
          { when: { condition: ['Disrupting', 'Drained', 'InstanceTerminating'], is: 'True' }, status: 'suspended' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: ['Launched'], is: 'False' }, status: 'degraded', cause: 'environment' },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded', cause: 'environment' },
          {
            when: { condition: 'Initialized', is: 'True' },
            status: 'progressing',
            cause: 'environment',
            reason: 'NotReady',
            message: 'the node is initialised, but not ready yet',
          },
          {
            when: { condition: 'Registered', is: 'True' },
            status: 'progressing',
            cause: 'environment',
            reason: 'NotInitialized',
            message: 'the node has registered, but is not initialised yet',
          },
          {
            when: { condition: 'Launched', is: 'True' },
            status: 'progressing',
            cause: 'environment',
            reason: 'NotRegistered',
            message: 'the machine is launched, but its node has not registered yet',
          },
        ],
        otherwise: {
          status: 'progressing',
          cause: 'environment',
          reason: 'NotLaunched',
          message: 'the machine is not launched yet',
        },
      },
      {
        kinds: ['NodePool', 'Provisioner'],
        about: 'Ready; NodeClassReady',
        rules: [...READY_RULES, { when: { condition: 'NodeClassReady', is: 'False' }, status: 'degraded' }],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: ['karpenter.k8s.aws', 'karpenter.azure.com', 'karpenter.k8s.gcp'],
    project: 'Karpenter',
    kinds: [{ kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
];

import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'cilium.io',
    project: 'Cilium',
    kinds: [
      {
        kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'],
        about: 'Valid; older versions write none',
        fresh: 'healthy',
        rules: [
          { when: { condition: 'Valid', is: 'False' }, status: 'degraded' },
          { when: { some: 'status.derivativePolicies.*', where: { field: 'error' } }, status: 'degraded' },
        ],
        otherwise: { status: 'healthy', message: 'the policy is valid' },
      },
      {
        kinds: ['CiliumEndpoint'],
        about: 'state of the endpoint',
        rules: [
          { when: { field: 'status.state', is: 'ready' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['invalid', 'not-ready'] }, status: 'degraded', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['CiliumLoadBalancerIPPool'],
        about: 'conflicts and free addresses',
        fresh: 'healthy',
        rules: [
          { when: { condition: 'cilium.io/PoolConflict', is: 'True' }, status: 'degraded' },
          { when: { condition: 'cilium.io/IPsAvailable', message: '0' }, status: 'healthy' },
        ],
        otherwise: { status: 'healthy' },
      },
      {
        kinds: ['CiliumBGPClusterConfig', 'CiliumBGPPeerConfig', 'CiliumBGPNodeConfig'],
        about: 'missing or conflicting parts',
        fresh: 'healthy',
        rules: [
          {
            when: {
              some: 'status.conditions.*',
              where: [
                {
                  field: 'type',
                  contains: ['NoMatchingNode', 'MissingPeerConfigs', 'ConflictingClusterConfig', 'MissingAuthSecret'],
                },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'degraded',
          },
        ],
        otherwise: { status: 'healthy' },
      },
      { kinds: ['*'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: ['crd.projectcalico.org', 'projectcalico.org'],
    project: 'Calico',
    kinds: [{ kinds: ['*'], about: 'configuration', ...STORED }],
  },
  {
    group: 'operator.tigera.io',
    project: 'Calico',
    kinds: [
      {
        kinds: ['*'],
        about: 'Degraded, Progressing, Ready',
        fresh: 'rules',
        rules: [
          { when: { condition: 'Degraded', is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: ['Ready', 'Available'], is: 'True' }, status: 'healthy' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          { when: { field: 'status.state', is: 'Ready' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'metallb.io',
    project: 'MetalLB',
    kinds: [
      {
        kinds: ['ConfigurationState'],
        about: 'result of reading the configuration',
        rules: [
          { when: { field: 'status.result', is: 'Invalid' }, status: 'degraded' },
          { when: { field: 'status.result', is: 'Valid' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['*'], about: 'configuration', ...STORED },
    ],
  },
];

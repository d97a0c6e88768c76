import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'external-secrets.io',
    project: 'External Secrets',
    kinds: [
      {
        kinds: ['ClusterExternalSecret', 'ClusterPushSecret'],
        about: 'Ready; NotReady and PartiallyReady',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: ['NotReady', 'PartiallyReady'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ExternalSecret', 'PushSecret'],
        about: 'Ready',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: { condition: 'Ready', is: 'False' },
            status: 'degraded',
            remedy: 'check the store, and that the key exists there',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['SecretStore', 'ClusterSecretStore'], about: 'Ready', rules: READY_RULES, otherwise: WAITING },
    ],
  },
  {
    group: 'generators.external-secrets.io',
    project: 'External Secrets',
    kinds: [{ kinds: ['*'], about: 'configuration', ...STORED }],
  },
  {
    group: 'kubernetes-client.io',
    project: 'kubernetes-external-secrets',
    kinds: [
      {
        kinds: ['ExternalSecret'],
        about: 'status.status',
        rules: [
          { when: { field: 'status.status', is: 'SUCCESS' }, status: 'healthy' },
          {
            when: { field: 'status.status', startsWith: 'ERROR' },
            status: 'degraded',
            reason: 'SyncFailed',
            message: '{status.status}',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'onepassword.com',
    project: '1Password operator',
    kinds: [{ kinds: ['OnePasswordItem'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
];

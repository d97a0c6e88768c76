import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'secrets.hashicorp.com',
    project: 'Vault Secrets operator',
    kinds: [
      {
        kinds: ['VaultStaticSecret', 'VaultDynamicSecret', 'VaultPKISecret', 'HCPVaultSecretsApp'],
        about: 'Ready, SecretSynced, Healthy; older versions write lastGeneration or valid',
        rules: [
          { when: { condition: ['SecretSynced', 'Healthy', 'Ready', 'Available'], is: 'False' }, status: 'degraded' },
          { when: { condition: ['SecretSynced', 'Ready', 'Healthy'], is: 'True' }, status: 'healthy' },
          { when: { field: 'status.valid', is: false }, status: 'degraded', message: '{status.error}' },
          {
            when: {
              any: [
                { field: 'status.valid', is: true },
                { field: 'status.secretMAC' },
                { field: 'status.lastGeneration' },
              ],
            },
            status: 'healthy',
            message: 'the secret is synced',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['VaultAuth', 'VaultAuthGlobal', 'VaultConnection', 'HCPAuth', 'SecretTransformation'],
        about: 'valid',
        rules: [
          { when: { field: 'status.valid', is: true }, status: 'healthy' },
          { when: { field: 'status.valid', is: false }, status: 'degraded', message: '{status.error}' },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'vault.banzaicloud.com',
    project: 'Bank-Vaults',
    kinds: [
      {
        kinds: ['Vault'],
        about: 'Healthy, and a leader',
        rules: [
          { when: { condition: 'Healthy', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Healthy', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.leader' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'redhatcop.redhat.io',
    project: 'Vault config operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'ReconcileError, ReconcileSuccess',
        rules: [
          { when: { condition: ['ReconcileError', 'ReconcileFailed'], is: 'True' }, status: 'degraded' },
          { when: { condition: ['ReconcileSuccess', 'ReconcileSuccessful'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

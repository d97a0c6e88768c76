import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: [
      'kustomize.toolkit.fluxcd.io',
      'helm.toolkit.fluxcd.io',
      'source.toolkit.fluxcd.io',
      'image.toolkit.fluxcd.io',
      'notification.toolkit.fluxcd.io',
      'fluxcd.controlplane.io',
    ],
    project: 'Flux',
    kinds: [
      {
        kinds: ['*'],
        about: 'suspended, Stalled, then Ready; Ready False with reason Progressing is under way',
        rules: [
          {
            when: { field: 'spec.suspend', is: true },
            status: 'suspended',
            reason: 'Suspended',
            message: 'reconciliation is suspended',
          },
          { when: { condition: 'Stalled', is: 'True' }, status: 'degraded' },
          {
            when: {
              condition: 'Ready',
              is: 'False',
              reason: ['Progressing', 'ProgressingWithRetry', 'ReconciliationInProgress'],
            },
            status: 'progressing',
          },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: ['Ready', 'Reconciling'] }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'notification.toolkit.fluxcd.io',
    project: 'Flux',
    kinds: [
      {
        kinds: ['Alert', 'Provider'],
        about: 'suspended; Ready where an older version writes it; since v1beta3 it is configuration',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.suspend', is: true },
            status: 'suspended',
            reason: 'Suspended',
            message: 'it is suspended',
          },
          ...READY_RULES,
          { when: { condition: 'Ready' }, status: 'progressing' },
        ],
        otherwise: { status: 'healthy', reason: 'Current', message: 'it is in use as soon as it is stored' },
      },
    ],
  },
];

import type { GroupRules, Rule } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

/** Stalled, then Ready; False with the reason of work under way is no failure. */
const RECONCILED: readonly Rule[] = [
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
];

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
          ...RECONCILED,
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'source.toolkit.fluxcd.io',
    project: 'Flux',
    kinds: [
      {
        kinds: ['HelmRepository'],
        about: 'suspended; of type oci it has no status; else as the others',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.suspend', is: true },
            status: 'suspended',
            reason: 'Suspended',
            message: 'reconciliation is suspended',
          },
          {
            when: { field: 'spec.type', is: 'oci' },
            status: 'healthy',
            reason: 'Current',
            message: 'a registry is asked when a chart is fetched',
          },
          ...RECONCILED,
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

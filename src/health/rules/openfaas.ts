import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'openfaas.com',
    project: 'OpenFaaS',
    kinds: [
      {
        kinds: ['Function'],
        about: 'Stalled, Ready, Healthy, replicas',
        rules: [
          { when: { condition: 'Stalled', is: 'True' }, status: 'degraded' },
          {
            when: [
              { condition: 'Ready', is: 'True' },
              { condition: 'Healthy', is: 'True' },
            ],
            status: 'healthy',
          },
          {
            when: [
              { condition: 'Ready', is: 'True' },
              { condition: 'Healthy', is: ['False', 'absent'] },
              { number: 'status.replicas', equals: 0 },
            ],
            status: 'suspended',
            reason: 'NoReplicas',
            message: 'it is scaled to zero',
          },
          {
            when: [
              { condition: 'Ready', is: 'True' },
              { condition: 'Healthy', is: 'False' },
            ],
            status: 'degraded',
          },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

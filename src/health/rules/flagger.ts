import type { GroupRules } from './form.ts';
import { STORED } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'flagger.app',
    project: 'Flagger',
    kinds: [
      {
        kinds: ['Canary'],
        about: 'phase; Waiting and WaitingPromotion wait for a gate',
        rules: [
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
          { when: { field: 'status.phase', is: ['Initialized', 'Succeeded'] }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Waiting', 'WaitingPromotion'] }, status: 'suspended' },
          { when: { field: 'status.phase', is: 'Terminated' }, status: 'suspended' },
        ],
        otherwise: { status: 'progressing', message: '{status.phase}' },
      },
      { kinds: ['MetricTemplate', 'AlertProvider'], about: 'configuration', ...STORED },
    ],
  },
];

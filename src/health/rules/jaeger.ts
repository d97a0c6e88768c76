import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'jaegertracing.io',
    project: 'Jaeger',
    kinds: [
      {
        kinds: ['Jaeger'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy' },
          { when: { field: 'status.phase', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

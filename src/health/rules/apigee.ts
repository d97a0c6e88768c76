import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'apigee.cloud.google.com',
    project: 'Apigee hybrid',
    kinds: [
      {
        kinds: ['*'],
        about: 'state running',
        rules: [
          { when: { field: 'status.state', is: 'running' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['failed', 'error'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'core.humio.com',
    project: 'Humio operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['Exists', 'Running'] }, status: 'healthy' },
          { when: { field: 'status.state', is: 'NotFound' }, status: 'missing' },
          { when: { field: 'status.state', is: 'ConfigError' }, status: 'degraded' },
          { when: { field: 'status.state', is: 'Unknown' }, status: 'unknown' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

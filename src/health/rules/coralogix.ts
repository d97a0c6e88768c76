import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'coralogix.com',
    project: 'Coralogix operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'RemoteSynced',
        rules: [
          { when: { condition: 'RemoteSynced', is: 'True' }, status: 'healthy' },
          { when: { condition: 'RemoteSynced', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

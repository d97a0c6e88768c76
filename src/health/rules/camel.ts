import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'camel.apache.org',
    project: 'Apache Camel K',
    kinds: [
      {
        kinds: ['Integration', 'Pipe', 'KameletBinding'],
        about: 'phase Error, Ready, then the phase',
        rules: [
          { when: { field: 'status.phase', is: 'Error' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'False', message: ['back-off', 'Back-off'] }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'False', reason: 'DeploymentProgressing' }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Running', 'Ready'] }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: ['Error', 'Cannot Find Platform'] }, status: 'degraded' },
          { when: { field: 'status.phase', is: ['Ready', 'Succeeded'] }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

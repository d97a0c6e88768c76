import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'camel.apache.org',
    project: 'Apache Camel K',
    kinds: [
      {
        kinds: ['Integration', 'Pipe', 'KameletBinding'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Error' }, status: 'degraded' },
          {
            when: [
              { field: 'status.phase', is: ['Running', 'Ready'] },
              { condition: 'Ready', is: 'False', reason: ['Error', 'DeploymentProgressing', 'KubernetesPodsFailing'] },
            ],
            status: 'degraded',
          },
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

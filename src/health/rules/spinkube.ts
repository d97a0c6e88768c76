import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'core.spinkube.dev',
    project: 'SpinKube',
    kinds: [
      {
        kinds: ['SpinApp'],
        about: 'Available and Progressing of its Deployment, ready replicas',
        rules: [
          { when: { condition: 'Progressing', is: 'False', reason: 'ProgressDeadlineExceeded' }, status: 'degraded' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          {
            when: [
              { condition: 'Available', is: 'True' },
              { number: 'status.readyReplicas', below: 'spec.replicas', default: 1 },
            ],
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {spec.replicas} replicas are ready',
          },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Available', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['SpinAppExecutor'], about: 'configuration', ...STORED },
    ],
  },
];

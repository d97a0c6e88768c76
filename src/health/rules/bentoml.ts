import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['serving.yatai.ai', 'resources.yatai.ai'],
    project: 'BentoML (Yatai)',
    kinds: [
      {
        kinds: ['BentoDeployment', 'BentoRequest', 'Bento'],
        about: 'BentoFound, BentoAvailable, ImageBuilding, Available',
        rules: [
          {
            when: {
              condition: ['BentoFound', 'BentoAvailable', 'ImageExists'],
              is: 'False',
              notReason: ['Reconciling', 'ImageBuilding', 'Pending'],
            },
            status: 'degraded',
          },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
          { when: { condition: 'BentoAvailable', is: 'True' }, status: 'healthy' },
          { when: { field: 'status.ready', is: true }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

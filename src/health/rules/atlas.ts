import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'db.atlasgo.io',
    project: 'Atlas operator',
    kinds: [
      {
        kinds: ['AtlasMigration', 'AtlasSchema'],
        about: 'Ready; False with reason Reconciling is under way',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: {
              condition: 'Ready',
              is: 'False',
              reason: ['Reconciling', 'GettingDevDB', 'VerifyingFirstRun', 'ApprovalPending'],
            },
            status: 'progressing',
          },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'services.cloud.sap.com',
    project: 'SAP BTP service operator',
    kinds: [
      {
        kinds: ['ServiceInstance', 'ServiceBinding'],
        about: 'Failed, Succeeded, Ready, as of the present generation',
        rules: [
          {
            when: [
              { field: 'metadata.deletionTimestamp' },
              { not: { condition: ['Failed', 'Succeeded'], reason: 'DeleteFailed' } },
            ],
            status: 'progressing',
            reason: 'Terminating',
            message: 'it is being deleted',
          },
          { when: { condition: 'Failed', is: 'True' }, status: 'degraded' },
          {
            when: {
              condition: 'Succeeded',
              is: 'False',
              reason: ['CreateFailed', 'UpdateFailed', 'DeleteFailed', 'Blocked'],
            },
            status: 'degraded',
          },
          { when: { condition: 'Succeeded', is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

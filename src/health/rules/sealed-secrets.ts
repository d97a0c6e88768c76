import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'bitnami.com',
    project: 'Sealed Secrets',
    kinds: [
      {
        kinds: ['SealedSecret'],
        about: 'Synced',
        rules: [
          {
            when: { condition: 'Synced', is: 'False' },
            status: 'degraded',
            remedy: 'seal it again with the present key of the cluster, for this name and namespace',
          },
          { when: { condition: 'Synced', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

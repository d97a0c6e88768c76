import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'addons.projectcapsule.dev',
    project: 'Capsule',
    kinds: [
      {
        kinds: ['SopsSecret', 'GlobalSopsSecret', 'SopsProvider'],
        about: 'Ready',
        rules: READY_RULES,
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'capsule.clastix.io',
    project: 'Capsule',
    kinds: [
      {
        kinds: ['Tenant'],
        about: 'Ready, cordoned',
        rules: [
          { when: { field: 'status.state', is: 'Cordoned' }, status: 'suspended' },
          ...READY_RULES,
          { when: { field: 'status.state', is: 'Active' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

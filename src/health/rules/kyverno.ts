import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'kyverno.io',
    project: 'Kyverno',
    kinds: [
      {
        kinds: ['Policy', 'ClusterPolicy', 'CleanupPolicy', 'ClusterCleanupPolicy'],
        about: 'Ready',
        rules: [...READY_RULES, { when: { field: 'status.ready', is: true }, status: 'healthy' }],
        otherwise: WAITING,
      },
      { kinds: ['PolicyException', 'GlobalContextEntry'], about: 'configuration', ...STORED },
      {
        kinds: ['UpdateRequest'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: 'Completed' }, status: 'healthy' },
          { when: { field: 'status.state', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'policies.kyverno.io',
    project: 'Kyverno',
    kinds: [
      {
        kinds: ['*'],
        about: 'status.conditionStatus.ready',
        rules: [
          { when: { field: 'status.conditionStatus.ready', is: true }, status: 'healthy' },
          {
            when: { some: 'status.conditionStatus.conditions.*', where: { field: 'status', is: 'False' } },
            status: 'degraded',
          },
          {
            when: { field: 'status.conditionStatus.ready', is: false },
            status: 'degraded',
            reason: 'NotReady',
            message: '{status.conditionStatus.message}',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

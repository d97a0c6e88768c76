import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'work.karmada.io',
    project: 'Karmada',
    kinds: [
      {
        kinds: ['ResourceBinding', 'ClusterResourceBinding'],
        about: 'the health that every cluster reports, and that all of them do',
        rules: [
          {
            when: { some: 'status.aggregatedStatus.*', where: { field: 'health', is: 'Unhealthy' } },
            status: 'degraded',
            reason: 'Unhealthy',
            message: 'the object is unhealthy in cluster {clusterName}',
          },
          {
            when: { field: 'status.aggregatedStatus', empty: true },
            status: 'progressing',
            reason: 'NoStatus',
            message: 'no cluster has reported yet',
          },
          {
            when: { number: 'spec.clusters', above: 'status.aggregatedStatus' },
            status: 'progressing',
            reason: 'NotEverywhere',
            message: 'not every cluster has reported yet',
          },
          {
            when: { some: 'status.aggregatedStatus.*', where: { field: 'applied', is: false } },
            status: 'degraded',
            reason: 'NotApplied',
            message: 'the object could not be applied in cluster {clusterName}',
          },
        ],
        otherwise: { status: 'healthy', message: 'no cluster reports a problem' },
      },
      {
        kinds: ['Work'],
        about: 'Applied',
        rules: [
          { when: { condition: 'Applied', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Applied', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'policy.linkerd.io',
    project: 'Linkerd',
    kinds: [
      {
        kinds: ['HTTPRoute'],
        about: 'Accepted and ResolvedRefs of every parent',
        fresh: 'healthy',
        rules: [
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [
                { current: true },
                { field: 'type', is: ['Accepted', 'ResolvedRefs'] },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.parents.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'True' }],
            },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['EgressNetwork', 'HTTPLocalRateLimitPolicy'],
        about: 'Accepted',
        fresh: 'healthy',
        rules: [
          { when: { condition: 'Accepted', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Accepted', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['*'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: ['linkerd.io', 'split.smi-spec.io'],
    project: 'Linkerd',
    kinds: [{ kinds: ['*'], about: 'configuration', ...STORED }],
  },
  {
    group: 'multicluster.linkerd.io',
    project: 'Linkerd',
    kinds: [
      {
        kinds: ['Link'],
        about: 'the mirror of every service',
        fresh: 'healthy',
        rules: [
          {
            when: { some: 'status.mirrorServices.*.conditions.*', where: { field: 'status', is: 'False' } },
            status: 'degraded',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
];

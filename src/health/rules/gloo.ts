import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['gateway.solo.io', 'gloo.solo.io', 'enterprise.gloo.solo.io', 'graphql.gloo.solo.io', 'ratelimit.solo.io'],
    project: 'Gloo Gateway',
    kinds: [
      {
        kinds: ['*'],
        about: 'state of every reporter: Accepted (1), Pending (0), Rejected (2), Warning (3)',
        rules: [
          {
            when: {
              any: [
                { field: 'status.state', is: [2, 'Rejected'] },
                { some: 'status.statuses.*', where: { field: 'state', is: [2, 'Rejected'] } },
              ],
            },
            status: 'degraded',
            reason: 'Rejected',
            message: '{reason}{status.reason}',
          },
          {
            when: {
              any: [
                { field: 'status.state', is: [3, 'Warning'] },
                { some: 'status.statuses.*', where: { field: 'state', is: [3, 'Warning'] } },
              ],
            },
            status: 'degraded',
            reason: 'Warning',
            message: '{reason}{status.reason}',
          },
          {
            when: {
              any: [
                { field: 'status.state', is: [0, 'Pending'] },
                { field: 'status.statuses.*.state', is: [0, 'Pending'] },
              ],
            },
            status: 'suspended',
            reason: 'Pending',
            message: 'it has not been validated yet',
          },
          {
            when: {
              any: [
                { field: 'status.state', is: [1, 'Accepted'] },
                { field: 'status.statuses.*.state', is: [1, 'Accepted'] },
              ],
            },
            status: 'healthy',
            reason: 'Accepted',
            message: 'it is valid',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

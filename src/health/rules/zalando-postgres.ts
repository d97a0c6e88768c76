import type { GroupRules } from './form.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'acid.zalan.do',
    project: 'Zalando Postgres operator',
    kinds: [
      {
        kinds: ['postgresql'],
        about: 'status.PostgresClusterStatus',
        rules: [
          { when: { field: 'status.PostgresClusterStatus', is: 'Running' }, status: 'healthy' },
          {
            when: {
              field: 'status.PostgresClusterStatus',
              is: ['CreateFailed', 'UpdateFailed', 'SyncFailed', 'DeleteFailed', 'Invalid'],
            },
            status: 'degraded',
          },
        ],
        otherwise: { status: 'progressing', message: '{status.PostgresClusterStatus}' },
      },
    ],
  },
];

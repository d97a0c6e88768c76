import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['clickhouse.altinity.com', 'clickhouse-keeper.altinity.com'],
    project: 'ClickHouse operator',
    kinds: [
      {
        kinds: ['ClickHouseInstallation', 'ClickHouseKeeperInstallation'],
        about: 'status.status',
        rules: [
          { when: { field: 'status.status', is: 'Completed' }, status: 'healthy' },
          {
            when: { field: 'status.status', is: ['Failed', 'Aborted', 'Error'] },
            status: 'degraded',
            message: '{status.error}',
          },
          {
            when: [
              { field: 'spec.stop', is: ['yes', 'Yes', 'true', 'True', '1', true] },
              { field: 'status.status', is: 'Stopped' },
            ],
            status: 'suspended',
            reason: 'Stopped',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ClickHouseInstallationTemplate', 'ClickHouseOperatorConfiguration'],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
];

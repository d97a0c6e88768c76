import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['k8s.mariadb.com', 'mariadb.mmontes.io', 'enterprise.mariadb.com'],
    project: 'MariaDB operator',
    kinds: [
      {
        kinds: ['SqlJob', 'Backup', 'Restore', 'PhysicalBackup', 'PointInTimeRecovery'],
        about: 'Complete with its reason',
        rules: [
          { when: { condition: 'Complete', reason: ['JobFailed', 'Failed', 'CronJobFailed'] }, status: 'degraded' },
          { when: { condition: 'Complete', reason: ['JobSuspended', 'CronJobSuspended'] }, status: 'suspended' },
          { when: { condition: 'Complete', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Complete', reason: ['CronJobScheduled', 'CronJobSuccess'] }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'Ready; False waits unless its reason is a failure',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', reason: ['Suspended'] }, status: 'suspended' },
          {
            when: {
              condition: 'Ready',
              is: 'False',
              reason: ['Failed', 'CreateFailed', 'Error', 'ConnectionFailed', 'InvalidSpec'],
            },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

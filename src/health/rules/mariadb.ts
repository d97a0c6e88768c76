import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

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
          {
            when: { condition: 'Complete', is: 'False', reason: 'CronJobScheduled', message: 'Failed' },
            status: 'degraded',
            reason: 'CronJobFailed',
          },
          { when: { condition: 'Complete', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Complete', reason: ['CronJobScheduled', 'CronJobSuccess'] }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['MariaDB', 'MaxScale'],
        about: 'every condition: any False waits, with reason Failed it is a failure',
        rules: [
          { when: { condition: 'Ready', reason: 'Suspended' }, status: 'suspended' },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'status', is: 'False' },
                { field: 'reason', is: 'Failed' },
              ],
            },
            status: 'degraded',
          },
          { when: { some: 'status.conditions.*', where: { field: 'status', is: 'False' } }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Database', 'Grant', 'User'],
        about: 'Ready',
        rules: READY_RULES,
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

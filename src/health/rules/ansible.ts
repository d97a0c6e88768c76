import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'tower.ansible.com',
    project: 'Ansible Automation Platform',
    kinds: [
      {
        kinds: ['AnsibleJob'],
        about: 'the status of the job',
        rules: [
          { when: { field: 'status.ansibleJobResult.status', is: 'successful' }, status: 'healthy' },
          {
            when: { field: 'status.ansibleJobResult.status', is: ['failed', 'error', 'canceled'] },
            status: 'degraded',
            message: 'the job is {status.ansibleJobResult.status}: {status.ansibleJobResult.url}',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

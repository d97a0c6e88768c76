import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'infra.contrib.fluxcd.io',
    project: 'Terraform controllers',
    kinds: [
      {
        kinds: ['Terraform'],
        about: 'suspended, Stalled, Ready',
        rules: [
          { when: { field: 'spec.suspend', is: true }, status: 'suspended' },
          { when: { condition: 'Stalled', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'Unknown' }, status: 'progressing' },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'app.terraform.io',
    project: 'Terraform controllers',
    kinds: [
      {
        kinds: ['Workspace', 'Module', 'AgentPool', 'Project', 'RunsCollector'],
        about: 'status of the run',
        rules: [
          {
            when: {
              any: [
                { field: 'status.runStatus', is: ['errored', 'policy_soft_failed'] },
                { field: 'status.run.status', is: ['errored', 'policy_soft_failed', 'canceled', 'discarded'] },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              any: [
                { field: 'status.runStatus', is: ['applied', 'planned_and_finished'] },
                { field: 'status.run.status', is: ['applied', 'planned_and_finished'] },
              ],
            },
            status: 'healthy',
          },
          {
            when: { any: [{ field: 'status.workspaceID' }, { field: 'status.agentPoolID' }, { field: 'status.id' }] },
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: '*.azure.com',
    project: 'Azure Service Operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'Ready with its severity',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', is: 'False', severity: 'Error' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

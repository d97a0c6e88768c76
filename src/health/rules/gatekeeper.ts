import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'templates.gatekeeper.sh',
    project: 'Gatekeeper',
    kinds: [
      {
        kinds: ['ConstraintTemplate'],
        about: 'created, and no errors in any pod',
        rules: [
          {
            when: { some: 'status.byPod.*', where: { field: 'errors' } },
            status: 'degraded',
            reason: 'TemplateError',
            message: 'the template does not compile',
          },
          { when: { field: 'status.created', is: true }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'constraints.gatekeeper.sh',
    project: 'Gatekeeper',
    kinds: [
      {
        kinds: ['*'],
        about: 'enforced by every pod without errors; violations are not ill health of the constraint',
        rules: [
          {
            when: { some: 'status.byPod.*', where: { field: 'errors' } },
            status: 'degraded',
            reason: 'ConstraintError',
            message: 'a pod cannot enforce it',
          },
          {
            when: { every: 'status.byPod.*', where: { field: 'enforced', is: true } },
            status: 'healthy',
            message: 'it is enforced; {status.totalViolations} violations are known',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'expansion.gatekeeper.sh',
    project: 'Gatekeeper',
    kinds: [
      {
        kinds: ['*'],
        about: 'errors of any pod',
        rules: [{ when: { some: 'status.byPod.*', where: { field: 'errors' } }, status: 'degraded' }],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: ['mutations.gatekeeper.sh', 'config.gatekeeper.sh', 'externaldata.gatekeeper.sh', 'syncset.gatekeeper.sh'],
    project: 'Gatekeeper',
    kinds: [
      {
        kinds: ['*'],
        about: 'errors of any pod',
        fresh: 'healthy',
        rules: [{ when: { some: 'status.byPod.*', where: { field: 'errors' } }, status: 'degraded' }],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'policies.kubewarden.io',
    project: 'Kubewarden',
    kinds: [
      {
        kinds: ['PolicyServer'],
        about: 'all conditions of its objects',
        rules: [
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'status', is: 'False' },
                { field: 'reason', is: ['ReconciliationFailed'] },
              ],
            },
            status: 'degraded',
          },
          { when: { some: 'status.conditions.*', where: { field: 'status', not: 'True' } }, status: 'progressing' },
          { when: { every: 'status.conditions.*', where: { field: 'status', is: 'True' } }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'policyStatus active; PolicyActive',
        rules: [
          { when: { field: 'status.policyStatus', is: 'active' }, status: 'healthy' },
          {
            when: { field: 'status.policyStatus', is: ['unscheduled'] },
            status: 'degraded',
            message: 'no policy server runs it',
          },
          { when: { condition: 'PolicyActive', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

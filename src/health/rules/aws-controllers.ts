import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: '*.services.k8s.aws',
    project: 'AWS Controllers for Kubernetes',
    kinds: [
      {
        kinds: ['*'],
        about: 'ACK.Terminal, ACK.Recoverable, ACK.ResourceSynced, Ready',
        rules: [
          { when: { condition: 'ACK.Terminal', is: 'True' }, status: 'degraded' },
          { when: { condition: 'ACK.Recoverable', is: 'True' }, status: 'degraded', cause: 'environment' },
          { when: { condition: ['Ready', 'ACK.ResourceSynced'], is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: ['Ready', 'ACK.ResourceSynced'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'iammanager.keikoproj.io',
    project: 'IAM Manager',
    kinds: [
      {
        kinds: ['Iamrole'],
        about: 'status.state',
        rules: [
          { when: { field: 'status.state', is: 'Ready' }, status: 'healthy' },
          {
            when: {
              field: 'status.state',
              is: ['Error', 'PolicyNotAllowed', 'RolesMaxLimitReached', 'RoleNameNotAvailable'],
            },
            status: 'degraded',
            message: '{status.errorDescription}',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

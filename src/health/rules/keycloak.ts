import type { GroupRules } from './form.ts';
import { READY_WAITS, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'k8s.keycloak.org',
    project: 'Keycloak',
    kinds: [
      {
        kinds: ['Keycloak'],
        about: 'HasErrors, RollingUpdate, Ready',
        rules: [
          { when: { condition: 'HasErrors', is: 'True' }, status: 'degraded' },
          { when: { condition: 'RollingUpdate', is: 'True' }, status: 'progressing' },
          ...READY_WAITS,
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KeycloakRealmImport'],
        about: 'HasErrors, Done',
        rules: [
          { when: { condition: 'HasErrors', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Done', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

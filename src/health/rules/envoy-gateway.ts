import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['gateway.envoyproxy.io', 'aigateway.envoyproxy.io'],
    project: 'Envoy Gateway',
    kinds: [
      {
        kinds: [
          'BackendTrafficPolicy',
          'ClientTrafficPolicy',
          'EnvoyExtensionPolicy',
          'EnvoyPatchPolicy',
          'SecurityPolicy',
        ],
        about: 'Accepted by every ancestor, as far as it speaks of the present generation',
        rules: [
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'False' }],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Warning' }, { field: 'status', is: 'True' }],
            },
            status: 'healthy',
            warning: true,
          },
          {
            when: {
              some: 'status.ancestors.*.conditions.*',
              where: [{ current: true }, { field: 'type', is: 'Accepted' }, { field: 'status', is: 'True' }],
            },
            status: 'healthy',
          },
        ],
        otherwise: { status: 'progressing', reason: 'NoAncestor', message: 'no gateway has answered yet' },
      },
      {
        kinds: ['Backend', 'AIGatewayRoute', 'AIServiceBackend', 'BackendSecurityPolicy'],
        about: 'Accepted',
        rules: [
          { when: { condition: 'Accepted', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Accepted', is: 'False' }, status: 'degraded' },
          { when: { condition: 'NotAccepted', is: 'True' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['EnvoyProxy', 'HTTPRouteFilter'], about: 'configuration', ...STORED },
    ],
  },
];

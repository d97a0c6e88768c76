import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: '*.cnrm.cloud.google.com',
    project: 'Google Config Connector',
    kinds: [
      {
        kinds: ['ConfigConnector', 'ConfigConnectorContext'],
        about: 'status.healthy and status.errors',
        rules: [
          { when: { field: 'status.healthy', is: true }, status: 'healthy', message: 'its components are healthy' },
          { when: { field: 'status.errors' }, status: 'degraded', message: '{status.errors}' },
          {
            when: { field: 'status.healthy', is: false },
            status: 'degraded',
            message: 'its components are not healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'the reason of Ready: UpToDate, Updating, *Failed, Dependency*',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Ready', reason: 'UpToDate' }, status: 'healthy' },
          { when: { condition: 'Ready', reason: 'DependencyNotReady' }, status: 'suspended' },
          {
            when: {
              condition: 'Ready',
              reason: [
                'DependencyNotFound',
                'DependencyInvalid',
                'UpdateFailed',
                'DeleteFailed',
                'ManagementConflict',
                'PreActuationTransformFailed',
                'PostActuationTransformFailed',
                'UnreadyReference',
              ],
            },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

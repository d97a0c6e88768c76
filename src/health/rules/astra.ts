import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'astra.netapp.io',
    project: 'NetApp Astra Control',
    kinds: [
      {
        kinds: ['AppVault'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['available', 'Available'] }, status: 'healthy' },
          { when: { field: 'status.state', is: ['failed', 'Failed', 'error', 'Error'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['Application'], about: 'Ready', rules: READY_RULES, otherwise: WAITING },
      {
        kinds: ['ExecHook'],
        about: 'enabled or not',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.enabled', is: false },
            status: 'suspended',
            reason: 'Disabled',
            message: 'it is disabled',
          },
          {
            when: { field: 'spec.enabled', is: null },
            status: 'progressing',
            reason: 'NoStatus',
            message: 'it does not say yet whether it is enabled',
          },
        ],
        otherwise: { status: 'healthy', reason: 'Enabled', message: 'it is enabled' },
      },
      {
        kinds: ['Schedule'],
        about: 'enabled or not; when it ran last',
        fresh: 'rules',
        rules: [
          {
            when: { field: 'spec.enabled', is: false },
            status: 'suspended',
            reason: 'Disabled',
            message: 'it is disabled',
          },
          {
            when: { field: 'status.lastScheduleTime' },
            status: 'healthy',
            reason: 'Scheduled',
            message: 'it ran at {status.lastScheduleTime}',
          },
        ],
        otherwise: { status: 'healthy', reason: 'NotRunYet', message: 'it has not run yet' },
      },
      {
        kinds: ['*'],
        about: 'state of the run',
        rules: [
          { when: { field: 'status.state', is: 'Completed' }, status: 'healthy' },
          { when: { field: 'status.state', is: ['Failed', 'Error'] }, status: 'degraded', message: '{status.error}' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'trident.netapp.io',
    project: 'NetApp Trident',
    kinds: [
      {
        kinds: ['TridentBackendConfig'],
        about: 'phase and the last operation',
        rules: [
          { when: { field: 'status.lastOperationStatus', is: 'Failed' }, status: 'degraded' },
          {
            when: { field: 'status.phase', is: ['Lost', 'Failed', 'Unknown'] },
            status: 'degraded',
            cause: 'environment',
          },
          { when: { field: 'status.phase', is: 'Bound' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['TridentOrchestrator'],
        about: 'status of the installation',
        rules: [
          { when: { field: 'status.status', is: 'Installed' }, status: 'healthy' },
          { when: { field: 'status.status', is: ['Failed', 'Error'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

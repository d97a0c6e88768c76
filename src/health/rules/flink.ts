import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'flink.apache.org',
    project: 'Flink operator',
    kinds: [
      {
        kinds: ['FlinkDeployment', 'FlinkSessionJob'],
        about: 'job manager, job state, reconciliation',
        rules: [
          { when: { field: 'status.lifecycleState', is: 'FAILED' }, status: 'degraded' },
          {
            when: { field: 'status.jobManagerDeploymentStatus', is: 'ERROR' },
            status: 'degraded',
            message: '{status.reconciliationStatus.error}',
          },
          { when: { field: 'status.jobStatus.state', is: ['FAILED', 'FAILING'] }, status: 'degraded' },
          {
            when: [
              { field: 'spec.job.state', is: 'suspended' },
              { field: 'status.jobStatus.state', is: ['SUSPENDED', 'FINISHED', 'CANCELED'] },
            ],
            status: 'healthy',
            reason: 'Suspended',
            message: 'the job is suspended as wanted',
          },
          {
            when: [
              { field: 'status.jobStatus.state', is: 'RUNNING' },
              {
                any: [
                  { field: 'status.reconciliationStatus.success', is: true },
                  { field: 'status.reconciliationStatus.state', is: 'DEPLOYED' },
                ],
              },
            ],
            status: 'healthy',
          },
          { when: { field: 'status.jobStatus.state', is: 'FINISHED' }, status: 'healthy' },
          {
            when: { field: 'status.reconciliationStatus.error' },
            status: 'degraded',
            reason: 'ReconcileFailed',
            message: '{status.reconciliationStatus.error}',
          },
          { when: { field: 'status.reconciliationStatus.state', is: 'ROLLED_BACK' }, status: 'degraded' },
          { when: { field: 'status.jobStatus.state', is: ['CANCELED', 'SUSPENDED'] }, status: 'suspended' },
          {
            when: [
              { field: 'spec.job', empty: true },
              { field: 'status.jobManagerDeploymentStatus', is: 'READY' },
            ],
            status: 'healthy',
            reason: 'SessionReady',
            message: 'the session cluster is ready',
          },
          { when: { field: 'status.error' }, status: 'degraded', reason: 'Error', message: '{status.error}' },
        ],
        otherwise: { status: 'progressing', message: 'the job manager is {status.jobManagerDeploymentStatus}' },
      },
    ],
  },
  {
    group: 'flinkoperator.k8s.io',
    project: 'Flink operator (Google)',
    kinds: [
      {
        kinds: ['FlinkCluster'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['Running', 'Stopped'] }, status: 'healthy' },
          { when: { field: 'status.components.job.state', is: ['Failed', 'Lost'] }, status: 'degraded' },
          { when: { field: 'status.state', is: 'PartiallyStopped' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

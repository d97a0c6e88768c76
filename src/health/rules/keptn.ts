import type { GroupRules } from './form.ts';
import { STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'lifecycle.keptn.sh',
    project: 'Keptn',
    kinds: [
      {
        kinds: ['KeptnAppVersion', 'KeptnTask', 'KeptnWorkloadInstance', 'KeptnWorkloadVersion'],
        about: 'status.status',
        rules: [
          { when: { field: 'status.status', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.status', is: 'Failed' }, status: 'degraded' },
          { when: { field: 'status.status', is: ['Deprecated'] }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KeptnEvaluation'],
        about: 'status.overallStatus',
        rules: [
          { when: { field: 'status.overallStatus', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.overallStatus', is: 'Failed' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: [
          'KeptnApp',
          'KeptnWorkload',
          'KeptnTaskDefinition',
          'KeptnEvaluationDefinition',
          'KeptnAppContext',
          'KeptnConfig',
        ],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
  {
    group: 'metrics.keptn.sh',
    project: 'Keptn',
    kinds: [
      {
        kinds: ['Analysis'],
        about: 'state, pass, warning',
        rules: [
          {
            when: { field: 'status.pass', is: true },
            status: 'healthy',
            reason: 'Passed',
            message: 'the analysis passed',
          },
          {
            when: { field: 'status.warning', is: true },
            status: 'healthy',
            reason: 'PassedWithWarnings',
            message: 'the analysis passed with warnings',
          },
          {
            when: {
              any: [
                { field: 'status.pass', is: false },
                { field: 'status.state', is: 'Completed' },
              ],
            },
            status: 'degraded',
            reason: 'NotPassed',
            message: 'the analysis did not pass',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KeptnMetric'],
        about: 'errMsg and value',
        rules: [
          {
            when: { field: 'status.errMsg' },
            status: 'degraded',
            cause: 'environment',
            reason: 'QueryFailed',
            message: '{status.errMsg}',
          },
          {
            when: { field: 'status.value' },
            status: 'healthy',
            reason: 'HasValue',
            message: 'its value is {status.value}',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KeptnMetricsProvider', 'AnalysisDefinition', 'AnalysisValueTemplate'],
        about: 'configuration',
        ...STORED,
      },
    ],
  },
];

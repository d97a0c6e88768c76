import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'grafana.integreatly.org',
    project: 'Grafana operator',
    kinds: [
      {
        kinds: ['Grafana'],
        about: 'stage and its status',
        rules: [
          {
            when: { field: 'status.stageStatus', is: 'failed' },
            status: 'degraded',
            reason: 'StageFailed',
            message: 'stage {status.stage} failed: {status.lastMessage}',
          },
          {
            when: [
              { field: 'status.stage', is: 'complete' },
              { field: 'status.stageStatus', is: 'success' },
            ],
            status: 'healthy',
            message: 'all stages are complete',
          },
          {
            when: { field: 'status.stage' },
            status: 'progressing',
            reason: 'Installing',
            message: 'stage {status.stage} is {status.stageStatus}',
          },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: '*Synchronized, NoMatchingInstance, InvalidSpec; older ones by their hash',
        rules: [
          {
            when: { field: 'status.NoMatchingInstances', is: true },
            status: 'degraded',
            reason: 'NoMatchingInstances',
            message: 'no Grafana instance matches its selector',
          },
          {
            when: {
              condition: [
                'NoMatchingInstance',
                'NoMatchingFolder',
                'InvalidSpec',
                'InvalidPatches',
                'NotificationPolicyLoopDetected',
                'Suspended',
              ],
              is: 'True',
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', contains: 'Synchronized' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', contains: 'Synchronized' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'healthy',
          },
          {
            when: [
              { field: 'status.conditions', empty: true },
              { any: [{ field: 'status.hash' }, { field: 'status.uid' }] },
            ],
            status: 'healthy',
            message: 'it is in Grafana',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'grafana-org-operator.kubitus-project.gitlab.io',
    project: 'Grafana organisations operator',
    kinds: [{ kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
  {
    group: 'loki.grafana.com',
    project: 'Loki operator',
    kinds: [
      {
        kinds: ['LokiStack'],
        about: 'Degraded, Failed, Pending, Ready; a warning stays healthy',
        rules: [
          { when: { condition: ['Failed', 'Degraded'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'Warning', is: 'True' }, status: 'healthy', warning: true },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Pending', is: 'True' }, status: 'progressing' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['AlertingRule', 'RecordingRule', 'RulerConfig'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'tempo.grafana.com',
    project: 'Tempo operator',
    kinds: [
      {
        kinds: ['TempoStack', 'TempoMonolithic'],
        about: 'ConfigurationError, Failed, Pending, Ready',
        rules: [
          { when: { condition: ['ConfigurationError', 'Failed'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

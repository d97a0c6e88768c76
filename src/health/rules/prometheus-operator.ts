import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'monitoring.coreos.com',
    project: 'Prometheus operator',
    kinds: [
      {
        kinds: ['Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'],
        about: 'Available and Reconciled; SomePodsNotReady waits',
        rules: [
          { when: { field: 'spec.paused', is: true }, status: 'suspended', reason: 'Paused' },
          { when: { condition: 'Reconciled', is: 'False' }, status: 'degraded' },
          {
            when: { condition: 'Available', is: ['False', 'Degraded'], reason: 'SomePodsNotReady' },
            status: 'progressing',
          },
          { when: { condition: 'Available', is: ['False', 'Degraded'] }, status: 'degraded' },
          {
            when: [
              { condition: 'Available', is: 'True' },
              { condition: 'Reconciled', is: ['True', 'absent'] },
            ],
            status: 'healthy',
            message: 'its pods are available',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['ServiceMonitor', 'PodMonitor', 'Probe', 'ScrapeConfig', 'PrometheusRule', 'AlertmanagerConfig'],
        about: 'configuration; Accepted of every binding where the operator writes it',
        fresh: 'healthy',
        observed: false,
        rules: [
          {
            when: {
              some: 'status.bindings.*.conditions.*',
              where: [
                { field: 'type', is: 'Accepted' },
                { field: 'status', is: 'False' },
              ],
            },
            status: 'degraded',
          },
        ],
        otherwise: { status: 'healthy', reason: 'Current', message: 'it is in use as soon as it is stored' },
      },
    ],
  },
  {
    group: 'operator.victoriametrics.com',
    project: 'VictoriaMetrics operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'updateStatus',
        rules: [
          {
            when: { field: 'status.updateStatus', is: 'operational' },
            status: 'healthy',
            message: 'all components work',
          },
          { when: { field: 'status.updateStatus', is: 'failed' }, status: 'degraded' },
          { when: { field: 'status.updateStatus', is: 'paused' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

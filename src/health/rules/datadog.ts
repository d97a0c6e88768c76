import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'datadoghq.com',
    project: 'Datadog operator',
    kinds: [
      {
        kinds: ['DatadogMetric'],
        about: 'Valid, Error, Active',
        rules: [
          { when: { condition: 'Error', is: 'True' }, status: 'degraded' },
          {
            when: [{ condition: 'Valid', is: 'False' }, { not: { condition: 'Active', is: 'False' } }],
            status: 'degraded',
          },
          { when: { condition: 'Valid', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Active', is: 'False' }, status: 'healthy', message: 'nobody uses the metric now' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['DatadogMonitor', 'DatadogSLO', 'DatadogDashboard', 'DatadogGenericResource'],
        about: 'Error, Created, Active',
        rules: [
          { when: { condition: ['Error', 'CreateError', 'UpdateError'], is: 'True' }, status: 'degraded' },
          { when: { condition: ['Created', 'Active', 'Updated'], is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['DatadogAgent'],
        about: 'reconcile and agent conditions',
        rules: [
          { when: { condition: ['DatadogAgentReconcileError'], is: 'True' }, status: 'degraded' },
          {
            when: {
              some: 'status.conditions.*',
              where: [
                { field: 'type', contains: 'ReconcileError' },
                { field: 'status', is: 'True' },
              ],
            },
            status: 'degraded',
          },
          {
            when: { number: 'status.agent.ready', below: 'status.agent.desired' },
            status: 'progressing',
            reason: 'NotReady',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
];

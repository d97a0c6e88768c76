import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'operator.knative.dev',
    project: 'Knative operator',
    kinds: [
      {
        kinds: ['KnativeServing', 'KnativeEventing'],
        about: 'DeploymentsAvailable, InstallSucceeded, DependenciesInstalled, Ready',
        rules: [
          { when: { condition: ['InstallSucceeded', 'DependenciesInstalled'], is: 'False' }, status: 'degraded' },
          { when: { condition: ['Ready', 'DeploymentsAvailable'], is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: { condition: 'Ready' },
            status: 'degraded',
            message: 'Ready has a status that no condition may have',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'serving.knative.dev',
    project: 'Knative',
    kinds: [
      {
        kinds: ['Service'],
        about: 'Ready, ConfigurationsReady and RoutesReady',
        rules: [
          { when: { condition: ['ConfigurationsReady', 'RoutesReady', 'Ready'], is: 'False' }, status: 'degraded' },
          {
            when: { condition: ['ConfigurationsReady', 'RoutesReady', 'Ready'], is: 'Unknown' },
            status: 'progressing',
          },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Revision'],
        about: 'Ready; a revision without traffic may sleep',
        rules: [
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING },
    ],
  },
  {
    group: [
      'eventing.knative.dev',
      'messaging.knative.dev',
      'sources.knative.dev',
      'flows.knative.dev',
      'networking.internal.knative.dev',
      'autoscaling.internal.knative.dev',
      'sinks.knative.dev',
    ],
    project: 'Knative',
    kinds: [{ kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
];

import type { GroupRules } from './form.ts';
import { READY_RULES, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'keda.sh',
    project: 'KEDA',
    kinds: [
      {
        kinds: ['ScaledObject', 'ScaledJob'],
        about: 'Fallback, Ready, Paused; Active says only whether there is load',
        rules: [
          {
            when: { condition: 'Fallback', is: 'True' },
            status: 'degraded',
            cause: 'environment',
            remedy: 'its metric cannot be read: check the trigger',
          },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
          { when: { condition: 'Paused', is: 'True' }, status: 'suspended' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          {
            when: [
              { condition: 'Ready', is: 'Unknown' },
              { field: 'kind', is: 'ScaledJob' },
            ],
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      { kinds: ['TriggerAuthentication', 'ClusterTriggerAuthentication'], about: 'configuration', ...STORED },
    ],
  },
  {
    group: 'http.keda.sh',
    project: 'KEDA',
    kinds: [{ kinds: ['HTTPScaledObject'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
  {
    group: 'autoscaling.k8s.io',
    project: 'Vertical Pod Autoscaler',
    kinds: [
      {
        kinds: ['VerticalPodAutoscaler'],
        about: 'ConfigUnsupported, RecommendationProvided; no recommendation yet is normal',
        rules: [
          { when: { condition: 'ConfigUnsupported', is: 'True' }, status: 'degraded' },
          {
            when: { condition: 'NoPodsMatched', is: 'True' },
            status: 'healthy',
            warning: true,
            message: 'no pod matches it',
          },
          { when: { condition: 'RecommendationProvided', is: 'True' }, status: 'healthy' },
          { when: { condition: 'RecommendationProvided', is: 'False' }, status: 'progressing', cause: 'environment' },
        ],
        otherwise: WAITING,
      },
      { kinds: ['VerticalPodAutoscalerCheckpoint'], about: 'bookkeeping', ...STORED },
    ],
  },
];

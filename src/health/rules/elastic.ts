import type { GroupRules, Rule } from './form.ts';
import { WAITING } from './shared.ts';

/** The health that most of its applications report. */
const HEALTH_RULES: readonly Rule[] = [
  { when: { field: 'status.health', is: 'red' }, status: 'degraded', reason: 'HealthRed' },
  { when: { field: 'status.health', is: 'yellow' }, status: 'progressing', reason: 'HealthYellow' },
  {
    when: [
      { field: 'status.health', is: 'green' },
      { number: 'status.availableNodes', below: 'status.expectedNodes' },
    ],
    status: 'progressing',
    reason: 'NotAvailable',
    message: '{status.availableNodes} of {status.expectedNodes} nodes are available',
  },
  { when: { field: 'status.health', is: 'green' }, status: 'healthy', reason: 'HealthGreen' },
  { when: { field: 'status.health', empty: true }, status: 'progressing', reason: 'NoHealth' },
];

export const rules: readonly GroupRules[] = [
  {
    group: [
      'beat.k8s.elastic.co',
      'agent.k8s.elastic.co',
      'kibana.k8s.elastic.co',
      'apm.k8s.elastic.co',
      'enterprisesearch.k8s.elastic.co',
      'maps.k8s.elastic.co',
    ],
    project: 'Elastic Cloud on Kubernetes',
    kinds: [
      {
        kinds: ['*'],
        about: 'health green, yellow, red; available against expected nodes',
        fresh: 'unknown',
        rules: HEALTH_RULES,
        otherwise: { status: 'unknown', reason: 'HealthUnknown' },
      },
    ],
  },
  {
    group: 'logstash.k8s.elastic.co',
    project: 'Elastic Cloud on Kubernetes',
    kinds: [
      { kinds: ['*'], about: 'health; available against expected nodes', rules: HEALTH_RULES, otherwise: WAITING },
    ],
  },
  {
    group: 'elasticsearch.k8s.elastic.co',
    project: 'Elastic Cloud on Kubernetes',
    kinds: [
      {
        kinds: ['Elasticsearch'],
        about: 'phase, health, available nodes against those of all node sets',
        fresh: 'unknown',
        rules: [
          { when: { field: 'status.phase', is: ['Invalid', 'Stalled'] }, status: 'degraded' },
          { when: { field: 'status.health', is: 'red' }, status: 'degraded', reason: 'HealthRed' },
          {
            when: {
              field: 'status.phase',
              is: ['ApplyingChanges', 'MigratingData', 'NodeShutdownStalled', 'UpgradingNodes'],
            },
            status: 'progressing',
          },
          { when: { field: 'status.health', is: 'yellow' }, status: 'progressing', reason: 'HealthYellow' },
          {
            when: [
              { field: 'status.health', is: 'green' },
              { number: 'spec.nodeSets.*.count', above: 'status.availableNodes' },
            ],
            status: 'progressing',
            reason: 'NotAvailable',
            message: 'only {status.availableNodes} nodes are available',
          },
          {
            when: [
              { field: 'status.health', is: 'green' },
              { field: 'status.phase', is: ['Ready', 'Operational'] },
            ],
            status: 'healthy',
            reason: 'HealthGreen',
          },
        ],
        otherwise: { status: 'unknown', reason: 'HealthUnknown' },
      },
    ],
  },
  {
    group: 'autoscaling.k8s.elastic.co',
    project: 'Elastic Cloud on Kubernetes',
    kinds: [
      {
        kinds: ['ElasticsearchAutoscaler'],
        about: 'Active, Healthy, Online',
        rules: [
          { when: { condition: ['Active', 'Healthy', 'Online'], is: 'False' }, status: 'degraded' },
          { when: { condition: 'Active', is: 'True' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { READY_RULES, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'rabbitmq.com',
    project: 'RabbitMQ operators',
    kinds: [
      {
        kinds: ['RabbitmqCluster'],
        about: 'ReconcileSuccess, ClusterAvailable, AllReplicasReady; NoWarnings False is a warning',
        rules: [
          { when: { condition: 'ReconcileSuccess', is: 'False' }, status: 'degraded' },
          { when: { condition: 'NoWarnings', is: 'False' }, status: 'healthy', warning: true },
          {
            when: [
              { condition: 'AllReplicasReady', is: 'False', reason: 'ScaledToZero' },
              { field: 'spec.replicas', is: 0 },
            ],
            status: 'suspended',
            message: 'it is scaled to zero',
          },
          { when: { condition: 'ClusterAvailable', is: ['False', 'Unknown'] }, status: 'progressing' },
          { when: { condition: 'AllReplicasReady', is: ['False', 'Unknown'] }, status: 'progressing' },
          {
            when: [
              { condition: 'AllReplicasReady', is: 'True' },
              { condition: 'ClusterAvailable', is: 'True' },
            ],
            status: 'healthy',
            message: 'all replicas are ready',
          },
        ],
        otherwise: WAITING,
      },
      {
        // The webhook of the topology operator refuses changes of what these objects stand for, so an older observedGeneration says nothing.
        kinds: ['*'],
        about: 'Ready; without it nothing is known',
        fresh: 'unknown',
        observed: false,
        rules: READY_RULES,
        otherwise: { status: 'unknown' },
      },
    ],
  },
];

import type { GroupRules } from './form.ts';
import { WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: 'kafka.banzaicloud.io',
    project: 'Koperator',
    kinds: [
      {
        kinds: ['KafkaCluster'],
        about: 'every broker, then the state and the topic of Cruise Control',
        rules: [
          {
            when: {
              some: 'status.brokersState.*',
              where: {
                any: [
                  [{ field: 'configurationState' }, { field: 'configurationState', not: 'ConfigInSync' }],
                  [
                    { field: 'gracefulActionState.cruiseControlState' },
                    {
                      field: 'gracefulActionState.cruiseControlState',
                      not: ['GracefulUpscaleSucceeded', 'GracefulDownscaleSucceeded'],
                    },
                  ],
                ],
              },
            },
            status: 'degraded',
            cause: 'environment',
            reason: 'BrokerNotInSync',
            message: 'a broker is {configurationState}, {gracefulActionState.cruiseControlState}',
          },
          { when: { field: 'status.state', is: 'ClusterRollingUpgrading' }, status: 'progressing' },
          {
            when: [
              { field: 'status.state', is: 'ClusterRunning' },
              { field: 'status.cruiseControlTopicStatus', is: ['CruiseControlTopicReady', '', null] },
            ],
            status: 'healthy',
            message: 'the cluster is running',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KafkaTopic', 'KafkaUser'],
        about: 'state',
        rules: [{ when: { field: 'status.state', is: 'created' }, status: 'healthy' }],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'kafka.strimzi.io',
    project: 'Strimzi',
    kinds: [
      {
        kinds: ['KafkaRebalance'],
        about: 'the state that its condition names',
        rules: [
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'NotReady', is: 'True' }, status: 'degraded' },
          {
            when: { condition: ['ProposalReady', 'Stopped', 'ReconciliationPaused'], is: 'True' },
            status: 'suspended',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KafkaNodePool'],
        about: 'warnings only; the Kafka resource carries the verdict',
        rules: [{ when: { condition: 'NotReady', is: 'True' }, status: 'degraded' }],
        otherwise: { status: 'healthy', message: 'its nodes are managed with the cluster' },
      },
      {
        kinds: ['*'],
        about: 'ReconciliationPaused, Ready, NotReady (reason Creating waits)',
        rules: [
          { when: { condition: 'ReconciliationPaused', is: 'True' }, status: 'suspended' },
          { when: { condition: 'Ready', is: 'True' }, status: 'healthy' },
          { when: { condition: 'NotReady', is: 'True', reason: 'Creating' }, status: 'progressing' },
          { when: { condition: 'NotReady', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Ready', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'core.strimzi.io',
    project: 'Strimzi',
    kinds: [
      {
        kinds: ['StrimziPodSet'],
        about: 'ready pods',
        rules: [
          {
            when: {
              any: [
                { number: 'status.readyPods', below: 'status.pods' },
                { number: 'status.currentPods', below: 'status.pods' },
              ],
            },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyPods} of {status.pods} pods are ready',
          },
        ],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'platform.confluent.io',
    project: 'Confluent for Kubernetes',
    kinds: [
      {
        kinds: ['Connector'],
        about: 'app-ready, state, failed tasks',
        rules: [
          {
            when: {
              condition: 'platform.confluent.io/app-ready',
              is: 'False',
              reason: ['CreateFailed', 'UpdateFailed', 'DeleteFailed', 'Failed'],
            },
            status: 'degraded',
          },
          { when: { field: 'status.state', is: 'ERROR' }, status: 'degraded' },
          { when: { field: 'status.connectorState', is: 'FAILED' }, status: 'degraded' },
          {
            when: { number: 'status.failedTasksCount', above: 0 },
            status: 'degraded',
            reason: 'TasksFailed',
            message: '{status.failedTasksCount} tasks failed',
          },
          { when: { field: 'status.connectorState', is: 'PAUSED' }, status: 'suspended' },
          {
            when: { field: 'status.connectorState', is: 'RUNNING' },
            status: 'healthy',
            message: 'the connector is running',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['KafkaTopic', 'Schema', 'ClusterLink', 'ConfluentRolebinding', 'KafkaRestClass', 'SchemaExporter'],
        about: 'state or phase',
        rules: [
          { when: { field: 'status.state', is: ['CREATED', 'SUCCEEDED', 'ACTIVE', 'PROVISIONED'] }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['SUCCEEDED', 'ACTIVE', 'RUNNING', 'CREATED'] }, status: 'healthy' },
          {
            when: {
              any: [
                { field: 'status.state', is: ['ERROR', 'FAILED'] },
                { field: 'status.phase', is: ['ERROR', 'FAILED'] },
              ],
            },
            status: 'degraded',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'RUNNING' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['FAILED', 'ERROR', 'DEGRADED'] }, status: 'degraded' },
          { when: { field: 'status.phase', is: ['STOPPED', 'PAUSED'] }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'zookeeper.pravega.io',
    project: 'Pravega ZooKeeper operator',
    kinds: [
      {
        kinds: ['ZookeeperCluster'],
        about: 'PodsReady, Error, Upgrading, ready replicas',
        rules: [
          { when: { condition: 'Error', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Upgrading', is: 'True' }, status: 'progressing' },
          { when: { condition: 'PodsReady', is: 'False' }, status: 'progressing' },
          {
            when: { number: 'status.readyReplicas', below: 'status.replicas' },
            status: 'progressing',
            reason: 'NotReady',
            message: '{status.readyReplicas} of {status.replicas} nodes are ready',
          },
          { when: { number: 'status.readyReplicas', above: 0 }, status: 'healthy', message: 'all nodes are ready' },
        ],
        otherwise: WAITING,
      },
    ],
  },
];

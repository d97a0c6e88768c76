import type { GroupRules } from './form.ts';
import { READY_RULES, READY_WAITS, STORED, WAITING } from './shared.ts';

export const rules: readonly GroupRules[] = [
  {
    group: ['crunchydata.com', 'postgres-operator.crunchydata.com'],
    project: 'Crunchy Postgres operator',
    kinds: [
      {
        kinds: ['PostgresCluster'],
        about: 'paused, Progressing, ready instances',
        rules: [
          { when: { field: 'spec.paused', is: true }, status: 'suspended', reason: 'Paused' },
          { when: { condition: 'Progressing', is: 'False', reason: 'Paused' }, status: 'suspended' },
          { when: { condition: ['PersistentVolumeResizing', 'ProxyAvailable'], is: 'Error' }, status: 'degraded' },
          {
            when: { some: 'status.instances.*', where: { number: 'readyReplicas', below: 'replicas' } },
            status: 'progressing',
            reason: 'NotReady',
            message: '{readyReplicas} of {replicas} instances of {name} are ready',
          },
          { when: { field: 'status.instances' }, status: 'healthy', message: 'all instances are ready' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: [
      'apps.kubeblocks.io',
      'operations.kubeblocks.io',
      'dataprotection.kubeblocks.io',
      'workloads.kubeblocks.io',
    ],
    project: 'KubeBlocks',
    kinds: [
      {
        kinds: ['Cluster', 'Component'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: 'Running' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Abnormal'] }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'Stopped' }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['OpsRequest', 'Backup', 'Restore'],
        about: 'phase',
        rules: [
          { when: { field: 'status.phase', is: ['Succeed', 'Completed'] }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Aborted'] }, status: 'degraded' },
          { when: { field: 'status.phase', is: ['Cancelled'] }, status: 'suspended' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'phase Available',
        fresh: 'healthy',
        rules: [{ when: { field: 'status.phase', is: 'Unavailable' }, status: 'degraded' }],
        otherwise: { status: 'healthy' },
      },
    ],
  },
  {
    group: 'mysql.oracle.com',
    project: 'MySQL operator (Oracle)',
    kinds: [
      {
        kinds: ['InnoDBCluster'],
        about: 'cluster.status',
        rules: [
          { when: { field: 'status.cluster.status', is: 'ONLINE' }, status: 'healthy' },
          {
            when: { field: 'status.cluster.status', is: ['ONLINE_PARTIAL', 'ONLINE_UNCERTAIN'] },
            status: 'progressing',
          },
          {
            when: { field: 'status.cluster.status', is: ['OFFLINE', 'NO_QUORUM', 'SPLIT_BRAIN', 'INVALID', 'UNKNOWN'] },
            status: 'degraded',
            cause: 'environment',
          },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'planetscale.com',
    project: 'Vitess operator',
    kinds: [
      {
        kinds: ['VitessCluster', 'VitessKeyspace', 'VitessShard', 'VitessCell', 'EtcdLockserver'],
        about: 'available parts',
        rules: [
          {
            when: {
              any: [
                { field: 'status.cells.*.gatewayAvailable', is: 'False' },
                { field: 'status.vitessDashboard.available', is: 'False' },
                { field: 'status.available', is: 'False' },
              ],
            },
            status: 'progressing',
          },
          { when: { field: 'status.observedGeneration' }, status: 'healthy' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'scylla.scylladb.com',
    project: 'Scylla operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'Degraded, Progressing, Available',
        rules: [
          { when: { condition: 'Degraded', is: 'True' }, status: 'degraded' },
          { when: { condition: 'Progressing', is: 'True' }, status: 'progressing' },
          { when: { condition: 'Available', is: 'True' }, status: 'healthy' },
          { when: { condition: 'Available', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'crdb.cockroachlabs.com',
    project: 'CockroachDB operator',
    kinds: [
      {
        kinds: ['CrdbCluster'],
        about: 'clusterStatus',
        rules: [
          { when: { field: 'status.clusterStatus', is: ['Finished', 'Ready'] }, status: 'healthy' },
          { when: { field: 'status.clusterStatus', is: ['Failed', 'Unspecified'] }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'opensearch.opster.io',
    project: 'OpenSearch operator',
    kinds: [
      {
        kinds: ['OpenSearchCluster'],
        about: 'phase and health',
        rules: [
          { when: { field: 'status.health', is: 'red' }, status: 'degraded' },
          { when: { field: 'status.phase', is: 'UPGRADING' }, status: 'progressing' },
          {
            when: [
              { field: 'status.phase', is: 'RUNNING' },
              { field: 'status.health', is: ['green', null] },
            ],
            status: 'healthy',
          },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['*'],
        about: 'state',
        rules: [
          { when: { field: 'status.state', is: ['CREATED', 'SUCCESS', 'IGNORED'] }, status: 'healthy' },
          { when: { field: 'status.state', is: ['ERROR'] }, status: 'degraded', message: '{status.reason}' },
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'infinispan.org',
    project: 'Infinispan operator',
    kinds: [
      {
        kinds: ['Infinispan'],
        about: 'WellFormed, Stopping, GracefulShutdown',
        rules: [
          { when: { condition: 'GracefulShutdown', is: 'True' }, status: 'suspended' },
          { when: { condition: 'WellFormed', is: 'True' }, status: 'healthy' },
          { when: { condition: 'PrelimChecksPassed', is: 'False' }, status: 'degraded' },
        ],
        otherwise: WAITING,
      },
      {
        kinds: ['Cache', 'Backup', 'Restore', 'Batch'],
        about: 'Ready; phase',
        rules: [
          { when: { field: 'status.phase', is: 'Succeeded' }, status: 'healthy' },
          { when: { field: 'status.phase', is: ['Failed', 'Unknown'] }, status: 'degraded' },
          ...READY_RULES,
        ],
        otherwise: WAITING,
      },
    ],
  },
  {
    group: 'nats.io',
    project: 'NATS operators',
    kinds: [
      {
        kinds: ['NatsCluster', 'NatsServiceRole'],
        about: 'it writes no useful status; its pods carry the verdict',
        ...STORED,
      },
    ],
  },
  {
    group: 'jetstream.nats.io',
    project: 'NATS JetStream controller',
    kinds: [{ kinds: ['*'], about: 'Ready', rules: READY_RULES, otherwise: WAITING }],
  },
  {
    group: 'temporal.io',
    project: 'Temporal operator',
    kinds: [
      {
        kinds: ['*'],
        about: 'ReconcileSuccess, Ready',
        rules: [
          { when: { condition: ['ReconcileError'], is: 'True' }, status: 'degraded' },
          { when: { condition: 'ReconcileSuccess', is: 'False' }, status: 'degraded' },
          ...READY_WAITS,
        ],
        otherwise: WAITING,
      },
    ],
  },
];

import { stringAt } from '../../src/core/json.ts';

/** A verdict of ours that is another one than Argo CD's, with the reason why ours is right. */
export interface Disagreement {
  readonly group: string;
  readonly kind: string;
  readonly theirs: string;
  readonly ours: string;
  readonly applies: (object: unknown) => boolean;
  readonly why: string;
}

const deleting = (object: unknown): boolean => stringAt(object, 'metadata', 'deletionTimestamp') !== undefined;
const always = (): boolean => true;

export const DISAGREEMENTS: readonly Disagreement[] = [
  ...['KafkaBridge', 'KafkaConnect', 'KafkaConnector', 'KafkaMirrorMaker2', 'KafkaTopic', 'KafkaUser', 'Kafka'].map(
    (kind) => ({
      group: 'kafka.strimzi.io',
      kind,
      theirs: 'Healthy',
      ours: 'progressing',
      applies: deleting,
      why: 'the object has a deletion timestamp and a finalizer: it is on its way out, which Argo CD itself reports as Progressing before it asks its script',
    }),
  ),
  {
    group: 'batch',
    kind: 'CronJob',
    theirs: 'Healthy',
    ours: 'suspended',
    applies: (object) => (object as { spec?: { suspend?: unknown } }).spec?.suspend === true,
    why: 'spec.suspend is true: it does not run, on purpose. "Healthy" hides a CronJob that somebody forgot to resume',
  },
  {
    group: 'pxc.percona.com',
    kind: 'PerconaXtraDBCluster',
    theirs: 'Unknown',
    ours: 'suspended',
    applies: always,
    why: 'state paused is known and wanted (spec.pause); the sister kind PerconaServerMongoDB in the same state is Suspended in their own cases',
  },
  {
    group: 'external-secrets.io',
    kind: 'ExternalSecret',
    theirs: 'Progressing',
    ours: 'healthy',
    applies: (object) => (object as { spec?: { refreshPolicy?: unknown } }).spec?.refreshPolicy === 'OnChange',
    why: 'Ready keeps its transition time as long as it stays True, while refreshTime moves on: after its second refresh a good secret would be Progressing for ever',
  },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    theirs: 'Degraded',
    ours: 'healthy',
    applies: (object) => JSON.stringify(object).includes('FailedGet'),
    why: 'without metrics an autoscaler keeps the replicas as they are, and at the start that is normal: a warning of the environment, not a failure of the release',
  },
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    theirs: 'Suspended',
    ours: 'degraded',
    applies: always,
    why: 'a cluster that is unrecoverable, or whose objects cannot be made, has failed; nobody suspended it',
  },
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    theirs: 'Degraded',
    ours: 'progressing',
    applies: always,
    why: 'a switchover, an in-place restart and a change of configuration are steps of every ordinary update of the operator',
  },
  {
    group: 'flagger.app',
    kind: 'Canary',
    theirs: 'Unknown',
    ours: 'suspended',
    applies: always,
    why: 'Waiting and WaitingPromotion are known: somebody has to confirm',
  },
];

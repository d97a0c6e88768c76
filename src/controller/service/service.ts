import { setMaxListeners } from 'node:events';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../core/cache-room.ts';
import type { Application } from '../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { keyOf } from '../../core/object-key.ts';
import type { Credentials } from '../../core/credentials.ts';
import type {
  Clock,
  Cluster,
  HistoryStore,
  JobQueue,
  Logger,
  Renderer,
  SourceReader,
  TraceChecker,
} from '../../core/ports.ts';
import { repositoryIdentity } from '../../core/repository-identity.ts';
import { connectCluster } from '../../cluster/client.ts';
import type { ClusterConnection } from '../../cluster/connection.ts';
import { startElection, type Election, type Leadership } from '../../cluster/lease.ts';
import { APPLICATION_KIND } from '../../config/application-crd.ts';
import type { UserRules } from '../../health/assess.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import { VerdictCache } from '../compare-manifests.ts';
import { destinationOf, readCredentials } from '../destination.ts';
import type { Engine } from '../engine.ts';
import { AbsenceReader } from './absence.ts';
import { ApplicationView } from './application-view.ts';
import { KubeEvents } from './kube-events.ts';
import { Leader } from './leader.ts';
import { labelValue, LiveView } from './live-view.ts';
import { ObservedCluster } from './observed-cluster.ts';
import { RelatedCache } from './related-cache.ts';
import { REFRESH } from './requests.ts';
import { StateCluster } from './state-view.ts';
import type { Tracked } from './tracked.ts';
import { viewReader } from './view-reader.ts';
import { WebhookSecrets } from './webhook-secrets.ts';

export interface LeaderElectionOptions {
  readonly name: string;
  readonly durationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

export interface ServiceOptions {
  readonly connection: ClusterConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Unique for each process. */
  readonly instance: string;
  /** The controller's own: lease and webhook secrets. */
  readonly namespace: string;
  /** Absent: this process is the only one. */
  readonly election?: LeaderElectionOptions;
  /** Only Applications of this namespace. */
  readonly watchNamespace?: string;
  readonly defaultServiceAccount?: string;
  readonly sources: SourceReader;
  readonly renderer: Renderer;
  readonly traces: TraceChecker;
  readonly history: HistoryStore;
  /** A new queue for each term: `scope` names both the process and the term. */
  readonly openQueue: (scope: string) => JobQueue;
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly discoveryFolder?: string;
  /** Of the whole installation, tried after those of an Application. */
  readonly healthRules?: UserRules;
  readonly maxConnections?: number;
}

/** How long the work in hand may take when the process stops. */
const STOP_MS = 9000;
/** After leadership is lost nothing may be written: there is nothing to wait for. */
const LOST_STOP_MS = 500;
const CREDENTIALS_AGE_MS = 30_000;

/**
 * The controller. Every replica keeps its views warm and answers requests; the one that leads writes. All of its memory can be found out
 * again from the cluster and Git.
 */
export class ControllerService {
  readonly applications: ApplicationView;
  readonly engine: Engine;
  readonly webhookSecrets: WebhookSecrets;
  readonly #options: ServiceOptions;
  /** Writes only while this process leads. */
  readonly #writer: Cluster;
  /** Leases, reviews and what people ask for: not guarded by leadership. */
  readonly #plain: Cluster;
  readonly #state: StateCluster;
  readonly #view: LiveView;
  readonly #related: RelatedCache;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(tracked: Tracked) => void>();
  #election: Election | undefined;
  #leader: Leader | undefined;
  #running: Promise<void> | undefined;
  #wasReady = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    // Every request under way listens to it.
    setMaxListeners(0, this.#stop.signal);
    const { clock, logger, metrics } = options;
    const common = {
      clock,
      logger,
      userAgent: 'evenkeel-controller',
      ...(options.discoveryFolder === undefined ? {} : { cacheFolder: options.discoveryFolder }),
      ...(options.maxConnections === undefined ? {} : { maxConnections: options.maxConnections }),
      onRequest: (report: {
        readonly method: string;
        readonly path: string;
        readonly status: number;
        readonly durationMs: number;
      }) => metrics.requested(report),
    };
    this.#plain = connectCluster(options.connection, { ...common, maxConnections: 8 });
    this.#writer = connectCluster(options.connection, {
      ...common,
      ...(options.election === undefined ? {} : { writeGate: () => this.#gate() }),
    });
    this.#view = new LiveView({
      cluster: this.#writer,
      clock,
      logger,
      onChange: (change) => this.#leader?.onLive(change),
    });
    this.#state = new StateCluster(this.#writer, logger);
    this.#related = new RelatedCache(clock, logger);
    const observed = new ObservedCluster(this.#writer, (object) => {
      const label = labelValue(object);
      if (label === undefined) return;
      this.#view.observe(object);
      this.#leader?.onWritten(label, keyOf(object), object);
    });
    const absences = new AbsenceReader(clock);
    const clusterOf = (application: Application): Cluster => destinationOf(application, observed);
    this.engine = {
      sources: options.sources,
      renderer: options.renderer,
      history: options.history,
      clock,
      logger,
      home: this.#state,
      clusterOf,
      liveReaderOf: (application) => viewReader(this.#view, absences, clusterOf(application)),
      credentialsOf: cachedCredentials(this.#writer, clock),
      verdicts: new VerdictCache(),
      ...(options.healthRules === undefined ? {} : { healthRules: options.healthRules }),
    };
    this.applications = new ApplicationView({
      cluster: this.#writer,
      logger,
      ...(options.watchNamespace === undefined ? {} : { namespace: options.watchNamespace }),
      ...(options.defaultServiceAccount === undefined ? {} : { defaultServiceAccount: options.defaultServiceAccount }),
      onChange: (tracked, change) => {
        this.#leader?.onApplication(tracked, change);
        this.#tell(tracked);
      },
      onRemoved: (tracked) => {
        this.#leader?.onRemoved(tracked);
        this.#tell(tracked);
      },
    });
    this.webhookSecrets = new WebhookSecrets(this.#plain, options.namespace, logger);
  }

  /** Begins to watch and to stand for election. */
  start(): void {
    this.#running ??= this.#run();
  }

  get leads(): boolean {
    return this.#leader !== undefined;
  }

  /** Once it was complete it stays ready: an API server that is away is no reason to take the webhooks away as well. */
  get ready(): boolean {
    this.#wasReady ||= this.applications.synced && this.#state.synced;
    return this.#wasReady && !this.#stop.signal.aborted;
  }

  /** The client for reviews and requests of people. */
  get reviews(): Cluster {
    return this.#plain;
  }

  /** Told of every Application whose object changed. */
  listen(listener: (tracked: Tracked) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Something happened to a repository. The leader asks it at once; another replica tells the leader by an annotation, since only the
   * cluster reaches it for sure.
   */
  async pollRepository(url: string): Promise<void> {
    if (this.#leader !== undefined) {
      await this.#leader.pollRepository(url);
      return;
    }
    const identity = repositoryIdentity(url);
    for (const tracked of this.applications.all()) {
      const own = tracked.application?.source.git.url;
      if (own === undefined || repositoryIdentity(own) !== identity) continue;
      await this.ask(tracked, REFRESH, new Date(this.#options.clock.now()).toISOString());
      return;
    }
  }

  /** Writes what somebody asks for where the leader sees it. @throws EngineError Cluster* */
  async ask(tracked: Tracked, annotation: string, value: string): Promise<void> {
    await this.#plain.patch(APPLICATION_KIND, tracked.name, {
      type: 'merge',
      body: { metadata: { annotations: { [annotation]: value } } },
    });
  }

  /** Stops within ten seconds, gives the lease back. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const leader = this.#leader;
    const stop = new AbortController();
    const limit = this.#options.clock.sleep(STOP_MS, stop.signal).catch(() => undefined);
    await Promise.race([leader?.close(STOP_MS - 1500), limit]);
    this.#leader = undefined;
    this.#stop.abort();
    await Promise.race([
      Promise.allSettled([this.#election?.close(), this.#running]),
      this.#options.clock.sleep(1500, stop.signal).catch(() => undefined),
    ]);
    stop.abort();
    this.webhookSecrets.close();
    this.#view.close();
    await Promise.allSettled([this.#writer.close(), this.#plain.close()]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { election } = this.#options;
    await Promise.all([this.applications.start(signal), this.#state.start(signal)]);
    if (signal.aborted) return;
    if (election === undefined) {
      await this.#term({ signal, term: 0 });
      return;
    }
    this.#election = startElection({
      cluster: this.#plain,
      clock: this.#options.clock,
      namespace: this.#options.namespace,
      identity: this.#options.instance,
      logger: this.#options.logger,
      random: this.#options.random,
      name: election.name,
      durationMs: election.durationMs,
      renewDeadlineMs: election.renewDeadlineMs,
      retryMs: election.retryMs,
    });
    while (!signal.aborted) {
      let leadership: Leadership;
      try {
        leadership = await this.#election.lead(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        this.#options.logger.error({ error: messageOf(thrown) }, 'election failed');
        await this.#options.clock.sleep(1000, signal).catch(() => undefined);
        continue;
      }
      await this.#term(leadership);
    }
  }

  async #term(leadership: Leadership): Promise<void> {
    const { clock, logger, random, metrics, instance } = this.#options;
    setMaxListeners(0, leadership.signal);
    const leader = new Leader({
      engine: this.engine,
      applications: this.applications,
      view: this.#view,
      related: this.#related,
      traces: this.#options.traces,
      queue: this.#options.openQueue(`${instance}.${leadership.term}`),
      events: new KubeEvents({ cluster: this.#writer, clock, logger, instance }),
      clock,
      logger,
      random,
      metrics,
      tracing: this.#options.tracing,
      signal: leadership.signal,
      gate: () => {
        leadership.signal.throwIfAborted();
        this.#gate();
      },
      concurrency: this.#options.concurrency,
      resyncMs: this.#options.resyncMs,
      onStatus: (tracked) => this.#tell(tracked),
    });
    this.#leader = leader;
    metrics.setLeader(true);
    leader.start();
    await new Promise<void>((resolve) => {
      leadership.signal.addEventListener('abort', () => resolve(), { once: true });
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    metrics.setLeader(false);
    if (this.#leader !== leader) return;
    this.#leader = undefined;
    await leader.close(LOST_STOP_MS);
  }

  #gate(): AbortSignal | undefined {
    if (this.#options.election === undefined) return undefined;
    // Not elected yet is not allowed either.
    if (this.#election === undefined) {
      throw new EngineError('Cancelled', 'write is not allowed (NotLeading): there was no election yet');
    }
    return this.#election.gate();
  }

  #tell(tracked: Tracked): void {
    for (const listener of this.#listeners) listener(tracked);
  }
}

/** Secrets are read again after half a minute, or when they were refused. */
function cachedCredentials(
  home: Cluster,
  clock: Clock,
): (application: Application, signal?: AbortSignal) => Promise<Credentials | undefined> {
  const known = new LRUCache<string, { readonly atMs: number; readonly value: Promise<Credentials | undefined> }>(
    atMost(5000),
  );
  return async (application, signal) => {
    const name = application.source.git.credentialsSecret;
    if (name === undefined) return undefined;
    const id = `${application.name.namespace}/${name}`;
    const present = known.get(id);
    if (present !== undefined && clock.monotonic() - present.atMs < CREDENTIALS_AGE_MS) return present.value;
    const value = readCredentials(application, home, signal);
    known.set(id, { atMs: clock.monotonic(), value });
    value.catch((thrown: unknown) => {
      if (isEngineError(thrown)) known.delete(id);
    });
    return value;
  };
}

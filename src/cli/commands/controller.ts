import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type { Cluster, HistoryStore, JobQueue, Logger } from '../../core/ports.ts';
import { describeRedis, parseRedisUrl } from '../../core/redis-address.ts';
import { connectCluster } from '../../cluster/client.ts';
import type { ClusterConnection } from '../../cluster/connection.ts';
import { loadKubeconfig } from '../../cluster/kubeconfig.ts';
import { createRenderer } from '../../controller/create-renderer.ts';
import { DeferredHistory } from '../../controller/service/deferred-history.ts';
import { startHttp } from '../../controller/service/http/server.ts';
import { ControllerService } from '../../controller/service/service.ts';
import { openJournalHistory } from '../../history/journal-history.ts';
import { openRedisHistory } from '../../history/redis-history.ts';
import { openFailoverQueue } from '../../queue/failover-queue.ts';
import { openLocalQueue } from '../../queue/local-queue.ts';
import { openRedisQueue } from '../../queue/redis-queue.ts';
import { GitSources } from '../../sources/git-sources.ts';
import { gitTraceChecker } from '../../sources/trace.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { createMetrics, type Metrics } from '../../telemetry/metrics.ts';
import { openTracing } from '../../telemetry/tracing.ts';
import { systemClock } from '../../telemetry/system-clock.ts';
import { clusterIdentity, sharedHealthRules } from '../build-engine.ts';
import { openBases } from '../open-bases.ts';

export interface ControllerCommandOptions {
  readonly dataDir: string;
  readonly chartHosts: readonly string[];
  /** Hosts that bases and files of kustomizations may be fetched from. */
  readonly baseHosts: readonly string[];
  /** File with rules of health for all applications. */
  readonly healthRules?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespace of lease and webhook secrets. */
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  readonly probesPort: number;
  readonly redisUrl?: string;
  readonly redisPrefix: string;
  readonly leaderElection: boolean;
  readonly leaseDurationMs: number;
  readonly watchNamespace?: string;
  readonly defaultServiceAccount?: string;
  readonly concurrency: number;
  readonly renderProcesses?: number;
  readonly resyncMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly localRepositories: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** `evenkeel controller`: runs until it is told to stop. @returns the exit code */
export async function controllerCommand(options: ControllerCommandOptions): Promise<number> {
  const instance = `${options.env['POD_NAME'] ?? hostname()}-${randomBytes(4).toString('hex')}`;
  const logger = createLogger({ level: options.logLevel, fields: { instance, version } });
  const metrics = createMetrics({ version, process: true });
  const tracing = await openTracing({ env: options.env, version, instance, logger });
  const clock = systemClock;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o750 });
  const connection = await loadKubeconfig({
    clock,
    env: options.env,
    homeFolder: homedir(),
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const redis = options.redisUrl === undefined ? undefined : parseRedisUrl(options.redisUrl);
  const failed = new AbortController();
  const history = await openHistory(options, connection, logger, metrics);
  const sources = new GitSources({
    clock,
    logger,
    random: Math.random,
    dataDir: join(options.dataDir, 'repositories'),
    localRepositories: options.localRepositories ? 'allowed' : 'refused',
    listTimeoutMs: 15_000,
  });
  const renderer = createRenderer({
    charts: { cacheFolder: join(options.dataDir, 'charts'), allowedHosts: options.chartHosts },
    bases: openBases(options.dataDir, options.baseHosts, logger),
    ...(options.renderProcesses === undefined ? {} : { processes: options.renderProcesses }),
    onRender: ({ renderer: kind, result, durationMs }) => metrics.rendered(kind, result, durationMs),
  });
  const service = new ControllerService({
    connection,
    clock,
    logger,
    random: Math.random,
    metrics,
    tracing,
    instance,
    namespace: options.namespace,
    sources,
    renderer,
    traces: gitTraceChecker,
    history,
    concurrency: options.concurrency,
    resyncMs: options.resyncMs,
    discoveryFolder: join(options.dataDir, 'discovery'),
    openQueue: (scope): JobQueue => {
      const local = openLocalQueue({ clock, logger });
      if (redis === undefined) return local;
      const remote = openRedisQueue({
        address: redis,
        clock,
        logger,
        prefix: options.redisPrefix,
        scope,
        onDead: () =>
          failed.abort(new EngineError('QueueUnavailable', 'the queue in Redis takes nothing any more (Dead)')),
      });
      return openFailoverQueue({ remote, local, logger, onDegraded: (degraded) => metrics.setQueueDegraded(degraded) });
    },
    ...(options.leaderElection
      ? {
          election: {
            name: 'evenkeel-controller',
            durationMs: options.leaseDurationMs,
            renewDeadlineMs: Math.round((options.leaseDurationMs * 2) / 3),
            retryMs: Math.round((options.leaseDurationMs * 2) / 15),
          },
        }
      : {}),
    ...(await sharedHealthRules(options.healthRules)),
    ...(options.watchNamespace === undefined ? {} : { watchNamespace: options.watchNamespace }),
    ...(options.defaultServiceAccount === undefined ? {} : { defaultServiceAccount: options.defaultServiceAccount }),
  });
  const http = await startHttp({
    service,
    clock,
    logger,
    metrics,
    host: options.host,
    port: options.port,
    probesPort: options.probesPort,
  });
  service.start();
  logger.info(
    {
      url: http.url,
      probes: http.probesUrl,
      server: connection.server,
      queue: redis === undefined ? 'in this process' : describeRedis(redis),
      leaderElection: options.leaderElection,
    },
    'controller runs',
  );
  const stopped = await new Promise<'asked' | 'failed'>((resolve) => {
    if (options.signal.aborted) resolve('asked');
    options.signal.addEventListener('abort', () => resolve('asked'), { once: true });
    failed.signal.addEventListener('abort', () => resolve('failed'), { once: true });
  });
  logger.info({ why: stopped }, 'controller stops');
  await service.close();
  await Promise.race([
    Promise.allSettled([http.close(), history.close(), renderer.close(), sources.close(), tracing.close()]),
    clock.sleep(1000),
  ]);
  return stopped === 'asked' ? 0 : 1;
}

async function openHistory(
  options: ControllerCommandOptions,
  connection: ClusterConnection,
  logger: Logger,
  metrics: Metrics,
): Promise<HistoryStore> {
  const clock = systemClock;
  const store =
    options.redisUrl === undefined
      ? openJournalHistory({ clock, folder: join(options.dataDir, 'history', await identityOf(connection, logger)) })
      : openRedisHistory({ address: parseRedisUrl(options.redisUrl), clock, logger, prefix: options.redisPrefix });
  return new DeferredHistory({ store, clock, logger, onFailed: () => metrics.historyFailed() });
}

/** History on disk belongs to one cluster. While the cluster is away its name is not known: then it is called default, as a denied one is. */
async function identityOf(connection: ClusterConnection, logger: Logger): Promise<string> {
  const cluster: Cluster = connectCluster(connection, { clock: systemClock, logger });
  try {
    return await clusterIdentity(cluster);
  } finally {
    await cluster.close();
  }
}

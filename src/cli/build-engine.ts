import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringAt } from '../core/json.ts';
import type { Cluster, Logger } from '../core/ports.ts';
import { connectCluster } from '../cluster/client.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import { VerdictCache } from '../controller/compare-manifests.ts';
import { destinationOf, readCredentials } from '../controller/destination.ts';
import type { Engine } from '../controller/engine.ts';
import { directReader } from '../controller/live-reader.ts';
import { createRenderer } from '../controller/create-renderer.ts';
import { systemClock } from '../telemetry/system-clock.ts';
import { openJournalHistory } from '../history/journal-history.ts';
import { openBases } from './open-bases.ts';
import { openSources } from './open-sources.ts';
import { readSession } from './session.ts';

export interface EngineOptions {
  readonly dataDir: string;
  /** Hosts that charts may be fetched from. */
  readonly chartHosts: readonly string[];
  /** Hosts that bases and files of kustomizations may be fetched from. */
  readonly baseHosts: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** File with rules of health of one's own. */
  readonly healthRules?: string;
}

export interface ConnectedCluster {
  readonly cluster: Cluster;
  /** Where it is, for people: `embedded cluster at …`, or the kubeconfig's server. */
  readonly place: string;
}

/** The cluster that a command talks to: a named kubeconfig, a running `evenkeel up` of this folder, or what kubectl would take. */
export async function openCluster(options: EngineOptions): Promise<ConnectedCluster> {
  const named = options.kubeconfig !== undefined || options.context !== undefined;
  const session = named ? undefined : readSession(options.dataDir);
  const connection = await loadKubeconfig({
    clock: systemClock,
    env: options.env,
    homeFolder: homedir(),
    ...(session === undefined ? {} : { path: session.kubeconfig }),
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  const cluster = connectCluster(connection, {
    clock: systemClock,
    logger: options.logger,
    cacheFolder: join(options.dataDir, 'discovery'),
  });
  const place =
    session === undefined ? connection.server : `the embedded cluster of evenkeel up (process ${session.pid})`;
  return { cluster, place };
}

export interface OpenEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** Everything that a pass needs, on this machine's disk. */
export async function buildEngine(cluster: Cluster, options: EngineOptions): Promise<OpenEngine> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o750 });
  const sources = openSources(options.dataDir, options.env, options.logger);
  const renderer = createRenderer({
    charts: { cacheFolder: join(options.dataDir, 'charts'), allowedHosts: options.chartHosts },
    bases: openBases(options.dataDir, options.baseHosts, options.logger),
  });
  const history = openJournalHistory({
    clock: systemClock,
    folder: join(options.dataDir, 'history', await clusterIdentity(cluster)),
  });
  const engine: Engine = {
    sources,
    renderer,
    history,
    clock: systemClock,
    logger: options.logger,
    home: cluster,
    clusterOf: (application) => destinationOf(application, cluster),
    liveReaderOf: (application) => directReader(destinationOf(application, cluster)),
    credentialsOf: (application, signal) => readCredentials(application, cluster, signal),
    verdicts: new VerdictCache(),
    ...(await sharedHealthRules(options.healthRules)),
  };
  return {
    engine,
    close: async () => {
      await Promise.allSettled([renderer.close(), sources.close(), history.close()]);
    },
  };
}

/** Rules of health for everything that this process judges. @throws EngineError ConfigInvalid */
export async function sharedHealthRules(path: string | undefined): Promise<Pick<Engine, 'healthRules'>> {
  if (path === undefined) return {};
  const { readRules } = await import('./commands/health-rules.ts');
  return { healthRules: readRules(path) };
}

/** The uid of kube-system names a cluster for good; its address may change. */
export async function clusterIdentity(cluster: Cluster): Promise<string> {
  const live = await cluster.get(
    { group: '', version: 'v1', kind: 'Namespace' },
    { namespace: '', name: 'kube-system' },
  );
  if (live.state === 'unknown') {
    if (live.error.code === 'ClusterDenied') return 'default';
    throw live.error;
  }
  const uid = live.state === 'present' ? stringAt(live.object, 'metadata', 'uid') : undefined;
  return uid !== undefined && /^[0-9a-zA-Z-]{1,64}$/.test(uid) ? uid : 'default';
}

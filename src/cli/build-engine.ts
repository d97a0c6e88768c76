import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Application } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import type { Cluster, Credentials, Logger } from '../core/ports.ts';
import { connectCluster } from '../cluster/client.ts';
import { loadKubeconfig } from '../cluster/kubeconfig.ts';
import { VerdictCache } from '../controller/compare-manifests.ts';
import type { Engine } from '../controller/engine.ts';
import { directReader } from '../controller/live-reader.ts';
import { createRenderer } from '../controller/create-renderer.ts';
import { systemClock } from '../telemetry/system-clock.ts';
import { openJournalHistory } from '../history/journal-history.ts';
import { GitSources } from '../sources/git-sources.ts';
import { readSession } from './session.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
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
  const sources = new GitSources({
    clock: systemClock,
    logger: options.logger,
    random: Math.random,
    dataDir: join(options.dataDir, 'repositories'),
    localRepositories: 'allowed',
    ssh: { environment: sshEnvironment(options.env) },
  });
  const renderer = createRenderer();
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
    clusterOf: (application) => clusterOf(application, cluster),
    liveReaderOf: (application) => directReader(clusterOf(application, cluster)),
    credentialsOf: (application, signal) => credentialsOf(application, cluster, signal),
    verdicts: new VerdictCache(),
  };
  return {
    engine,
    close: async () => {
      await Promise.allSettled([renderer.close(), sources.close(), history.close()]);
    },
  };
}

/** What git and ssh may see of the environment, and no more. */
function sshEnvironment(env: EngineOptions['env']): Partial<Record<'PATH' | 'HOME' | 'SSH_AUTH_SOCK', string>> {
  const names = ['PATH', 'HOME', 'SSH_AUTH_SOCK'] as const;
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The uid of kube-system names a cluster for good; its address may change. */
async function clusterIdentity(cluster: Cluster): Promise<string> {
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

function clusterOf(application: Application, home: Cluster): Cluster {
  const { cluster, serviceAccountName } = application.destination;
  if (cluster !== 'in-cluster') {
    throw new EngineError(
      'NotSupported',
      `application ${application.name.namespace}/${application.name.name} has spec.destination.cluster ${cluster} (NotSupported): one cluster per process is served`,
      {
        remedy: 'leave spec.destination.cluster out, and run evenkeel against that cluster',
      },
    );
  }
  return serviceAccountName === undefined
    ? home
    : home.impersonate({ namespace: application.name.namespace, serviceAccountName });
}

/** Git credentials from the Secret that the application names, in its own namespace. */
async function credentialsOf(
  application: Application,
  home: Cluster,
  signal?: AbortSignal,
): Promise<Credentials | undefined> {
  const name = application.source.git.credentialsSecret;
  if (name === undefined) return undefined;
  const { namespace } = application.name;
  const live = await home.get({ group: '', version: 'v1', kind: 'Secret' }, { namespace, name }, signal);
  if (live.state === 'unknown') throw live.error;
  if (live.state === 'absent') {
    throw new EngineError('SourceDenied', `Secret ${namespace}/${name} with Git credentials was not found (NotFound)`, {
      remedy: 'create it with the keys username and password, or token',
    });
  }
  const read = (key: string): string | undefined => {
    const coded = stringAt(live.object, 'data', key);
    return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('utf8');
  };
  const username = read('username');
  const password = read('password');
  const token = read('token');
  if (token === undefined && password === undefined) {
    throw new EngineError('SourceDenied', `Secret ${namespace}/${name} holds no Git credentials (KeysMissing)`, {
      remedy: 'it needs the keys username and password, or token',
    });
  }
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(token === undefined ? {} : { token }),
  };
}

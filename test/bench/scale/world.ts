import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectCluster } from '../../../src/cluster/client.ts';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig.ts';
import { applicationCrd } from '../../../src/config/application-crd.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import type { Cluster } from '../../../src/core/ports.ts';
import { systemClock } from '../../../src/telemetry/system-clock.ts';
import { endProcess } from '../../doubles/end-process.ts';
import { freePort, freePorts } from '../../doubles/free-port.ts';
import { startGitServer, type GitServer } from '../../doubles/git-server.ts';
import { Monorepo, WORKLOADS } from './monorepo.ts';

/** Namespace of the Applications. */
export const DECLARATIONS = 'declarations';
const CONTROLLER = 'evenkeel-system';
export const WEBHOOK_SECRET = 'a secret of the benchmark alone';
/** How long a process may take to end by itself. */
const GRACE_MS = 15_000;
const CLUSTER_SCRIPT = resolve('../shared/envtest/cluster');

/** Everything that a run needs: a real control plane, Redis, a Git host, the controller as its own process, and a view of the cluster. */
export interface World {
  readonly cluster: Cluster;
  readonly server: string;
  readonly git: GitServer;
  readonly monorepo: Monorepo;
  readonly repositoryUrl: string;
  readonly webhookUrl: string;
  /** The controller's; also the URL of its metrics. */
  readonly metricsUrl: string;
  readonly pids: Readonly<Record<string, number>>;
  readonly revision: string;
  close(): Promise<void>;
}

/** Why no run is possible here; undefined when it is. */
export function worldMissing(): string | undefined {
  if ((process.env['KUBEBUILDER_ASSETS'] ?? '') === '') return 'KUBEBUILDER_ASSETS is not set';
  return existsSync(CLUSTER_SCRIPT) ? undefined : `there is no ${CLUSTER_SCRIPT}`;
}

export interface WorldOptions {
  readonly count: number;
  /** Node flags of the controller, such as --cpu-prof. */
  readonly execArgv: readonly string[];
  /** Controller options beside those that the benchmark sets. */
  readonly controllerArgs: readonly string[];
  /** Keeps the logs' folder and prints its name. */
  readonly keep: boolean;
}

export async function startWorld({ count, execArgv, controllerArgs, keep }: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-scale-'));
  const control = join(folder, 'cluster');
  const [port] = await freePorts(4);
  const undo: (() => Promise<void> | void)[] = [
    () => (keep ? undefined : rmSync(folder, { recursive: true, force: true })),
  ];
  const close = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
    if (keep) console.error(`logs: ${folder}`);
  };
  try {
    const printed = execFileSync(CLUSTER_SCRIPT, ['up', control, '--port', String(port), '--nodes', '1'], {
      encoding: 'utf8',
    });
    undo.push(() => void execFileSync(CLUSTER_SCRIPT, ['down', control]));
    const kubeconfig = printed.trim().split('\n').at(-1) ?? '';
    const connection = await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: folder, path: kubeconfig });
    const cluster = connectCluster(connection, { clock: systemClock });
    undo.push(() => cluster.close());
    await cluster.create(applicationCrd() as KubeObject);
    for (const name of [WORKLOADS, DECLARATIONS, CONTROLLER])
      await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const git = await startGitServer();
    undo.push(() => git.close());
    const monorepo = new Monorepo(git.create('config'), folder);
    const revision = monorepo.create(count);
    const repositoryUrl = git.urlOf('config');
    await cluster.create(webhookSecret(repositoryUrl));
    const redisPort = await freePort();
    const redis = run(folder, 'redis-server', [
      '--port',
      String(redisPort),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
    ]);
    undo.push(() => endProcess(redis, GRACE_MS));
    const [webPort, probesPort] = await freePorts(2);
    const controller = run(
      folder,
      process.execPath,
      [
        ...imageFlags(),
        ...execArgv,
        resolve('dist/cli/main.js'),
        'controller',
        `--kubeconfig=${kubeconfig}`,
        `--data-dir=${join(folder, 'data')}`,
        `--port=${webPort}`,
        `--probes-port=${probesPort}`,
        '--no-leader-election',
        ...controllerArgs,
      ],
      { REDIS_URL: `redis://127.0.0.1:${redisPort}`, HOME: folder },
      'controller',
    );
    undo.push(() => endProcess(controller, GRACE_MS));
    const metricsUrl = `http://127.0.0.1:${probesPort}`;
    await untilReady(`${metricsUrl}/readyz`);
    return {
      cluster,
      server: connection.server,
      git,
      monorepo,
      repositoryUrl,
      webhookUrl: `http://127.0.0.1:${webPort}/webhooks`,
      metricsUrl,
      revision,
      pids: {
        evenkeel: controller.pid ?? 0,
        redis: redis.pid ?? 0,
        ...Object.fromEntries(
          ['kube-apiserver', 'etcd', 'kube-controller-manager'].map((name) => [
            name,
            Number(readFileSync(join(control, `${name}.pid`), 'utf8')),
          ]),
        ),
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** The flags of Node with which the image starts the controller. */
function imageFlags(): string[] {
  const entrypoint = /^ENTRYPOINT (.*)$/m.exec(readFileSync(resolve('deploy/Dockerfile'), 'utf8'))?.[1] ?? '[]';
  return (JSON.parse(entrypoint) as string[]).filter((word) => word.startsWith('--'));
}

function webhookSecret(repository: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'webhook-config', namespace: CONTROLLER, labels: { 'evenkeel.dev/webhook-repository': 'true' } },
    stringData: { repository, secret: WEBHOOK_SECRET },
  };
}

function run(
  folder: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  name = command,
): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'w');
  const child = spawn(command, args, { stdio: ['ignore', log, log], env: { ...process.env, ...env }, cwd: folder });
  closeSync(log);
  return child;
}

async function untilReady(url: string): Promise<void> {
  for (let round = 0; round < 600; round++) {
    const ready = await fetch(url).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ready) return;
    await systemClock.sleep(50);
  }
  throw new Error(`${url} does not say that it is ready`);
}

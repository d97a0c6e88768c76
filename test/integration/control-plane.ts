import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from '../doubles/end-process.ts';
import { freePorts } from '../doubles/free-port.ts';

/** A real etcd and kube-apiserver for one test file. */
export interface ControlPlane {
  /** Path of a kubeconfig of a cluster administrator. */
  readonly kubeconfig: string;
  readonly url: string;
  /** Ends the API server at once (its etcd goes on), keeps it away for `awayMs`, and starts it again. */
  restartServer(awayMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Why no real API server can be started here; undefined when it can. */
export function controlPlaneMissing(): string | undefined {
  const folder = process.env['KUBEBUILDER_ASSETS'];
  if (folder === undefined || folder === '') return 'KUBEBUILDER_ASSETS is not set';
  const missing = ['etcd', 'kube-apiserver'].filter((name) => !existsSync(join(folder, name)));
  return missing.length === 0 ? undefined : `KUBEBUILDER_ASSETS holds no ${missing.join(' and no ')}`;
}

/**
 * Starts both on 127.0.0.1, on `port` and the next two, else on free ones, with their data in a folder of their own that `stop` removes.
 * RBAC is on; the only user is the administrator.
 */
export async function startControlPlane(options: { readonly port?: number } = {}): Promise<ControlPlane> {
  const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-control-plane-'));
  const [port = options.port ?? 0] = options.port === undefined ? await freePorts(3) : [];
  const [etcdPort, peerPort] = [port + 1, port + 2];
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'sa.key'), keys.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), keys.publicKey);
  writeFileSync(join(folder, 'tokens.csv'), 'admin,admin,admin,system:masters\n', { mode: 0o600 });
  const url = `https://127.0.0.1:${port}`;
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'admin', user: { token: 'admin' } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      'current-context': 'test',
    }),
  );
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const started: ChildProcess[] = [];
  const start = (name: string, args: readonly string[]): ChildProcess => {
    const log = openSync(join(folder, `${name}.log`), 'w');
    const child = spawn(join(assets, name), args, { stdio: ['ignore', log, log] });
    closeSync(log);
    started.push(child);
    return child;
  };
  const stop = async (): Promise<void> => {
    // The API server goes before its etcd.
    for (const child of started.splice(0).reverse()) await endProcess(child, 1000);
    rmSync(folder, { recursive: true, force: true });
  };
  start('etcd', [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ]);
  const serverArgs = [
    `--etcd-servers=${etcdUrl}`,
    `--cert-dir=${join(folder, 'certs')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
  ];
  let server = start('kube-apiserver', serverArgs);
  try {
    await untilReady(url, server);
  } catch (thrown) {
    const log = readFileSync(join(folder, 'kube-apiserver.log'), 'utf8').split('\n').slice(-5).join('\n');
    await stop();
    throw new Error(`kube-apiserver did not become ready:\n${log}`, { cause: thrown });
  }
  const restartServer = async (awayMs: number): Promise<void> => {
    const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    server.kill('SIGKILL');
    await ended;
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    server = start('kube-apiserver', serverArgs);
    await untilReady(url, server);
  };
  return { kubeconfig, url, restartServer, stop };
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    for (let round = 0; round < 600; round++) {
      if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
      const ready = await request(`${url}/readyz`, { dispatcher, headers: { authorization: 'Bearer admin' } }).then(
        async (response) => (await response.body.text()) === 'ok',
        () => false,
      );
      if (ready) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('no answer within a minute');
  } finally {
    await dispatcher.close();
  }
}

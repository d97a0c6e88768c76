import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endProcess } from '../doubles/end-process.ts';
import { freePorts } from '../doubles/free-port.ts';
import { startApiProxy, type ApiProxy } from './api-proxy.ts';

const MAIN = resolve('dist/cli/main.js');

export interface ReplicaOptions {
  readonly name: string;
  /** Where its files go. */
  readonly folder: string;
  readonly server: { readonly url: string; readonly token: string };
  readonly redisUrl?: string;
  /** What is started with the words of the command line; default: the built files with this Node. */
  readonly command?: readonly string[];
  /** Further words of the command line. */
  readonly args?: readonly string[];
}

/** One `evenkeel controller` process, with a counting proxy before its API server. */
export interface Replica {
  readonly name: string;
  readonly proxy: ApiProxy;
  /** Webhooks and API. */
  readonly url: string;
  readonly probesUrl: string;
  readonly running: boolean;
  /** The value of a metric without labels, or of the one with these labels as they are printed. */
  metric(name: string): Promise<number | undefined>;
  ready(): Promise<boolean>;
  leads(): Promise<boolean>;
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' | 'SIGTERM'): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  log(): string;
  stop(): Promise<void>;
}

/** Starts one from the built files; it stands for election in the namespace `evenkeel-system`. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { name, server } = options;
  const folder = join(options.folder, name);
  mkdirSync(folder, { recursive: true });
  const proxy = await startApiProxy(server.url);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: proxy.url } }],
      users: [{ name: 'test', user: { token: server.token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    }),
  );
  const [port, probesPort] = await freePorts(2);
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const [program = '', ...words] = options.command ?? [process.execPath, MAIN, 'controller'];
  const child = spawn(
    program,
    [
      ...words,
      `--kubeconfig=${kubeconfig}`,
      `--data-dir=${join(folder, 'data')}`,
      '--namespace=evenkeel-system',
      '--listen=127.0.0.1',
      `--port=${port}`,
      `--probes-port=${probesPort}`,
      '--renders=1',
      '--log-level=debug',
      ...(options.args ?? []),
    ],
    {
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        POD_NAME: name,
        ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
      },
    },
  );
  closeSync(log);
  const ended = new Promise<number | string>((tell) =>
    child.once('exit', (code, signal) => tell(code ?? signal ?? '')),
  );
  const url = `http://127.0.0.1:${port}`;
  const probesUrl = `http://127.0.0.1:${probesPort}`;
  const metric = async (wanted: string): Promise<number | undefined> => {
    const text = await ask(`${probesUrl}/metrics`);
    const line = text?.split('\n').find((one) => one.startsWith(`${wanted} `));
    return line === undefined ? undefined : Number(line.slice(wanted.length + 1));
  };
  return {
    name,
    proxy,
    url,
    probesUrl,
    ended,
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    metric,
    ready: async () => (await ask(`${probesUrl}/readyz`)) === 'ok',
    leads: async () => (await metric('evenkeel_leader')) === 1,
    signal: (signal) => {
      child.kill(signal);
    },
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      await endProcess(child, 0);
      await proxy.close();
    },
  };
}

/** The body of a good answer; a process that does not answer says nothing. */
async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

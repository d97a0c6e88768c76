import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { freePort } from '../doubles/free-port.ts';

/** A Redis for one test file: REDIS_URL, or a server of its own that can be killed and started again. */
export interface TestRedis {
  readonly url: string;
  /** Undefined when the server is not ours. */
  readonly control: RedisControl | undefined;
  stop(): Promise<void>;
}

export interface RedisControl {
  kill(): Promise<void>;
  start(): Promise<void>;
  readonly pid: number;
}

/** Why there is no Redis for tests; undefined when there is one. */
export function redisMissing(): string | undefined {
  if ((process.env['REDIS_URL'] ?? '') !== '') return undefined;
  return spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'REDIS_URL is not set and there is no redis-server on the PATH';
}

/** `own`: a server that the test may kill, even where REDIS_URL is set. Undefined when that cannot be had. */
export async function startRedis(
  options: { readonly own?: boolean; readonly args?: readonly string[] } = {},
): Promise<TestRedis> {
  const url = process.env['REDIS_URL'] ?? '';
  if (url !== '' && options.own !== true) return { url, control: undefined, stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const control = {
    get pid() {
      return child?.pid ?? 0;
    },
    async start() {
      child = spawn(
        'redis-server',
        [
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
          '--dir',
          folder,
          '--save',
          '',
          '--appendonly',
          'no',
          ...(options.args ?? []),
        ],
        { stdio: 'ignore' },
      );
      await untilReady(port);
    },
    async kill() {
      const running = child;
      child = undefined;
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGKILL');
      await ended;
    },
  };
  await control.start();
  return {
    url: `redis://127.0.0.1:${port}`,
    control,
    async stop() {
      await control.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(port: number): Promise<void> {
  const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
}

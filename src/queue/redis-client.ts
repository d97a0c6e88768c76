import { Redis } from 'ioredis';

import { messageOf } from '../core/errors.ts';
import type { Logger } from '../core/ports.ts';
import type { RedisAddress } from '../core/redis-address.ts';

export interface RedisClientOptions {
  readonly enableOfflineQueue?: boolean;
  readonly maxRetriesPerRequest: number | null;
  readonly commandTimeout?: number;
}

/** A connection that comes back by itself, with a pause that grows to five seconds. Whoever opens it listens to its errors. */
export function openRedisClient(
  address: RedisAddress,
  name: string,
  random: () => number,
  options: RedisClientOptions,
): Redis {
  return new Redis({
    ...address,
    ...options,
    connectionName: name,
    connectTimeout: 5000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(5000, 100 * 2 ** Math.min(times, 6)) * (0.5 + random() / 2),
  });
}

/** Says what about the server endangers the queue. ACLs may forbid to ask. */
export async function checkServer(client: Redis, where: string, logger: Logger | undefined): Promise<void> {
  try {
    const info = await client.info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    const version = /^redis_version:(\S+)/m.exec(info)?.[1];
    if (policy !== undefined && policy !== 'noeviction') {
      logger?.warn({ redis: where, policy }, 'Redis may evict jobs: set maxmemory-policy to noeviction');
    }
    if (version !== undefined && Number.parseInt(version, 10) < 6) {
      logger?.warn({ redis: where, version }, 'Redis is older than 6.2, the oldest version that is tested');
    }
  } catch (thrown) {
    logger?.debug({ redis: where, error: messageOf(thrown) }, 'Redis could not be asked about itself');
  }
}

/** Waits for the very first connection; after an outage a server is known to be away. @throws when there is none */
export async function untilReady(client: Redis): Promise<void> {
  const { status } = client;
  if (status === 'ready') return;
  if (status !== 'connecting' && status !== 'connect' && status !== 'wait')
    throw new Error(`the connection is ${status}`);
  await new Promise<void>((resolve, reject) => {
    const done = (): void => {
      client.off('ready', onReady);
      client.off('close', onClose);
    };
    const onReady = (): void => {
      done();
      resolve();
    };
    const onClose = (): void => {
      done();
      reject(new Error('the connection was closed'));
    };
    client.once('ready', onReady);
    client.once('close', onClose);
  });
}

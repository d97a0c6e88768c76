import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseRedisUrl } from '../../src/core/redis-address.ts';
import { openFailoverQueue } from '../../src/queue/failover-queue.ts';
import { openLocalQueue } from '../../src/queue/local-queue.ts';
import { openRedisQueue, type RedisQueueOptions, type RemoteQueue } from '../../src/queue/redis-queue.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { describeQueue, job, until } from '../conformance/queue.ts';
import { redisMissing, startRedis, type TestRedis } from './redis.ts';

const missing = redisMissing();
if (missing === undefined) {
  let redis: TestRedis;
  let round = 0;
  const base = `test-queue-${process.pid}`;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    const client = new Redis(parseRedisUrl(redis.url));
    const keys = await client.keys(`{${base}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
    await redis.stop();
  });
  const open = (options: Partial<RedisQueueOptions> & { readonly url?: string } = {}): RemoteQueue =>
    openRedisQueue({
      address: parseRedisUrl(options.url ?? redis.url),
      clock: systemClock,
      prefix: `${base}-${round}`,
      lockMs: 2000,
      ...options,
    });

  describeQueue('in Redis', async ({ retryMs }) => {
    round += 1;
    return open({ retry: { baseMs: retryMs, capMs: 10_000 } });
  });

  describe('queue in Redis', () => {
    it('runs an application once at a time over two processes', async () => {
      round += 1;
      const queues = [open(), open()];
      const running = new Set<string>();
      const overlaps: string[] = [];
      let runs = 0;
      for (const queue of queues) {
        queue.consume(
          async (next) => {
            const key = next.application.name;
            if (running.has(key)) overlaps.push(key);
            running.add(key);
            await new Promise<void>((resolve) => setTimeout(resolve, 5));
            running.delete(key);
            runs += 1;
          },
          { concurrency: 4 },
        );
      }
      for (let index = 0; index < 60; index++) await queues[index % 2]?.add(job(`app-${index % 3}`));
      await until(() => runs >= 6 && running.size === 0, 'the jobs');
      expect(overlaps).toEqual([]);
      await Promise.all(queues.map(async (queue) => queue.close(1000)));
    });

    it('drops jobs that it does not understand, and goes on', async () => {
      round += 1;
      const client = new Redis({ ...parseRedisUrl(redis.url), maxRetriesPerRequest: null });
      const intruder = new Queue('applications', { connection: client, prefix: `{${base}-${round}}` });
      await intruder.add('look', { namespace: 'a', name: '../../etc', reason: 'person', manifests: ['x'] });
      await intruder.add('unheard-of', { namespace: 'a', name: 'b', reason: 'root' });
      const queue = open();
      const started: string[] = [];
      queue.consume(async (next) => void started.push(next.application.name), { concurrency: 1 });
      await queue.add(job('shop', 'timer'));
      await until(() => started.length > 0, 'the job');
      expect(started).toEqual(['shop']);
      await queue.close(1000);
      await intruder.close();
      client.disconnect();
    });

    it('stores ids only, and leaves nothing behind', async () => {
      round += 1;
      const queue = open();
      await queue.add(job('shop'));
      const client = new Redis(parseRedisUrl(redis.url));
      const keys = await client.keys(`{${base}-${round}}:applications:team-a_shop*`);
      expect(keys).toHaveLength(1);
      expect(JSON.parse((await client.hget(keys[0] ?? '', 'data')) ?? '')).toEqual({
        namespace: 'team-a',
        name: 'shop',
        reason: 'webhook',
      });
      let done = false;
      queue.consume(
        async () => {
          done = true;
        },
        { concurrency: 1 },
      );
      await until(() => done, 'the job');
      await queue.close(1000);
      expect(await client.keys(`{${base}-${round}}:applications:team-a_shop*`)).toEqual([]);
      client.disconnect();
    });

    it('answers within its time when there is no Redis', async () => {
      round += 1;
      const queue = open({ url: 'redis://127.0.0.1:1', timeoutMs: 300 });
      const beganMs = performance.now();
      await expect(queue.add(job('shop'))).rejects.toMatchObject({ code: 'QueueUnavailable' });
      await expect(queue.add(job('shop'))).rejects.toMatchObject({ code: 'QueueUnavailable' });
      expect(performance.now() - beganMs).toBeLessThan(1500);
      await queue.close(100);
    });

    it('goes on in this process while Redis is dead, and consumes from Redis again when it is back, empty', async () => {
      round += 1;
      const own = await startRedis({ own: true });
      const changes: boolean[] = [];
      const queue = openFailoverQueue({
        remote: open({ url: own.url, timeoutMs: 500 }),
        local: openLocalQueue({ clock: systemClock }),
        onDegraded: (degraded) => changes.push(degraded),
      });
      const started: string[] = [];
      queue.consume(async (next) => void started.push(next.application.name), { concurrency: 2 });
      await queue.add(job('before'));
      await until(() => started.includes('before'), 'a job before');
      await own.control?.kill();
      await queue.add(job('during'));
      await until(() => started.includes('during'), 'a job during the outage');
      const beganMs = performance.now();
      for (let index = 0; index < 100; index++) await queue.add(job(`many-${index}`));
      expect(performance.now() - beganMs).toBeLessThan(500);
      // Longer than a worker that gives up would stand it.
      await new Promise<void>((resolve) => setTimeout(resolve, 3000));
      await own.control?.start();
      await until(() => started.length >= 102, 'the jobs of the outage');
      const endMs = performance.now() + 20_000;
      while (changes.at(-1) !== false) {
        if (performance.now() > endMs) throw new Error('Redis was not found again');
        await queue.add(job('probe'));
        await new Promise<void>((resolve) => setTimeout(resolve, 50));
      }
      await queue.add(job('after'));
      await until(() => started.includes('after'), 'a job after the outage', 30_000);
      expect(changes).toEqual([true, false]);
      await queue.close(1000);
      await own.stop();
    });

    it('gives the job of a killed process to another', async () => {
      round += 1;
      const dead = open({ lockMs: 500 });
      let taken = false;
      dead.consume(
        async () => {
          taken = true;
          await new Promise<void>(() => undefined);
        },
        { concurrency: 1 },
      );
      await dead.add(job('shop'));
      await until(() => taken, 'the first process');
      // As after a kill: it lets go without a word.
      await dead.close(0);
      const alive = open({ lockMs: 500 });
      const started: string[] = [];
      alive.consume(async (next) => void started.push(next.application.name), { concurrency: 1 });
      await until(() => started.length > 0, 'the second process', 15_000);
      expect(started).toEqual(['shop']);
      await alive.close(1000);
    });

    it('lets whoever takes over begin at once, whatever the killed process held, and removes its queue', async () => {
      round += 1;
      const dead = open({ scope: 'one', lockMs: 60_000 });
      let taken = false;
      dead.consume(
        async () => {
          taken = true;
          await new Promise<void>(() => undefined);
        },
        { concurrency: 1 },
      );
      await dead.add(job('shop'));
      await until(() => taken, 'the first process');
      const alive = open({ scope: 'two', lockMs: 60_000 });
      const started: string[] = [];
      alive.consume(async (next) => void started.push(next.application.name), { concurrency: 1 });
      await alive.add(job('shop'));
      await until(() => started.length > 0, 'the second process', 2000);
      const client = new Redis(parseRedisUrl(redis.url));
      const ofTheDead = `{${base}-${round}}:applications-one:*`;
      await until(async () => (await client.keys(ofTheDead)).every((key) => key.endsWith(':lock')), 'its end', 5000);
      await alive.close(1000);
      await dead.close(0);
      expect(await client.keys(`{${base}-${round}}:*`)).toEqual([]);
      client.disconnect();
    });

    it('survives FLUSHALL in the middle', async () => {
      round += 1;
      const own = await startRedis({ own: true });
      const queue = open({ url: own.url });
      const started: string[] = [];
      let end: () => void = () => undefined;
      queue.consume(
        async (next) => {
          started.push(next.application.name);
          if (next.application.name === 'first') await new Promise<void>((resolve) => (end = resolve));
        },
        { concurrency: 2 },
      );
      await queue.add(job('first'));
      await until(() => started.length === 1, 'the first job');
      const client = new Redis(parseRedisUrl(own.url));
      await client.flushall();
      end();
      await queue.add(job('first', 'timer'));
      await queue.add(job('second'));
      await until(() => started.includes('second') && started.length >= 3, 'jobs afterwards', 15_000);
      client.disconnect();
      await queue.close(1000);
      await own.stop();
    });
  });
} else {
  console.log(`skipped: queue in Redis (${missing})`);
  describe('queue in Redis', () => it.skip(`needs it: ${missing}`, () => undefined));
}

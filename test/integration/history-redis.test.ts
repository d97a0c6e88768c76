import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { digestText } from '../../src/core/digest.ts';
import { parseRedisUrl } from '../../src/core/redis-address.ts';
import { openRedisHistory } from '../../src/history/redis-history.ts';
import { describeHistory, revisionOf } from '../conformance/history.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import { redisMissing, startRedis, type TestRedis } from './redis.ts';

const SHOP = { namespace: 'team-a', name: 'shop' };
const missing = redisMissing();
if (missing === undefined) {
  let redis: TestRedis;
  let round = 0;
  const prefix = `test-${process.pid}`;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    const client = new Redis(parseRedisUrl(redis.url));
    const keys = await client.keys(`{${prefix}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
    await redis.stop();
  });

  const open = (
    options: { readonly nowMs?: number; readonly maxAgeMs?: number; readonly url?: string } = {},
  ): ReturnType<typeof openRedisHistory> =>
    openRedisHistory({
      address: parseRedisUrl(options.url ?? redis.url),
      clock: new FakeClock(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
      prefix: `${prefix}-${round}`,
      timeoutMs: 500,
      ...(options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs }),
    });
  describeHistory('Redis', {
    fresh: async () => {
      round += 1;
    },
    open,
  });

  describe('history in Redis', () => {
    it('skips entries that somebody else wrote', async () => {
      round += 1;
      const store = open();
      await store.append(revisionOf(1));
      const client = new Redis(parseRedisUrl(redis.url));
      const key = `{${prefix}-${round}:history}:revisions:team-a/shop`;
      await client.xadd(key, '*', 'r', 'nonsense');
      await client.xadd(key, '*', 'r', JSON.stringify(revisionOf(9, { application: 'team-b/theirs' })));
      await client.xadd(key, '*', 'x', 'y');
      await client.set(`{${prefix}-${round}:history}:rendered:${digestText('x').slice(7)}`, 'nonsense');
      expect(await store.list(SHOP, 10)).toEqual([revisionOf(1)]);
      expect(await store.getRendered(digestText('x'))).toBeUndefined();
      await store.trim(SHOP, 1);
      expect(await client.xlen(key)).toBe(1);
      client.disconnect();
      await store.close();
    });

    it('says unavailable within its time when there is no Redis, and works when it is back', async () => {
      const own = await startRedis({ own: true });
      const store = open({ url: own.url });
      await store.append(revisionOf(1));
      await own.control?.kill();
      const beganMs = performance.now();
      await expect(store.append(revisionOf(2))).rejects.toMatchObject({ code: 'HistoryUnavailable' });
      await expect(store.list(SHOP, 1)).rejects.toMatchObject({ code: 'HistoryUnavailable' });
      expect(performance.now() - beganMs).toBeLessThan(3000);
      await own.control?.start();
      const endMs = performance.now() + 15_000;
      for (;;) {
        try {
          await store.append(revisionOf(2));
          break;
        } catch (thrown) {
          if (performance.now() > endMs) throw thrown;
        }
      }
      expect((await store.list(SHOP, 10)).map((revision) => revision.number)).toEqual([2]);
      await store.close();
      await own.stop();
    });

    it('names no password in its errors', async () => {
      const store = open({ url: 'redis://user:hunter2@127.0.0.1:1' });
      const thrown: unknown = await store.list(SHOP, 1).catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: 'HistoryUnavailable' });
      expect((thrown as Error).message).not.toContain('hunter2');
      await store.close();
    });
  });
} else {
  console.log(`skipped: history in Redis (${missing})`);
  describe('history in Redis', () => it.skip(`needs it: ${missing}`, () => undefined));
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisSecret } from '../../src/cli/install/redis-secret.ts';
import { parseRedisUrl } from '../../src/core/redis-address.ts';
import { stringAt } from '../../src/core/json.ts';
import { openRedisHistory } from '../../src/history/redis-history.ts';
import { openRedisQueue } from '../../src/queue/redis-queue.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { redisMissing, startRedis, type TestRedis } from './redis.ts';

const missing = redisMissing();
if (missing !== undefined) console.log(`skipped: the access list of the bundled Redis (${missing})`);

describe.skipIf(missing !== undefined)('the access list of the bundled Redis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-acl-'));
  let redis: TestRedis | undefined;
  let url = '';
  beforeAll(async () => {
    redis = await startRedis({ own: true });
    const users = Buffer.from(stringAt(redisSecret('x', 'a-password'), 'data', 'users.acl') ?? '', 'base64').toString();
    writeFileSync(join(folder, 'users.acl'), users);
    const admin = new Redis(parseRedisUrl(redis?.url ?? ''));
    // The last line first: after `user default off` this connection could say nothing more.
    const lines = users.trim().split('\n').reverse();
    for (const line of lines) await admin.call('ACL', 'SETUSER', ...line.split(' ').slice(1));
    admin.disconnect();
    url = (redis?.url ?? '').replace('redis://', 'redis://evenkeel:a-password@');
  });
  afterAll(async () => {
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets the queue and the history work', async () => {
    const address = parseRedisUrl(url);
    const queue = openRedisQueue({ address, clock: systemClock });
    const done = new Promise<string>((resolve) => {
      queue.consume(async (job) => resolve(job.application.name), { concurrency: 1 });
    });
    await queue.add({ application: { namespace: 'a', name: 'shop' }, reason: 'timer' });
    expect(await done).toBe('shop');
    await queue.close(1000);
    const history = openRedisHistory({ address, clock: systemClock });
    const digest = `sha256:${'b'.repeat(64)}`;
    await history.putRendered(digest, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }]);
    expect(await history.getRendered(digest)).toHaveLength(1);
    expect(await history.list({ namespace: 'a', name: 'shop' }, 5)).toEqual([]);
    await history.trim({ namespace: 'a', name: 'shop' }, 1);
    await history.close();
  });

  it('lets nobody do damage, look elsewhere, or in without the password', async () => {
    const client = new Redis({ ...parseRedisUrl(url), maxRetriesPerRequest: 0, retryStrategy: () => null });
    for (const words of [['FLUSHALL'], ['CONFIG', 'GET', '*'], ['KEYS', '*'], ['SET', 'other', '1']])
      await expect(client.call(words[0] ?? '', ...words.slice(1)), words.join(' ')).rejects.toThrow(/NOPERM/);
    client.disconnect();
    const stranger = new Redis({
      ...parseRedisUrl(redis?.url ?? ''),
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    stranger.on('error', () => undefined);
    await expect(stranger.get('x')).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
  });

  it('is what redis.conf loads, with a queue that never loses entries to make room', () => {
    const text = readFileSync('deploy/components/redis/redis.conf', 'utf8');
    expect(text).toMatch(/^aclfile \/etc\/redis-acl\/users\.acl$/m);
    expect(text).toMatch(/^maxmemory-policy noeviction$/m);
    expect(text).toMatch(/^appendonly yes$/m);
  });
});

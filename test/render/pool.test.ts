import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_RENDER_LIMITS, type RenderLimits, type RenderRequest } from '../../src/core/manifest.ts';
import { RenderPool } from '../../src/render/pool.ts';

const WORKER = fileURLToPath(new URL('../doubles/render-worker.mjs', import.meta.url));
const MEMORY = 96 * 1024 * 1024;

function job(path: string, limits: Partial<RenderLimits> = {}) {
  const request: RenderRequest = {
    path,
    settings: { kind: 'auto' },
    namespace: 'default',
    application: 'app',
    limits: { ...DEFAULT_RENDER_LIMITS, memoryBytes: MEMORY, ...limits },
  };
  return { gitDir: '/nowhere', commitId: 'c0ffee', request };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('RenderPool', () => {
  const pools: RenderPool[] = [];
  const open = (
    options: { size?: number; queueLimit?: number; rendersPerWorker?: number; restMs?: number; growMs?: number } = {},
  ): RenderPool => {
    const pool = new RenderPool({ workerPath: WORKER, memoryBytes: MEMORY, graceMs: 0, size: 1, ...options });
    pools.push(pool);
    return pool;
  };
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });

  const pidOf = async (pool: RenderPool): Promise<string> => {
    const result = await pool.render(job('good'));
    if (result.kind !== 'rendered') throw new Error('not rendered');
    return result.set.digest;
  };

  it('keeps a process between renders and gives it nothing of the environment', async () => {
    process.env.POOL_TEST_SECRET = 'hush';
    const pool = open();
    const first = await pool.render(job('good'));
    delete process.env.POOL_TEST_SECRET;
    const flags = ['--max-old-space-size=96', '--max-semi-space-size=4', '--stack-size=3900'];
    expect(first).toMatchObject({ kind: 'rendered', warnings: ['TZ', ...flags] });
    expect(await pidOf(pool)).toBe(first.kind === 'rendered' ? first.set.digest : '');
  });

  it('keeps one process warm when nothing is rendered for a while, and ends the others', async () => {
    const pool = open({ size: 2, restMs: 20, growMs: 0 });
    const pids = await Promise.all([pidOf(pool), pidOf(pool)]);
    expect(new Set(pids).size).toBe(2);
    const alive = (): string[] => pids.filter((pid) => isAlive(Number(pid.replace('sha256:', ''))));
    await expect.poll(alive, { interval: 10 }).toHaveLength(1);
    expect([await pidOf(pool)]).toEqual(alive());
  });

  it('renders what is quick in one process, one after the other', async () => {
    const pool = open({ size: 2, growMs: 60_000 });
    const pids = await Promise.all([pidOf(pool), pidOf(pool), pidOf(pool)]);
    expect(new Set(pids).size).toBe(1);
  });

  it('takes another process for a render that waits long', async () => {
    const pool = open({ size: 2, growMs: 10 });
    const stop = new AbortController();
    const long = pool.render(job('wait'), stop.signal);
    await expect(pool.render(job('good'))).resolves.toMatchObject({ kind: 'rendered' });
    stop.abort();
    await expect(long).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it.each([
    ['hang', 'RenderLimit', /longer than 300 ms/],
    ['crash', 'RenderCrashed', /SIGSEGV/],
    ['exit', 'RenderCrashed', /code 3/],
    ['buffers', 'RenderLimit', /MiB of memory/],
    ['heap', 'RenderLimit', /MiB of memory/],
  ])('a render that should %s costs one render', async (path, code, message) => {
    const pool = open();
    const before = await pidOf(pool);
    const limits = path === 'hang' ? { timeMs: 300 } : {};
    await expect(pool.render(job(path, limits))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await pidOf(pool)).not.toBe(before);
  });

  it('passes the error of a render on', async () => {
    const refused = {
      code: 'SourceRefused',
      remedy: 'do this',
      message: 'path "x" is refused (SourceRefused): because',
    };
    await expect(open().render(job('refuse'))).rejects.toMatchObject(refused);
  });

  it('replaces a process that holds much memory, and one that rendered often', async () => {
    const pool = open({ rendersPerWorker: 2 });
    const first = await pidOf(pool);
    await pool.render(job('swollen'));
    const second = await pidOf(pool);
    expect(second).not.toBe(first);
    expect(await pidOf(pool)).toBe(second);
    expect(await pidOf(pool)).not.toBe(second);
  });

  it('renders at most so many at the same time and refuses what does not fit the queue', async () => {
    const pool = open({ queueLimit: 1 });
    const abort = new AbortController();
    const running = pool.render(job('wait'), abort.signal);
    const waiting = pool.render(job('good'));
    await expect(pool.render(job('good'))).rejects.toMatchObject({
      code: 'RenderCrashed',
      message: expect.stringContaining('waiting'),
    });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(waiting).resolves.toMatchObject({ kind: 'rendered' });
  });

  it('cancels what waits', async () => {
    const pool = open();
    const [first, second] = [new AbortController(), new AbortController()];
    const running = pool.render(job('wait'), first.signal);
    const waiting = pool.render(job('good'), second.signal);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'Cancelled' });
    await pool.close();
    await expect(running).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(pool.render(job('good'))).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('says so when the process cannot start', async () => {
    const pool = new RenderPool({ workerPath: '/nowhere/worker.mjs', memoryBytes: MEMORY, size: 1 });
    pools.push(pool);
    await expect(pool.render(job('good'))).rejects.toMatchObject({ code: 'RenderCrashed' });
  });
});

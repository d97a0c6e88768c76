import { describe, expect, it } from 'vitest';

import { EngineError } from '../../src/core/errors.ts';
import type { Job } from '../../src/core/ports.ts';
import { openFailoverQueue } from '../../src/queue/failover-queue.ts';
import { openLocalQueue } from '../../src/queue/local-queue.ts';
import type { RemoteQueue } from '../../src/queue/redis-queue.ts';
import { job, until } from '../conformance/queue.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

describe('failover between queues', () => {
  it('goes to the local queue at once while Redis is away, comes back, and never runs an application twice at once', async () => {
    const clock = new FakeClock();
    const remoteJobs: Job[] = [];
    let up = true;
    let adds = 0;
    let remoteHandler: ((job: Job, signal: AbortSignal) => Promise<void>) | undefined;
    const remote: RemoteQueue = {
      get available() {
        return up;
      },
      add: async (next) => {
        adds += 1;
        if (!up) throw new EngineError('QueueUnavailable', 'away');
        remoteJobs.push(next);
      },
      consume: (handler) => {
        remoteHandler = handler;
      },
      close: async () => undefined,
    };
    const changes: boolean[] = [];
    const queue = openFailoverQueue({
      remote,
      local: openLocalQueue({ clock }),
      onDegraded: (degraded) => changes.push(degraded),
    });
    const started: string[] = [];
    const ends: (() => void)[] = [];
    queue.consume(
      async (next) => {
        started.push(`${next.reason} ${next.application.name}`);
        await new Promise<void>((resolve) => ends.push(resolve));
      },
      { concurrency: 2 },
    );
    await queue.add(job('shop', 'webhook'));
    const running = remoteHandler?.(remoteJobs[0] ?? job('shop'), new AbortController().signal);
    expect(started).toEqual(['webhook shop']);
    up = false;
    await queue.add(job('shop', 'drift'));
    await queue.add(job('other', 'timer'));
    expect(adds).toBe(2);
    await until(() => started.length === 2, 'the other application');
    expect(started).toEqual(['webhook shop', 'timer other']);
    ends[0]?.();
    await running;
    await until(() => started.length === 3, 'the job that waited');
    expect(started[2]).toBe('drift shop');
    up = true;
    await queue.add(job('shop', 'person'));
    expect(remoteJobs).toHaveLength(2);
    expect(changes).toEqual([true, false]);
    for (const end of ends) end();
    await queue.close(0);
  });
});

import { describe, expect, it } from 'vitest';

import { openLocalQueue } from '../../src/queue/local-queue.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { describeQueue, job } from '../conformance/queue.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

describeQueue('of one process', async ({ retryMs }) =>
  openLocalQueue({ clock: systemClock, retry: { baseMs: retryMs, capMs: 10_000 } }),
);

describe('queue of one process, by its clock', () => {
  it('keeps one alarm for any number of delays, and rings in time', async () => {
    const clock = new FakeClock();
    const queue = openLocalQueue({ clock });
    const started: string[] = [];
    queue.consume(async (next) => void started.push(next.application.name), { concurrency: 10 });
    for (let index = 0; index < 1000; index++)
      await queue.add(job(`app-${index}`, 'timer'), { delayMs: 60_000 + index });
    expect(clock.sleeping).toBe(1);
    await clock.advance(60_009);
    expect(started).toHaveLength(10);
    await clock.advance(1000);
    expect(started).toHaveLength(1000);
    await queue.close(0);
  });

  it('doubles the wait up to its cap', async () => {
    const clock = new FakeClock();
    const queue = openLocalQueue({ clock, random: () => 1, retry: { baseMs: 1000, capMs: 8000 } });
    const atMs: number[] = [];
    queue.consume(
      async () => {
        atMs.push(clock.monotonic());
        throw new Error('always');
      },
      { concurrency: 1 },
    );
    await queue.add(job('shop'));
    await clock.advance(40_000);
    expect(atMs).toEqual([0, 1000, 3000, 7000, 15_000, 23_000, 31_000, 39_000]);
    await queue.close(0);
  });
});

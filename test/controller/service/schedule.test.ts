import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../src/controller/service/schedule.ts';
import type { Job, JobQueue } from '../../../src/core/ports.ts';
import { aPass, aTracked } from '../../builders/a-tracked.ts';
import { FakeClock } from '../../doubles/fake-clock.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

function stage() {
  const clock = new FakeClock();
  const added: { readonly reason: string; readonly delayMs: number }[] = [];
  const queue: JobQueue = {
    add: async (job: Job, options = {}) => {
      added.push({ reason: job.reason, delayMs: options.delayMs ?? 0 });
    },
    consume: () => undefined,
    close: async () => undefined,
  };
  const schedule = new Schedule({ queue, clock, logger: new MemoryLogger(), random: () => 1 });
  return { clock, added, schedule };
}

describe('the schedule of a leader', () => {
  it('asks the queue once for what is wanted twice', () => {
    const { schedule, added } = stage();
    const tracked = aTracked();
    schedule.want(tracked, 'timer');
    schedule.want(tracked, 'timer');
    expect(added).toEqual([{ reason: 'timer', delayMs: 0 }]);
  });

  it('asks again when the reason is stronger or the time is sooner', () => {
    const { schedule, added } = stage();
    const tracked = aTracked();
    schedule.want(tracked, 'timer', { delayMs: 5000 });
    schedule.want(tracked, 'person', { delayMs: 5000 });
    schedule.want(tracked, 'timer');
    expect(added).toEqual([
      { reason: 'timer', delayMs: 5000 },
      { reason: 'person', delayMs: 5000 },
      { reason: 'timer', delayMs: 0 },
    ]);
    expect(schedule.due(tracked)).toBe('person');
  });

  it('gives out nothing before its time, nothing twice, and nothing after the end', () => {
    const { schedule, clock } = stage();
    const tracked = aTracked();
    schedule.want(tracked, 'timer', { delayMs: 1000 });
    expect(schedule.due(tracked)).toBeUndefined();
    clock.jump(1000);
    expect(schedule.due(tracked)).toBe('timer');
    tracked.pass = aPass();
    expect(schedule.due(tracked)).toBeUndefined();
    tracked.pass = undefined;
    schedule.close();
    expect(schedule.due(tracked)).toBeUndefined();
  });

  it('remembers what is wanted during a pass and asks for it afterwards', () => {
    const { schedule, added } = stage();
    const tracked = aTracked({ pass: aPass() });
    schedule.want(tracked, 'webhook');
    expect(added).toEqual([]);
    tracked.pass = undefined;
    schedule.resume(tracked);
    expect(added).toEqual([{ reason: 'webhook', delayMs: 0 }]);
  });

  it('ends a pass that waits when something newer comes, and leaves one that writes', () => {
    const { schedule } = stage();
    const waits = aTracked({ pass: aPass({ waiting: true, commitId: 'old' }) });
    const writes = aTracked({ pass: aPass({ commitId: 'old' }) });
    for (const tracked of [waits, writes]) schedule.want(tracked, 'webhook', { supersede: 'new' });
    expect([waits.pass?.stop.signal.aborted, writes.pass?.stop.signal.aborted]).toEqual([true, false]);
    expect(writes.pass?.supersededBy).toBe('new');
  });

  it('does not end a pass for the commit that it is about', () => {
    const { schedule } = stage();
    const tracked = aTracked({ pass: aPass({ waiting: true, commitId: 'same' }) });
    schedule.want(tracked, 'timer', { supersede: 'same' });
    expect(tracked.pass?.stop.signal.aborted).toBe(false);
  });

  it('tries again later with each failure, up to five minutes', () => {
    const { schedule, added } = stage();
    const tracked = aTracked();
    for (let round = 0; round < 12; round++) {
      schedule.retry(tracked);
      tracked.wanted = undefined;
    }
    expect(added.map(({ delayMs }) => delayMs)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000,
    ]);
  });

  it('asks again for what the queue lost', () => {
    const { schedule, added, clock } = stage();
    const tracked = aTracked();
    schedule.want(tracked, 'drift');
    clock.jump(20_000);
    schedule.findLost(tracked);
    expect(added).toHaveLength(1);
    clock.jump(1);
    schedule.findLost(tracked);
    expect(added.map(({ reason }) => reason)).toEqual(['drift', 'drift']);
  });
});

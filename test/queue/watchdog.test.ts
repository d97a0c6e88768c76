import { describe, expect, it } from 'vitest';

import { Watchdog } from '../../src/queue/watchdog.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

describe('watchdog of a consumer', () => {
  const open = (waiting: () => number, freeHands = true): { clock: FakeClock; log: string[]; watchdog: Watchdog } => {
    const clock = new FakeClock();
    const log: string[] = [];
    const watchdog = new Watchdog({
      clock,
      logger: undefined,
      everyMs: 15_000,
      deadAfterMs: 60_000,
      beat: async () => undefined,
      waiting: async () => {
        const count = waiting();
        if (count < 0) throw new Error('no answer');
        return count;
      },
      hasFreeHands: () => freeHands,
      revive: async () => void log.push('revived'),
      givenUp: () => void log.push('given up'),
    });
    return { clock, log, watchdog };
  };

  it('replaces one that takes nothing while jobs wait, and gives up when that does not help', async () => {
    const { clock, log, watchdog } = open(() => 3);
    await clock.advance(59_000);
    expect(log).toEqual([]);
    await clock.advance(1_000);
    expect(log).toEqual(['revived']);
    await clock.advance(120_000);
    expect(log).toEqual(['revived', 'revived', 'revived']);
    await clock.advance(60_000);
    expect(log).toEqual(['revived', 'revived', 'revived', 'given up']);
    await watchdog.stop();
  });

  it('leaves one alone that takes jobs, has none to take, has no free hands, or cannot be asked', async () => {
    const busy = open(() => 3);
    for (let round = 0; round < 10; round++) {
      await busy.clock.advance(30_000);
      busy.watchdog.taken();
    }
    const idle = open(() => 0);
    const full = open(() => 3, false);
    const away = open(() => -1);
    for (const { clock } of [idle, full, away]) await clock.advance(300_000);
    for (const { log, watchdog } of [busy, idle, full, away]) {
      expect(log).toEqual([]);
      await watchdog.stop();
    }
  });
});

import { describe, expect, it } from 'vitest';
import { Fights } from '../../../src/controller/service/fights.ts';

describe('fights over an object', () => {
  it('begin with the third correction, and the pauses double up to five minutes', () => {
    const fights = new Fights();
    const pauses = Array.from({ length: 9 }, () => {
      fights.corrected('a', 1000);
      return fights.waitMs('a', 1000);
    });
    expect(pauses).toEqual([0, 0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  });

  it('concern that object alone', () => {
    const fights = new Fights();
    for (let round = 0; round < 5; round++) fights.corrected('a', 0);
    expect([fights.isFight('a', 1), fights.isFight('b', 1), fights.waitMs('b', 1)]).toEqual([true, false, 0]);
  });

  it('are over when nobody touched it for ten minutes', () => {
    const fights = new Fights();
    for (let round = 0; round < 5; round++) fights.corrected('a', 0);
    expect(fights.isFight('a', 600_000)).toBe(false);
    fights.corrected('a', 600_000);
    expect(fights.waitMs('a', 600_000)).toBe(0);
  });
});

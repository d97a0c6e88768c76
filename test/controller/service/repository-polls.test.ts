import { describe, expect, it } from 'vitest';
import type { Application } from '../../../src/core/application.ts';
import { RepositoryPolls } from '../../../src/controller/service/repository-polls.ts';
import { anApplication } from '../../builders/an-application.ts';
import { FakeClock } from '../../doubles/fake-clock.ts';
import { MemoryRepository, SILENT } from '../../doubles/memory-engine.ts';

function open() {
  const repository = new MemoryRepository();
  repository.commit('');
  const clock = new FakeClock();
  const asked: number[] = [];
  const polls = new RepositoryPolls({
    sources: {
      ...repository.sources,
      resolve: (source, options) => {
        asked.push(clock.monotonic());
        return repository.sources.resolve(source, options);
      },
    },
    clock,
    logger: SILENT,
    random: () => 0.5,
    credentialsOf: () => Promise.resolve(undefined),
    onCommit: () => Promise.resolve(),
    onState: () => undefined,
  });
  return { polls, clock, asked };
}

function named(name: string, intervalMs: number): Application {
  return anApplication({ name: { namespace: 'team', name }, intervalMs });
}

describe('RepositoryPolls', () => {
  it('asks once an interval for all applications of a source', async () => {
    const { polls, clock, asked } = open();
    for (const name of ['a', 'b', 'c']) polls.set(name, named(name, 60_000));
    await clock.advance(180_000);
    expect(asked).toEqual([0, 60_000, 120_000, 180_000]);
    polls.close();
  });

  it('takes a shorter interval at once, not after the longer pause', async () => {
    const { polls, clock, asked } = open();
    polls.set('a', named('a', 600_000));
    await clock.advance(1000);
    polls.set('a', named('a', 60_000));
    await clock.advance(60_000);
    expect(asked).toEqual([0, 61_000]);
    polls.close();
  });

  it('asks at once for a new application, and once a second for many', async () => {
    const { polls, clock, asked } = open();
    polls.set('first', named('first', 600_000));
    await clock.advance(5000);
    for (let index = 0; index < 40; index++) {
      polls.set(`app-${index}`, named(`app-${index}`, 600_000));
      await clock.advance(50);
    }
    await clock.advance(2000);
    expect(asked.slice(0, 2)).toEqual([0, 5000]);
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(asked.at(-1)).toBeGreaterThanOrEqual(6950);
    polls.close();
  });
});

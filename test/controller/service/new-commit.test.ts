import { describe, expect, it } from 'vitest';
import type { ApplicationView } from '../../../src/controller/service/application-view.ts';
import { wantTouched } from '../../../src/controller/service/new-commit.ts';
import type { Schedule } from '../../../src/controller/service/schedule.ts';
import type { Tracked } from '../../../src/controller/service/tracked.ts';
import type { FetchedCommit } from '../../../src/core/ports.ts';
import type { Trace } from '../../../src/core/snapshot.ts';
import { aPass, aTracked } from '../../builders/a-tracked.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

const TRACE = {} as Trace;

/** The reasons for which an application is wanted when `new` arrives. */
async function wanted(tracked: Tracked, holds: () => Promise<boolean>): Promise<string[]> {
  const reasons: string[] = [];
  const schedule = { closed: false, want: (_tracked: Tracked, reason: string) => reasons.push(reason) };
  const applications = { get: () => tracked };
  const fetched = { commit: { id: 'new' }, gitDir: '/' } as unknown as FetchedCommit;
  await wantTouched([tracked.id], fetched, true, {
    applications: applications as unknown as ApplicationView,
    schedule: schedule as unknown as Schedule,
    traces: { holds },
    logger: new MemoryLogger(),
  });
  await new Promise((resolve) => setImmediate(resolve));
  return reasons;
}

const yes = async (): Promise<boolean> => true;
const no = async (): Promise<boolean> => false;
const settled = { commitId: 'old', trace: TRACE, generation: 1 };

describe('a new commit', () => {
  it('concerns an application that was never settled', async () => {
    expect(await wanted(aTracked(), yes)).toEqual(['webhook']);
  });

  it('concerns one that read something which is another now', async () => {
    expect(await wanted(aTracked({ settled }), no)).toEqual(['webhook']);
  });

  it('does not concern one for which nothing that it read has changed, and is settled with it', async () => {
    const tracked = aTracked({ settled });
    expect(await wanted(tracked, yes)).toEqual([]);
    expect(tracked.settled?.commitId).toBe('new');
  });

  it('concerns one whose own declaration changed', async () => {
    expect(await wanted(aTracked({ settled: { ...settled, generation: 0 } }), yes)).toEqual(['webhook']);
  });

  it('concerns one whose inputs cannot be compared', async () => {
    expect(await wanted(aTracked({ settled }), async () => Promise.reject(new Error('broken pack')))).toEqual([
      'webhook',
    ]);
  });

  it('does not concern one whose pass finds out that it is about that very commit', async () => {
    const pass = aPass({ resolved: Promise.resolve().then(() => void (pass.commitId = 'new')) });
    expect(await wanted(aTracked({ pass }), no)).toEqual([]);
  });

  it('concerns one whose pass turns out to be about another commit', async () => {
    const pass = aPass({ resolved: Promise.resolve().then(() => void (pass.commitId = 'old')) });
    expect(await wanted(aTracked({ pass }), no)).toEqual(['webhook']);
  });

  it('does not concern one whose pass is about that very commit', async () => {
    expect(await wanted(aTracked({ pass: aPass({ commitId: 'new' }) }), no)).toEqual([]);
  });
});

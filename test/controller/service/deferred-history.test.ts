import { describe, expect, it } from 'vitest';
import { DeferredHistory } from '../../../src/controller/service/deferred-history.ts';
import type { Revision } from '../../../src/core/revision.ts';
import { FakeClock } from '../../doubles/fake-clock.ts';
import { MemoryHistory } from '../../doubles/memory-history.ts';
import { MemoryLogger } from '../../doubles/memory-logger.ts';

const NAME = { namespace: 'team', name: 'shop' };

class AwayForAWhile extends MemoryHistory {
  failures = 0;

  override append(revision: Revision): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('away'));
    }
    return super.append(revision);
  }
}

function revision(number: number): Revision {
  return {
    id: `revision-${number}`,
    number,
    application: 'team/shop',
    commitId: 'c'.repeat(40),
    commitSubject: '',
    author: '',
    renderedDigest: `sha256:${'0'.repeat(64)}`,
    planDigest: '',
    counts: { create: 0, update: 0, adopt: 0, recreate: 0, delete: 0, hooks: 0, unchanged: 0 },
    outcome: 'synced',
    trigger: 'commit',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:01Z',
  };
}

function open(options: { readonly limit?: number } = {}) {
  const store = new AwayForAWhile();
  const failed: number[] = [];
  const clock = new FakeClock({ auto: true });
  const history = new DeferredHistory({
    store,
    clock,
    logger: new MemoryLogger(),
    onFailed: () => failed.push(1),
    ...options,
  });
  return { store, history, failed };
}

async function written(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('DeferredHistory', () => {
  it('answers with what is not written yet', async () => {
    const { history, store } = open();
    await history.append(revision(1));
    expect((await store.list(NAME, 10)).length).toBe(0);
    expect((await history.list(NAME, 10)).map(({ number }) => number)).toEqual([1]);
  });

  it('keeps the order of an application’s lines when many are written together', async () => {
    const { history, store } = open();
    for (let number = 1; number <= 200; number++) await history.append(revision(number));
    await written();
    const numbers = (await store.list(NAME, 200)).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, index) => 200 - index));
  });

  it('writes everything once when the store comes back', async () => {
    const { history, store, failed } = open();
    store.failures = 3;
    for (let number = 1; number <= 3; number++) await history.append(revision(number));
    await written();
    expect((await store.list(NAME, 10)).map(({ id }) => id)).toEqual(['revision-3', 'revision-2', 'revision-1']);
    expect(failed.length).toBeGreaterThan(0);
  });

  it('leaves the oldest out when more wait than it keeps, and says so', async () => {
    const { history, store, failed } = open({ limit: 2 });
    for (let number = 1; number <= 3; number++) await history.append(revision(number));
    await written();
    expect((await store.list(NAME, 10)).map(({ number }) => number)).toEqual([3, 2]);
    expect(failed).toHaveLength(1);
  });
});

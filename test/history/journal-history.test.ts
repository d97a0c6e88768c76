import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { digestText } from '../../src/core/digest.ts';
import { openJournalHistory } from '../../src/history/journal-history.ts';
import { describeHistory, revisionOf } from '../conformance/history.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

const base = mkdtempSync(join(tmpdir(), 'evenkeel-history-'));
afterAll(() => rmSync(base, { recursive: true }));
let count = 0;
let folder = '';
const fresh = (): string => {
  count += 1;
  folder = join(base, String(count));
  return folder;
};

describeHistory('a folder', {
  fresh: async () => void fresh(),
  open: (options = {}) =>
    openJournalHistory({
      folder,
      clock: new FakeClock({ nowMs: options.nowMs ?? Date.now() }),
      ...(options.maxAgeMs === undefined ? {} : { maxAgeMs: options.maxAgeMs }),
    }),
});

describe('the journal on disk', () => {
  const SHOP = { namespace: 'team-a', name: 'shop' };
  const open = (nowMs = Date.now()): ReturnType<typeof openJournalHistory> =>
    openJournalHistory({ folder, clock: new FakeClock({ nowMs }) });

  it('survives a torn last line at every byte, and goes on after it', async () => {
    fresh();
    const first = open();
    await first.append(revisionOf(1));
    await first.append(revisionOf(2));
    const path = join(folder, 'applications/team-a_shop.jsonl');
    const whole = statSync(path).size;
    const start = readFileSync(path, 'utf8').indexOf('\n') + 1;
    const text = readFileSync(path);
    for (const size of [start + 1, start + 50, whole - 2, whole - 1]) {
      writeFileSync(path, text);
      truncateSync(path, size);
      const store = open();
      const survived = size === whole - 1 ? [2, 1] : [1];
      expect((await store.list(SHOP, 10)).map((revision) => revision.number)).toEqual(survived);
      await store.append(revisionOf(3));
      expect((await open().list(SHOP, 10)).map((revision) => revision.number)).toEqual([3, ...survived]);
    }
  });

  it('skips lines that are no revisions', async () => {
    fresh();
    await open().append(revisionOf(1));
    appendFileSync(
      join(folder, 'applications/team-a_shop.jsonl'),
      'nonsense\n{"id":1}\n[]\n{"id":"x","number":1,"application":"team-a/shop","outcome":"invented"}\n',
    );
    expect(await open().list(SHOP, 10)).toEqual([revisionOf(1)]);
  });

  it('sees what another process appended', async () => {
    fresh();
    const reader = open();
    const writer = open();
    await writer.append(revisionOf(1));
    expect(await reader.list(SHOP, 10)).toHaveLength(1);
    await writer.append(revisionOf(2));
    expect(await reader.list(SHOP, 10)).toHaveLength(2);
  });

  it('takes a damaged set for gone', async () => {
    fresh();
    const store = open();
    const digest = digestText('x');
    await store.putRendered(digest, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }]);
    const file = join(folder, 'rendered', `${digest.slice(7)}.br`);
    truncateSync(file, statSync(file).size - 3);
    expect(await store.getRendered(digest)).toBeUndefined();
    writeFileSync(file, 'not brotli');
    expect(await store.getRendered(digest)).toBeUndefined();
  });

  it('removes left-over files with the next trim, but none that is young', async () => {
    fresh();
    const store = open();
    await store.append(revisionOf(1));
    await store.append(revisionOf(2));
    mkdirSync(join(folder, 'rendered'), { recursive: true });
    for (const name of ['old.br.tmp', 'young.br.tmp']) writeFileSync(join(folder, 'rendered', name), 'x');
    utimesSync(join(folder, 'rendered/old.br.tmp'), 1, 1);
    await store.trim(SHOP, 1);
    expect(readdirSync(join(folder, 'rendered'))).toEqual(['young.br.tmp']);
  });

  it('says what is wrong with its folder', async () => {
    fresh();
    writeFileSync(folder, 'a file');
    await expect(open().append(revisionOf(1))).rejects.toMatchObject({ code: 'HistoryUnavailable' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { digestText } from '../../src/core/digest.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { HistoryStore } from '../../src/core/ports.ts';
import type { Revision } from '../../src/core/revision.ts';

const SHOP = { namespace: 'team-a', name: 'shop' };
const OTHER = { namespace: 'team-a', name: 'shop.other' };

export function revisionOf(number: number, extra: Partial<Revision> = {}): Revision {
  return {
    id: `team-a/shop#${number}`,
    number,
    application: 'team-a/shop',
    commitId: String(number).padStart(40, '0'),
    commitSubject: `change ${number}`,
    author: 'Ada',
    renderedDigest: digestText(`set ${number}`),
    planDigest: digestText(`plan ${number}`),
    counts: { create: 1, update: 0, adopt: 0, recreate: 0, delete: 0, unchanged: 3, hooks: 0 },
    outcome: 'synced',
    health: 'healthy',
    trigger: 'commit',
    startedAt: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    finishedAt: new Date(Date.UTC(2026, 0, 1, 0, number, 30)).toISOString(),
    ...extra,
  };
}

const MAP: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: '1' },
};

/** The contract of `HistoryStore`. `open` gives a store on the same ground each time; `fresh` makes that ground empty. */
export function describeHistory(
  name: string,
  ground: {
    fresh(): Promise<void>;
    open(options?: { readonly nowMs?: number; readonly maxAgeMs?: number }): HistoryStore;
  },
): void {
  describe(`history in ${name}`, () => {
    let store: HistoryStore;
    beforeEach(async () => {
      await ground.fresh();
      store = ground.open();
    });
    afterEach(async () => store.close());

    it('is empty at first', async () => {
      expect(await store.list(SHOP, 10)).toEqual([]);
      expect(await store.getRendered(digestText('nothing'))).toBeUndefined();
      await store.trim(SHOP, 5);
    });

    it('lists the newest first, as many as asked for, and remembers beyond its own life', async () => {
      const signed = { signedBy: { signer: 'ada@example.com', key: 'SHA256:abc' } };
      for (const number of [1, 2]) await store.append(revisionOf(number));
      await store.append(revisionOf(3, signed));
      expect(await store.list(SHOP, 10)).toEqual([revisionOf(3, signed), revisionOf(2), revisionOf(1)]);
      expect(await store.list(SHOP, 2)).toEqual([revisionOf(3, signed), revisionOf(2)]);
      expect(await store.list(SHOP, 0)).toEqual([]);
      const again = ground.open();
      expect(await again.list(SHOP, 1)).toEqual([revisionOf(3, signed)]);
      await again.close();
    });

    it('writes an id once, also when many write it at once', async () => {
      const other = ground.open();
      await Promise.all(Array.from({ length: 5 }, async () => store.append(revisionOf(1))));
      await other.append(revisionOf(1, { message: 'repeated' }));
      expect(await store.list(SHOP, 10)).toEqual([revisionOf(1)]);
      await other.close();
    });

    it('keeps applications apart', async () => {
      await store.append(revisionOf(1));
      await store.append(revisionOf(1, { id: 'other', application: 'team-a/shop.other' }));
      await store.append(revisionOf(1, { id: 'long', application: `team-a/${'x'.repeat(253)}` }));
      expect((await store.list(OTHER, 10)).map((revision) => revision.id)).toEqual(['other']);
      expect((await store.list(SHOP, 10)).map((revision) => revision.id)).toEqual(['team-a/shop#1']);
      expect(await store.list({ namespace: 'team-a', name: 'x'.repeat(253) }, 10)).toHaveLength(1);
    });

    it('stores rendered sets under their digest, digit by digit, with odd keys', async () => {
      const digest = digestText('odd');
      const odd = {
        ...MAP,
        big: 9007199254740993n,
        data: JSON.parse('{"__proto__":"x","ü":"\\u0000"}') as KubeObject['data'],
      } as KubeObject;
      await store.putRendered(digest, [odd, MAP]);
      await store.putRendered(digest, []);
      const read = await store.getRendered(digest);
      expect(read).toHaveLength(2);
      expect(read?.[0]).toMatchObject({ kind: 'ConfigMap', big: 9007199254740993n });
      expect(Object.keys(read?.[0]?.['data'] as object)).toEqual(['__proto__', 'ü']);
    });

    it('never stores the data of a Secret, however it comes', async () => {
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 's',
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2', kept: 'yes' },
        },
        type: 'Opaque',
        data: { a: 'hunter2' },
        stringData: { b: 'hunter2' },
      };
      const list = { apiVersion: 'v1', kind: 'List', metadata: { name: 'l' }, items: [secret] };
      await store.putRendered(digestText('secret'), [secret, list]);
      const read = await store.getRendered(digestText('secret'));
      expect(JSON.stringify(read)).not.toContain('hunter2');
      expect(read?.[0]).toEqual({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's', annotations: { kept: 'yes' } },
        type: 'Opaque',
      });
    });

    it('refuses a digest that is none', async () => {
      for (const digest of ['', 'sha256:xyz', '../../etc/passwd', `md5:${'0'.repeat(64)}`]) {
        await expect(store.putRendered(digest, [MAP])).rejects.toMatchObject({ code: 'StateCorrupt' });
        await expect(store.getRendered(digest)).rejects.toMatchObject({ code: 'StateCorrupt' });
      }
    });

    it('trims to the newest, with the sets that only they pointed to', async () => {
      const shared = digestText('shared');
      await store.putRendered(shared, [MAP]);
      for (const number of [1, 2, 3, 4]) {
        await store.putRendered(digestText(`set ${number}`), [MAP]);
        await store.append(revisionOf(number, number === 1 ? { renderedDigest: shared } : {}));
      }
      await store.append(revisionOf(1, { id: 'other', application: 'team-a/shop.other', renderedDigest: shared }));
      await store.trim(SHOP, 2);
      expect((await store.list(SHOP, 10)).map((revision) => revision.number)).toEqual([4, 3]);
      expect(await store.getRendered(digestText('set 2'))).toBeUndefined();
      expect(await store.getRendered(digestText('set 3'))).toEqual([MAP]);
      expect(await store.getRendered(shared)).toEqual([MAP]);
      await store.append(revisionOf(2));
      await store.trim(OTHER, 0);
      expect(await store.list(OTHER, 10)).toHaveLength(1);
    });

    it('keeps a set that has no revision yet', async () => {
      await store.append(revisionOf(1));
      await store.append(revisionOf(2));
      await store.putRendered(digestText('set 3'), [MAP]);
      await store.trim(SHOP, 1);
      expect(await store.getRendered(digestText('set 3'))).toEqual([MAP]);
    });

    it('trims what is too old, but never the newest', async () => {
      for (const number of [1, 2, 30]) await store.append(revisionOf(number));
      const later = ground.open({ nowMs: Date.UTC(2026, 0, 1, 0, 40), maxAgeMs: 20 * 60_000 });
      await later.trim(SHOP, 10);
      expect((await later.list(SHOP, 10)).map((revision) => revision.number)).toEqual([30]);
      await later.close();
      const much = ground.open({ nowMs: Date.UTC(2027, 0, 1), maxAgeMs: 1 });
      await much.trim(SHOP, 10);
      expect(await much.list(SHOP, 10)).toHaveLength(1);
      await much.close();
    });

    it('takes revisions without a rendered set', async () => {
      await store.append(revisionOf(1, { renderedDigest: '', outcome: 'failed', message: 'it did not render' }));
      expect(await store.list(SHOP, 1)).toMatchObject([{ outcome: 'failed', message: 'it did not render' }]);
      await store.append(revisionOf(2));
      await store.trim(SHOP, 1);
      expect(await store.list(SHOP, 10)).toHaveLength(1);
    });
  });
}

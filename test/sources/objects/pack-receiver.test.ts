import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { isEngineError } from '../../../src/core/errors.ts';
import { initBareRepository } from '../../../src/sources/fetch-job.ts';
import { ObjectStore } from '../../../src/sources/objects/object-store.ts';
import type { PackLimits } from '../../../src/sources/objects/pack-indexer.ts';
import { PackReceiver, type ReceivedPack } from '../../../src/sources/objects/pack-receiver.ts';
import { git, makeFolder, makeRepository, type TestRepository } from '../../doubles/git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

const LIMITS: PackLimits = {
  packBytes: 10_000_000,
  objects: 10_000,
  objectBytes: 5_000_000,
  inflatedBytes: 20_000_000,
};

function repository(): TestRepository {
  const one = makeRepository();
  made.push(one);
  return one;
}

function emptyRepository(): string {
  const folder = makeFolder();
  made.push(folder);
  initBareRepository(folder.path);
  return folder.path;
}

function text(seed: number): string {
  return Array.from({ length: 300 }, (_, line) => `line ${line} ${line === seed ? `changed ${seed}` : 'same'}`).join(
    '\n',
  );
}

/** The pack that git makes of revisions. */
function packOf(one: TestRepository, revisions: readonly string[], ...options: string[]): Buffer {
  return execFileSync('git', ['pack-objects', '--stdout', '--revs', '-q', ...options], {
    cwd: one.path,
    input: `${revisions.join('\n')}\n`,
    maxBuffer: 100_000_000,
  });
}

function receive(gitDir: string, pack: Buffer, chunkBytes = 1000, limits = LIMITS): ReceivedPack {
  const store = new ObjectStore(gitDir);
  const receiver = new PackReceiver(gitDir, limits, (id) => store.find(id));
  try {
    for (let at = 0; at < pack.byteLength; at += chunkBytes) receiver.write(pack.subarray(at, at + chunkBytes));
    return receiver.finish();
  } finally {
    receiver.discard();
    store.close();
  }
}

function filesOf(gitDir: string): string[] {
  return readdirSync(join(gitDir, 'objects', 'pack')).sort();
}

/** A pack with a right checksum around whatever entries. */
function packWith(count: number, ...entries: Uint8Array[]): Buffer {
  const head = Buffer.from('5041434b0000000200000000', 'hex');
  head.writeUInt32BE(count, 8);
  const body = Buffer.concat([head, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

describe('a received pack', () => {
  it.each([[[]], [['--delta-base-offset']]])('gets the index that git would write (%s)', (options) => {
    const one = repository();
    for (let number = 0; number < 20; number++)
      one.commit({ 'long.txt': text(number), [`f${number % 5}`]: text(number * 2) });
    const pack = packOf(one, ['HEAD'], ...options);
    const gitDir = emptyRepository();
    for (const chunkBytes of [7, 19, 65_536]) {
      const received = receive(gitDir, pack, chunkBytes);
      const path = received.path ?? '';
      expect(received.objects).toBe(pack.readUInt32BE(8));
      expect(readFileSync(path)).toEqual(pack);
      const mine = readFileSync(path.replace('.pack', '.idx'));
      git(gitDir, ['index-pack', '-o', join(gitDir, 'theirs.idx'), path]);
      expect(mine.equals(readFileSync(join(gitDir, 'theirs.idx')))).toBe(true);
    }
    expect(filesOf(gitDir)).toHaveLength(2);
    expect(git(gitDir, ['fsck', '--full', one.git('rev-parse', 'HEAD')])).not.toMatch(/error|missing|broken/);
  });

  it('that is thin is completed', () => {
    const one = repository();
    const first = one.commit({ 'long.txt': text(1), 'more.txt': text(2) });
    const second = one.commit({ 'long.txt': text(7), 'more.txt': text(8) });
    const gitDir = emptyRepository();
    receive(gitDir, packOf(one, [first]));
    const thin = packOf(one, [second, `^${first}`], '--thin');
    expect(thin.includes(Buffer.from(one.git('rev-parse', `${first}:long.txt`), 'hex'))).toBe(true);
    const received = receive(gitDir, thin);
    expect(received.objects).toBeGreaterThan(thin.readUInt32BE(8));
    expect(git(gitDir, ['fsck', '--full', second])).not.toMatch(/error|missing|broken/);
    git(gitDir, ['verify-pack', received.path ?? '']);
    expect(new ObjectStore(gitDir).readTyped(one.git('rev-parse', `${second}:long.txt`), 'blob').toString()).toBe(
      text(7),
    );
  });

  it('that is thin, without its base, is refused', () => {
    const one = repository();
    const first = one.commit({ 'long.txt': text(1) });
    const second = one.commit({ 'long.txt': text(7) });
    const gitDir = emptyRepository();
    expect(() => receive(gitDir, packOf(one, [second, `^${first}`], '--thin'))).toThrow(/deltas have no base/);
    expect(filesOf(gitDir)).toEqual([]);
  });

  it('that is empty leaves nothing', () => {
    const gitDir = emptyRepository();
    expect(receive(gitDir, packWith(0)).path).toBeUndefined();
    expect(receive(gitDir, Buffer.alloc(0)).path).toBeUndefined();
    expect(filesOf(gitDir)).toEqual([]);
  });

  it('with any wrong byte is refused, and leaves nothing', () => {
    const one = repository();
    one.commit({ 'long.txt': text(1) });
    one.commit({ 'long.txt': text(2) });
    const pack = packOf(one, ['HEAD']);
    const gitDir = emptyRepository();
    for (let round = 0; round < 50; round++) {
      const random = createHash('sha1').update(String(round)).digest();
      const bad = Buffer.from(pack);
      const at = random.readUInt32BE(0) % bad.byteLength;
      bad[at] = (bad[at] ?? 0) ^ ((random[5] ?? 0) | 1);
      expect(() => receive(gitDir, round % 5 === 0 ? pack.subarray(0, at) : bad)).toThrow(/SourceCorrupt|RenderLimit/);
      // The same damage with a checksum that fits it, as a hostile host would send it.
      const body = bad.subarray(0, -20);
      const signed = Buffer.concat([body, createHash('sha1').update(body).digest()]);
      try {
        receive(emptyRepository(), signed);
      } catch (thrown) {
        expect(isEngineError(thrown) ? 'typed' : thrown).toBe('typed');
      }
    }
    expect(filesOf(gitDir)).toEqual([]);
  });

  it('that is a bomb, a lie or too much is stopped', () => {
    const gitDir = emptyRepository();
    const zeros = deflateSync(Buffer.alloc(50_000_000));
    const cases: readonly [Buffer, RegExp][] = [
      [packWith(1, Buffer.from([0x31]), zeros), /compressed data/],
      [packWith(1, Buffer.from([0xb0, 0x80, 0x80, 0x80, 0x10]), zeros), /too large/],
      [packWith(4_000_000_000), /4000000000 objects/],
      [packWith(5, Buffer.from([0x31]), deflateSync(Buffer.from('x'))), /SourceCorrupt/],
      [packWith(1, Buffer.from([0x31]), deflateSync(Buffer.from('x')), Buffer.from('more')), /bytes follow/],
      [packWith(1, Buffer.from([0x51]), deflateSync(Buffer.from('x'))), /unknown type/],
      [packWith(1, Buffer.from([0x61, 0x7f]), deflateSync(Buffer.from('x'))), /has no base/],
      [
        packWith(1, Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])),
        /readable base|SourceCorrupt/,
      ],
    ];
    for (const [pack, message] of cases) expect(() => receive(gitDir, pack, 1_000_000)).toThrow(message);
    expect(() => receive(gitDir, packWith(1, zeros), 1000, { ...LIMITS, packBytes: 500 })).toThrow(/too large/);
    expect(filesOf(gitDir)).toEqual([]);
  });
});

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { isEngineError } from '../../../src/core/errors.ts';
import { ObjectStore } from '../../../src/sources/objects/object-store.ts';
import { git, makeFolder, makeRepository, type TestRepository } from '../../doubles/git-repository.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

function repository(...args: Parameters<typeof makeRepository>): TestRepository {
  const one = makeRepository(...args);
  made.push(one);
  return one;
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (isEngineError(thrown)) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'no error';
}

/** Text that git stores as deltas: long, and a little different in every version. */
function version(number: number): string {
  return Array.from(
    { length: 400 },
    (_, line) => `line ${line} ${line === number ? `changed in ${number}` : 'same'}`,
  ).join('\n');
}

function everyObject(one: TestRepository): { readonly id: string; readonly type: string; readonly data: Buffer }[] {
  const list = one.git('cat-file', '--batch-all-objects', '--batch-check').split('\n');
  return list.map((line) => {
    const [id = '', type = ''] = line.split(' ');
    return { id, type, data: Buffer.alloc(0) };
  });
}

describe('object store', () => {
  it('reads loose objects', () => {
    const one = repository({ 'a.yaml': 'a: 1\n' });
    const store = new ObjectStore(one.gitDir);
    const commit = store.commit(one.git('rev-parse', 'HEAD'));
    expect(commit).toMatchObject({
      author: 'Ada <ada@example.com>',
      timeSeconds: 1_700_000_000,
      subject: 'commit 0',
      parents: [],
    });
    const entry = store.tree(commit.tree).get('a.yaml');
    expect(entry?.kind).toBe('file');
    expect(store.readTyped(entry?.id ?? '', 'blob').toString()).toBe('a: 1\n');
  });

  it.each([
    ['offset deltas in one pack', ['repack', '-a', '-d', '-f', '--depth=50', '--window=50', '--quiet'], []],
    [
      'reference deltas',
      ['repack', '-a', '-d', '-f', '--depth=50', '--quiet'],
      [['repack.useDeltaBaseOffset', 'false']],
    ],
    ['a multi-pack index', ['repack', '-d', '--quiet', '--write-midx'], []],
    ['several small packs', ['repack', '-a', '-d', '-f', '--quiet', '--max-pack-size=1m'], []],
  ])('reads every object through %s', (_name, command, settings) => {
    const one = repository();
    for (let number = 0; number < 20; number++) {
      one.commit({ 'long.txt': version(number), [`f${number}.txt`]: version(number * 3) });
      if (number === 10) one.git('repack', '-d', '--quiet');
    }
    one.git('tag', '-a', 'v1', '-m', 'first');
    for (const [key = '', value = ''] of settings) one.git('config', key, value);
    one.git(...command);
    const store = new ObjectStore(one.gitDir, { cacheBytes: 100_000 });
    const all = everyObject(one);
    expect(all.length).toBeGreaterThan(60);
    // The store compares each object with its id: reading is checking.
    for (const { id, type } of all) expect(store.read(id).type).toBe(type);
    store.close();
    expect(store.read(all[0]?.id ?? '').type).toBe(all[0]?.type);
  });

  it('reads 64-bit offsets', () => {
    const one = repository({ 'a.txt': version(1), 'b.txt': version(2) });
    one.git('repack', '-a', '-d', '--quiet');
    const folder = join(one.gitDir, 'objects', 'pack');
    const pack = readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '';
    rmSync(join(folder, pack.replace('.pack', '.idx')), { force: true });
    one.git('index-pack', '--index-version=2,0x10', join(folder, pack));
    const store = new ObjectStore(one.gitDir);
    for (const { id, type } of everyObject(one)) expect(store.read(id).type).toBe(type);
  });

  it('notices packs that come and go while it is open', () => {
    const one = repository({ 'a.txt': 'one' });
    one.git('repack', '-a', '-d', '--quiet');
    const store = new ObjectStore(one.gitDir);
    const first = one.git('rev-parse', 'HEAD');
    expect(store.commit(first).subject).toBe('commit 0');
    const second = one.commit({ 'a.txt': 'two' });
    one.git('repack', '-a', '-d', '--quiet');
    store.close();
    expect(store.commit(second).subject).toBe('commit 1');
    expect(store.commit(first).subject).toBe('commit 0');
  });

  it('names a missing object, and a wrong type', () => {
    const one = repository({ 'a.txt': 'one' });
    const store = new ObjectStore(one.gitDir);
    expect(codeOf(() => store.read('0'.repeat(40)))).toMatch(/^SourceCorrupt: object 0{40} cannot be read/);
    expect(codeOf(() => store.read('main'))).toMatch(/^SourceCorrupt: .*no SHA-1 object id/);
    expect(codeOf(() => store.tree(one.git('rev-parse', 'HEAD')))).toMatch(/is a commit where a tree is expected/);
  });

  it('refuses SHA-256, reftable and alternates by name', () => {
    const folder = makeFolder();
    made.push(folder);
    git(folder.path, ['init', '--quiet', '--object-format=sha256', '--bare']);
    expect(codeOf(() => new ObjectStore(folder.path))).toMatch(/^SourceRefused: .*object format is "sha256"/);
    const one = repository({ 'a.txt': 'one' });
    git(folder.path, ['clone', '--quiet', '--shared', '--bare', one.path, 'shared']);
    expect(codeOf(() => new ObjectStore(join(folder.path, 'shared')))).toMatch(/^SourceRefused: .*alternates/);
    one.git('config', 'extensions.refStorage', 'reftable');
    expect(codeOf(() => new ObjectStore(one.gitDir))).toMatch(/^SourceRefused: .*reftable/);
  });

  it('stops at the size limit, declared or not', () => {
    const one = repository({ 'big.txt': 'x'.repeat(100_000) });
    const blob = one.git('rev-parse', 'HEAD:big.txt');
    expect(codeOf(() => new ObjectStore(one.gitDir, { maxObjectBytes: 1000 }).read(blob))).toMatch(
      /^(SourceCorrupt|RenderLimit)/,
    );
    one.git('repack', '-a', '-d', '--quiet');
    expect(codeOf(() => new ObjectStore(one.gitDir, { maxObjectBytes: 1000 }).read(blob))).toBe(
      `RenderLimit: object at offset ${offsetOf(one, blob)} of ${packOf(one)} is too large (RenderLimit): 100000 bytes, the limit is 1000 bytes`,
    );
  });

  it('finds lies of a loose object: bomb, wrong size, wrong content, no header', () => {
    const one = repository({ 'a.txt': 'one' });
    const write = (id: string, bytes: Buffer): void => {
      mkdirSync(join(one.gitDir, 'objects', id.slice(0, 2)), { recursive: true });
      writeFileSync(join(one.gitDir, 'objects', id.slice(0, 2), id.slice(2)), deflateSync(bytes));
    };
    const store = new ObjectStore(one.gitDir, { maxObjectBytes: 1024 * 1024 });
    write('1'.repeat(40), Buffer.concat([Buffer.from('blob 3\0'), Buffer.alloc(50_000_000)]));
    expect(codeOf(() => store.read('1'.repeat(40)))).toMatch(/^SourceCorrupt/);
    write('2'.repeat(40), Buffer.from('blob 4\0abc'));
    expect(codeOf(() => store.read('2'.repeat(40)))).toMatch(/3 bytes where 4/);
    write('3'.repeat(40), Buffer.from('blob 3\0abc'));
    expect(codeOf(() => store.read('3'.repeat(40)))).toMatch(/does not match its id/);
    write('4'.repeat(40), Buffer.from('nothing'));
    expect(codeOf(() => store.read('4'.repeat(40)))).toMatch(/type and a size/);
  });

  it('turns any damage of a pack into a typed error or the right bytes, and never hangs', () => {
    const one = repository();
    for (let number = 0; number < 8; number++) one.commit({ 'long.txt': version(number) });
    one.git('repack', '-a', '-d', '-f', '--quiet');
    const ids = everyObject(one).map(({ id }) => id);
    const path = join(one.gitDir, 'objects', 'pack', packOf(one).replace('pack ', ''));
    for (const file of [path, path.replace('.pack', '.idx')]) {
      const good = readFileSync(file);
      rmSync(file);
      for (let round = 0; round < 60; round++) {
        const bad = Buffer.from(good);
        const random = createHash('sha1')
          .update(`${file.endsWith('idx')}${round}`)
          .digest();
        if (round % 10 === 0) writeFileSync(file, bad.subarray(0, random.readUInt16BE(0) % bad.byteLength));
        else {
          bad[random.readUInt32BE(0) % bad.byteLength] = random[8] ?? 0;
          writeFileSync(file, bad);
        }
        const store = new ObjectStore(one.gitDir, { maxObjectBytes: 1_000_000 });
        const outcomes = new Set(
          ids.map((id) => {
            try {
              store.read(id);
              return 'read';
            } catch (thrown) {
              return isEngineError(thrown) ? thrown.code : `crash ${String(thrown)}`;
            }
          }),
        );
        store.close();
        expect([...outcomes].filter((outcome) => !['read', 'SourceCorrupt', 'RenderLimit'].includes(outcome))).toEqual(
          [],
        );
      }
      writeFileSync(file, good);
    }
  });

  it('stops at chains of deltas that go in a circle', () => {
    const one = repository({ 'a.txt': version(1) });
    const [left, right] = ['a'.repeat(40), 'b'.repeat(40)];
    const delta = deflateSync(Buffer.from([3, 3, 3, 1, 2, 3]));
    const entry = (base: string): Buffer => Buffer.concat([Buffer.from([0x76]), Buffer.from(base, 'hex'), delta]);
    const head = Buffer.from('5041434b0000000200000002', 'hex');
    const entries = [entry(right), entry(left)];
    writeFileSync(
      join(one.gitDir, 'objects', 'pack', 'pack-circle.pack'),
      Buffer.concat([head, ...entries, Buffer.alloc(20)]),
    );
    writeFileSync(
      join(one.gitDir, 'objects', 'pack', 'pack-circle.idx'),
      makeIndex([
        [left, 12],
        [right, 12 + (entries[0]?.byteLength ?? 0)],
      ]),
    );
    expect(codeOf(() => new ObjectStore(one.gitDir).read(left))).toMatch(/chain of deltas does not end/);
  });
});

function makeIndex(entries: readonly (readonly [string, number])[]): Buffer {
  const fanout = Buffer.alloc(1024);
  for (let bucket = 0; bucket < 256; bucket++)
    fanout.writeUInt32BE(entries.filter(([id]) => Number.parseInt(id.slice(0, 2), 16) <= bucket).length, bucket * 4);
  const offsets = Buffer.alloc(entries.length * 4);
  for (const [position, [, offset]] of entries.entries()) offsets.writeUInt32BE(offset, position * 4);
  return Buffer.concat([
    Buffer.from('ff744f6300000002', 'hex'),
    fanout,
    ...entries.map(([id]) => Buffer.from(id, 'hex')),
    Buffer.alloc(entries.length * 4),
    offsets,
    Buffer.alloc(40),
  ]);
}

function packOf(one: TestRepository): string {
  return `pack ${readdirSync(join(one.gitDir, 'objects', 'pack')).find((name) => name.endsWith('.pack'))}`;
}

function offsetOf(one: TestRepository, id: string): string | undefined {
  const path = join(one.gitDir, 'objects', 'pack', packOf(one).replace('pack ', '').replace('.pack', '.idx'));
  const line = one
    .git('verify-pack', '-v', path)
    .split('\n')
    .find((text) => text.startsWith(id));
  return line?.split(/\s+/)[4];
}

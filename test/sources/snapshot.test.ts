import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isEngineError } from '../../src/core/errors.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { openFolder } from '../../src/sources/folder.ts';
import { describeCommit, openSnapshot } from '../../src/sources/snapshot.ts';
import {
  type Files,
  git,
  makeFolder,
  makeRepository,
  type TestRepository,
  writeFiles,
} from '../doubles/git-repository.ts';

const made: { remove(): void }[] = [];
const clean = (): void => {
  for (const one of made.splice(0)) one.remove();
};
afterEach(clean);
afterAll(clean);

const FILES: Files = {
  'README.md': 'read me\n',
  'apps/shop/kustomization.yaml': 'resources: []\n',
  'apps/shop/B.yaml': 'kind: B\n',
  'apps/shop/a.yaml': 'kind: A\n',
  'apps/shop-x/x.yaml': 'kind: X\n',
  'apps/shop/ü.yaml': 'kind: Ü\n',
  'base/one.yaml': 'kind: One\n',
  'links/file': { link: '../base/one.yaml' },
  'links/folder': { link: '../base' },
  'links/through': { link: 'folder/one.yaml' },
  'links/absolute': { link: '/etc/passwd' },
  'links/out': { link: '../../etc/passwd' },
  'links/dangling': { link: '../base/none.yaml' },
  'links/loop-a': { link: 'loop-b' },
  'links/loop-b': { link: 'loop-a' },
  'links/self-folder': { link: '.' },
  __proto__x: 'data\n',
  'big-file.bin': Buffer.from([0, 255, 1, 254]),
};

function hops(count: number): Files {
  const files: Record<string, { link: string } | string> = { 'hops/0': 'end\n' };
  for (let step = 1; step <= count; step++) files[`hops/${step}`] = { link: String(step - 1) };
  return files;
}

type Opened = { readonly snapshot: Snapshot; readonly repository: TestRepository };

const KINDS: readonly (readonly [string, () => Opened])[] = [
  [
    'commit',
    () => {
      const repository = makeRepository({ ...FILES, ...hops(12) });
      made.push(repository);
      return { repository, snapshot: openSnapshot(repository.gitDir, repository.git('rev-parse', 'HEAD')) };
    },
  ],
  [
    'folder',
    () => {
      const repository = makeRepository({ ...FILES, ...hops(12) });
      made.push(repository);
      return { repository, snapshot: openFolder(repository.path, { timeSeconds: 5 }) };
    },
  ],
];

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

function refusal(action: () => unknown): string {
  try {
    return `no error: ${String(action())}`;
  } catch (thrown) {
    if (isEngineError(thrown, 'SourceRefused')) return thrown.message;
    throw thrown;
  }
}

describe.each(KINDS)('snapshot of a %s', (kind, open) => {
  it('reads files by path, however the path is written', () => {
    const { snapshot } = open();
    expect(text(snapshot.read('apps/shop/a.yaml'))).toBe('kind: A\n');
    expect(text(snapshot.read('./apps//shop/../shop/a.yaml'))).toBe('kind: A\n');
    expect(snapshot.read('big-file.bin')).toEqual(Buffer.from([0, 255, 1, 254]));
    expect(snapshot.read('apps/none.yaml')).toBeUndefined();
    expect(snapshot.read('apps/shop')).toBeUndefined();
    expect(snapshot.read('README.md/x')).toBeUndefined();
    expect(snapshot.read('README.md/')).toBeDefined();
    expect(snapshot.read('apps/none/../shop/a.yaml')).toBeUndefined();
    expect(snapshot.read('constructor')).toBeUndefined();
    expect(snapshot.read('.git/HEAD')).toBeUndefined();
  });

  it('lists folders in the order of bytes', () => {
    const { snapshot } = open();
    expect(snapshot.list('apps/shop')?.map(({ name }) => name)).toEqual([
      'B.yaml',
      'a.yaml',
      'kustomization.yaml',
      'ü.yaml',
    ]);
    expect(snapshot.list('apps')).toEqual([
      { name: 'shop', kind: 'directory' },
      { name: 'shop-x', kind: 'directory' },
    ]);
    expect(snapshot.list('')?.map(({ name }) => name)).not.toContain('.git');
    expect(snapshot.list('README.md')).toBeUndefined();
    expect(snapshot.list('none')).toBeUndefined();
  });

  it('follows links inside the tree', () => {
    const { snapshot } = open();
    expect(text(snapshot.read('links/file'))).toBe('kind: One\n');
    expect(text(snapshot.read('links/through'))).toBe('kind: One\n');
    expect(text(snapshot.read('links/folder/one.yaml'))).toBe('kind: One\n');
    expect(text(snapshot.read('links/folder/../apps/shop/a.yaml'))).toBe('kind: A\n');
    expect(snapshot.stat('links/folder')).toBe('directory');
    expect(snapshot.read('links/folder/none.yaml')).toBeUndefined();
    expect(text(snapshot.read('hops/10'))).toBe('end\n');
    expect(snapshot.list('links')).toEqual([
      { name: 'absolute', kind: 'file' },
      { name: 'dangling', kind: 'file' },
      { name: 'file', kind: 'file' },
      { name: 'folder', kind: 'directory' },
      { name: 'loop-a', kind: 'file' },
      { name: 'loop-b', kind: 'file' },
      { name: 'out', kind: 'file' },
      { name: 'self-folder', kind: 'directory' },
      { name: 'through', kind: 'file' },
    ]);
  });

  it('refuses what leaves the tree, without telling what is there', () => {
    const { snapshot } = open();
    expect(refusal(() => snapshot.read('links/absolute'))).toBe(
      'path "links/absolute" is refused (SourceRefused): a symbolic link on the way is absolute',
    );
    expect(refusal(() => snapshot.read('links/out'))).toMatch(/leads out of the repository/);
    expect(refusal(() => snapshot.read('../none'))).toMatch(/leads out of the repository/);
    expect(refusal(() => snapshot.list('apps/../..'))).toMatch(/leads out of the repository/);
    expect(refusal(() => snapshot.read('/etc/passwd'))).toMatch(/absolute/);
    expect(refusal(() => snapshot.read('a\0b'))).toMatch(/NUL/);
    expect(refusal(() => snapshot.read(`${'a/'.repeat(2100)}b`))).toMatch(/longer than 4096/);
    expect(refusal(() => snapshot.read('links/loop-a'))).toMatch(/more than 10 symbolic links/);
    expect(refusal(() => snapshot.read('hops/11'))).toMatch(/more than 10 symbolic links/);
    expect(refusal(() => snapshot.stat('links/dangling'))).toMatch(/leads to nothing/);
    expect(snapshot.read('links/self-folder/self-folder/file')).toBeDefined();
    expect(snapshot.read('..\\..\\etc\\passwd')).toBeUndefined();
    expect(snapshot.read('%2e%2e/etc/passwd')).toBeUndefined();
  });

  it('records what was read, listed, looked at and missing, and links on the way', () => {
    const { snapshot, repository } = open();
    const id = (path: string): string => repository.git('rev-parse', `HEAD:${path}`);
    snapshot.read('links/folder/one.yaml');
    snapshot.stat('apps/shop/a.yaml');
    snapshot.stat('apps');
    snapshot.read('apps/shop/none/deep.yaml');
    snapshot.read('README.md');
    snapshot.stat('README.md');
    snapshot.read('__proto__x');
    expect(snapshot.trace()).toEqual({
      __proto__x: `file:${id('__proto__x')}`,
      'links/folder': `link:${id('links/folder')}`,
      'base/one.yaml': `file:${id('base/one.yaml')}`,
      'apps/shop/a.yaml': 'file',
      apps: 'directory',
      'apps/shop/none/deep.yaml': 'absent',
      'README.md': `file:${id('README.md')}`,
    });
    snapshot.list('apps');
    expect(snapshot.trace().apps).toBe(`directory:${snapshot.oid('apps')}`);
    if (kind === 'commit') expect(snapshot.oid('apps')).toBe(id('apps'));
  });

  it('answers the object id at a path', () => {
    const { snapshot, repository } = open();
    expect(snapshot.oid('links/file')).toBe(repository.git('rev-parse', 'HEAD:base/one.yaml'));
    expect(snapshot.oid('none')).toBeUndefined();
  });

  it('refuses pointers to Git LFS by name', () => {
    const { repository } = open();
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
    const head = repository.commit({ 'model.yaml': pointer });
    const snapshot = kind === 'commit' ? openSnapshot(repository.gitDir, head) : openFolder(repository.path);
    expect(refusal(() => snapshot.read('model.yaml'))).toMatch(/Git LFS/);
  });

  it('refuses submodules by name', () => {
    const { repository } = open();
    const other = makeRepository({ 'inner.yaml': 'kind: Inner\n' });
    made.push(other);
    repository.git('submodule', '--quiet', 'add', other.path, 'vendor');
    const head = repository.commit({});
    const snapshot = kind === 'commit' ? openSnapshot(repository.gitDir, head) : openFolder(repository.path);
    expect(snapshot.list('')?.find(({ name }) => name === 'vendor')).toEqual({ name: 'vendor', kind: 'directory' });
    expect(refusal(() => snapshot.read('vendor/inner.yaml'))).toMatch(/"vendor" is a submodule/);
    expect(refusal(() => snapshot.list('vendor'))).toMatch(/"vendor" is a submodule/);
  });
});

describe('snapshot of a commit', () => {
  it('is not moved by what happens to the working folder', () => {
    const repository = makeRepository(FILES);
    made.push(repository);
    const snapshot = openSnapshot(repository.gitDir, repository.git('rev-parse', 'HEAD'));
    writeFiles(repository.path, { 'README.md': { link: '/etc/passwd' } });
    expect(text(snapshot.read('README.md'))).toBe('read me\n');
    expect(snapshot.timeSeconds).toBe(1_700_000_000);
  });

  it('refuses trees with names that Git forbids', () => {
    const repository = makeRepository(FILES);
    made.push(repository);
    const blob = repository.git('rev-parse', 'HEAD:README.md');
    for (const name of ['..', '.', '.git', '.GIT', 'a/b']) {
      const raw = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]);
      const tree = git(repository.path, ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], { input: raw });
      const commit = repository.git('commit-tree', tree, '-m', 'odd');
      expect(() => openSnapshot(repository.gitDir, commit).list('')).toThrow(/forbidden name/);
    }
  });

  it('describes the commit without what could steer a terminal', () => {
    const repository = makeRepository();
    made.push(repository);
    const id = repository.commit({ a: 'a' }, `\u001b[31mred ${'x'.repeat(500)}\n\nbody`);
    const commit = describeCommit(repository.gitDir, id, 'branch main');
    expect(commit.subject).toHaveLength(200);
    expect(commit.subject).toMatch(/^\[31mred x+$/);
    expect(commit).toMatchObject({
      id,
      ref: 'branch main',
      author: 'Ada <ada@example.com>',
      timeSeconds: 1_700_000_000,
    });
  });
});

describe('snapshot of a folder', () => {
  it('may read up to the enclosing working copy and no further', () => {
    const repository = makeRepository(FILES);
    made.push(repository);
    const snapshot = openFolder(join(repository.path, 'apps/shop'));
    expect(snapshot.path).toBe('apps/shop');
    expect(text(snapshot.read(`${snapshot.path}/../../base/one.yaml`))).toBe('kind: One\n');
    expect(refusal(() => snapshot.read(`${snapshot.path}/../../../x`))).toMatch(/leads out/);
    expect(openFolder(join(repository.path, 'base/one.yaml')).path).toBe('base/one.yaml');
  });

  it('without a working copy stays in the folder, or in the boundary that is given', () => {
    const folder = makeFolder();
    made.push(folder);
    writeFiles(folder.path, { 'base/b.yaml': 'b\n', 'overlay/o.yaml': 'o\n' });
    const narrow = openFolder(join(folder.path, 'overlay'));
    expect(narrow.path).toBe('');
    expect(refusal(() => narrow.read('../base/b.yaml'))).toMatch(/leads out/);
    const wide = openFolder(join(folder.path, 'overlay'), { boundary: folder.path });
    expect(wide.path).toBe('overlay');
    expect(text(wide.read('overlay/../base/b.yaml'))).toBe('b\n');
    expect(() => openFolder(folder.path, { boundary: join(folder.path, 'base') })).toThrow(/outside of/);
    expect(() => openFolder(join(folder.path, 'none'))).toThrow(/SourcePathNotFound/);
  });

  it('gives the bytes of the first look again', () => {
    const folder = makeFolder();
    made.push(folder);
    writeFiles(folder.path, { 'a.yaml': 'one\n' });
    const snapshot = openFolder(folder.path);
    expect(text(snapshot.read('a.yaml'))).toBe('one\n');
    writeFiles(folder.path, { 'a.yaml': 'two\n' });
    expect(text(snapshot.read('a.yaml'))).toBe('one\n');
  });
});

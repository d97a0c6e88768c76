import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { GitRef } from '../../src/core/application.ts';
import type { GitSourcesDeps } from '../../src/sources/git-sources.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { type GitServer, type GitServerOptions, startGitServer } from '../doubles/git-server.ts';
import { failureOf, MAIN, makeSources, sourceOf, type TestSources, textAt } from '../doubles/git-sources.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function host(options: GitServerOptions = {}): Promise<GitServer> {
  const server = await startGitServer(options);
  cleanups.push(() => server.close());
  return server;
}

function fresh(deps: Partial<GitSourcesDeps> = {}): TestSources {
  const made = makeSources(deps);
  cleanups.push(() => made.close());
  return made;
}

describe.each([
  ['protocol 2', {}],
  ['protocol 0', { protocol: 0 as const }],
])('a repository over http, %s', (_name, options: GitServerOptions) => {
  it('brings a commit, then each new one, with one request per quiet poll', async () => {
    const server = await host(options);
    server.create('config');
    const first = server.commit('config', { 'app/a.yaml': 'one\n', 'other/b.yaml': 'x\n'.repeat(5000) });
    const { sources, clock } = fresh();
    const config = sourceOf(server.urlOf('config'), MAIN, 'app');

    const fetched = await sources.resolve(config);
    expect(fetched.commit).toMatchObject({
      id: first,
      subject: 'commit 0',
      ref: 'branch main',
      author: 'Ada <ada@example.com>',
    });
    expect(fetched.forced).toBeUndefined();
    expect(textAt(fetched, 'app/a.yaml')).toBe('one\n');

    for (let poll = 0; poll < 3; poll++) {
      clock.jump(1000);
      const before = server.requests.length;
      expect((await sources.resolve(config)).commit.id).toBe(first);
      expect(server.requests.length - before).toBe(1);
    }

    const second = server.commit('config', { 'app/a.yaml': 'two\n' });
    const third = server.commit('config', { 'app/a.yaml': 'three\n' });
    clock.jump(1000);
    const before = server.requests.length;
    const next = await sources.resolve(config);
    expect(next.commit.id).toBe(third);
    expect(next.forced).toBeUndefined();
    expect(textAt(next, 'app/a.yaml')).toBe('three\n');
    expect(server.requests.slice(before).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(3000);
    expect(server.requests.length - before).toBeLessThanOrEqual(2);
    expect((await sources.open(config, first))?.commit.id).toBe(first);
    expect((await sources.open(config, second))?.commit.id).toBe(second);
    expect(await sources.open(config, 'f'.repeat(40))).toBeUndefined();
  });

  it('resolves branches, tags, versions, commits and HEAD by full names', async () => {
    const server = await host(options);
    server.create('config');
    const ids = [0, 1, 2, 3].map((number) => server.commit('config', { 'a.yaml': `${number}\n` }));
    server.git('config', 'tag', 'v1.0.0', ids[0] ?? '');
    server.git('config', 'tag', '-a', 'v1.1.0', '-m', 'annotated', ids[1] ?? '');
    server.git('config', 'tag', 'v2.0.0-rc.1', ids[2] ?? '');
    // A tag with the name of a branch leads elsewhere.
    server.git('config', 'tag', 'main', ids[0] ?? '');
    server.git('config', 'symbolic-ref', 'HEAD', 'refs/heads/main');
    const { sources } = fresh();
    const cases: readonly (readonly [GitRef, string | undefined, string])[] = [
      [{ kind: 'head' }, ids[3], 'HEAD (main)'],
      [MAIN, ids[3], 'branch main'],
      [{ kind: 'tag', name: 'main' }, ids[0], 'tag main'],
      [{ kind: 'tag', name: 'v1.1.0' }, ids[1], 'tag v1.1.0'],
      [{ kind: 'semver', range: '>=1.0.0' }, ids[1], 'tag v1.1.0'],
      [{ kind: 'semver', range: '~1.0' }, ids[0], 'tag v1.0.0'],
      [{ kind: 'semver', range: '>=2.0.0-0' }, ids[2], 'tag v2.0.0-rc.1'],
      [{ kind: 'commit', id: ids[3] ?? '' }, ids[3], `commit ${ids[3]?.slice(0, 12)}`],
    ];
    for (const [ref, id, description] of cases) {
      const fetched = await sources.resolve(sourceOf(server.urlOf('config'), ref));
      expect([fetched.commit.id, fetched.commit.ref]).toEqual([id, description]);
      expect(openSnapshot(fetched.gitDir, fetched.commit.id).read('a.yaml')).toBeDefined();
    }
  });

  it('finds a commit that is on no tip, by itself or in the history', async () => {
    const server = await host(options);
    server.create('config');
    const ids = [0, 1, 2, 3].map((number) => server.commit('config', { 'a.yaml': `${number}\n` }));
    const { sources } = fresh();
    const fetched = await sources.resolve(sourceOf(server.urlOf('config'), { kind: 'commit', id: ids[1] ?? '' }));
    expect(textAt(fetched, 'a.yaml')).toBe('1\n');
    const error = await failureOf(
      sources.resolve(sourceOf(server.urlOf('config'), { kind: 'commit', id: 'e'.repeat(40) })),
    );
    expect(error.code).toBe('SourceRefNotFound');
  });

  it('marks a force-push and keeps the old revision', async () => {
    const server = await host(options);
    server.create('config');
    const base = server.commit('config', { 'a.yaml': 'base\n' });
    const old = server.commit('config', { 'a.yaml': 'old\n' });
    const { sources, clock } = fresh();
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config);
    const forced = server.commit('config', { 'a.yaml': 'forced\n' }, { from: base });
    clock.jump(1000);
    const fetched = await sources.resolve(config);
    expect(fetched).toMatchObject({ commit: { id: forced }, forced: true });
    expect(await sources.open(config, old)).toBeDefined();
    const normal = server.commit('config', { 'a.yaml': 'normal\n' });
    clock.jump(1000);
    const next = await sources.resolve(config);
    expect([next.commit.id, next.forced]).toEqual([normal, undefined]);
    const other = server.commit('config', { 'b.yaml': 'another history\n' }, { from: null });
    clock.jump(1000);
    expect(await sources.resolve(config)).toMatchObject({ commit: { id: other }, forced: true });
  });
});

describe('polls of one repository', () => {
  it('serve all applications, whatever their refs and paths, with one request', async () => {
    const server = await host();
    server.create('config');
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, number) => [`apps/${number}/a.yaml`, `${number}\n`]),
    );
    const main = server.commit('config', files);
    const dev = server.commit('config', { 'dev.yaml': 'x\n' }, { branch: 'dev', from: 'origin/main' });
    server.git('config', 'tag', 'v1.0.0', main);
    const { sources, clock } = fresh();
    const all = [
      ...Array.from({ length: 100 }, (_, number) => sourceOf(server.urlOf('config'), MAIN, `apps/${number}`)),
      sourceOf(server.urlOf('config'), { kind: 'branch', name: 'dev' }),
      sourceOf(server.urlOf('config'), { kind: 'semver', range: '1.x' }),
      sourceOf(server.urlOf('config'), { kind: 'head' }),
    ];
    await Promise.all(all.map((one) => sources.resolve(one)));
    clock.jump(60_000);
    const before = server.requests.length;
    const fetched = await Promise.all(all.map((one) => sources.resolve(one, { maxAgeMs: 30_000 })));
    expect(server.requests.length - before).toBe(1);
    expect(new Set(fetched.map(({ commit }) => commit.id))).toEqual(new Set([main, dev]));
    clock.jump(20_000);
    await Promise.all(all.map((one) => sources.resolve(one, { maxAgeMs: 30_000 })));
    expect(server.requests.length - before).toBe(1);
  });

  it('ask again at once after a webhook, however the repository is spelled', async () => {
    const server = await host();
    server.create('config');
    server.commit('config', { a: '1' });
    const { sources } = fresh();
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config, { maxAgeMs: 60_000 });
    const second = server.commit('config', { a: '2' });
    expect((await sources.resolve(config, { maxAgeMs: 60_000 })).commit.id).not.toBe(second);
    expect(sources.expire('https://elsewhere.example/config.git')).toBe(false);
    expect(sources.expire('ssh://git@127.0.0.1/CONFIG')).toBe(true);
    expect((await sources.resolve(config, { maxAgeMs: 60_000 })).commit.id).toBe(second);
  });

  it('are made by each identity for itself, and share what is on disk', async () => {
    const server = await host({ basic: { username: 'ada', password: 'secret' } });
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources } = fresh();
    const config = sourceOf(server.urlOf('config'));
    expect((await sources.resolve(config, { credentials: { username: 'ada', password: 'secret' } })).commit.id).toBe(
      id,
    );
    expect((await failureOf(sources.resolve(config))).code).toBe('SourceDenied');
    const known = sourceOf(server.urlOf('config'), { kind: 'commit', id });
    expect(
      (await failureOf(sources.resolve(known, { credentials: { username: 'eve', password: 'guess' } }))).code,
    ).toBe('SourceDenied');
  });
});

describe('credentials', () => {
  it.each([
    [
      'user name and password',
      { basic: { username: 'ada', password: 's3cret-word' } },
      { username: 'ada', password: 's3cret-word' },
    ],
    [
      'a token as a password',
      { basic: { username: 'x-access-token', password: 't0ken-text' } },
      { token: 't0ken-text' },
    ],
    ['a bearer token', { bearer: 't0ken-text' }, { token: 't0ken-text' }],
  ])('%s are accepted', async (_name, options: GitServerOptions, credentials) => {
    const server = await host(options);
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources, clock } = fresh();
    const config = sourceOf(server.urlOf('config'));
    expect((await sources.resolve(config, { credentials })).commit.id).toBe(id);
    clock.jump(1000);
    const before = server.requests.length;
    await sources.resolve(config, { credentials });
    expect(server.requests.length - before).toBe(1);
  });

  it('missing and wrong ones are told apart, and never shown', async () => {
    const server = await host({ basic: { username: 'ada', password: 'right' } });
    server.create('config');
    const { sources } = fresh();
    const none = await failureOf(sources.resolve(sourceOf(server.urlOf('config'))));
    expect(none.message).toMatch(/asks for credentials/);
    const wrong = await failureOf(
      sources.resolve(sourceOf(server.urlOf('config')), {
        credentials: { username: 'ada', password: 'wr0ng-password' },
      }),
    );
    expect(wrong.message).toMatch(/wrong or have expired/);
    expect(JSON.stringify(wrong)).not.toContain('wr0ng');
  });

  it('do not follow a redirect to another host, and do follow one on the same host', async () => {
    const server = await host({ basic: { username: 'ada', password: 'secret' } });
    const other = await host();
    server.create('config');
    other.create('config');
    const here = server.commit('config', { a: 'here' });
    other.commit('config', { a: 'there' });
    const credentials = { username: 'ada', password: 'secret' };
    server.fault({ kind: 'redirect', path: /^\/old\.git/, to: (path) => path.replace('/old.git', '/config.git') });
    const { sources } = fresh();
    expect((await sources.resolve(sourceOf(`${server.url}/old.git`), { credentials })).commit.id).toBe(here);
    server.fault({
      kind: 'redirect',
      path: /^\/away\.git/,
      to: (path) => `${other.url}${path.replace('/away.git', '/config.git')}`,
    });
    await sources.resolve(sourceOf(`${server.url}/away.git`), { credentials });
    expect(other.requests.length).toBeGreaterThan(1);
    expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

describe('what is not there', () => {
  it('a missing branch, tag, version or path is named with its neighbours', async () => {
    const server = await host();
    server.create('config');
    server.commit('config', { 'apps/shop/a.yaml': '1\n', 'apps/shed/a.yaml': '1\n' });
    server.commit('config', { b: '2' }, { branch: 'release' });
    server.git('config', 'tag', 'v1.0.0', 'main');
    const { sources } = fresh();
    const url = server.urlOf('config');
    const branch = await failureOf(sources.resolve(sourceOf(url, { kind: 'branch', name: 'mian' })));
    expect(branch.code).toBe('SourceRefNotFound');
    expect(branch.remedy).toBe('branches there: main, release');
    expect((await failureOf(sources.resolve(sourceOf(url, { kind: 'tag', name: 'v1.0.1' })))).remedy).toBe(
      'tags there: v1.0.0',
    );
    expect((await failureOf(sources.resolve(sourceOf(url, { kind: 'semver', range: '^2.0' })))).remedy).toBe(
      'tags there: v1.0.0',
    );
    const path = await failureOf(sources.resolve(sourceOf(url, MAIN, 'apps/shpo')));
    expect(path).toMatchObject({ code: 'SourcePathNotFound', remedy: 'folders there: apps/shop, apps/shed' });
    const unknown = await failureOf(sources.resolve(sourceOf(server.urlOf('none'))));
    expect(unknown.code).toBe('SourceDenied');
  });

  it('a branch that vanishes leaves the last good revision, with its age', async () => {
    const server = await host();
    server.create('config');
    const id = server.commit('config', { a: '1' });
    server.commit('config', { a: '2' }, { branch: 'keep' });
    const { sources, clock } = fresh();
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config);
    server.git('config', 'update-ref', '-d', 'refs/heads/main');
    clock.jump(90_000);
    const error = await failureOf(sources.resolve(config));
    expect(error).toMatchObject({ code: 'SourceRefNotFound', data: { lastGood: { commitId: id, ageMs: 90_000 } } });
    expect((await sources.open(config, id))?.commit.id).toBe(id);
    expect(sources.lastGood(config)).toEqual({ commitId: id, ageMs: 90_000 });
  });

  it('an empty repository has no branches', async () => {
    const server = await host();
    server.create('config');
    const { sources } = fresh();
    const error = await failureOf(sources.resolve(sourceOf(server.urlOf('config'), { kind: 'head' })));
    expect(error).toMatchObject({ code: 'SourceRefNotFound', remedy: 'the repository has no branches' });
  });
});

describe('the data folder', () => {
  it('is used again after a restart: nothing is downloaded twice', async () => {
    const server = await host();
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources, dataDir } = fresh();
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config);
    await sources.close();
    const again = fresh({ dataDir });
    again.clock.jump(5000);
    expect(again.sources.lastGood(config)?.commitId).toBe(id);
    expect((await again.sources.open(config, id))?.commit.id).toBe(id);
    const before = server.requests.length;
    await again.sources.resolve(config);
    expect(server.requests.length - before).toBe(2);
  });

  it('does not grow without end, and keeps the generation before', async () => {
    const server = await host();
    server.create('config');
    const first = server.commit('config', { a: '0' });
    const { sources, clock, dataDir } = fresh({ growth: { packs: 3 } });
    const config = sourceOf(server.urlOf('config'));
    const seen: string[] = [];
    for (let number = 1; number <= 12; number++) {
      seen.push((await sources.resolve(config)).commit.id);
      server.commit('config', { a: String(number) });
      clock.jump(1000);
    }
    const [repository = ''] = readdirSync(join(dataDir, 'git'));
    expect(readdirSync(join(dataDir, 'git', repository)).length).toBeLessThanOrEqual(3);
    expect(await sources.open(config, seen.at(-1) ?? '')).toBeDefined();
    expect(await sources.open(config, first)).toBeUndefined();
  });

  it('survives a broken state file', async () => {
    const server = await host();
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources, dataDir } = fresh();
    await sources.resolve(sourceOf(server.urlOf('config')));
    const [repository = ''] = readdirSync(join(dataDir, 'git'));
    for (const text of [
      '',
      '{',
      '[]',
      '{"generation":"../../x","refs":[{"key":1}]}',
      '{"__proto__":{"generation":"aaaaaaaaaaaa"}}',
    ]) {
      writeFileSync(join(dataDir, 'git', repository, 'state.json'), text);
      const again = fresh({ dataDir });
      expect((await again.sources.resolve(sourceOf(server.urlOf('config')))).commit.id).toBe(id);
    }
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveVerified } from '../../src/controller/verify-source.ts';
import type { GitRef, GitSource } from '../../src/core/application.ts';
import type { Cluster, FetchedCommit } from '../../src/core/ports.ts';
import { anApplication } from '../builders/an-application.ts';
import { makeFolder } from '../doubles/git-repository.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';
import { failureOf, MAIN, makeSources, type TestSources } from '../doubles/git-sources.ts';
import { memoryEngine, MemoryRepository } from '../doubles/memory-engine.ts';
import { makeSshKey, signingWith, type SshKeyPair } from '../doubles/signed-commits.ts';

/** What Git says over the wire, read with the keys of a Secret: which commits count, and what is fetched to know it. */
describe('signed commits of a Git host', () => {
  let server: GitServer;
  let ada: SshKeyPair;
  let eve: SshKeyPair;
  const keys = makeFolder();
  const open: TestSources[] = [];
  let secret: Record<string, string> | undefined;
  beforeAll(async () => {
    server = await startGitServer();
    ada = makeSshKey(keys.path, 'ada');
    eve = makeSshKey(keys.path, 'eve');
  });
  afterAll(async () => {
    await server.close();
    keys.remove();
  });
  afterEach(async () => {
    secret = undefined;
    await Promise.all(open.splice(0).map((sources) => sources.close()));
  });

  function machine(): TestSources {
    const sources = makeSources();
    open.push(sources);
    return sources;
  }

  /** A repository whose branch main has one signed commit. */
  function repository(name: string): string {
    server.create(name);
    return server.commit(name, { 'a.yaml': '0' }, { sign: ada });
  }

  const cluster = {
    get: () =>
      Promise.resolve(
        secret === undefined ? { state: 'absent' } : { state: 'present', object: { kind: 'Secret', data: secret } },
      ),
  } as unknown as Cluster;

  /** The commit that would be applied, after `applied`. */
  async function next(
    { sources, clock }: TestSources,
    name: string,
    mode: 'head' | 'range',
    applied?: string,
    ref: GitRef = MAIN,
  ): Promise<FetchedCommit> {
    clock.jump(1000);
    secret ??= { 'ada.pub': Buffer.from(ada.line).toString('base64') };
    const git: GitSource = { url: server.urlOf(name), ref, path: '', verify: { secret: 'signers', mode } };
    const application = anApplication({ source: { git } });
    const engine = { ...memoryEngine(cluster, new MemoryRepository(), clock), sources };
    return resolveVerified(application, applied, engine, async (how) => sources.resolve(git, how));
  }

  it('names who signed', async () => {
    const id = repository('good');
    expect((await next(machine(), 'good', 'head')).commit).toMatchObject({
      id,
      verification: { signer: 'ada@example.com', key: ada.fingerprint },
    });
  });

  it('head: a signed commit counts whatever stands before it', async () => {
    const applied = repository('head');
    const one = machine();
    await next(one, 'head', 'head');
    const bad = server.commit('head', { 'a.yaml': '1' });
    expect(await failureOf(next(one, 'head', 'head', applied))).toMatchObject({
      code: 'SourceUnverified',
      message: `commit ${bad.slice(0, 12)} is not trusted (SourceUnverified): it is not signed`,
    });
    const id = server.commit('head', { 'a.yaml': '2' }, { sign: ada });
    expect((await next(one, 'head', 'head', applied)).commit.id).toBe(id);
  });

  it('range: a commit that is not signed spoils all that stand on it', async () => {
    const applied = repository('range');
    const one = machine();
    await next(one, 'range', 'range');
    const good = server.commit('range', { 'a.yaml': '1' }, { sign: ada });
    expect((await next(one, 'range', 'range', applied)).commit.id).toBe(good);
    const bad = server.commit('range', { 'a.yaml': '2' }, { sign: eve });
    const head = server.commit('range', { 'a.yaml': '3' }, { sign: ada });
    expect(await failureOf(next(one, 'range', 'range', good))).toMatchObject({
      code: 'SourceUnverified',
      message: `commit ${head.slice(0, 12)} is not trusted (SourceUnverified): commit ${bad.slice(0, 12)} before it: ssh-ed25519 key ${eve.fingerprint} is not among the trusted keys`,
      data: { commit: head, unverified: bad },
    });
  });

  it('range: what a merge brings counts, and the history that tells is fetched', async () => {
    const old = repository('merge');
    server.commit('merge', { 'a.yaml': '1' }, { sign: ada });
    const applied = server.commit('merge', { 'a.yaml': '2' }, { sign: ada });
    const one = machine();
    await next(one, 'merge', 'range');
    server.commit('merge', { 'b.yaml': '1' }, { branch: 'side', from: old, sign: ada });
    const merged = merge('merge', 'side', ada);
    // The clone has one commit: whether the merged branch left it long ago can only the rest of the history tell.
    expect((await next(one, 'merge', 'range', applied)).commit.id).toBe(merged);
    const bad = server.commit('merge', { 'b.yaml': '2' }, { branch: 'side' });
    merge('merge', 'side', ada);
    const { data } = await failureOf(next(one, 'merge', 'range', merged));
    expect(data).toMatchObject({ unverified: bad });
  });

  it('range: a machine that lost its clones fetches what it needs', async () => {
    const applied = repository('lost');
    server.commit('lost', { 'a.yaml': '1' }, { sign: ada });
    const id = server.commit('lost', { 'a.yaml': '2' }, { sign: ada });
    expect((await next(machine(), 'lost', 'range', applied)).commit.id).toBe(id);
    const bad = server.commit('lost', { 'a.yaml': '3' });
    server.commit('lost', { 'a.yaml': '4' }, { sign: ada });
    expect((await failureOf(next(machine(), 'lost', 'range', applied))).data).toMatchObject({ unverified: bad });
  });

  it('range: after a force-push all counts that the applied commit did not have', async () => {
    const base = repository('forced');
    const one = machine();
    await next(one, 'forced', 'range');
    const applied = server.commit('forced', { 'a.yaml': '1' }, { sign: ada });
    await next(one, 'forced', 'range', base);
    const id = server.commit('forced', { 'a.yaml': '2' }, { from: base, sign: ada });
    expect((await next(one, 'forced', 'range', applied)).commit).toMatchObject({ id });
    const bad = server.commit('forced', { 'a.yaml': '3' }, { from: base });
    server.commit('forced', { 'a.yaml': '4' }, { sign: ada });
    expect((await failureOf(next(one, 'forced', 'range', id))).data).toMatchObject({ unverified: bad });
    const anew = server.commit('forced', { 'a.yaml': '5' }, { from: null, sign: ada });
    expect((await next(one, 'forced', 'range', id)).commit.id).toBe(anew);
  });

  it('a signed tag does not sign the commit that it names', async () => {
    repository('tag');
    const bad = server.commit('tag', { 'a.yaml': '1' });
    const sign = signingWith(ada).slice(0, -2);
    server.git('tag', ...sign, '-c', 'user.name=Ada', '-c', 'user.email=a@b', 'tag', '-s', '-m', 'signed', 'v1', bad);
    const { message } = await failureOf(next(machine(), 'tag', 'head', undefined, { kind: 'tag', name: 'v1' }));
    expect(message).toMatch(/it is not signed$/);
  });

  it('keys count as the Secret is now', async () => {
    const id = repository('keys');
    const one = machine();
    await next(one, 'keys', 'head');
    secret = { 'eve.pub': Buffer.from(eve.line).toString('base64') };
    expect((await failureOf(next(one, 'keys', 'head'))).message).toMatch(/is not among the trusted keys$/);
    secret = {
      'eve.pub': Buffer.from(eve.line).toString('base64'),
      'ada.pub': Buffer.from(ada.line).toString('base64'),
    };
    expect((await next(one, 'keys', 'head')).commit.id).toBe(id);
    secret = {};
    expect((await failureOf(next(one, 'keys', 'head'))).message).toBe(
      'Secret default/signers with trusted keys is refused (Invalid): it is empty',
    );
  });

  /** Merges a branch into main, as a Git host's button does. */
  function merge(name: string, branch: string, key: SshKeyPair): string {
    const tree = server.git(name, 'merge-tree', '--write-tree', 'main', branch);
    const named = ['-c', 'user.name=Ada', '-c', 'user.email=a@b', ...signingWith(key).slice(0, -2)];
    const id = server.git(name, ...named, 'commit-tree', tree, '-S', '-m', 'merge', '-p', 'main', '-p', branch);
    server.git(name, 'update-ref', 'refs/heads/main', id);
    return id;
  }
});

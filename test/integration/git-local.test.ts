import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { GitRef } from '../../src/core/application.ts';
import type { GitSourcesDeps } from '../../src/sources/git-sources.ts';
import { git, makeFolder, makeRepository, type TestRepository } from '../doubles/git-repository.ts';
import { failureOf, MAIN, makeSources, sourceOf, type TestSources, textAt } from '../doubles/git-sources.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function repository(...args: Parameters<typeof makeRepository>): TestRepository {
  const made = makeRepository(...args);
  cleanups.push(() => made.remove());
  return made;
}

function fresh(deps: Partial<GitSourcesDeps> = {}): TestSources {
  const made = makeSources({ localRepositories: 'allowed', ...deps });
  cleanups.push(() => made.close());
  return made;
}

describe('a repository on this machine', () => {
  it('is read in place: working copy, .git, bare, linked worktree, file URL', async () => {
    const one = repository({ 'app/a.yaml': 'one\n' });
    const id = one.git('rev-parse', 'HEAD');
    const elsewhere = makeFolder();
    cleanups.push(() => elsewhere.remove());
    git(elsewhere.path, ['clone', '--quiet', '--bare', '--no-local', one.path, 'bare.git']);
    one.git('worktree', 'add', '--quiet', '-b', 'side', join(elsewhere.path, 'tree'));
    one.git('pack-refs', '--all');
    const { sources } = fresh();
    const places = [
      one.path,
      one.gitDir,
      join(elsewhere.path, 'bare.git'),
      join(elsewhere.path, 'tree'),
      pathToFileURL(one.path).href,
    ];
    for (const place of places) {
      const fetched = await sources.resolve(sourceOf(place, MAIN, 'app'));
      expect(fetched.commit.id).toBe(id);
      expect(textAt(fetched, 'app/a.yaml')).toBe('one\n');
    }
    const side = await sources.resolve(sourceOf(join(elsewhere.path, 'tree'), { kind: 'head' }));
    expect(side.commit.ref).toBe('HEAD (side)');
  });

  it('shows new commits at once, and marks forced ones', async () => {
    const one = repository({ a: '1' });
    const { sources } = fresh();
    await sources.resolve(sourceOf(one.path));
    const second = one.commit({ a: '2' });
    expect(await sources.resolve(sourceOf(one.path))).toMatchObject({ commit: { id: second } });
    one.git('reset', '--quiet', '--hard', 'HEAD~1');
    const forced = one.commit({ a: '3' });
    expect(await sources.resolve(sourceOf(one.path))).toMatchObject({ commit: { id: forced }, forced: true });
    one.git('gc', '--quiet', '--prune=now');
    expect((await sources.open(sourceOf(one.path), forced))?.commit.id).toBe(forced);
  });

  it('resolves refs of every kind, loose and packed', async () => {
    const one = repository({ a: '1' });
    const first = one.git('rev-parse', 'HEAD');
    one.git('tag', '-a', 'v1.0.0', '-m', 'annotated');
    one.git('pack-refs', '--all');
    const second = one.commit({ a: '2' });
    one.git('tag', 'v1.2.0');
    one.git('checkout', '--quiet', '--detach');
    const { sources } = fresh();
    const cases: readonly (readonly [GitRef, string])[] = [
      [{ kind: 'head' }, second],
      [MAIN, second],
      [{ kind: 'tag', name: 'v1.0.0' }, first],
      [{ kind: 'semver', range: '^1.0' }, second],
      [{ kind: 'commit', id: first }, first],
    ];
    for (const [ref, id] of cases) expect((await sources.resolve(sourceOf(one.path, ref))).commit.id).toBe(id);
    expect((await failureOf(sources.resolve(sourceOf(one.path, { kind: 'branch', name: 'mian' })))).remedy).toBe(
      'branches there: main',
    );
    expect((await failureOf(sources.resolve(sourceOf(one.path, { kind: 'commit', id: 'e'.repeat(40) })))).code).toBe(
      'SourceRefNotFound',
    );
  });

  it('is refused where paths are not allowed, and when nothing is there', async () => {
    const { sources } = fresh();
    expect((await failureOf(sources.resolve(sourceOf('/nonexistent/x')))).code).toBe('SourceUnreachable');
    const closed = fresh({ localRepositories: 'refused' });
    expect((await failureOf(closed.sources.resolve(sourceOf('/etc')))).message).toMatch(/not allowed here/);
  });
});

/** Stands for ssh: runs what it is asked to run on "the host", as sshd would; notes how it was called. */
function fakeSsh(script: string): { readonly folder: string; readonly log: string } {
  const made = makeFolder();
  cleanups.push(() => made.remove());
  const bin = join(made.path, 'bin');
  mkdirSync(bin);
  const log = join(made.path, 'calls');
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\nprintf '%s\\n' "$@" >> ${log}\nenv >> ${log}.env\n${script}\n`);
  chmodSync(join(bin, 'ssh'), 0o755);
  return { folder: bin, log };
}

const RUN = 'for last; do :; done\nexec sh -c "$last"';

describe('a repository over ssh', () => {
  it('goes through the git of the system with a closed environment', async () => {
    const one = repository({ 'app/a.yaml': 'one\n' });
    const first = one.git('rev-parse', 'HEAD');
    one.git('tag', '-a', 'v1.0.0', '-m', 'annotated');
    const ssh = fakeSsh(RUN);
    const { sources, clock } = fresh({
      ssh: { environment: { PATH: `${ssh.folder}:${process.env.PATH}`, HOME: '/nonexistent' } },
    });
    const config = sourceOf(`ssh://git@host.example${one.gitDir}`, MAIN, 'app');
    const fetched = await sources.resolve(config);
    expect(fetched.commit.id).toBe(first);
    expect(textAt(fetched, 'app/a.yaml')).toBe('one\n');
    const second = one.commit({ 'app/a.yaml': 'two\n' });
    clock.jump(1000);
    expect(textAt(await sources.resolve(config), 'app/a.yaml')).toBe('two\n');
    for (const ref of [{ kind: 'head' }, { kind: 'semver', range: '1.x' }, { kind: 'tag', name: 'v1.0.0' }] as const) {
      clock.jump(1000);
      const id = ref.kind === 'head' ? second : first;
      expect((await sources.resolve(sourceOf(`git@host.example:${one.gitDir}`, ref))).commit.id).toBe(id);
    }
    expect(readFileSync(ssh.log, 'utf8')).toMatch(/BatchMode=yes\n-o\nStrictHostKeyChecking=yes/);
    const environment = readFileSync(`${ssh.log}.env`, 'utf8');
    expect(environment).toMatch(/^GIT_ALLOW_PROTOCOL=ssh$/m);
    expect(environment).not.toMatch(/^(?:NODE_|VITEST)/m);
  });

  it.each([
    ["echo 'Host key verification failed.' >&2; exit 255", 'SourceDenied', /key of the host/],
    ["echo 'git@host: Permission denied (publickey).' >&2; exit 255", 'SourceDenied', /no key is accepted/],
    [
      "echo 'ssh: connect to host x port 22: Connection refused' >&2; exit 255",
      'SourceUnreachable',
      /Connection refused/,
    ],
    ['sleep 60', 'SourceUnreachable', /time limit/],
    ['yes', 'SourceUnreachable', /git says|time limit/],
  ])('explains when %s', async (script, code, message) => {
    const ssh = fakeSsh(script);
    const { sources } = fresh({
      ssh: { environment: { PATH: `${ssh.folder}:${process.env.PATH}` } },
      listTimeoutMs: 1000,
    });
    const error = await failureOf(sources.resolve(sourceOf('git@host.example:config.git')));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('is refused without git, and where ssh is not set up', async () => {
    const empty = makeFolder();
    cleanups.push(() => empty.remove());
    const without = fresh({ ssh: { environment: { PATH: empty.path } } });
    expect((await failureOf(without.sources.resolve(sourceOf('git@host.example:x')))).message).toMatch(/needs git/);
    expect((await failureOf(fresh().sources.resolve(sourceOf('git@host.example:x')))).message).toMatch(/not set up/);
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { GitSourcesDeps } from '../../src/sources/git-sources.ts';
import { type Fault, type GitServer, type GitServerOptions, startGitServer } from '../doubles/git-server.ts';
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

const IMPATIENT = {
  listTimeoutMs: 4000,
  fetchTimeoutMs: 6000,
  network: { silenceTimeoutMs: 1500, connectTimeoutMs: 1500 },
};

/** Bytes that deflate cannot make small. */
function noise(blocks: number): Buffer {
  return Buffer.concat(
    Array.from({ length: blocks }, (_, number) => createHash('sha512').update(String(number)).digest()),
  );
}

describe('a Git host that fails', () => {
  it.each<[string, Fault]>([
    ['refuses with 500', { kind: 'status', status: 500, body: 'oops' }],
    ['limits the rate', { kind: 'status', status: 429, headers: { 'retry-after': '90' } }],
    ['limits the rate with 403', { kind: 'status', status: 403, headers: { 'x-ratelimit-remaining': '0' } }],
    ['never answers', { kind: 'stall' }],
    ['stops in the list', { kind: 'stallBody', afterBytes: 30 }],
    ['drips', { kind: 'drip', everyMs: 20 }],
    ['cuts the list', { kind: 'cut', afterBytes: 40 }],
    ['answers with a page', { kind: 'garbage', type: 'text/html', body: '<html>' }],
    ['answers with garbage', { kind: 'garbage', body: 'garbage all over' }],
    ['answers with broken packets', { kind: 'garbage', body: Buffer.from('0003ffff') }],
    ['redirects in a circle', { kind: 'redirect', to: (path) => path }],
    ['redirects to a page', { kind: 'redirect', to: () => '/login' }],
  ])('%s: the last good revision stays, and the error is typed', async (_name, fault) => {
    const server = await host();
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources, clock, logger } = fresh(IMPATIENT);
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config);
    server.fault(fault);
    clock.jump(60_000);
    const error = await failureOf(sources.resolve(config));
    expect(error.code).toBe('SourceUnreachable');
    expect(error.data.lastGood).toEqual({ commitId: id, ageMs: 60_000 });
    expect((await sources.open(config, id))?.commit.id).toBe(id);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    server.fault(undefined);
    clock.jump(600_000);
    expect((await sources.resolve(config)).commit.id).toBe(id);
  });

  it.each<[string, Fault, string]>([
    ['cuts the pack', { kind: 'cut', afterBytes: 20_000 }, 'SourceUnreachable'],
    ['stalls in the pack', { kind: 'stallBody', afterBytes: 20_000 }, 'SourceUnreachable'],
    ['drips the pack', { kind: 'drip', everyMs: 50 }, 'SourceUnreachable'],
    ['sends a pack without end', { kind: 'endless' }, 'RenderLimit'],
    ['changes a byte of the pack', { kind: 'flip', at: 30_000 }, 'SourceCorrupt'],
    ['fails with 503', { kind: 'status', status: 503 }, 'SourceUnreachable'],
  ])('%s: nothing half-done is seen, and the next try works', async (_name, fault, code) => {
    const server = await host();
    server.create('config');
    const first = server.commit('config', { a: '1' });
    const { sources, clock, dataDir } = fresh({ ...IMPATIENT, limits: { packBytes: 3_000_000 } });
    const config = sourceOf(server.urlOf('config'));
    await sources.resolve(config);
    const second = server.commit('config', { 'big.bin': noise(2000), a: '2' });
    // The first POST lists refs, the second one fetches.
    let posts = 0;
    const path = { test: (url: string) => url.endsWith('/git-upload-pack') && ++posts > 1 } as RegExp;
    server.fault({ ...fault, path });
    clock.jump(60_000);
    expect((await failureOf(sources.resolve(config))).code).toBe(code);
    expect((await sources.open(config, first))?.commit.id).toBe(first);
    expect(await sources.open(config, second)).toBeUndefined();
    const [repository = ''] = readdirSync(join(dataDir, 'git'));
    const [generation = ''] = readdirSync(join(dataDir, 'git', repository)).filter((name) => name !== 'state.json');
    const packs = readdirSync(join(dataDir, 'git', repository, generation, 'objects', 'pack'));
    expect(packs.filter((name) => !/^pack-[0-9a-f]{40}\.(?:pack|idx)$/.test(name))).toEqual([]);
    server.fault(undefined);
    clock.jump(600_000);
    expect(textAt(await sources.resolve(config), 'a')).toBe('2');
  });

  it('is left alone for a growing while, all its repositories together', async () => {
    const server = await host();
    for (const name of ['one', 'two']) {
      server.create(name);
      server.commit(name, { a: '1' });
    }
    server.fault({ kind: 'status', status: 502 });
    const { sources, clock } = fresh();
    const one = sourceOf(server.urlOf('one'));
    const two = sourceOf(server.urlOf('two'));
    const requestsOf = async (jumpMs: number): Promise<number> => {
      clock.jump(jumpMs);
      const before = server.requests.length;
      await Promise.all([failureOf(sources.resolve(one)), failureOf(sources.resolve(two))]);
      return server.requests.length - before;
    };
    expect(await requestsOf(0)).toBe(2);
    expect(await requestsOf(100)).toBe(0);
    expect(await requestsOf(10_000)).toBeGreaterThan(0);
    expect(await requestsOf(1000)).toBe(0);
    const total = server.requests.length;
    for (let second = 0; second < 600; second++) await requestsOf(1000);
    expect(server.requests.length - total).toBeLessThan(20);
    server.fault(undefined);
    clock.jump(600_000);
    await sources.resolve(one);
    await sources.resolve(two);
  });

  it('has its Retry-After respected', async () => {
    const server = await host();
    server.create('config');
    server.commit('config', { a: '1' });
    server.fault({ kind: 'status', status: 429, headers: { 'retry-after': '120' } });
    const { sources, clock } = fresh();
    const config = sourceOf(server.urlOf('config'));
    await failureOf(sources.resolve(config));
    server.fault(undefined);
    clock.jump(119_000);
    expect((await failureOf(sources.resolve(config))).data.retryInMs).toBe(1000);
    clock.jump(2000);
    await sources.resolve(config);
  });

  it('may be gone: the error says why', async () => {
    const server = await host();
    const url = server.urlOf('config');
    await server.close();
    cleanups.pop();
    const { sources } = fresh();
    expect((await failureOf(sources.resolve(sourceOf(url)))).message).toMatch(/refuses the connection/);
    const unknown = await failureOf(sources.resolve(sourceOf('https://no-such-host.invalid/config.git')));
    expect(unknown).toMatchObject({ code: 'SourceUnreachable' });
  });

  it('may not redirect to a weaker transport, or put credentials into the location', async () => {
    const server = await host();
    const { sources, clock } = fresh();
    for (const to of ['ftp://127.0.0.1/x', 'file:///etc/passwd', `http://user:pw@127.0.0.1/x`]) {
      server.fault({ kind: 'redirect', to: () => to });
      clock.jump(600_000);
      const error = await failureOf(sources.resolve(sourceOf(server.urlOf('config'))));
      expect(error.code).toBe('SourceRefused');
      expect(error.message).not.toContain('pw');
    }
  });

  it('cannot smuggle refs with forbidden names, or more refs than the limit', async () => {
    const id = 'a'.repeat(40);
    const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;
    const names = ['refs/heads/../../x', 'refs/heads/-x', 'refs/heads/a b', 'refs/heads/main'];
    const body = [
      line('# service=git-upload-pack\n'),
      '0000',
      line(`${id} HEAD\0side-band-64k\n`),
      ...names.map((name) => line(`${id} ${name}\n`)),
      '0000',
    ];
    const server = await host();
    server.fault({ kind: 'garbage', body: body.join('') });
    const { sources } = fresh();
    const error = await failureOf(sources.resolve(sourceOf(server.urlOf('config'), { kind: 'branch', name: 'none' })));
    expect(error).toMatchObject({ code: 'SourceRefNotFound', remedy: 'branches there: main' });
  });

  it('that repeats the credentials in its error does not get them shown', async () => {
    const server = await host({ basic: { username: 'ada', password: 's3cret-word' } });
    server.create('config');
    server.commit('config', { a: '1' });
    const { sources, logger } = fresh();
    const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;
    const basic = Buffer.from('ada:s3cret-word').toString('base64');
    let posts = 0;
    const path = { test: (url: string) => url.endsWith('/git-upload-pack') && ++posts > 1 } as RegExp;
    server.fault({
      kind: 'garbage',
      path,
      type: 'application/x-git-upload-pack-result',
      body: line(`ERR denied for ada:s3cret-word (${basic}) \u001b[31m\n`),
    });
    const error = await failureOf(
      sources.resolve(sourceOf(server.urlOf('config')), { credentials: { username: 'ada', password: 's3cret-word' } }),
    );
    const shown = JSON.stringify([error, logger.lines]);
    expect(error.message).toMatch(/it says/);
    for (const secret of ['s3cret', basic, '\\u001b']) expect(shown).not.toContain(secret);
  });
});

describe('hostile settings and repositories', () => {
  it('are refused before anything is asked', async () => {
    const server = await host();
    const { sources } = fresh();
    for (const url of [
      'ext::sh -c id',
      '-x',
      'file:///etc',
      '/etc',
      '../x',
      'ssh://-oProxyCommand=id/x',
      'git@host:path',
      'https://u:p@h/x',
    ])
      expect((await failureOf(sources.resolve(sourceOf(url)))).code).toBe('SourceRefused');
    for (const path of ['../x', '/etc', 'a/../../b', '-x', 'a\0b', 'a\nb'])
      expect((await failureOf(sources.resolve(sourceOf(server.urlOf('config'), MAIN, path)))).code).toBe(
        'SourceRefused',
      );
    for (const name of ['--upload-pack=id', 'a..b', '../../x', 'a\nb'])
      expect((await failureOf(sources.resolve(sourceOf(server.urlOf('config'), { kind: 'branch', name })))).code).toBe(
        'SourceRefused',
      );
    expect(server.requests).toEqual([]);
  });

  it('nothing in a repository is ever run or followed', async () => {
    const server = await host();
    server.create('config');
    server.commit('config', {
      '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c id\n\tupdate = !id\n',
      '.gitattributes': '* filter=evil diff=evil\n',
      '.lfsconfig': '[lfs]\n\turl = https://127.0.0.1:1/\n',
      'app/link': { link: '../../../../etc/passwd' },
      'app/a.yaml': 'a: 1\n',
    });
    const { sources } = fresh();
    const fetched = await sources.resolve(sourceOf(server.urlOf('config'), MAIN, 'app'));
    expect(textAt(fetched, 'app/a.yaml')).toBe('a: 1\n');
    expect(() => textAt(fetched, 'app/link')).toThrow(/SourceRefused/);
  });

  it('a SHA-256 repository is refused by name', async () => {
    const server = await host();
    server.create('config');
    execFileSync('git', ['init', '--quiet', '--bare', '--object-format=sha256', join(server.root, 'modern.git')]);
    const { sources } = fresh();
    const error = await failureOf(sources.resolve(sourceOf(server.urlOf('modern'))));
    expect(error).toMatchObject({ code: 'SourceRefused' });
    expect(error.message).toMatch(/sha256/);
  });

  it('a repository with more or larger objects than the limits is refused', async () => {
    const server = await host();
    server.create('config');
    server.commit('config', {
      ...Object.fromEntries(Array.from({ length: 50 }, (_, number) => [`f${number}`, String(number)])),
      big: 'x'.repeat(500_000),
    });
    for (const limits of [{ objects: 20 }, { objectBytes: 100_000 }, { inflatedBytes: 200_000 }, { packBytes: 1000 }]) {
      const { sources } = fresh({ limits });
      expect((await failureOf(sources.resolve(sourceOf(server.urlOf('config'))))).code).toMatch(
        /SourceCorrupt|RenderLimit/,
      );
    }
  });
});

describe('many callers', () => {
  it('give up one by one without disturbing the others', async () => {
    const server = await host();
    server.create('config');
    const id = server.commit('config', { a: '1' });
    const { sources } = fresh();
    const config = sourceOf(server.urlOf('config'));
    const control = new AbortController();
    const given = sources.resolve(config, { signal: control.signal }).catch((error: unknown) => (error as Error).name);
    const kept = sources.resolve(config);
    control.abort();
    expect(await given).toBe('AbortError');
    expect((await kept).commit.id).toBe(id);
  });

  it('all end when the sources are closed', async () => {
    const server = await host();
    server.create('config');
    server.fault({ kind: 'stall' });
    const { sources } = fresh();
    const waiting = failureOf(sources.resolve(sourceOf(server.urlOf('config'))));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await sources.close();
    expect((await waiting).code).toBe('Cancelled');
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MockAgent } from 'undici';
import { EngineError } from '../../../../src/core/errors.ts';
import { lockDigest } from '../../../../src/render/helm/dependencies/lock-digest.ts';
import {
  resolveDependencies,
  type ResolveOptions,
} from '../../../../src/render/helm/dependencies/resolve-dependencies.ts';
import { loadChart } from '../../../../src/render/helm/load/load-chart.ts';
import { type MemoryFile, MemorySnapshot } from '../../../doubles/memory-snapshot.ts';
import { packChart } from '../tar-builder.ts';

const HTTP = 'https://charts.example.com';
const OCI = 'https://registry.example.com';
const CHART = packChart('db', '1.2.3');
const DIGEST = createHash('sha256').update(CHART).digest('hex');

let agent: MockAgent;
let cacheFolder: string;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
  cacheFolder = mkdtempSync(join(tmpdir(), 'chart-cache-'));
});
afterEach(async () => {
  await agent.close();
  rmSync(cacheFolder, { recursive: true });
});

function chartYaml(dependency: object): string {
  return JSON.stringify({ apiVersion: 'v2', name: 'web', version: '1.0.0', dependencies: [dependency] });
}

function resolve(files: Record<string, MemoryFile>, options: Partial<ResolveOptions> = {}, path = '') {
  return resolveDependencies(new MemorySnapshot(files), path, {
    allowedHosts: ['charts.example.com', 'registry.example.com'],
    cacheFolder,
    dispatcher: agent,
    ...options,
  });
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof EngineError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'resolved';
}

function indexOf(entries: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', entries: { db: entries } });
}

const ENTRY = { name: 'db', version: '1.2.3', urls: ['db-1.2.3.tgz'], digest: DIGEST };
const WANTED = { 'Chart.yaml': chartYaml({ name: 'db', version: '^1.0.0', repository: `${HTTP}/stable` }) };

function serveIndex(text: string): void {
  agent.get(HTTP).intercept({ path: '/stable/index.yaml' }).reply(200, text);
}

describe('dependencies in HTTP repositories', () => {
  it('are the newest version that the range allows', async () => {
    serveIndex(
      indexOf([
        ENTRY,
        { ...ENTRY, version: '1.0.0' },
        { ...ENTRY, version: '2.0.0' },
        { ...ENTRY, version: '1.3.0-rc.1' },
      ]),
    );
    agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, CHART);
    const { dependencies, warnings } = await resolve(WANTED);
    expect(dependencies).toMatchObject([{ kind: 'archive', name: 'db', digest: `sha256:${DIGEST}` }]);
    expect(warnings).toEqual([': db ^1.0.0 is not in Chart.lock: the newest version that matches is taken']);
  });

  it('come from the cache when Chart.lock names the version', async () => {
    const first = { ...WANTED, 'Chart.lock': lockFor(WANTED['Chart.yaml'], '1.2.3') };
    serveIndex(indexOf([ENTRY]));
    agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, CHART);
    await resolve(first);
    const { dependencies } = await resolve(first);
    expect(dependencies).toMatchObject([{ digest: `sha256:${DIGEST}` }]);
    agent.assertNoPendingInterceptors();
  });

  it('that were changed in the cache are fetched again', async () => {
    const files = { ...WANTED, 'Chart.lock': lockFor(WANTED['Chart.yaml'], '1.2.3') };
    for (let turn = 0; turn < 2; turn++) {
      serveIndex(indexOf([ENTRY]));
      agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, CHART);
      await resolve(files);
      for (const name of readdirSync(join(cacheFolder, 'archives')))
        writeFileSync(join(cacheFolder, 'archives', name), 'other');
    }
    agent.assertNoPendingInterceptors();
  });

  it('are refused when Chart.lock belongs to another Chart.yaml', async () => {
    const lock = lockFor(WANTED['Chart.yaml'], '1.2.3').replace(/sha256:[0-9a-f]{8}/, 'sha256:00000000');
    expect(await refusal(resolve({ ...WANTED, 'Chart.lock': lock }))).toContain('Chart.lock) is out of sync');
  });

  it('are refused when no host is allowed, and the message says where to allow it', async () => {
    const text = await refusal(resolve(WANTED, { allowedHosts: [] }));
    expect(text).toContain('SourceDenied: chart repository host charts.example.com is denied');
    expect(text).toContain('--allow-chart-host');
  });

  it('never come over plain HTTP unless that is allowed', async () => {
    const files = { 'Chart.yaml': chartYaml({ name: 'db', version: '1', repository: 'http://charts.example.com' }) };
    expect(await refusal(resolve(files))).toContain('SourceDenied');
  });

  it.each([
    ['another digest', indexOf([{ ...ENTRY, digest: 'a'.repeat(64) }]), CHART, 'SourceCorrupt'],
    ['another chart in the archive', indexOf([{ ...ENTRY, digest: '' }]), packChart('evil', '1.2.3'), 'SourceRefused'],
    ['another version in the archive', indexOf([{ ...ENTRY, digest: '' }]), packChart('db', '1.9.9'), 'SourceRefused'],
    ['an archive that is none', indexOf([{ ...ENTRY, digest: '' }]), Buffer.from('<html>'), 'SourceRefused'],
  ])('are refused with %s', async (_what, index, archive, code) => {
    serveIndex(index);
    agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, archive);
    expect(await refusal(resolve(WANTED))).toMatch(new RegExp(`^${code}: `));
  });

  it.each([
    ['the chart is not in the index', JSON.stringify({ entries: {} }), 'SourceRefNotFound'],
    ['no version matches', indexOf([{ ...ENTRY, version: '9.0.0' }]), 'SourceRefNotFound'],
    ['the index is broken', 'a: [', 'SourceCorrupt'],
    ['the index has one version twice', indexOf([ENTRY, { ...ENTRY, digest: 'b'.repeat(64) }]), 'SourceCorrupt'],
    ['an entry names another chart', indexOf([{ ...ENTRY, name: 'evil' }]), 'SourceCorrupt'],
    ['an entry has no valid URL', indexOf([{ ...ENTRY, urls: ['https://'] }]), 'SourceCorrupt'],
    [
      'an entry points to another host',
      indexOf([{ ...ENTRY, urls: ['https://evil.example.net/db.tgz'] }]),
      'SourceDenied',
    ],
    ['an entry points into this machine', indexOf([{ ...ENTRY, urls: ['file:///etc/passwd'] }]), 'SourceDenied'],
    [
      'an entry points to the metadata service',
      indexOf([{ ...ENTRY, urls: ['http://169.254.169.254/x'] }]),
      'SourceDenied',
    ],
  ])('are refused when %s', async (_what, index, code) => {
    serveIndex(index);
    expect(await refusal(resolve(WANTED))).toMatch(new RegExp(`^${code}: `));
  });

  it('without a digest are refused where one is required', async () => {
    serveIndex(indexOf([{ ...ENTRY, digest: undefined }]));
    agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, CHART);
    expect(await refusal(resolve(WANTED, { requireDigest: true }))).toContain('names no digest');
  });

  it('send credentials to their own host alone', async () => {
    const seen: string[] = [];
    const note = (host: string) => (options: { headers?: unknown }) => {
      const headers = options.headers as Record<string, string>;
      seen.push(`${host} ${headers['authorization'] ?? 'nothing'}`);
      return { statusCode: 200, data: host === 'charts' ? indexOf([{ ...ENTRY, urls: [`${OCI}/db.tgz`] }]) : CHART };
    };
    agent.get(HTTP).intercept({ path: '/stable/index.yaml' }).reply(note('charts'));
    agent.get(OCI).intercept({ path: '/db.tgz' }).reply(note('registry'));
    await resolve(WANTED, {
      credentials: (host) => (host === 'charts.example.com' ? { username: 'u', password: 'p' } : undefined),
    });
    expect(seen).toEqual([`charts Basic ${Buffer.from('u:p').toString('base64')}`, 'registry nothing']);
  });

  it('follow redirects to allowed hosts, without credentials', async () => {
    let seen = 'nothing';
    agent
      .get(HTTP)
      .intercept({ path: '/stable/index.yaml' })
      .reply(302, '', { headers: { location: `${OCI}/index.yaml` } });
    agent
      .get(OCI)
      .intercept({ path: '/index.yaml' })
      .reply((options) => {
        seen = (options.headers as Record<string, string>)['authorization'] ?? 'nothing';
        return { statusCode: 200, data: indexOf([ENTRY]) };
      });
    agent.get(HTTP).intercept({ path: '/stable/db-1.2.3.tgz' }).reply(200, CHART);
    await resolve(WANTED, { credentials: () => ({ token: 'secret-token' }) });
    expect(seen).toBe('nothing');
  });

  it.each(['https://evil.example.net/x', 'http://charts.example.com/x', 'file:///etc/passwd', 'https://127.0.0.1/x'])(
    'do not follow a redirect to %s',
    async (location) => {
      agent.get(HTTP).intercept({ path: '/stable/index.yaml' }).reply(302, '', { headers: { location } });
      expect(await refusal(resolve(WANTED))).toMatch(/^SourceDenied: /);
    },
  );

  it('stop redirects in a circle', async () => {
    agent
      .get(HTTP)
      .intercept({ path: '/stable/index.yaml' })
      .reply(302, '', { headers: { location: '/stable/index.yaml' } })
      .persist();
    expect(await refusal(resolve(WANTED))).toContain('more than 5 redirects');
  });

  it('stop at the size of an answer', async () => {
    serveIndex(indexOf([ENTRY]));
    agent
      .get(HTTP)
      .intercept({ path: '/stable/db-1.2.3.tgz' })
      .reply(200, Buffer.alloc(33 * 1024 * 1024));
    expect(await refusal(resolve(WANTED))).toContain('longer than 33554432 bytes');
  });

  it.each([
    [401, 'SourceDenied'],
    [404, 'SourceUnreachable'],
    [500, 'SourceUnreachable'],
  ])('report an answer %i without what it says', async (status, code) => {
    agent.get(HTTP).intercept({ path: '/stable/index.yaml' }).reply(status, 'token=secret');
    const text = await refusal(resolve(WANTED));
    expect(text).toMatch(new RegExp(`^${code}: .*answers ${status}$`));
  });

  it.each(['@stable', 'alias:stable', 'https://user:pass@charts.example.com', 'ftp://charts.example.com', 'not a url'])(
    'with the repository %s are refused',
    async (repository) => {
      const text = await refusal(resolve({ 'Chart.yaml': chartYaml({ name: 'db', version: '1', repository }) }));
      expect(text).toMatch(/^(?:NotSupported|SourceDenied|SourceRefused): /);
      expect(text).not.toContain('pass');
    },
  );

  it.each(['../db', '..', 'a/b', 'a\\b'])('named %s are refused', async (name) => {
    const text = await refusal(resolve({ 'Chart.yaml': chartYaml({ name, version: '1', repository: HTTP }) }));
    expect(text).toMatch(/^SourceRefused: .* is no chart name$/);
  });
});

function lockFor(yaml: string, version: string): string {
  const { chart } = loadChart(new MemorySnapshot({ 'Chart.yaml': yaml }), '');
  const wanted = chart.metadata.dependencies ?? [];
  const dependencies = wanted.map(({ name, repository }) => ({ name, repository, version }));
  const locked = wanted.map((entry) => ({ ...entry, version, condition: '', tags: [], importValues: [], alias: '' }));
  return JSON.stringify({ dependencies, digest: lockDigest(wanted, locked), generated: '2026-01-01T00:00:00Z' });
}

describe('dependencies in OCI registries', () => {
  const files = {
    'Chart.yaml': chartYaml({ name: 'db', version: '>=1.0.0', repository: 'oci://registry.example.com/team' }),
  };
  const manifest = JSON.stringify({
    layers: [
      {
        mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
        digest: `sha256:${DIGEST}`,
        size: CHART.length,
      },
    ],
  });

  function serve(blob: Uint8Array = CHART, text = manifest): void {
    const pool = agent.get(OCI);
    pool
      .intercept({ path: '/v2/team/db/tags/list?n=1000' })
      .reply(200, { tags: ['1.0.0', '1.2.3', 'latest', '1.2.0_build.1'] });
    pool.intercept({ path: '/v2/team/db/manifests/1.2.3' }).reply(200, text);
    pool.intercept({ path: `/v2/team/db/blobs/sha256:${DIGEST}` }).reply(200, Buffer.from(blob));
  }

  it('are found by their tags', async () => {
    serve();
    expect((await resolve(files)).dependencies).toMatchObject([{ name: 'db', digest: `sha256:${DIGEST}` }]);
  });

  it('are refused when the content has another digest than the manifest says', async () => {
    serve(packChart('db', '1.2.3', { 'evil.txt': 'x' }));
    expect(await refusal(resolve(files))).toMatch(/^SourceCorrupt: /);
  });

  it.each(['{}', '[]', 'null', 'x', JSON.stringify({ layers: [{ mediaType: 'x', digest: 'y' }] })])(
    'are refused with the manifest %s',
    async (text) => {
      serve(CHART, text);
      expect(await refusal(resolve(files))).toMatch(/^SourceCorrupt: /);
    },
  );

  it('get a token from an allowed host, with the credentials of that host', async () => {
    const pool = agent.get(OCI);
    let seen = '';
    const challenge = {
      headers: { 'www-authenticate': 'Bearer realm="https://auth.example.com/token",service="registry"' },
    };
    pool.intercept({ path: '/v2/team/db/tags/list?n=1000' }).reply(401, '', challenge);
    agent
      .get('https://auth.example.com')
      .intercept({ path: '/token?service=registry&scope=repository%3Ateam%2Fdb%3Apull' })
      .reply((options) => {
        seen = (options.headers as Record<string, string>)['authorization'] ?? 'nothing';
        return { statusCode: 200, data: JSON.stringify({ token: 'abc' }) };
      })
      .persist();
    serve();
    const options = {
      allowedHosts: ['registry.example.com', 'auth.example.com'],
      credentials: (host: string) => (host === 'registry.example.com' ? { username: 'u', password: 'p' } : undefined),
    };
    expect((await resolve(files, options)).dependencies).toHaveLength(1);
    expect(seen).toBe('nothing');
  });

  it('do not ask a token service that is not allowed', async () => {
    const challenge = { headers: { 'www-authenticate': 'Bearer realm="https://evil.example.net/token"' } };
    agent.get(OCI).intercept({ path: '/v2/team/db/tags/list?n=1000' }).reply(401, '', challenge);
    expect(await refusal(resolve(files, { credentials: () => ({ username: 'u', password: 'p' }) }))).toContain(
      'host evil.example.net is denied',
    );
  });

  it.each([
    'oci://registry.example.com/Te%20am',
    'oci://',
    'oci://registry.example.com/../x',
    'oci://registry.example.com:99999999/x',
  ])('with the repository %s are refused', async (repository) => {
    const text = await refusal(resolve({ 'Chart.yaml': chartYaml({ name: 'db', version: '1.0.0', repository }) }));
    expect(text).toMatch(/^SourceRefused: /);
  });
});

describe('dependencies in the same repository', () => {
  const LIB = { 'lib/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.2.3\n' };

  it('are found relative to the chart, with what they depend on themselves', async () => {
    const { dependencies } = await resolve(
      {
        'apps/web/Chart.yaml': chartYaml({ name: 'db', version: '1.x', repository: 'file://../../lib/db' }),
        'lib/db/Chart.yaml': JSON.stringify({
          apiVersion: 'v2',
          name: 'db',
          version: '1.2.3',
          dependencies: [{ name: 'base', version: '*', repository: 'file://../base' }],
        }),
        'lib/base/Chart.yaml': 'apiVersion: v2\nname: base\nversion: 0.1.0\n',
      },
      {},
      'apps/web',
    );
    expect(dependencies).toMatchObject([
      {
        kind: 'folder',
        name: 'db',
        path: 'lib/db',
        dependencies: [{ kind: 'folder', name: 'base', path: 'lib/base' }],
      },
    ]);
  });

  it('that lie in charts/ are not looked for', async () => {
    const files = {
      'Chart.yaml': chartYaml({ name: 'db', version: '1', repository: HTTP }),
      'charts/db/Chart.yaml': 'name: db\nversion: 1.0.0\n',
    };
    expect((await resolve(files)).dependencies).toEqual([]);
  });

  it.each([
    ['outside of it', 'file://../../x', 'outside of the repository'],
    ['at an absolute path', 'file:///etc', 'outside of the repository'],
    ['that are the chart itself', 'file://.', 'is the chart itself'],
    ['that are not there', 'file://nowhere', 'path not found'],
    ['with another version', 'file://lib/db', 'holds db 1.2.3'],
  ])('%s are refused', async (_what, repository, message) => {
    const files = { 'Chart.yaml': chartYaml({ name: 'db', version: '2.x', repository }), ...LIB };
    expect(await refusal(resolve(files))).toContain(message);
  });

  it('that depend on each other in a circle are refused', async () => {
    const one = (name: string, other: string) =>
      JSON.stringify({
        apiVersion: 'v2',
        name,
        version: '1.0.0',
        dependencies: [{ name: other, version: '*', repository: `file://../${other}` }],
      });
    const files = { 'a/Chart.yaml': one('a', 'b'), 'b/Chart.yaml': one('b', 'a') };
    expect(await refusal(resolve(files, {}, 'a'))).toContain('more than 16 levels deep');
  });
});

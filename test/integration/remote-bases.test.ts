import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RemoteFetcher, RenderWorld } from '../../src/core/render-world.ts';
import { openRemoteBases } from '../../src/controller/remote-bases.ts';
import { factsHold, renderInRounds } from '../../src/render/render-rounds.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { makeFolder } from '../doubles/git-repository.ts';
import { type GitServer, startGitServer } from '../doubles/git-server.ts';
import { SILENT } from '../doubles/memory-engine.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { request } from '../render/requests.ts';

const BASE = {
  'web/kustomization.yaml': 'resources: [a.yaml]\n',
  'web/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
};

const WORLD: RenderWorld = {
  id: 'test',
  now: () => 0,
  capabilities: async () => null,
  lookup: async () => ({}),
  generated: async () => ({ seed: '', kept: {} }),
  keep: async () => ({ seed: '', kept: {} }),
  chartCredentials: async () => ({}),
};

describe('bases on other hosts', () => {
  const folder = makeFolder();
  const texts = new Map<string, { readonly status: number; readonly body: string; readonly location?: string }>();
  const files = createServer((asked, response) => {
    const found = texts.get(asked.url ?? '') ?? { status: 404, body: 'nothing here' };
    response.writeHead(found.status, found.location === undefined ? {} : { location: found.location });
    response.end(found.body);
  });
  let host: GitServer;
  let other: GitServer;
  let filesUrl = '';
  let nowMs = 0;
  const opened: RemoteFetcher[] = [];

  beforeAll(async () => {
    host = await startGitServer();
    other = await startGitServer();
    host.create('base');
    other.create('base');
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    filesUrl = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await Promise.all([host.close(), other.close()]);
    files.close();
    rmSync(folder.path, { recursive: true, force: true });
  });

  function open(...allowedHosts: readonly string[]): RemoteFetcher {
    const fetcher = openRemoteBases({
      clock: { now: () => nowMs, monotonic: () => nowMs, sleep: async () => undefined } as never,
      logger: SILENT,
      random: () => 0,
      dataDir: `${folder.path}/${opened.length}`,
      allowedHosts,
    });
    opened.push(fetcher);
    return fetcher;
  }

  async function render(address: string, remotes: RemoteFetcher, ...allowedHosts: readonly string[]) {
    const snapshot = new MemorySnapshot({ 'app/kustomization.yaml': `resources: [${JSON.stringify(address)}]\n` });
    const bases = { allowedHosts, openSnapshot };
    const { result, facts } = await renderInRounds(
      async (answers) =>
        renderSnapshot(snapshot, { ...request(), path: 'app', settings: { kind: 'kustomize' } }, { answers, bases }),
      { world: WORLD, remotes },
    );
    const said =
      result.kind === 'rendered'
        ? result.set.manifests.map(({ object }) => object.metadata.name).join()
        : result.problems.map(({ message }) => message).join();
    return { said, holds: () => facts !== undefined && factsHold(facts, { world: WORLD, remotes }) };
  }

  it('are built from a branch, a tag and a commit, and rendered anew when a branch moves', async () => {
    const remotes = open(host.url);
    const first = host.commit('base', BASE);
    host.git('base', 'tag', 'v1', first);
    host.git('base', 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const address = `${host.urlOf('base')}//web`;
    const main = await render(address, remotes, host.url);
    expect(main.said).toBe('a');
    host.commit('base', { ...BASE, 'web/a.yaml': BASE['web/a.yaml'].replace('name: a', 'name: b') });
    expect((await render(`${address}?ref=v1`, remotes, host.url)).said).toBe('a');
    expect((await render(`${address}?ref=${first}`, remotes, host.url)).said).toBe('a');
    expect(await main.holds()).toBe(true);
    nowMs += 61_000;
    expect(await main.holds()).toBe(false);
    expect((await render(address, remotes, host.url)).said).toBe('b');
  });

  it('are not asked for on hosts that are not allowed, whatever a render process says', async () => {
    other.commit('base', BASE);
    const before = other.requests.length;
    const address = `${other.urlOf('base')}//web`;
    expect((await render(address, open(host.url), host.url)).said).toContain('is on another host, which is refused');
    expect((await render(address, open(host.url), host.url, other.url)).said).toContain(
      'not allowed by --allow-base-host',
    );
    expect(other.requests.length).toBe(before);
  });

  it('are not followed to another host', async () => {
    host.commit('base', BASE);
    const before = other.requests.length;
    host.fault({ kind: 'redirect', to: () => `${other.urlOf('base')}/info/refs?service=git-upload-pack` });
    const { said } = await render(`${host.urlOf('base')}//web`, open(host.url, other.url), host.url, other.url);
    host.fault(undefined);
    expect(said).toContain('it leads to another host');
    expect(other.requests.length).toBe(before);
  });

  it('that have no such ref say which there are', async () => {
    host.commit('base', BASE);
    const { said } = await render(`${host.urlOf('base')}//web?ref=none`, open(host.url), host.url);
    expect(said).toContain('was not found (SourceRefNotFound)');
  });

  it('may be files, up to a size, from allowed hosts only', async () => {
    texts.set('/a.yaml', { status: 200, body: BASE['web/a.yaml'] });
    texts.set('/big.yaml', { status: 200, body: '#'.repeat(60 * 1024 * 1024) });
    texts.set('/away.yaml', { status: 302, body: '', location: `${other.url}/a.yaml` });
    const remotes = open(filesUrl);
    expect((await render(`${filesUrl}/a.yaml`, remotes, filesUrl)).said).toBe('a');
    expect((await render(`${filesUrl}/big.yaml`, remotes, filesUrl)).said).toContain('it is longer than');
    expect((await render(`${filesUrl}/away.yaml`, remotes, filesUrl)).said).toContain(
      'not allowed by --allow-base-host',
    );
    expect((await render(`${filesUrl}/none.yaml`, remotes, filesUrl)).said).toContain('it answers 404');
  });
});

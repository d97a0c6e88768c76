import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoop } from '../../src/cli/reconcile-loop.ts';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { reconcile } from '../../src/controller/reconcile.ts';
import type { Application } from '../../src/core/application.ts';
import { messageOf } from '../../src/core/errors.ts';
import { stringAt } from '../../src/core/json.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';
import { memoryEngine, MemoryRepository } from '../doubles/memory-engine.ts';
import { makeSshKey, type SshKeyPair } from '../doubles/signed-commits.ts';

const MAIN = resolve('dist/cli/main.js');
const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;

describe('the command line with an application whose commits have to be signed', () => {
  let folder: string;
  let sandbox: Sandbox;
  let cluster: Cluster;
  let server: GitServer;
  let ada: SshKeyPair;
  let file: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-signed-'));
    sandbox = await startSandbox({ nodes: 1 });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(sandbox.kubeconfig()));
    cluster = connectCluster(
      await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: folder, path: kubeconfig }),
      { clock: systemClock },
    );
    server = await startGitServer();
    server.create('config');
    ada = makeSshKey(folder, 'ada');
    await cluster.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'default', name: 'signers' },
      data: { 'ada.pub': Buffer.from(ada.line).toString('base64') },
    });
    file = join(folder, 'shop.json');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'evenkeel.dev/v1alpha1',
        kind: 'Application',
        metadata: { namespace: 'default', name: 'shop' },
        spec: { source: { git: { url: server.urlOf('config'), verify: { secretName: 'signers' } } } },
      }),
    );
  });
  afterAll(async () => {
    await Promise.all([sandbox.close(), server.close(), cluster.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  function push(value: string, sign?: SshKeyPair): string {
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {value: ${value}}\n`;
    return server.commit('config', { 'one.yaml': text }, sign === undefined ? {} : { sign });
  }

  async function run(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
    const common = ['--kubeconfig', join(folder, 'kubeconfig'), '--data-dir', join(folder, 'data')];
    return new Promise((done) => {
      execFile(process.execPath, [MAIN, ...args, ...common], { env: { HOME: folder } }, (error, out, err) => {
        done({ code: error === null ? 0 : Number(error.code), text: `${out}${err}` });
      });
    });
  }

  async function value(): Promise<string | undefined> {
    const live = await cluster.get(CONFIG_MAP, { namespace: 'default', name: 'one' });
    return live.state === 'present' ? stringAt(live.object, 'data', 'value') : undefined;
  }

  it('applies nothing at first, then what is signed, and then keeps that', async () => {
    const bad = push('evil');
    const refused = await run('sync', 'shop', '-f', file);
    expect(refused.code).toBe(5);
    expect(refused.text).toContain(`commit ${bad.slice(0, 12)} is not trusted (SourceUnverified): it is not signed`);
    expect(await value()).toBeUndefined();

    push('good', ada);
    expect((await run('sync', 'shop', '-f', file)).code).toBe(0);
    expect(await value()).toBe('good');
    expect((await run('history', 'shop')).text).toMatch(/SIGNED BY[^]*ada@example\.com/);

    push('evil');
    await cluster.delete(CONFIG_MAP, { namespace: 'default', name: 'one' });
    const kept = await run('sync', 'shop');
    expect(kept.code).toBe(5);
    expect(kept.text).toContain('the source is not followed, the last good revision is shown: commit');
    expect(await value()).toBe('good');
    const explained = await run('explain', 'shop');
    expect(explained.code).toBe(4);
    expect(explained.text).toContain('the source is not followed');
    expect(explained.text).toContain('sign the commit with a trusted key');
  });

  it('looks after what is applied while it says once that the newest commit is not trusted', async () => {
    const repository = new MemoryRepository();
    const manifest = '{apiVersion: v1, kind: ConfigMap, metadata: {name: looped}, data: {value: good}}';
    repository.commit(manifest);
    const application = anApplication({ name: { namespace: 'default', name: 'loop' } });
    const engine = memoryEngine(cluster, repository);
    await reconcile(application, engine, { signal: new AbortController().signal, trigger: 'commit' });
    repository.commit(manifest.replace('good', 'evil'));
    await cluster.delete(CONFIG_MAP, { namespace: 'default', name: 'looped' });

    const stop = new AbortController();
    const told: string[] = [];
    let looks = 0;
    const git = { ...application.source.git, verify: { secret: 'no-such', mode: 'head' } } as const;
    const list = async (): Promise<readonly Application[]> => {
      if (++looks === 4) stop.abort();
      return [{ ...application, source: { git } }];
    };
    const onFailure = (_application: Application, error: unknown): number => told.push(messageOf(error));
    await runLoop(list, engine, { onFailure }, { signal: stop.signal, intervalMs: 20 });

    expect(told).toEqual(['Secret default/no-such with trusted keys was not found (NotFound)']);
    const live = await cluster.get(CONFIG_MAP, { namespace: 'default', name: 'looped' });
    expect(live.state === 'present' && stringAt(live.object, 'data', 'value')).toBe('good');
  });
});

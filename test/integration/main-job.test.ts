import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { EXAMPLE_BEHAVIOURS } from '../../src/cli/example-behaviours.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';
import { simulatedClusterMissing, startSimulatedCluster } from './simulated-cluster.ts';

const GOLDEN = resolve('test/golden/cli');
const MAIN = resolve('dist/cli/main.js');

interface TestCluster {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function startEmbedded(folder: string): Promise<TestCluster> {
  const sandbox = await startSandbox({ nodes: 3, gpuNodes: 1, behaviours: EXAMPLE_BEHAVIOURS });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(sandbox.kubeconfig()));
  return { kubeconfig, close: () => sandbox.close() };
}

/** The real control plane with simulated nodes; the InferenceService's controller is played here. */
async function startReal(): Promise<TestCluster> {
  const { kubeconfig, cluster, close } = await startSimulatedCluster(3, 1);
  const stop = new AbortController();
  const playing = playInferenceServices(cluster, stop.signal);
  return {
    kubeconfig,
    close: async () => {
      stop.abort();
      await playing;
      await close();
    },
  };
}

async function playInferenceServices(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const kind = { group: 'serving.kserve.io', version: 'v1beta1', kind: 'InferenceService' };
  while (!signal.aborted) {
    const objects = await cluster.list(kind).catch(() => []);
    for (const object of objects) {
      if (object['status'] !== undefined) continue;
      const status = EXAMPLE_BEHAVIOURS[0]?.status;
      const body = {
        status: typeof status === 'function' ? (status(object, new Date().toISOString()) ?? {}) : (status ?? {}),
      };
      await cluster
        .patch(
          kind,
          { namespace: object.metadata.namespace ?? '', name: object.metadata.name },
          { type: 'merge', body },
          { subresource: 'status' },
        )
        .catch(() => undefined);
    }
    await systemClock.sleep(200, signal).catch(() => undefined);
  }
}

/** What changes from run to run, replaced by words. */
function steady(text: string): string {
  return text
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'DIGEST')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b/g, 'COMMIT')
    .replaceAll(/\b\d+(?:ms|s|m|h)(?:\d+s)?\b/g, 'TIME')
    .replaceAll(/(ReplicaSet\.apps \S+?)-[0-9a-z]{8,10}\b/g, '$1-HASH')
    .replaceAll(/(Pod \S+?)-[0-9a-z]{8,10}-[0-9a-z]{5}\b/g, '$1-HASH-ID')
    .replaceAll(/(Pod \S+\/(?:node-agent|shop-migrate))-[0-9a-z]{5}\b/g, '$1-ID')
    .replaceAll(/(EndpointSlice\S* \S+?)-[0-9a-z]{5}\b/g, '$1-ID')
    .replaceAll(/ {2,}/g, '  ');
}

const missing = simulatedClusterMissing();
if (missing !== undefined) console.log(`skipped: the main job on a real API server (${missing})`);

const CLUSTERS = [
  { name: 'the embedded cluster', golden: 'embedded', start: startEmbedded, skip: false },
  { name: 'a real API server with simulated nodes', golden: 'real', start: startReal, skip: missing !== undefined },
];

/** The lines of a diff below its title. */
function changesOf(text: string): string {
  return text.split('\n').slice(1).join('\n');
}

for (const { name, golden, start, skip } of CLUSTERS) {
  describe.skipIf(skip)(`the main job on ${name}, driven only by the command line`, () => {
    let folder: string;
    let cluster: TestCluster;
    let server: GitServer;
    let work: string;
    let firstCommit: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'evenkeel-main-job-'));
      cluster = await start(folder);
      server = await startGitServer();
      server.create('config.git');
      work = join(folder, 'work');
      cpSync('examples', work, { recursive: true });
      const declared = readFileSync(join(work, 'applications.yaml'), 'utf8').replaceAll(
        'file:./repository',
        server.urlOf('config.git'),
      );
      writeFileSync(join(work, 'applications.yaml'), declared);
      await git('init', '-q', '-b', 'main');
      await commit('Start from the examples');
      firstCommit = await git('rev-parse', 'HEAD');
      await run('kubectl-namespace');
    }, 120_000);

    afterAll(async () => {
      await server.close();
      await cluster.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function git(...args: string[]): Promise<string> {
      return new Promise((done, fail) => {
        execFile(
          'git',
          ['-C', work, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args],
          (error, out, err) => (error === null ? done(out.trim()) : fail(new Error(err))),
        );
      });
    }

    async function commit(message: string): Promise<void> {
      await git('add', '-A');
      await git('commit', '-q', '-m', message);
      await git('push', '-q', server.urlOf('config.git'), 'HEAD:refs/heads/main');
    }

    /** Applications live in a namespace that somebody made. */
    async function run(_what: 'kubectl-namespace'): Promise<void> {
      const connection = await loadKubeconfig({
        clock: systemClock,
        env: {},
        homeFolder: folder,
        path: cluster.kubeconfig,
      });
      const client = connectCluster(connection, { clock: systemClock });
      await client.apply(
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'evenkeel' } },
        { fieldManager: 'test' },
      );
      await client.close();
    }

    function evenkeel(...args: string[]): Promise<Answer> {
      return new Promise((done) => {
        const options = {
          cwd: folder,
          env: { PATH: process.env['PATH'], HOME: folder, USER: 'test' },
          maxBuffer: 16 * 1024 * 1024,
        };
        const full = [MAIN, ...args, '--kubeconfig', cluster.kubeconfig, '--data-dir', join(folder, 'data')];
        execFile(process.execPath, full, options, (error, out, err) =>
          done({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
        );
      });
    }

    function expectGolden(file: string, text: string, folderName = 'both'): void {
      const path = join(GOLDEN, folderName, `${file}.txt`);
      const found = steady(text);
      if (process.env['EVENKEEL_ACCEPT_GOLDEN'] === '1') {
        mkdirSync(join(GOLDEN, folderName), { recursive: true });
        writeFileSync(path, found);
      }
      expect(found).toBe(readFileSync(path, 'utf8'));
    }

    it('plans, syncs and waits until each example is healthy', async () => {
      for (const application of ['platform', 'shop', 'inference', 'search']) {
        const planned = await evenkeel('plan', application, '-f', join(work, 'applications.yaml'));
        expectGolden(`plan-${application}`, planned.out);
        const synced = await evenkeel('sync', application, '-f', join(work, 'applications.yaml'), '--timeout', '60s');
        expect(synced.err + synced.out).toContain('healthy');
        expect(synced.code).toBe(0);
      }
    });

    it('finds nothing to do the second time, and writes nothing', async () => {
      for (const application of ['platform', 'shop', 'inference', 'search']) {
        const again = JSON.parse((await evenkeel('sync', application, '-o', 'json')).out) as {
          writes: number;
          plan: { counts: Record<string, number> };
        };
        expect(again.writes).toBe(0);
        expect(again.plan.counts).toMatchObject({ create: 0, update: 0, delete: 0, hooks: 0 });
      }
      expect((await evenkeel('diff', 'shop')).code).toBe(0);
    });

    it('shows applications, trees and the answer to why', async () => {
      expectGolden('tree-shop', (await evenkeel('tree', 'shop')).out, golden);
      const explained = await evenkeel('explain', 'shop');
      expectGolden('explain-done', explained.out);
      expect(explained.code).toBe(0);
      expectGolden('get', (await evenkeel('get')).out);
      expectGolden('status-inference', (await evenkeel('status', 'inference')).out);
    });

    it('shows a pushed commit as a diff and applies exactly the plan that was approved', async () => {
      const path = join(work, 'shop/base/worker.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace('worker:2.11.0', 'worker:2.12.0'));
      const kustomization = join(work, 'shop/base/kustomization.yaml');
      writeFileSync(
        kustomization,
        readFileSync(kustomization, 'utf8')
          .replace('LOG_LEVEL=info', 'LOG_LEVEL=warn')
          .replace('password=example-only', 'password=another-example'),
      );
      await commit('Move the worker to 2.12.0');

      const differs = await evenkeel('diff', 'shop');
      expect(differs.code).toBe(1);
      expectGolden('diff-shop', differs.out);
      expect(differs.out).not.toContain('another-example');

      const { digest } = JSON.parse((await evenkeel('plan', 'shop', '-o', 'json')).out) as { digest: string };
      const wrong = await evenkeel('sync', 'shop', '--plan', `sha256:${'0'.repeat(64)}`);
      expect(wrong.code).toBe(7);
      expect(wrong.err).toContain('PlanMoved');
      const right = await evenkeel('sync', 'shop', '--plan', digest, '--timeout', '60s');
      expect(right.err).not.toContain('failed');
      expect(right.code).toBe(0);
      expect((await evenkeel('diff', 'shop')).code).toBe(0);
    });

    it('shows what two commits make of an application and of a folder, without the cluster', async () => {
      const ofApplication = await evenkeel('diff', 'shop', '--from', firstCommit, '--to', 'main');
      expect({ code: ofApplication.code, err: ofApplication.err }).toEqual({ code: 1, err: '' });
      expectGolden('diff-revisions', ofApplication.out);
      const ofFolder = await evenkeel('diff', join(work, 'shop/prod'), '--from', 'main~1');
      expect(changesOf(ofFolder.out)).toEqual(changesOf(ofApplication.out));
      const unknown = await evenkeel('diff', 'shop', '--from', 'no-such-branch');
      expect(unknown.code).toBe(5);
      expect(unknown.err).toContain('revision no-such-branch of');
    });

    it('goes back without Git, holds the commit, and goes on with the next one', async () => {
      server.fault({ kind: 'status', status: 503, times: 1000 });
      const back = await evenkeel('rollback', 'shop', '--timeout', '60s');
      expect(back.err).not.toContain('failed');
      expect(back.code).toBe(0);
      server.fault(undefined);

      const held = JSON.parse((await evenkeel('sync', 'shop', '-o', 'json')).out) as { writes: number };
      expect(held.writes).toBe(0);
      expectGolden('explain-rolled-back', (await evenkeel('explain', 'shop')).out);
      expectGolden('history-shop', (await evenkeel('history', 'shop')).out);

      writeFileSync(
        join(work, 'shop/base/nginx.conf'),
        `${readFileSync(join(work, 'shop/base/nginx.conf'), 'utf8')}# more\n`,
      );
      await commit('Touch the configuration');
      const forward = await evenkeel('sync', 'shop', '--timeout', '60s');
      expect(forward.code).toBe(0);
      expect((await evenkeel('get', 'shop', '-o', 'json')).out).toContain('"sync": "Synced"');
    });

    it('says why it is not done when a release is broken', async () => {
      const path = join(work, 'shop/base/worker.yaml');
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(
          'labels: { app.kubernetes.io/name: worker }',
          'labels: { app.kubernetes.io/name: worker }\n      annotations: { test.evenkeel.dev/fails: ImagePullBackOff }',
        ),
      );
      await commit('Break the worker');

      const broken = await evenkeel('sync', 'shop', '--timeout', '5s');
      expect(broken.code).toBe(4);
      const why = await evenkeel('explain', 'shop');
      expect(why.code).toBe(4);
      expect(why.out).toMatch(/ImagePullBackOff|ErrImagePull/);
      expect(why.out).toContain('shop-worker');
    });
  });
}

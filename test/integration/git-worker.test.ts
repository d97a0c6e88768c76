import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWorkerRunner, type WorkerOptions } from '../../src/sources/fetch-workers.ts';
import { makeFolder } from '../doubles/git-repository.ts';
import { startGitServer } from '../doubles/git-server.ts';
import { failureOf, makeSources, sourceOf, textAt, type TestSources } from '../doubles/git-sources.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const built = makeFolder();
const script = pathToFileURL(join(built.path, 'dist/sources/fetch-worker.js'));
beforeAll(() => {
  symlinkSync(resolve('node_modules'), join(built.path, 'node_modules'));
  writeFileSync(join(built.path, 'package.json'), '{"type":"module"}');
  const options = ['--noEmit', 'false', '--rootDir', 'src', '--outDir', join(built.path, 'dist')];
  const config = join(built.path, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({ extends: resolve('tsconfig.json'), files: [resolve('src/sources/fetch-worker.ts')], include: [] }),
  );
  execFileSync('npx', ['tsc', '-p', config, ...options], { stdio: 'pipe' });
});
afterAll(() => built.remove());

function fresh(options: WorkerOptions = {}): TestSources {
  const made = makeSources({
    fetches: createWorkerRunner({ script, ...options }),
    fetchTimeoutMs: 2000,
    network: { silenceTimeoutMs: 1000 },
  });
  cleanups.push(() => made.close());
  return made;
}

describe('downloads in workers', () => {
  it('bring commits of several repositories, with typed errors', async () => {
    const server = await startGitServer();
    cleanups.push(() => server.close());
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) {
      server.create(name);
      server.commit(name, { file: name });
    }
    const { sources, clock } = fresh();
    const fetched = await Promise.all(names.map((name) => sources.resolve(sourceOf(server.urlOf(name)))));
    expect(fetched.map((one) => textAt(one, 'file'))).toEqual(names);
    server.commit('a', { file: 'changed' });
    let posts = 0;
    server.fault({
      kind: 'flip',
      at: 100,
      path: { test: (url: string) => url.endsWith('upload-pack') && ++posts > 1 } as RegExp,
    });
    clock.jump(1000);
    expect((await failureOf(sources.resolve(sourceOf(server.urlOf('a'))))).code).toMatch(/^Source/);
    server.fault(undefined);
    clock.jump(600_000);
    expect(textAt(await sources.resolve(sourceOf(server.urlOf('a'))), 'file')).toBe('changed');
  });

  it('that hang are ended when the sources are closed', async () => {
    const server = await startGitServer();
    cleanups.push(() => server.close());
    server.create('a');
    server.commit('a', { file: 'a' });
    let posts = 0;
    const reached = new Promise<void>((done) => {
      const path = {
        test: (url: string) => {
          const hit = url.endsWith('upload-pack') && ++posts > 1;
          if (hit) done();
          return hit;
        },
      } as RegExp;
      server.fault({ kind: 'stall', path });
    });
    const { sources } = fresh();
    const waiting = failureOf(sources.resolve(sourceOf(server.urlOf('a'))));
    await reached;
    await sources.close();
    expect((await waiting).code).toBe('Cancelled');
  });

  it('that cannot start say so', async () => {
    const server = await startGitServer();
    cleanups.push(() => server.close());
    server.create('a');
    server.commit('a', { file: 'a' });
    const { sources } = fresh({ script: new URL('file:///nonexistent/worker.js') });
    expect((await failureOf(sources.resolve(sourceOf(server.urlOf('a'))))).message).toMatch(/fetch was stopped/);
  });
});

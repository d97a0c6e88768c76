import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';

const MAIN = resolve('dist/cli/main.js');

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let sandbox: Sandbox;
let server: GitServer;
let locked: GitServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-bad-input-'));
  sandbox = await startSandbox({
    nodes: 1,
    // A ServiceAccount that may read and nothing else.
    authorization: ({ user, verb }) => ({
      allowed: !user.name.includes('reader') || ['get', 'list', 'watch'].includes(verb),
    }),
  });
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(sandbox.kubeconfig()));
  server = await startGitServer();
  locked = await startGitServer({ basic: { username: 'bob', password: 'right' } });
  locked.create('config.git');
  locked.commit('config.git', { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
  server.create('config.git');
  server.commit('config.git', {
    'good/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { x: "1" }\n',
    'broken/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n data: {}\n',
    'twice/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    'twice/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    'unknown/a.yaml': 'apiVersion: example.com/v9\nkind: Nothing\nmetadata: { name: a }\n',
  });
});

afterAll(async () => {
  await Promise.all([sandbox.close(), server.close(), locked.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function evenkeel(...args: string[]): Promise<Answer> {
  return new Promise((done) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, USER: 'test' } };
    execFile(process.execPath, [MAIN, ...args], options, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

/** Declares one application in a file and syncs it. */
function sync(
  spec: { readonly url?: string; readonly path?: string; readonly ref?: object; readonly as?: string },
  ...more: string[]
): Promise<Answer> {
  const { url = server.urlOf('config.git'), path = 'good', ref, as } = spec;
  const document = {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { name: 'demo', namespace: 'default' },
    spec: {
      source: { git: { url, path, ...(ref === undefined ? {} : { ref }) } },
      ...(as === undefined ? {} : { destination: { serviceAccountName: as } }),
    },
  };
  writeFileSync(join(folder, 'app.yaml'), JSON.stringify(document));
  return evenkeel(
    'sync',
    'demo',
    '-f',
    join(folder, 'app.yaml'),
    '--kubeconfig',
    join(folder, 'kubeconfig'),
    '--data-dir',
    join(folder, 'data'),
    ...more,
  );
}

/** Objects that were written beside the state of applications. */
function written(): string[] {
  return sandbox.faults.audit
    .filter(
      ({ path, dryRun, code }) =>
        !dryRun &&
        code < 300 &&
        !path.includes('/configmaps/evenkeel-') &&
        !path.endsWith('/configmaps') &&
        !path.includes('/namespaces/kube-') &&
        path.includes('default'),
    )
    .map(({ method, path }) => `${method} ${path}`);
}

describe('a mistake', () => {
  it.each([
    ['an unknown flag', ['get', '--nonsense'], 2, 'unknown option'],
    ['an unknown command', ['frobnicate'], 2, 'unknown command'],
    ['a missing argument', ['plan'], 2, 'missing required argument'],
    ['a wrong duration', ['sync', 'a', '--timeout', 'soon'], 2, '30s, 5m or 1h30m'],
    ['a revision that is no number', ['rollback', 'a', 'last', '--kubeconfig', 'kubeconfig'], 2, 'evenkeel history'],
    ['a kubeconfig that is not there', ['get', '--kubeconfig', 'nowhere'], 2, 'nowhere'],
    ['a file that is not there', ['sync', 'a', '-f', 'nowhere.yaml', '--kubeconfig', 'kubeconfig'], 2, 'nowhere.yaml'],
    ['a folder that is not there', ['render', 'nowhere'], 5, 'nowhere'],
  ])('%s ends with one error and its exit code', async (_name, args, code, words) => {
    const answer = await evenkeel(...args);

    expect(answer.err).toContain(words);
    expect(answer.code).toBe(code);
    expect(answer.err).not.toContain('    at ');
  });

  it.each([
    ['a repository that is not there', { path: 'good', url: 'MISSING' }, 5, 'not'],
    ['a ref that is not there', { ref: { branch: 'nope' } }, 5, 'nope'],
    ['a path that is not there', { path: 'nope' }, 5, 'nope'],
    ['broken YAML, with file, line and caret', { path: 'broken' }, 6, 'broken/a.yaml:5'],
    ['an object in two files, with both named', { path: 'twice' }, 6, 'twice/b.yaml'],
    ['a right that its ServiceAccount does not have', { as: 'reader' }, 8, 'ConfigMap default/a'],
    ['a kind that nobody serves', { path: 'unknown' }, 7, 'example.com/v9'],
  ])('in an application: %s', async (_name, spec, code, words) => {
    const url = 'url' in spec ? server.urlOf('missing.git') : undefined;
    const answer = await sync({ ...spec, ...(url === undefined ? {} : { url }) } as never);

    expect(answer.out + answer.err).toContain(words);
    expect(answer.code).toBe(code);
    expect(written()).toEqual([]);
  });

  it('in a YAML file is shown with a caret below it', async () => {
    expect((await sync({ path: 'broken' })).err).toMatch(/data: \{\}\n\s+\^/);
  });

  it('in credentials is told without them', async () => {
    const answer = await sync({ url: locked.urlOf('config.git'), path: '' });

    expect(answer.code).toBe(5);
    expect(answer.err).toContain('SourceDenied');
    expect(answer.out + answer.err).not.toContain('right');
  });

  it('in the address of a cluster is told within its time-out', async () => {
    const config = JSON.parse(
      JSON.stringify(sandbox.kubeconfig()).replaceAll(sandbox.url, 'http://127.0.0.1:9'),
    ) as object;
    writeFileSync(join(folder, 'away'), JSON.stringify(config));

    const answer = await evenkeel('get', '--kubeconfig', 'away');

    expect(answer.code).toBe(8);
    expect(answer.err).toContain('ClusterUnreachable');
  });
});

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { stringAt } from '../../src/core/json.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';
import { packChart } from '../render/helm/tar-builder.ts';

const MAIN = resolve('dist/cli/main.js');
const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;
const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const SUBCHART = packChart('greeting', '1.2.3', {
  'templates/g.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: greeting}\ndata: {text: hello}\n',
});

let folder: string;
let sandbox: Sandbox;
let cluster: Cluster;
let repositories: GitServer;
let charts: Server;
let chartHost: string;
/** Requests to the chart repository, with their credentials. */
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-charts-'));
  sandbox = await startSandbox({
    nodes: 1,
    // A ServiceAccount that sees no Secrets.
    authorization: ({ user, resource }) => ({ allowed: !(user.name.includes(':blind') && resource === 'secrets') }),
  });
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(sandbox.kubeconfig()));
  cluster = connectCluster(
    await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: folder, path: join(folder, 'kubeconfig') }),
    { clock: systemClock },
  );
  charts = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    if (request.headers.authorization !== `Basic ${Buffer.from('bob:right').toString('base64')}`) {
      response.writeHead(401).end();
    } else if (request.url === '/index.yaml') {
      const digest = createHash('sha256').update(SUBCHART).digest('hex');
      const entry = { name: 'greeting', version: '1.2.3', urls: ['greeting-1.2.3.tgz'], digest };
      response.end(JSON.stringify({ apiVersion: 'v1', entries: { greeting: [entry] } }));
    } else response.end(SUBCHART);
  });
  await new Promise<void>((done) => charts.listen(0, '127.0.0.1', done));
  chartHost = `127.0.0.1:${(charts.address() as AddressInfo).port}`;
  repositories = await startGitServer();
  repositories.create('config.git');
  const chart = (more = '') => `apiVersion: v2\nname: web\nversion: 1.0.0\n${more}`;
  const configMap = (data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-facts}\ndata:\n${data}`;
  repositories.commit('config.git', {
    'facts/Chart.yaml': chart(),
    'facts/templates/a.yaml': configMap(
      '  namespace: {{ (lookup "v1" "Namespace" "" "default").metadata.name | quote }}\n' +
        '  cronJobs: {{ .Capabilities.APIVersions.Has "batch/v1/CronJob" | quote }}\n' +
        '  upgrade: {{ .Release.IsUpgrade | quote }}\n',
    ),
    'password/Chart.yaml': chart(),
    'password/templates/a.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: password}\nstringData:\n  password: {{ randAlphaNum 24 }}\n' +
      '  ca: {{ (genCA "ca" 365).Cert | sha256sum }}\n',
    'secret/Chart.yaml': chart(),
    'secret/templates/a.yaml': configMap('  a: {{ len (lookup "v1" "Secret" "default" "anything") | quote }}\n'),
    'remote/Chart.yaml': chart(`dependencies: [{name: greeting, version: 1.2.3, repository: "http://${chartHost}"}]\n`),
  });
});

afterAll(async () => {
  await Promise.all([sandbox.close(), repositories.close(), cluster.close()]);
  charts.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command on one Application whose path and name are `name`. */
function evenkeel(command: string, name: string, spec: object = {}, ...more: string[]): Promise<Answer> {
  const document = {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'default' },
    spec: { source: { git: { url: repositories.urlOf('config.git'), path: name } }, ...spec },
  };
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, JSON.stringify(document));
  const args = [command, name, '-f', file, '--kubeconfig', join(folder, 'kubeconfig'), ...more];
  const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, USER: 'test' } };
  return new Promise((done) => {
    execFile(process.execPath, [MAIN, ...args, '--data-dir', join(folder, 'data')], options, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

async function field(kind: typeof SECRET | typeof CONFIG_MAP, name: string, key: string): Promise<string | undefined> {
  const live = await cluster.get(kind, { namespace: 'default', name });
  return live.state === 'present' ? stringAt(live.object, 'data', key) : undefined;
}

describe('a chart that asks the cluster', () => {
  it('gets objects, capabilities, and whether it is installed or upgraded', async () => {
    expect(await evenkeel('sync', 'facts')).toMatchObject({ code: 0 });
    const read = (key: string) => field(CONFIG_MAP, 'facts-facts', key);
    expect([await read('namespace'), await read('cronJobs'), await read('upgrade')]).toEqual([
      'default',
      'true',
      'false',
    ]);
    expect(await evenkeel('sync', 'facts')).toMatchObject({ code: 0 });
    expect(await read('upgrade')).toBe('true');
  });

  it('sees no more than its ServiceAccount may', async () => {
    const { code, err } = await evenkeel('plan', 'secret', { destination: { serviceAccountName: 'blind' } });
    expect(code).not.toBe(0);
    expect(err).toContain('Secret default/anything');
    expect(await evenkeel('plan', 'secret')).toMatchObject({ code: 0 });
  });
});

describe('a chart with random values', () => {
  it('gives the same at every sync, from a Secret of its own', async () => {
    expect(await evenkeel('sync', 'password')).toMatchObject({ code: 0 });
    const read = async () => [
      await field(SECRET, 'password', 'password'),
      await field(SECRET, 'password', 'ca'),
      await field(SECRET, 'evenkeel-password-generated', 'seed'),
    ];
    const first = await read();
    expect(first).not.toContain(undefined);
    const again = await evenkeel('diff', 'password');
    expect(again.code).toBe(0);
    expect(await read()).toEqual(first);
  });
});

describe('a chart whose dependency lies in a repository', () => {
  const credentials = (secretName: string) => ({
    render: { helm: { repositoryCredentials: [{ host: chartHost, secretName }] } },
  });

  it('is refused while the host is not allowed', async () => {
    const { code, err } = await evenkeel('plan', 'remote');
    expect(code).not.toBe(0);
    expect(err).toContain('--allow-chart-host');
    expect(asked).toEqual([]);
  });

  it('is fetched with the credentials of its host, and then from the cache', async () => {
    await cluster.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'charts', namespace: 'default' },
      stringData: { username: 'bob', password: 'right' },
    });
    const spec = credentials('charts');
    const answer = await evenkeel('sync', 'remote', spec, '--allow-chart-host', `http://${chartHost}`);
    expect(answer).toMatchObject({ code: 0 });
    expect(await field(CONFIG_MAP, 'greeting', 'text')).toBe('hello');
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['/index.yaml', '/greeting-1.2.3.tgz']);
  });
});

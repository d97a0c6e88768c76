import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, stringAt, type Json } from '../../src/core/json.ts';
import { startGitServer, type GitServer } from '../doubles/git-server.ts';
import { controlPlaneMissing } from './control-plane.ts';
import { startReplica, type Replica } from './service-replica.ts';
import { deliver, WEBHOOK_SECRET } from './service-scene.ts';

const run = promisify(execFile);
const ENVTEST = resolve('../shared/envtest/cluster');
const KUBECTL = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kubectl');
const missing =
  controlPlaneMissing() ??
  (existsSync(ENVTEST) ? undefined : `there is no ${ENVTEST}`) ??
  (existsSync(KUBECTL) ? undefined : 'KUBEBUILDER_ASSETS holds no kubectl');
if (missing !== undefined) console.log(`skipped: an installed controller on a real cluster (${missing})`);

/** Nobody runs containers here: the controller runs beside the cluster, with the token and the arguments of the installed Deployment. */
describe.skipIf(missing !== undefined)('the controller as deploy/ installs it, on a real cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-installed-'));
  const home = join(folder, 'cluster');
  let kubeconfig = '';
  let git: GitServer;
  let replica: Replica;

  beforeAll(async () => {
    const port = 30_000 + (process.pid % 500) * 5;
    const printed = execFileSync(ENVTEST, ['up', home, '--port', String(port), '--nodes', '3'], { encoding: 'utf8' });
    kubeconfig = printed.trim().split('\n').at(-1) ?? '';
    git = await startGitServer();
    git.create('config');
    git.commit('config', filesOf('examples'));
  });
  afterAll(async () => {
    await replica?.stop();
    await git?.close();
    if (existsSync(home)) execFileSync(ENVTEST, ['down', home]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Not synchronous: the controller reaches the server through this process. */
  async function kubectl(...args: readonly string[]): Promise<string> {
    return (await run(KUBECTL, ['--kubeconfig', kubeconfig, ...args])).stdout;
  }

  async function apply(document: Json): Promise<void> {
    const file = join(folder, 'document.json');
    writeFileSync(file, JSON.stringify(document));
    await kubectl('apply', '-f', file);
  }

  async function until<Value>(
    what: string,
    look: () => Promise<Value>,
    good: (value: Value) => boolean,
    timeoutMs = 20_000,
  ): Promise<Value> {
    const untilMs = Date.now() + timeoutMs;
    for (;;) {
      const value = await look();
      if (good(value)) return value;
      if (Date.now() > untilMs)
        throw new Error(
          `${what}: last ${JSON.stringify(listAt(value as Json, 'status', 'conditions'))}\n${replica?.proxy.requests
            .slice(-40)
            .map(({ atMs, method, path, status }) => `${new Date(atMs).toISOString()} ${method} ${path} ${status}`)
            .join('\n')}`,
        );
      await new Promise((tell) => setTimeout(tell, 200));
    }
  }

  const shop = async (): Promise<Json> =>
    JSON.parse(await kubectl('get', 'application', 'shop', '-n', 'shop', '-o', 'json')) as Json;
  const word = (application: Json, type: string): string => {
    const found = listAt(application, 'status', 'conditions').find((entry) => stringAt(entry, 'type') === type);
    return `${stringAt(found, 'status')} ${stringAt(found, 'reason')}`;
  };

  it('is installed by one command, and its pods are ready', async () => {
    const { code, out } = await evenkeel(['install', '--apply', '--timeout', '60s', '--kubeconfig', kubeconfig]);
    expect(code, out).toBe(0);
    expect(out).toContain('healthy');
  });

  it('makes the shop example healthy with no more rights than it was given', async () => {
    const deployment = JSON.parse(
      await kubectl('get', 'deployment', 'evenkeel-controller', '-n', 'evenkeel-system', '-o', 'json'),
    ) as Json;
    const [container] = listAt(deployment, 'spec', 'template', 'spec', 'containers');
    const [command, ...args] = listAt(container, 'args').map(String);
    expect(command).toBe('controller');
    const token = (await kubectl('create', 'token', 'evenkeel-controller', '-n', 'evenkeel-system')).trim();
    const url = await kubectl('config', 'view', '-o', 'jsonpath={.clusters[0].cluster.server}');
    replica = await startReplica({ name: 'installed', folder, server: { url, token }, args });
    await kubectl('create', 'namespace', 'shop');
    await kubectl('apply', '-k', 'deploy/tenant', '-n', 'shop');
    await apply({
      apiVersion: 'evenkeel.dev/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop', namespace: 'shop' },
      spec: {
        source: { git: { url: git.urlOf('config'), path: 'shop/prod' } },
        ignore: [{ group: 'apps', kind: 'Deployment', name: 'shop-web', paths: ['/spec/replicas'] }],
      },
    });
    await until('the shop is healthy', shop, (seen) => word(seen, 'Ready') === 'True Ready', 60_000);
    expect(refused()).toEqual([]);
  });

  it('reads well in kubectl', async () => {
    const table = (await kubectl('get', 'applications', '-A'))
      .replaceAll(git.url, 'https://git.example.com')
      .replaceAll(/\b[0-9a-f]{12}\b/g, 'COMMIT______')
      .replaceAll(/ +[0-9]+[smh][0-9ms]*$/gm, '  AGE');
    // The URL is shorter or longer than the one of a test: columns are told by the words.
    expect(table.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['NAMESPACE', 'NAME', 'SOURCE', 'REVISION', 'SYNC', 'HEALTH', 'AGE'],
      ['shop', 'shop', 'https://git.example.com/config.git', 'COMMIT______', 'Synced', 'Healthy', 'AGE'],
      [''],
    ]);
  });

  it('tells what it did as an Event', async () => {
    expect(
      await kubectl('get', 'events', '-n', 'shop', '-o', 'jsonpath={range .items[*]}{.reason} {.message}{"\\n"}{end}'),
    ).toMatch(/^Synced commit [0-9a-f]{12} is applied/m);
  });

  it('applies a push by its webhook', async () => {
    await apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'webhook',
        namespace: 'evenkeel-system',
        labels: { 'evenkeel.dev/webhook-repository': 'true' },
      },
      stringData: { repository: git.urlOf('config'), secret: WEBHOOK_SECRET },
    });
    const file = 'shop/prod/kustomization.yaml';
    const changed = readFileSync(`examples/${file}`, 'utf8').replace(
      'resources:',
      'commonAnnotations: { tested: "yes" }\nresources:',
    );
    const commit = git.commit('config', { [file]: changed });
    // The Secret reaches the controller by its watch.
    await expect.poll(async () => deliver(replica, git.urlOf('config'), commit).catch(String)).toBe(202);
    await until(
      'the push is applied',
      shop,
      (seen) => stringAt(seen, 'status', 'commit') === commit && word(seen, 'Ready') === 'True Ready',
    );
    expect(refused()).toEqual([]);
  });

  it('is stopped by the rights of the account of the namespace, and says which are lacking', async () => {
    git.commit('config', {
      'rogue/role.yaml': JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'rogue' },
        rules: [],
      }),
    });
    await apply({
      apiVersion: 'evenkeel.dev/v1alpha1',
      kind: 'Application',
      metadata: { name: 'rogue', namespace: 'shop' },
      spec: { source: { git: { url: git.urlOf('config'), path: 'rogue' } } },
    });
    const rogue = await until(
      'it is refused',
      async () => JSON.parse(await kubectl('get', 'application', 'rogue', '-n', 'shop', '-o', 'json')) as Json,
      (seen) => word(seen, 'Synced') === 'False PartlyRefused',
    );
    expect(JSON.stringify(listAt(rogue, 'status', 'conditions'))).toContain(
      'system:serviceaccount:shop:evenkeel-deployer',
    );
    await kubectl('delete', 'application', 'rogue', '-n', 'shop', '--timeout=20s');
  });

  it('deletes what it made with the Application', async () => {
    await kubectl('delete', 'application', 'shop', '-n', 'shop', '--timeout=30s');
    const left = (await kubectl('get', 'deployments,services,configmaps', '-n', 'shop', '-o', 'name'))
      .trim()
      .split('\n');
    expect(left).toEqual(['configmap/kube-root-ca.crt']);
  });

  /** Requests of the controller itself that the API server did not allow; what an application's account may not do is another matter. */
  function refused(): string[] {
    return (
      replica.proxy.requests
        .filter(({ status }) => status === 403)
        .map(({ method, path }) => `${method} ${path}`)
        // Nobody may list Secrets: those of an application are read one by one, as its own account.
        .filter(
          (request) => !request.startsWith('GET /api/v1/secrets?limit=500&labelSelector=evenkeel.dev%2Fapplication'),
        )
    );
  }
});

function filesOf(root: string): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const path = join(root, name);
    if (statSync(path).isFile()) files[relative(root, path)] = readFileSync(path);
  }
  return files;
}

function evenkeel(args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  return new Promise((tell) => {
    execFile(process.execPath, ['dist/cli/main.js', ...args, '--no-color'], (error, out, err) =>
      tell({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out: out + err }),
    );
  });
}

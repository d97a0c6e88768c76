import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { at, stringAt, type JsonObject } from '../../src/core/json.ts';
import { isEngineError } from '../../src/core/errors.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import { openFolder } from '../../src/sources/folder.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { listOf, podTemplates, RENDERED } from '../deploy/overlays.ts';
import { controlPlaneMissing, startControlPlane, type ControlPlane } from './control-plane.ts';

interface Place {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

const NAMESPACE = { group: '', version: 'v1', kind: 'Namespace' };
const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };
const STATEFUL_SET = { group: 'apps', version: 'v1', kind: 'StatefulSet' };
const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const ROLE_BINDING = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBinding' };
const DEFINITION = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' };
const SECRET = { group: '', version: 'v1', kind: 'Secret' };
const IN_SYSTEM = 'evenkeel-system';

const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-deploy-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function embedded(): Promise<Place> {
  const sandbox = await startSandbox({ authorization: 'rbac', nodes: 3 });
  const kubeconfig = join(scratch, 'embedded-kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(sandbox.kubeconfig()));
  return { kubeconfig, stop: () => sandbox.close() };
}

async function open(kubeconfig: string): Promise<Cluster> {
  const connection = await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: scratch, path: kubeconfig });
  return connectCluster(connection, { clock: systemClock });
}

/** The command line as a user has it. */
function evenkeel(kubeconfig: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['dist/cli/main.js', ...args, '--kubeconfig', kubeconfig, '--data-dir', join(scratch, 'data'), '--no-color'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
}

function renderFolder(path: string, namespace: string): readonly KubeObject[] {
  const snapshot = openFolder(path);
  const result = renderSnapshot(snapshot, {
    path: snapshot.path,
    settings: { kind: 'auto' },
    namespace,
    application: 'x',
    limits: DEFAULT_RENDER_LIMITS,
  });
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.problems));
  return result.set.manifests.map(({ object }) => object);
}

function describeInstall(where: string, start: () => Promise<Place>, skip: string | undefined, pods: boolean): void {
  describe.skipIf(skip !== undefined)(`evenkeel install, on ${where}`, () => {
    let place: Place;
    let cluster: Cluster;
    beforeAll(async () => {
      place = await start();
      cluster = await open(place.kubeconfig);
    });
    afterAll(async () => {
      await cluster.close();
      await place.stop();
    });
    const exists = async (kind: typeof NAMESPACE, name: string, namespace = ''): Promise<boolean> => {
      const live = await cluster.get(kind, { namespace, name });
      if (live.state === 'unknown') throw live.error;
      return live.state === 'present';
    };

    it('refuses to uninstall what is not installed', async () => {
      const { code, err } = await evenkeel(place.kubeconfig, ['uninstall']);
      expect(code).toBe(2);
      expect(err).toContain('not installed');
    });

    it('installs with one command, the password of Redis included', async () => {
      const wait = pods ? [] : ['--no-wait'];
      const { code, out, err } = await evenkeel(place.kubeconfig, ['install', '--apply', '--timeout', '60s', ...wait]);
      expect(`${out}${err}`).toContain('made a password for Redis');
      expect(code, `${out}${err}`).toBe(0);
      expect(await exists(DEPLOYMENT, 'evenkeel-controller', IN_SYSTEM)).toBe(true);
      expect(await exists(DEFINITION, 'applications.evenkeel.dev')).toBe(true);
      const secret = await cluster.get(SECRET, { namespace: IN_SYSTEM, name: 'evenkeel-redis' });
      if (secret.state !== 'present') throw new Error('no Secret');
      const url = Buffer.from(stringAt(secret.object, 'data', 'url') ?? '', 'base64').toString();
      const password = /^redis:\/\/evenkeel:([0-9a-f]{64})@/.exec(url)?.[1] ?? 'none';
      expect(password).not.toBe('none');
      expect(out + err).not.toContain(password);
      expect(Buffer.from(stringAt(secret.object, 'data', 'users.acl') ?? '', 'base64').toString()).not.toContain(
        password,
      );
    });

    it('has nothing to do a second time, and keeps the password', async () => {
      const before = await cluster.get(SECRET, { namespace: IN_SYSTEM, name: 'evenkeel-redis' });
      const { code, out } = await evenkeel(place.kubeconfig, ['install', '--apply', '--no-wait', '-o', 'json']);
      expect(code).toBe(0);
      // The plan is printed by `plan`; with -o json there is one document.
      expect((JSON.parse(out) as { writes: number }).writes).toBe(0);
      expect(await cluster.get(SECRET, { namespace: IN_SYSTEM, name: 'evenkeel-redis' })).toEqual(before);
    });

    it('serves Applications, and checks them', async () => {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
      cluster.refresh();
      const application = (spec: JsonObject): KubeObject =>
        ({
          apiVersion: 'evenkeel.dev/v1alpha1',
          kind: 'Application',
          metadata: { name: 'shop', namespace: 'team-a' },
          spec,
        }) as KubeObject;
      const written = await cluster.apply(application({ source: { git: { url: 'https://git.example.com/c.git' } } }));
      expect(stringAt(written, 'spec', 'interval')).toBe('1m');
      expect(at(written, 'spec', 'sync', 'prune')).toBe(true);
      const wrong = await cluster
        .apply(application({ source: { git: { url: 'https://u:p@git.example.com/c.git' } }, interval: '-1s' }), {
          dryRun: true,
          force: true,
        })
        .catch((thrown: unknown) => thrown);
      expect(isEngineError(wrong, 'ClusterRejected'), String(wrong)).toBe(true);
    });

    // What is not needed any more goes when the new pods are healthy: without controllers they never are.
    it.runIf(pods)('goes over to another overlay and deletes what that one lacks', async () => {
      const { code, out, err } = await evenkeel(place.kubeconfig, [
        'install',
        '--apply',
        '--overlay',
        'embedded',
        '--no-wait',
        '--allow-deletions',
      ]);
      expect(code, out + err).toBe(0);
      expect(await exists(STATEFUL_SET, 'evenkeel-redis', IN_SYSTEM)).toBe(false);
    });

    it('keeps the kind while there are Applications, and the namespace until it is confirmed', async () => {
      const used = await evenkeel(place.kubeconfig, [
        'uninstall',
        '--confirm-delete',
        'CustomResourceDefinition/applications.evenkeel.dev',
      ]);
      expect(used.code).toBe(7);
      expect(used.err).toContain('team-a/shop');
      const plain = await evenkeel(place.kubeconfig, ['uninstall']);
      expect(plain.code, plain.out + plain.err).toBe(0);
      expect(plain.out).toContain('these stay: ');
      expect(await exists(DEPLOYMENT, 'evenkeel-controller', IN_SYSTEM)).toBe(false);
      expect(await exists(ROLE_BINDING, 'evenkeel-tenant')).toBe(false);
      expect(await exists(NAMESPACE, IN_SYSTEM)).toBe(true);
      expect(await exists(DEFINITION, 'applications.evenkeel.dev')).toBe(true);
    });

    it('deletes the rest when it is named', async () => {
      await cluster.delete(
        { group: 'evenkeel.dev', version: 'v1alpha1', kind: 'Application' },
        { namespace: 'team-a', name: 'shop' },
      );
      const odd = await evenkeel(place.kubeconfig, ['uninstall', '--confirm-delete', 'Namespace/kube-system']);
      expect(odd.code).toBe(2);
      const { code, out, err } = await evenkeel(place.kubeconfig, [
        'uninstall',
        '--confirm-delete',
        'CustomResourceDefinition/applications.evenkeel.dev',
        '--confirm-delete',
        `Namespace/${IN_SYSTEM}`,
      ]);
      expect(code, out + err).toBe(0);
      expect(out).not.toContain('these stay');
      expect(await exists(CONFIG_MAP, 'evenkeel-installation', IN_SYSTEM)).toBe(false);
      const live = await cluster.get(NAMESPACE, { namespace: '', name: IN_SYSTEM });
      expect(
        live.state === 'absent' ||
          (live.state === 'present' && live.object.metadata['deletionTimestamp'] !== undefined),
      ).toBe(true);
    });
  });
}

const missing = controlPlaneMissing();
if (missing !== undefined) console.log(`skipped: deploy on a real API server (${missing})`);

describeInstall('the embedded server', embedded, undefined, true);
describeInstall('a real API server', () => startControlPlane(), missing, false);

describe.skipIf(missing !== undefined)('deploy/, on a real API server', () => {
  let place: ControlPlane;
  let cluster: Cluster;
  let controllers: ChildProcess | undefined;
  beforeAll(async () => {
    place = await startControlPlane();
    cluster = await open(place.kubeconfig);
    for (const object of RENDERED.get('ha') ?? []) await cluster.apply(object);
  });
  afterAll(async () => {
    controllers?.kill('SIGKILL');
    await cluster.close();
    await place.stop();
  });

  it.each([...RENDERED.keys()])('passes the validation of the server: overlay %s', async (name) => {
    const failed: string[] = [];
    for (const object of RENDERED.get(name) ?? []) {
      await cluster
        .apply(object, { dryRun: true, force: true })
        .catch((thrown: unknown) => failed.push(String(thrown)));
    }
    expect(failed).toEqual([]);
  });

  it('passes it for a tenant as well', async () => {
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
    for (const object of renderFolder('deploy/tenant', 'team-a')) await cluster.apply(object);
  });

  it('makes pods that the restricted standard admits, and the namespace refuses others', async () => {
    for (const [name, objects] of RENDERED) {
      for (const { owner, spec, labels } of podTemplates(objects)) {
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `${owner}-${name}`, namespace: IN_SYSTEM, labels },
          // The claim of a StatefulSet becomes a volume of its pods.
          spec:
            owner === 'evenkeel-redis'
              ? { ...spec, volumes: [...listOf(spec['volumes']), { name: 'data', emptyDir: {} }] }
              : spec,
        } as unknown as KubeObject;
        await cluster.create(pod, { dryRun: true });
      }
    }
    const loose = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'loose', namespace: IN_SYSTEM },
      spec: { containers: [{ name: 'x', image: 'x' }] },
    };
    await expect(cluster.create(loose as unknown as KubeObject, { dryRun: true })).rejects.toThrow(
      /PodSecurity|restricted/,
    );
  });

  it('gets its pods from the real controllers', async (context) => {
    const binary = join(process.env['KUBEBUILDER_ASSETS'] ?? '', 'kube-controller-manager');
    if (!existsSync(binary)) return context.skip('KUBEBUILDER_ASSETS holds no kube-controller-manager');
    controllers = spawn(
      binary,
      [
        `--kubeconfig=${place.kubeconfig}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--controllers=deployment-controller,replicaset-controller,statefulset-controller,clusterrole-aggregation-controller',
      ],
      { stdio: 'ignore' },
    );
    const POD = { group: '', version: 'v1', kind: 'Pod' };
    await expect
      .poll(
        async () =>
          (await cluster.list(POD, { namespace: IN_SYSTEM }))
            .map(({ metadata }) => metadata.name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, ''))
            .sort(),
        { timeout: 60_000, interval: 500 },
      )
      .toEqual(['evenkeel-controller', 'evenkeel-controller', 'evenkeel-controller', 'evenkeel-redis-0']);
  });

  it('lets the controller do its work, and nothing else', async () => {
    const server = new Client(place.url, { connect: { rejectUnauthorized: false } });
    const may = async (user: string, verb: string, resource: string, more: JsonObject = {}): Promise<boolean> => {
      const [plural = '', group = ''] = resource.split('.', 2);
      const [name, subresource] = plural.split('/');
      const answer = await server.request({
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        method: 'POST',
        headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: {
            user,
            groups: ['system:serviceaccounts', 'system:authenticated'],
            resourceAttributes: {
              verb,
              resource: name ?? '',
              ...(subresource === undefined ? {} : { subresource }),
              group: resource.includes('.') ? resource.slice(plural.length + 1) : group,
              ...more,
            },
          },
        }),
      });
      const review = (await answer.body.json()) as JsonObject;
      return at(review, 'status', 'allowed') === true;
    };
    const controller = `system:serviceaccount:${IN_SYSTEM}:evenkeel-controller`;
    const elsewhere = { namespace: 'team-b' };
    const allowed: [string, string, JsonObject?][] = [
      ['list', 'applications.evenkeel.dev'],
      ['patch', 'applications/status.evenkeel.dev', elsewhere],
      ['update', 'leases.coordination.k8s.io', { namespace: IN_SYSTEM, name: 'evenkeel-controller' }],
      ['create', 'configmaps', elsewhere],
      ['list', 'configmaps'],
      ['get', 'secrets', elsewhere],
      ['watch', 'secrets', { namespace: IN_SYSTEM }],
      ['create', 'events', elsewhere],
      ['impersonate', 'serviceaccounts', { ...elsewhere, name: 'evenkeel-deployer' }],
      ['create', 'subjectaccessreviews.authorization.k8s.io'],
      ['watch', 'customresourcedefinitions.apiextensions.k8s.io'],
    ];
    const denied: [string, string, JsonObject?][] = [
      ['list', 'secrets'],
      ['list', 'secrets', elsewhere],
      ['get', 'leases.coordination.k8s.io', { namespace: IN_SYSTEM, name: 'other' }],
      ['create', 'deployments.apps', elsewhere],
      ['delete', 'namespaces', { name: 'team-b' }],
      ['create', 'pods/exec', elsewhere],
      ['create', 'pods', { namespace: IN_SYSTEM }],
      ['impersonate', 'serviceaccounts', { ...elsewhere, name: 'default' }],
      ['impersonate', 'users', { name: 'admin' }],
      ['impersonate', 'groups', { name: 'system:masters' }],
      ['update', 'clusterrolebindings.rbac.authorization.k8s.io'],
      ['delete', 'applications.evenkeel.dev', elsewhere],
    ];
    const wrong: string[] = [];
    for (const [verb, resource, more] of allowed)
      if (!(await may(controller, verb, resource, more))) wrong.push(`may not ${verb} ${resource}`);
    for (const [verb, resource, more] of denied)
      if (await may(controller, verb, resource, more)) wrong.push(`may ${verb} ${resource}`);
    expect(wrong).toEqual([]);
    const deployer = 'system:serviceaccount:team-a:evenkeel-deployer';
    // The role admin is put together by a controller.
    if (controllers !== undefined)
      await expect
        .poll(() => may(deployer, 'create', 'deployments.apps', { namespace: 'team-a' }), { timeout: 20_000 })
        .toBe(true);
    expect(await may(deployer, 'create', 'deployments.apps', { namespace: 'team-b' })).toBe(false);
    await server.close();
  });
});

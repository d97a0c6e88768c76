import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';

const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
const kubectlPath = join(assets, 'kubectl');
const missing =
  assets === ''
    ? 'KUBEBUILDER_ASSETS is not set'
    : existsSync(kubectlPath)
      ? undefined
      : 'KUBEBUILDER_ASSETS holds no kubectl';
if (missing !== undefined) console.log(`kubectl against the sandbox: skipped, ${missing}`);

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [ { name: web, image: "nginx:1", ports: [ { containerPort: 80 } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [ { port: 80 } ] }
`;

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe.skipIf(missing !== undefined)('kubectl works with the sandbox', () => {
  let sandbox: Sandbox;
  let folder: string;
  let kubeconfig: string;
  let file: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-kubectl-'));
    kubeconfig = join(folder, 'kubeconfig');
    file = join(folder, 'web.yaml');
    writeFileSync(kubeconfig, JSON.stringify(sandbox.kubeconfig()), { mode: 0o600 });
    writeFileSync(file, WEB);
  });

  afterAll(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function kubectl(...args: readonly string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(
        kubectlPath,
        ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'cache'), ...args],
        { env: { PATH: process.env['PATH'] ?? '', HOME: folder } },
        (error, out, err) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }),
      );
    });
  }

  async function ok(...args: readonly string[]): Promise<string> {
    const run = await kubectl(...args);
    expect(`${run.code} ${run.err}`).toBe('0 ');
    return run.out;
  }

  it('applies server-side, waits for the rollout, and finds no difference', async () => {
    expect(await ok('apply', '--server-side', '-f', file)).toBe(
      'deployment.apps/web serverside-applied\nservice/web serverside-applied\n',
    );
    expect(await ok('rollout', 'status', 'deploy/web', '--timeout=30s')).toContain('successfully rolled out');
    expect(await ok('diff', '--server-side', '-f', file)).toBe('');
    expect(await ok('get', 'deploy,svc,pods', '-o', 'wide')).toMatch(/deployment\.apps\/web +2\/2 +2 +2/);
    expect(await ok('get', 'all', '-A')).toContain('service/kubernetes');
  });

  it('shows what would change, and conflicts', async () => {
    writeFileSync(file, WEB.replace('nginx:1', 'nginx:2'));
    const diff = await kubectl('diff', '--server-side', '-f', file);
    expect(diff.code).toBe(1);
    expect(diff.out).toMatch(/-\s+- image: nginx:1\n\+\s+- image: nginx:2/);
    const conflict = await kubectl('apply', '--server-side', '--field-manager', 'other', '-f', file);
    expect(conflict.code).not.toBe(0);
    expect(conflict.err).toContain('conflict with "kubectl": .spec.template.spec.containers[name="web"].image');
    await ok('apply', '--server-side', '--field-manager', 'other', '--force-conflicts', '-f', file);
  });

  it('applies client-side, patches, scales, labels, restarts and deletes', async () => {
    await ok('create', 'namespace', 'second');
    await ok('-n', 'second', 'apply', '-f', file);
    await ok('-n', 'second', 'apply', '-f', file);
    await ok('-n', 'second', 'scale', 'deploy/web', '--replicas=3');
    await ok('-n', 'second', 'label', 'deploy/web', 'team=a');
    await ok(
      '-n',
      'second',
      'patch',
      'deploy/web',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}',
    );
    await ok('-n', 'second', 'rollout', 'restart', 'deploy/web');
    await ok('-n', 'second', 'rollout', 'status', 'deploy/web', '--timeout=30s');
    await ok('-n', 'second', 'wait', '--for=condition=Available', 'deploy/web', '--timeout=30s');
    // It warns that client-side apply will not know of it.
    expect((await kubectl('-n', 'second', 'rollout', 'undo', 'deploy/web')).code).toBe(0);
    await ok('-n', 'second', 'create', 'configmap', 'made', '--from-literal=a=b');
    await ok('-n', 'second', 'create', 'secret', 'generic', 'made', '--from-literal=a=b');
    expect(await ok('-n', 'second', 'get', 'configmap', 'made', '-o', 'jsonpath={.data.a}')).toBe('b');
    expect(await ok('-n', 'second', 'get', 'secret', 'made', '-o', 'jsonpath={.data.a}')).toBe('Yg==');
    expect(await ok('-n', 'second', 'describe', 'deploy', 'web')).toContain('StrategyType:           RollingUpdate');
    await ok('-n', 'second', 'delete', '-f', file, '--timeout=30s');
    await ok('delete', 'namespace', 'second', '--timeout=30s');
  });

  it('explains kinds, lists resources and answers who may do what', async () => {
    expect(await ok('api-resources', '--api-group=apps')).toContain('deployments');
    expect(await ok('explain', 'deployment.spec.strategy')).toContain('rollingUpdate');
    expect(await ok('auth', 'can-i', 'create', 'pods')).toBe('yes\n');
    expect(await ok('auth', 'whoami')).toContain('admin');
    await ok('cordon', 'node-1');
    await ok('uncordon', 'node-1');
    await ok('drain', 'node-1', '--ignore-daemonsets', '--force', '--timeout=30s');
    await ok('uncordon', 'node-1');
  });

  it('reads custom resources with their columns', async () => {
    const definition = join(folder, 'crd.yaml');
    writeFileSync(
      definition,
      `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: boats.example.com }
spec:
  group: example.com
  names: { kind: Boat, plural: boats, shortNames: [ bt ] }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [ { name: Sails, type: integer, jsonPath: .spec.sails } ]
    schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { sails: { type: integer } } } } } }
`,
    );
    await ok('apply', '-f', definition);
    await ok('wait', '--for=condition=Established', 'crd/boats.example.com', '--timeout=30s');
    writeFileSync(file, '{ apiVersion: example.com/v1, kind: Boat, metadata: { name: one }, spec: { sails: 3 } }');
    await ok('apply', '-f', file);
    expect(await ok('get', 'bt')).toBe('NAME   SAILS\none    3\n');
    const wrong = await kubectl('patch', 'boat', 'one', '--type=merge', '-p', '{"spec":{"sails":"many"}}');
    expect(wrong.err).toContain('spec.sails in body must be of type integer: "string"');
    await ok('delete', 'crd', 'boats.example.com', '--timeout=30s');
    expect((await kubectl('get', 'bt')).code).not.toBe(0);
  });
});

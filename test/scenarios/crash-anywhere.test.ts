import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readState } from '../../src/apply/state-store.ts';
import { connectCluster } from '../../src/cluster/client.ts';
import { plainConnection } from '../../src/cluster/connection.ts';
import { reconcile, type Reconciled } from '../../src/controller/reconcile.ts';
import type { Application } from '../../src/core/application.ts';
import { labelOf } from '../../src/core/application-label.ts';
import { formatKey, keyOf } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';

/** First commit: what is there. Second commit: one object changed, one gone, one new, one replaced in another kind. */
function first(namespace: string): string {
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ${namespace} }\ndata: { colour: red, size: large }`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: old, namespace: ${namespace} }\ndata: { a: "1" }`,
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: worker, namespace: ${namespace} }`,
    `apiVersion: v1\nkind: Secret\nmetadata: { name: token, namespace: ${namespace} }\nstringData: { token: abc }`,
  ].join('\n---\n');
}

function second(namespace: string): string {
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ${namespace} }\ndata: { colour: blue }`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: new, namespace: ${namespace}, annotations: { argocd.argoproj.io/sync-wave: "2" } }\ndata: { b: "2" }`,
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: worker, namespace: ${namespace} }`,
    `apiVersion: v1\nkind: Secret\nmetadata: { name: token, namespace: ${namespace} }\nstringData: { token: xyz }`,
  ].join('\n---\n');
}

let sandbox: Sandbox;
let calls = { install: 0, update: 0 };

function connect(): Cluster {
  return connectCluster(plainConnection(sandbox.url, sandbox.token), { clock: systemClock, maxAttempts: 1 });
}

function applicationIn(namespace: string): Application {
  return anApplication({
    name: { namespace: 'default', name: namespace },
    destination: { cluster: 'in-cluster', namespace },
    sync: { maxDeletions: { kind: 'count', count: 3 } },
  });
}

async function sync(
  application: Application,
  repository: MemoryRepository,
  signal = new AbortController().signal,
): Promise<Reconciled> {
  const cluster = connect();
  try {
    return await reconcile(application, memoryEngine(cluster, repository), {
      signal,
      trigger: 'test',
    });
  } finally {
    await cluster.close();
  }
}

/** What is in the cluster of one application, with everything that only the server sets left out. */
async function contents(application: Application): Promise<unknown> {
  const cluster = connect();
  const kinds = ['Namespace', 'ConfigMap', 'ServiceAccount', 'Secret'];
  const lists = await Promise.all(
    kinds.map((kind) =>
      cluster.list(
        { group: '', version: 'v1', kind },
        { labelSelector: `evenkeel.dev/application=${labelOf(application.name)}` },
      ),
    ),
  );
  const { state } = await readState(cluster, application.name);
  await cluster.close();
  const { namespace } = application.destination;
  const objects = lists
    .flat()
    .map((object) => ({ key: formatKey(keyOf(object)).replaceAll(namespace, 'NS'), data: object['data'] ?? null }));
  return {
    objects: objects.sort((a, b) => (a.key < b.key ? -1 : 1)),
    inventory: state.inventory.map((key) => formatKey(key).replaceAll(namespace, 'NS')),
    complete: state.current?.complete,
  };
}

async function runAll(
  namespace: string,
  killAt:
    | { readonly phase: 'install' | 'update'; readonly call: number; readonly when: 'before' | 'after' }
    | undefined,
): Promise<unknown> {
  const application = applicationIn(namespace);
  const repository = new MemoryRepository();
  for (const phase of ['install', 'update'] as const) {
    repository.commit(phase === 'install' ? first(namespace) : second(namespace));
    const before = sandbox.faults.requests;
    if (killAt?.phase === phase) {
      const death = new AbortController();
      const die = (): never => {
        death.abort();
        throw new Error('the process is gone');
      };
      sandbox.faults.add({ skip: killAt.call - 1, action: { kind: 'call', when: killAt.when, hook: die } });
      await sync(application, repository, death.signal).catch(() => undefined);
      sandbox.faults.clear();
    }
    let passes = 0;
    for (let done = false; !done && passes < 3; passes++) done = (await sync(application, repository)).complete;
    calls = { ...calls, [phase]: Math.max(calls[phase], sandbox.faults.requests - before) };
  }
  return contents(application);
}

beforeAll(async () => {
  sandbox = await startSandbox({ controllers: true, nodes: 1 });
});
afterAll(async () => {
  await sandbox.close();
});

describe('a process that dies at any API call of a sync', () => {
  it('leaves a cluster that the next sync brings to the very same end', async () => {
    const expected = await runAll('calm', undefined);
    const { install, update } = calls;
    expect(install).toBeGreaterThan(10);
    const wrong: string[] = [];

    for (const [phase, count] of [
      ['install', install],
      ['update', update],
    ] as const) {
      for (let call = 1; call <= count; call++) {
        for (const when of ['before', 'after'] as const) {
          const namespace = `${phase}-${call}-${when}`;
          sandbox.faults.clearAudit();
          const found = await runAll(namespace, { phase, call, when });
          if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push(`${namespace}: ${JSON.stringify(found)}`);
          const deleted = sandbox.faults.audit.filter((entry) => entry.method === 'DELETE').map((entry) => entry.path);
          if (deleted.some((path) => path !== `/api/v1/namespaces/${namespace}/configmaps/old`))
            wrong.push(`${namespace}: deleted ${deleted.join(', ')}`);
        }
      }
    }

    expect(wrong).toEqual([]);
  }, 300_000);
});

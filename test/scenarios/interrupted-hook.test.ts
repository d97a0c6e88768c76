import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readState } from '../../src/apply/state-store.ts';
import { connectCluster } from '../../src/cluster/client.ts';
import { plainConnection } from '../../src/cluster/connection.ts';
import { reconcile, type Reconciled } from '../../src/controller/reconcile.ts';
import type { Application } from '../../src/core/application.ts';
import type { Cluster } from '../../src/core/ports.ts';
import type { FaultMatch } from '../../src/sandbox/faults/faults.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';

let sandbox: Sandbox;

function connect(): Cluster {
  return connectCluster(plainConnection(sandbox.url, sandbox.token), { clock: systemClock, maxAttempts: 1 });
}

/** A migration before the sync, and something that is applied after it. */
function manifests(namespace: string): string {
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }`,
    `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: ${namespace}, annotations: { evenkeel.dev/hook: pre } }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: main, image: example/main:1 }] }`,
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ${namespace} }`,
  ].join('\n---\n');
}

async function sync(application: Application, repository: MemoryRepository, signal: AbortSignal): Promise<Reconciled> {
  const cluster = connect();
  try {
    return await reconcile(application, memoryEngine(cluster, repository), { signal, trigger: 'test' });
  } finally {
    await cluster.close();
  }
}

interface Kill {
  readonly match: FaultMatch;
  /** The how manieth of these requests. */
  readonly nth: number;
  readonly when: 'before' | 'after';
}

/** Kills a sync at one of its requests and goes on with another one. @returns how often the hook was started */
async function startsOf(namespace: string, kill: Kill): Promise<number> {
  const application = anApplication({
    name: { namespace: 'default', name: namespace },
    destination: { cluster: 'in-cluster', namespace },
  });
  const repository = new MemoryRepository();
  repository.commit(manifests(namespace));
  sandbox.faults.clearAudit();
  const death = new AbortController();
  const die = (): never => {
    death.abort();
    throw new Error('the process is gone');
  };
  sandbox.faults.add({
    match: kill.match,
    skip: kill.nth - 1,
    action: { kind: 'call', when: kill.when, hook: die },
  });
  await sync(application, repository, death.signal).catch(() => undefined);
  sandbox.faults.clear();
  if (!death.signal.aborted) throw new Error(`${namespace} was not killed`);
  for (let pass = 0; pass < 3; pass++)
    if ((await sync(application, repository, new AbortController().signal)).complete) break;
  const cluster = connect();
  const { state } = await readState(cluster, application.name);
  await cluster.close();
  if (state.current?.complete !== true) throw new Error(`${namespace} did not come to its end`);
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs/migrate`;
  return sandbox.faults.audit.filter(
    (entry) => entry.method === 'PATCH' && entry.path.startsWith(path) && entry.code === 201,
  ).length;
}

beforeAll(async () => {
  sandbox = await startSandbox({ controllers: true, nodes: 1, readyAfterMs: 150 });
});
afterAll(async () => {
  await sandbox.close();
});

// The writes of a sync: state, namespace, Job, its note, its end, ConfigMap, state.
const WRITE = { mutating: true };

describe('a hook whose process dies', () => {
  it.each([
    {
      moment: 'while it runs',
      match: { method: 'GET', pathIncludes: '/jobs/migrate' },
      nth: 3,
      when: 'after',
      starts: 1,
    },
    { moment: 'before its start', match: WRITE, nth: 3, when: 'before', starts: 1 },
    { moment: 'after its start was noted', match: WRITE, nth: 4, when: 'after', starts: 1 },
    { moment: 'before its end is noted', match: WRITE, nth: 5, when: 'before', starts: 1 },
    { moment: 'after its end was noted', match: WRITE, nth: 5, when: 'after', starts: 1 },
    // Its start cannot be known before it is there.
    { moment: 'between its start and its note', match: WRITE, nth: 4, when: 'before', starts: 2 },
  ] as const)('$moment has $starts runs', async ({ match, nth, when, starts }) => {
    expect(await startsOf(`hook-${match === WRITE ? 'write' : 'read'}-${nth}-${when}`, { match, nth, when })).toBe(
      starts,
    );
  });
});

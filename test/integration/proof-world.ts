import { expect } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { connectCluster, type ClusterOptions } from '../../src/cluster/client.ts';
import { plainConnection, type ClusterConnection } from '../../src/cluster/connection.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { prepare, type Prepared } from '../../src/controller/prepare.ts';
import { reconcile, type Reconciled } from '../../src/controller/reconcile.ts';
import type { Engine } from '../../src/controller/engine.ts';
import type { Application, SyncRules } from '../../src/core/application.ts';
import { formatKey, gvkOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Step } from '../../src/core/plan.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { NO_OVERRIDES, type PlanOverrides } from '../../src/plan/guards.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';
import { controlPlaneMissing, startControlPlane } from './control-plane.ts';

/** A server that the proofs run against. */
export interface World {
  readonly connection: ClusterConnection;
  /** A new client: nothing that another one learnt is known to it. */
  connect(options?: Partial<ClusterOptions>): Cluster;
  stop(): Promise<void>;
}

export interface WorldKind {
  readonly name: string;
  /** Why it cannot run here. */
  readonly missing: string | undefined;
  readonly real: boolean;
  start(): Promise<World>;
}

export const REAL_SERVER: WorldKind = {
  name: 'kube-apiserver',
  missing: controlPlaneMissing(),
  real: true,
  async start() {
    const plane = await startControlPlane();
    const connection = await loadKubeconfig({
      clock: systemClock,
      env: {},
      homeFolder: '/',
      path: plane.kubeconfig,
    });
    return world(connection, async () => plane.stop());
  },
};

export const EMBEDDED_SERVER: WorldKind = {
  name: 'the embedded server',
  missing: undefined,
  real: false,
  async start() {
    const sandbox = await startSandbox({ authorization: 'rbac', controllers: false });
    return world(plainConnection(sandbox.url, sandbox.token), async () => sandbox.close());
  },
};

/** The kinds of server that can run here; those that cannot are named on the console. */
export function worldsOf(proof: string, kinds: readonly WorldKind[] = [REAL_SERVER, EMBEDDED_SERVER]): WorldKind[] {
  for (const kind of kinds) {
    if (kind.missing !== undefined) console.log(`skipped: ${proof} on ${kind.name} (${kind.missing})`);
  }
  return kinds.filter((kind) => kind.missing === undefined);
}

function world(connection: ClusterConnection, end: () => Promise<void>): World {
  const open: Cluster[] = [];
  return {
    connection,
    connect(options = {}) {
      const cluster = connectCluster(connection, { clock: systemClock, maxAttempts: 2, ...options });
      open.push(cluster);
      return cluster;
    },
    async stop() {
      await Promise.all(open.map(async (cluster) => cluster.close()));
      await end();
    },
  };
}

/** One application with its repository and an engine without memory of anything. */
export class Scene {
  readonly application: Application;
  readonly repository: MemoryRepository;
  engine: Engine;
  readonly #cluster: Cluster;

  constructor(
    cluster: Cluster,
    name: string,
    options: {
      readonly namespace?: string;
      readonly sync?: Partial<SyncRules>;
      readonly serviceAccountName?: string;
      readonly repository?: MemoryRepository;
      readonly ignore?: Application['ignore'];
    } = {},
  ) {
    this.#cluster = cluster;
    this.repository = options.repository ?? new MemoryRepository();
    this.application = anApplication({
      name: { namespace: 'default', name },
      destination: {
        cluster: 'in-cluster',
        namespace: options.namespace ?? 'default',
        ...(options.serviceAccountName === undefined ? {} : { serviceAccountName: options.serviceAccountName }),
      },
      ...(options.ignore === undefined ? {} : { ignore: options.ignore }),
      sync: { waveTimeoutMs: 20_000, ...options.sync },
    });
    this.engine = memoryEngine(cluster, this.repository);
  }

  /** As after a restart: empty caches, and another client where one is given. */
  forget(cluster: Cluster = this.#cluster): void {
    this.engine = memoryEngine(cluster, this.repository);
  }

  async plan(overrides: Partial<PlanOverrides> = {}, dryRunChanges = false): Promise<Prepared> {
    return prepare(this.application, this.engine, { overrides: { ...NO_OVERRIDES, ...overrides }, dryRunChanges });
  }

  async sync(overrides: Partial<PlanOverrides> = {}, signal = new AbortController().signal): Promise<Reconciled> {
    return reconcile(this.application, this.engine, {
      signal,
      trigger: 'test',
      overrides: { ...NO_OVERRIDES, ...overrides },
    });
  }
}

/** Every step of a plan that would do something, as `key: action path, path`. */
export function effectsOf(prepared: Prepared): string[] {
  return stepsOf(prepared)
    .filter((step) => step.action !== 'unchanged')
    .map(
      (step) => `${formatKey(step.key)}: ${step.action} ${step.diff.changes.map((change) => change.path).join(', ')}`,
    );
}

export function stepsOf(prepared: Prepared): readonly Step[] {
  return prepared.plan.waves.flatMap((wave) => wave.steps);
}

/** What failed, in one line each. */
export function failuresOf(result: Reconciled): string[] {
  return result.report.failed.map(
    ({ key, error }) => `${formatKey(key)}: ${error?.code ?? ''} ${error?.message ?? ''}`,
  );
}

export function fixture(name: string): string {
  return readFileSync(join('test', 'fixtures', 'kinds', name), 'utf8');
}

/**
 * Waits until the server publishes the schema of every kind of a plan: that of a new definition comes a moment after the definition
 * is established, and until then what cannot be decided without it is asked by a dry-run.
 */
export async function untilPublished(cluster: Cluster, prepared: Prepared): Promise<void> {
  const kinds = new Map(
    prepared.desired.map(({ manifest: { object } }) => [`${object.apiVersion} ${object.kind}`, gvkOf(object)]),
  );
  const endMs = performance.now() + 30_000;
  for (const kind of kinds.values()) {
    while ((await cluster.schema(kind)) === undefined) {
      if (performance.now() > endMs) throw new Error(`the server publishes no schema of ${kind.kind}`);
      await systemClock.sleep(100);
      cluster.refresh();
    }
  }
}

export async function present(cluster: Cluster, kind: string, namespace: string, name: string): Promise<KubeObject> {
  const [group = '', version = '', word = ''] = kind.split('/');
  const live = await cluster.get({ group, version, kind: word }, { namespace, name });
  if (live.state !== 'present')
    throw new Error(`expected ${kind} ${namespace}/${name} to be present, it is ${live.state}`);
  return live.object;
}

export function yaml(...documents: string[]): string {
  return documents.join('\n---\n');
}

/** Repeats until it holds: admission rules and definitions take a moment to be in force. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 30_000, interval: 100 }).toBe(true);
}

import { homedir } from 'node:os';

import { Agent } from 'undici';

import { connectCluster } from '../../src/cluster/client.ts';
import type { ClusterConnection } from '../../src/cluster/connection.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { reconcile, type Reconciled } from '../../src/controller/reconcile.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';
import { round, type Bench } from './measure.ts';

export interface ApplyRates {
  readonly objects: number;
  readonly rawPerSecond: number;
  readonly ownPerSecond: number;
  /** Own cold apply (plan and state included) as a share of the raw server-side apply rate; the goal is 0.7. */
  readonly coldRatio: number;
  /** Time of a pass that finds everything unchanged, as a share of the cold apply; the goal is 1/20. */
  readonly unchangedRatio: number;
  readonly unchangedMs: number;
  /** Mutating requests and dry-runs of the unchanged pass. */
  readonly unchangedWrites: number;
}

const CONNECTIONS = 32;

/**
 * Applies the same objects with the smallest possible client and with the engine, each in a namespace of its own, on one server; the
 * namespaces are deleted at the end.
 */
export async function benchApply(connection: ClusterConnection, objects = 4000): Promise<ApplyRates> {
  const run = Math.floor(Math.random() * 1e9).toString(36);
  const raw = await rawApply(connection, objectsIn(`bench-raw-${run}`, objects), `bench-raw-${run}`);
  const namespace = `bench-own-${run}`;
  const writes = { count: 0 };
  const cluster = connectCluster(connection, {
    clock: systemClock,
    maxConnections: CONNECTIONS,
    onRequest: ({ method }) => {
      if (method !== 'GET') writes.count += 1;
    },
  });
  try {
    await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const repository = new MemoryRepository();
    repository.commit(
      objectsIn(namespace, objects)
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    );
    const application = anApplication({
      name: { namespace: 'default', name: namespace },
      destination: { cluster: 'in-cluster', namespace },
    });
    const engine = memoryEngine(cluster, repository);
    // Reading the manifests is the renderer's time, not the apply's: it is done before, and remembered.
    const fetched = await repository.sources.resolve(application.source.git);
    const rendered = await repository.renderer.render(fetched, {} as never);
    const measured = { ...engine, renderer: { ...engine.renderer, render: () => Promise.resolve(rendered) } };
    const pass = async (): Promise<{ readonly ms: number; readonly result: Reconciled }> => {
      const startMs = performance.now();
      const result = await reconcile(application, measured, { signal: new AbortController().signal, trigger: 'bench' });
      if (!result.complete)
        throw new Error(`the apply failed: ${result.report.failed[0]?.error?.message ?? 'no reason'}`);
      return { ms: performance.now() - startMs, result };
    };
    const cold = await pass();
    await pass();
    writes.count = 0;
    let unchangedMs = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < 3; repeat++) unchangedMs = Math.min(unchangedMs, (await pass()).ms);
    const ownPerSecond = (objects * 1000) / cold.ms;
    return {
      objects,
      rawPerSecond: raw,
      ownPerSecond,
      coldRatio: ownPerSecond / raw,
      unchangedRatio: unchangedMs / cold.ms,
      unchangedMs,
      unchangedWrites: writes.count,
    };
  } finally {
    for (const name of [namespace, `bench-raw-${run}`])
      await cluster.delete({ group: '', version: 'v1', kind: 'Namespace' }, { namespace: '', name });
    await cluster.close();
  }
}

async function rawApply(
  connection: ClusterConnection,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<number> {
  const { origin } = new URL(connection.server);
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: {
      rejectUnauthorized: !connection.tls.insecure,
      ...(connection.tls.ca === undefined ? {} : { ca: connection.tls.ca }),
    },
  });
  const { headers } = await connection.credentials.current();
  const send = async (method: 'PATCH' | 'POST', path: string, body: string, type: string): Promise<void> => {
    const response = await agent.request({
      origin,
      path,
      method,
      body,
      headers: { ...(headers as Record<string, string>), accept: 'application/json', 'content-type': type },
    });
    const text = await response.body.text();
    if (response.statusCode >= 300)
      throw new Error(`${path} was answered with ${response.statusCode}: ${text.slice(0, 300)}`);
    JSON.parse(text);
  };
  try {
    await send('POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name: namespace } }), 'application/json');
    const requests = objects.map(
      (object) => [`${pathOf(object)}?fieldManager=bench&force=true`, JSON.stringify(object)] as const,
    );
    const startMs = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let index = next++; index < requests.length; index = next++) {
          const [path, body] = requests[index] ?? ['', ''];
          await send('PATCH', path, body, 'application/apply-patch+yaml');
        }
      }),
    );
    return (objects.length * 1000) / (performance.now() - startMs);
  } finally {
    await agent.close();
  }
}

const PLURALS: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  ServiceAccount: 'serviceaccounts',
  Service: 'services',
  Deployment: 'deployments',
};

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/namespaces/${metadata.namespace ?? ''}/${PLURALS[kind] ?? ''}/${metadata.name}`;
}

/** A quarter each of ConfigMaps, ServiceAccounts, Services and Deployments without replicas. */
function objectsIn(namespace: string, count: number): KubeObject[] {
  return Array.from({ length: Math.ceil(count / 4) }, (_, index) => {
    const name = `app-${index}`;
    const metadata = { name, namespace, labels: { 'app.kubernetes.io/name': name } };
    return [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata,
        data: { 'application.properties': `server.port=8080\nshard=${index}\n` },
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: {
              serviceAccountName: name,
              containers: [
                {
                  name: 'main',
                  image: `example.invalid/${name}:1`,
                  ports: [{ name: 'http', containerPort: 8080 }],
                  env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
                  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
                },
              ],
            },
          },
        },
      },
    ] satisfies KubeObject[];
  })
    .flat()
    .slice(0, count);
}

export const APPLY_BENCH: Bench = {
  name: 'apply',
  run: async () => {
    const path = process.env['BENCH_KUBECONFIG'];
    if (path === undefined) return { skipped: 'BENCH_KUBECONFIG does not name a cluster that may be written to' };
    const connection = await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: homedir(), path });
    const rates = await benchApply(connection, Number(process.env['BENCH_APPLY_OBJECTS'] ?? 4000));
    return [
      {
        name: `cold apply of ${rates.objects} objects, against raw server-side apply`,
        value: round(rates.coldRatio),
        unit: '×',
        goal: '≥ 0.7×',
        met: rates.coldRatio >= 0.7,
        detail: `${Math.round(rates.ownPerSecond)}/s, raw ${Math.round(rates.rawPerSecond)}/s`,
      },
      {
        name: 'a pass that finds all of them unchanged, against the cold apply',
        value: round(rates.unchangedRatio),
        unit: '×',
        goal: '≤ 0.05×, 0 writes',
        met: rates.unchangedRatio <= 0.05 && rates.unchangedWrites === 0,
        detail: `${Math.round(rates.unchangedMs)} ms, ${rates.unchangedWrites} writes`,
      },
    ];
  },
};

import { Agent } from 'undici';

import { connectCluster } from '../../src/cluster/client.ts';
import type { ClusterConnection } from '../../src/cluster/connection.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';

/** Requests per second of the smallest possible client and of ours, on the same server, and their ratio. */
export interface ClientRate {
  readonly work: 'get' | 'apply';
  readonly rawPerSecond: number;
  readonly ownPerSecond: number;
  /** Own rate as a share of the raw one; the goal is 0.8. */
  readonly ratio: number;
}

export interface ClientBenchOptions {
  /** Requests in one measured run. */
  readonly requests?: number;
  readonly concurrency?: number;
  /** Runs of each; the best counts, because everything that disturbs makes a run slower. */
  readonly rounds?: number;
}

const NAMESPACE = 'default';

/** Reads and unchanged applies of 200 Deployments; the two clients take turns, so that a warm server favours neither. */
export async function benchClient(
  connection: ClusterConnection,
  options: ClientBenchOptions = {},
): Promise<readonly ClientRate[]> {
  const requests = options.requests ?? 2000;
  const concurrency = options.concurrency ?? 16;
  const rounds = options.rounds ?? 4;
  const url = new URL(connection.server);
  const agent = new Agent({
    connections: concurrency,
    connect: {
      rejectUnauthorized: !connection.tls.insecure,
      ...(connection.tls.ca === undefined ? {} : { ca: connection.tls.ca }),
    },
  });
  const material = await connection.credentials.current();
  const cluster = connectCluster(connection, { clock: systemClock, maxConnections: concurrency });
  const objects = Array.from({ length: 200 }, (_, index) => deployment(`bench-client-${index}`));
  const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
  const path = (object: KubeObject): string =>
    `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${object.metadata.name}`;
  const raw = async (method: 'GET' | 'PATCH', target: string, body?: string): Promise<void> => {
    const response = await agent.request({
      origin: url.origin,
      path: target,
      method,
      headers: {
        accept: 'application/json',
        ...(material.headers as Record<string, string>),
        ...(body === undefined ? {} : { 'content-type': 'application/apply-patch+yaml' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300)
      throw new Error(`bench request was answered with ${response.statusCode}: ${text.slice(0, 300)}`);
    JSON.parse(text);
  };
  try {
    await each(objects.length, concurrency, async (index) => {
      const object = objects[index % objects.length];
      if (object !== undefined) await cluster.apply(object);
    });
    const work: Record<
      ClientRate['work'],
      { raw: (object: KubeObject) => Promise<void>; own: (object: KubeObject) => Promise<unknown> }
    > = {
      get: {
        raw: async (object) => raw('GET', path(object)),
        own: async (object) => cluster.get(kind, { namespace: NAMESPACE, name: object.metadata.name }),
      },
      apply: {
        raw: async (object) =>
          raw('PATCH', `${path(object)}?fieldManager=evenkeel&fieldValidation=Strict`, JSON.stringify(object)),
        own: async (object) => cluster.apply(object),
      },
    };
    const rates: ClientRate[] = [];
    for (const name of ['get', 'apply'] as const) {
      let rawPerSecond = 0;
      let ownPerSecond = 0;
      for (let round = 0; round < rounds; round++) {
        rawPerSecond = Math.max(rawPerSecond, await rate(requests, concurrency, objects, work[name].raw));
        ownPerSecond = Math.max(ownPerSecond, await rate(requests, concurrency, objects, work[name].own));
      }
      rates.push({ work: name, rawPerSecond, ownPerSecond, ratio: ownPerSecond / rawPerSecond });
    }
    return rates;
  } finally {
    await each(objects.length, concurrency, async (index) => {
      const object = objects[index % objects.length];
      if (object !== undefined) await cluster.delete(kind, { namespace: NAMESPACE, name: object.metadata.name });
    });
    await cluster.close();
    await agent.close();
  }
}

async function rate(
  requests: number,
  concurrency: number,
  objects: readonly KubeObject[],
  run: (object: KubeObject) => Promise<unknown>,
): Promise<number> {
  const beganMs = performance.now();
  await each(requests, concurrency, async (index) => {
    const object = objects[index % objects.length];
    if (object !== undefined) await run(object);
  });
  return (requests * 1000) / (performance.now() - beganMs);
}

async function each(count: number, concurrency: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let index = next++; index < count; index = next++) await run(index);
    }),
  );
}

function deployment(name: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels: { app: name } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'registry.example.com/app:1.0.0',
              ports: [{ name: 'http', containerPort: 8080 }],
              env: Array.from({ length: 10 }, (_, index) => ({ name: `SETTING_${index}`, value: `value ${index}` })),
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
            },
          ],
        },
      },
    },
  };
}

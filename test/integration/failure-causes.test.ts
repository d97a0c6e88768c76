import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../src/cluster/client.ts';
import { plainConnection } from '../../src/cluster/connection.ts';
import { awaitHealthy } from '../../src/controller/observe-health.ts';
import type { Health } from '../../src/core/health.ts';
import { formatKey, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Clock, Cluster } from '../../src/core/ports.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { anApplication } from '../builders/an-application.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';
import { FAILURES, type Failure } from './failures.ts';
import { simulatedClusterMissing, startSimulatedCluster } from './simulated-cluster.ts';

/** From when the server shows what is wrong to when we say so. */
const LIMIT_MS = 2000;
const TIMEOUT_MS = 60_000;

interface TestCluster {
  readonly cluster: Cluster;
  close(): Promise<void>;
}

async function startEmbedded(): Promise<TestCluster> {
  const sandbox = await startSandbox({ nodes: 2, gpuNodes: 1 });
  const cluster = connectCluster(plainConnection(sandbox.url, sandbox.token), { clock: systemClock });
  return {
    cluster,
    close: async () => {
      await cluster.close();
      await sandbox.close();
    },
  };
}

const missing = simulatedClusterMissing();
if (missing !== undefined) console.log(`skipped: causes of failures on a real API server (${missing})`);

const CLUSTERS = [
  { name: 'the embedded cluster', start: startEmbedded, skip: false },
  {
    name: 'a real API server with simulated nodes',
    start: async () => startSimulatedCluster(2, 1),
    skip: missing !== undefined,
  },
];

for (const { name, start, skip } of CLUSTERS) {
  describe.skipIf(skip)(`what is wrong and whose fault it is, on ${name}`, () => {
    let world: TestCluster;

    beforeAll(async () => {
      world = await start();
    }, TIMEOUT_MS);

    afterAll(async () => {
      await world.close();
    });

    for (const [index, failure] of FAILURES.entries()) {
      it(`says ${failure.reason} (${failure.cause}) of ${failure.what}, within two seconds`, {
        timeout: TIMEOUT_MS,
      }, async () => {
        const { health, lateMs } = await provoke(world.cluster, failure, `failure-${index}`);
        expect({ reason: health.reason, cause: health.cause }).toEqual({
          reason: failure.reason,
          cause: failure.cause,
        });
        expect(health.remedy ?? '').not.toBe('');
        expect(lateMs).toBeLessThan(LIMIT_MS);
      });
    }
  });
}

/** Makes something fail, and waits for it as a sync does. */
async function provoke(
  cluster: Cluster,
  failure: Failure,
  namespace: string,
): Promise<{ readonly health: Health; readonly lateMs: number }> {
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const stop = new AbortController();
  let shownMs: number | undefined;
  const watches = failure.shownBy.map(({ kind, shows }) =>
    cluster.watch(kind, { namespace }, (event) => {
      if (event.type !== 'added' && event.type !== 'modified') return;
      if (shows(event.object)) shownMs ??= performance.now();
      void failure.play?.(cluster, event.object)?.catch(() => undefined);
    }),
  );
  const objects = failure.objects.map((object) => placed(object, namespace));
  for (const object of objects) await cluster.apply(object);
  await failure.then?.(cluster, namespace);
  const watched = objects.at(-1);
  if (watched === undefined) throw new Error('a failure without objects');
  const id = formatKey(keyOf(watched));
  let found: Health | undefined;
  let foundMs = 0;
  let last: Health | undefined;
  const engine = memoryEngine(cluster, new MemoryRepository(), ahead(failure.laterMs ?? 0));
  const application = anApplication({ destination: { cluster: 'in-cluster', namespace } });
  await awaitHealthy(application, [keyOf(watched)], TIMEOUT_MS / 2, engine, stop.signal, {
    onHealth: (verdicts) => {
      last = verdicts.find(({ key }) => formatKey(key) === id)?.health;
      // The first pod that fails has a verdict of its own, before all of them do.
      if (last?.reason !== failure.reason || !failure.message.test(last.message) || shownMs === undefined) return;
      found = last;
      foundMs = performance.now();
      stop.abort(new Error('seen'));
    },
  });
  for (const watch of watches) watch.close();
  if (found === undefined || shownMs === undefined)
    throw new Error(
      `not seen; the server ${shownMs === undefined ? 'did not show it' : 'showed it'}, the verdict was ${JSON.stringify(last)}`,
    );
  return { health: found, lateMs: foundMs - shownMs };
}

function placed(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** The same clock, some time later: what takes minutes to be called stuck. */
function ahead(ms: number): Clock {
  return { ...systemClock, now: () => systemClock.now() + ms };
}

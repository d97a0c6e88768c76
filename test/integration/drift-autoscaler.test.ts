import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/core/json.ts';
import type { SyncRules } from '../../src/core/application.ts';
import { effectsOf, failuresOf, Scene } from './proof-world.ts';
import { simulatedClusterMissing, startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

const missing = simulatedClusterMissing();
if (missing !== undefined) console.log(`skipped: an autoscaler beside Git on a real API server (${missing})`);

const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' } as const;
/** The autoscaler looks every 15 seconds. */
const AUTOSCALER_MS = 60_000;

describe.skipIf(missing !== undefined)('a HorizontalPodAutoscaler beside Git on a real API server', () => {
  let world: SimulatedCluster;

  beforeAll(async () => {
    world = await startSimulatedCluster(1, 0);
  }, 60_000);

  afterAll(async () => world?.close());

  /** Git says at most `replicas`; the autoscaler wants three at least. */
  async function scaled(name: string, replicas: number | undefined, sync: Partial<SyncRules> = {}): Promise<Scene> {
    const scene = new Scene(world.cluster, name, { sync });
    scene.repository.commit(manifests(name, replicas));
    expect(failuresOf(await scene.sync())).toEqual([]);
    await expect.poll(async () => replicasOf(name), { timeout: AUTOSCALER_MS, interval: 250 }).toBe(3);
    return scene;
  }

  async function replicasOf(name: string): Promise<unknown> {
    const live = await world.cluster.get(DEPLOYMENT, { namespace: 'default', name });
    return live.state === 'present' ? at(live.object, 'spec', 'replicas') : live.state;
  }

  it('is no drift where Git leaves the number to it', { timeout: AUTOSCALER_MS * 2 }, async () => {
    const scene = await scaled('left-alone', undefined);
    expect(effectsOf(await scene.plan())).toEqual([]);
    expect((await scene.sync()).report.writes).toBe(0);
    expect(await replicasOf('left-alone')).toBe(3);
  });

  it('is shown as the one field that both write, and taken back when Git is to win', {
    timeout: AUTOSCALER_MS * 2,
  }, async () => {
    const scene = await scaled('contested', 1, { conflicts: 'force' });
    expect(effectsOf(await scene.plan())).toEqual(['default_contested_apps_Deployment: update spec.replicas']);
    const healed = await scene.sync();
    expect(failuresOf(healed)).toEqual([]);
    expect(healed.report.writes).toBe(1);
  });
});

function manifests(name: string, replicas: number | undefined): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  ${replicas === undefined ? '' : `replicas: ${replicas}`}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "example.invalid/a:1", resources: { requests: { cpu: 100m } } }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ${name}, namespace: default }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${name} }
  minReplicas: 3
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]
`;
}

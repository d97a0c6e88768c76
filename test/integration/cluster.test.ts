import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import type { WatchEvent } from '../../src/core/ports.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { describeCluster } from '../conformance/cluster.ts';
import { controlPlaneMissing, startControlPlane, type ControlPlane } from './control-plane.ts';

async function connectionOf(sandbox: Sandbox): ReturnType<typeof loadKubeconfig> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sandbox-'));
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, JSON.stringify(sandbox.kubeconfig()));
  try {
    return await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: folder, path });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let embedded: Sandbox | undefined;
describeCluster(
  'the embedded server',
  async () => {
    embedded = await startSandbox({ authorization: 'rbac', nodes: 0 });
    return { connection: await connectionOf(embedded), rbac: true };
  },
  async () => embedded?.close(),
  // It reads requests as JavaScript does: integers beyond 2^53 are rounded.
  { exactIntegers: false },
);

describe('watches on the embedded server', () => {
  it('lose nothing when connections are cut and the past is forgotten', async () => {
    const sandbox = await startSandbox({ nodes: 0 });
    const cluster = connectCluster(await connectionOf(sandbox), { clock: systemClock });
    const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
    const view = new Map<string, string>();
    let stale = 0;
    let synced = 0;
    const watch = cluster.watch(kind, { namespace: 'default' }, (event: WatchEvent) => {
      if (event.type === 'stale') stale += 1;
      else if (event.type === 'synced') synced += 1;
      else if (event.type === 'deleted') view.delete(event.object.metadata.name);
      else view.set(event.object.metadata.name, event.object.metadata.resourceVersion ?? '');
    });
    for (let round = 0; round < 60; round++) {
      const name = `map-${round % 10}`;
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default' },
        data: { round: String(round) },
      });
      if (round % 7 === 3) await cluster.delete(kind, { namespace: 'default', name });
      if (round % 10 === 5) sandbox.dropWatches(true);
      if (round % 20 === 15) sandbox.compact();
    }
    const expected = async (): Promise<Map<string, string>> =>
      new Map(
        (await cluster.list(kind, { namespace: 'default' })).map((object) => [
          object.metadata.name,
          object.metadata.resourceVersion ?? '',
        ]),
      );
    const endMs = performance.now() + 30_000;
    for (;;) {
      const wanted = await expected();
      try {
        expect(Object.fromEntries(view)).toEqual(Object.fromEntries(wanted));
        break;
      } catch (thrown) {
        if (performance.now() > endMs) throw thrown;
        await systemClock.sleep(50);
      }
    }
    expect(stale).toBeGreaterThan(0);
    while (synced <= 1 && performance.now() < endMs) await systemClock.sleep(50);
    expect(synced).toBeGreaterThan(1);
    watch.close();
    await cluster.close();
    await sandbox.close();
  });
});

const missing = controlPlaneMissing();
if (missing === undefined) {
  let plane: ControlPlane | undefined;
  describeCluster(
    'kube-apiserver',
    async () => {
      plane = await startControlPlane();
      return {
        connection: await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: '/', path: plane.kubeconfig }),
        rbac: true,
      };
    },
    async () => plane?.stop(),
  );
} else {
  console.log(`skipped: cluster port on kube-apiserver (${missing})`);
  describe('cluster port on kube-apiserver', () => it.skip(`needs it: ${missing}`, () => undefined));
}

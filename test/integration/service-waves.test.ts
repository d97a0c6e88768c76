import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Replica } from './service-replica.ts';
import { condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

/** One pod; `NotReady` never becomes ready. */
function deployment(name: string, annotations: JsonObject, metadata: JsonObject = {}): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...metadata },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'main', image: 'example/main:1' }] },
      },
    },
  });
}

const NEVER = { 'test.evenkeel.dev/fails': 'NotReady' };
const SECOND = { 'evenkeel.dev/wave': '1' };

describe('waiting in the middle of a sync', () => {
  let scene: Scene;
  let replica: Replica;
  beforeAll(async () => {
    scene = await startScene({ server: 'embedded', redis: false });
    // One worker: who waits must not hold it.
    replica = await scene.start('one', ['--no-leader-election', '--concurrency', '1']);
  });
  afterAll(async () => scene?.stop());

  async function waitsForTheFirstWave(name: string): Promise<void> {
    await scene.until(
      'the first wave waits',
      async () => condition(await scene.application(name, 'a'), 'Synced').word,
      (word) => word === 'Unknown Syncing' || word === 'False Syncing',
    );
  }

  it('applies the second wave when the first one is healthy', async () => {
    await scene.place('waves');
    const commit = await scene.push('waves', {
      'a/first.yaml': deployment('first', {}),
      'a/second.yaml': configMap('one', '1', SECOND),
    });
    await scene.apply('waves', 'a', 'a');
    await scene.until('it is synced', async () => scene.application('waves', 'a'), syncedTo(commit));
    expect(await scene.valueOf('waves', 'one')).toBe('1');
  });

  it('leaves the wait for a newer commit that mends it', async () => {
    await scene.place('stuck');
    await scene.push('stuck', {
      'a/first.yaml': deployment('first', NEVER),
      'a/second.yaml': configMap('one', '1', SECOND),
    });
    await scene.apply('stuck', 'a', 'a');
    await waitsForTheFirstWave('stuck');
    expect(await scene.valueOf('stuck', 'one')).toBeUndefined();
    const mended = await scene.push('stuck', { 'a/first.yaml': deployment('first', {}) }, [replica]);
    await scene.until('it is synced', async () => scene.application('stuck', 'a'), syncedTo(mended));
    expect(await scene.valueOf('stuck', 'one')).toBe('1');
  });

  it('works on others while it waits, and ends when it is deleted', async () => {
    await scene.place('holds');
    await scene.push('holds', {
      'a/first.yaml': deployment('first', NEVER),
      'a/second.yaml': configMap('one', '1', SECOND),
    });
    await scene.apply('holds', 'a', 'a');
    await waitsForTheFirstWave('holds');
    await scene.place('free');
    const commit = await scene.push('free', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('free', 'a', 'a');
    await scene.until('the other is synced', async () => scene.application('free', 'a'), syncedTo(commit));
    await scene.remove('holds', 'a');
    await scene.until(
      'it is gone',
      async () =>
        scene.cluster.get({ group: 'apps', version: 'v1', kind: 'Deployment' }, { namespace: 'holds', name: 'first' }),
      ({ state }) => state === 'absent',
    );
  });

  it('runs a hook once for a commit', async () => {
    await scene.place('hooks');
    const job = JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', annotations: { 'evenkeel.dev/hook': 'pre' } },
      spec: {
        template: {
          metadata: { annotations: { 'test.evenkeel.dev/ready-after': '500ms' } },
          spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example/main:1' }] },
        },
      },
    });
    const commit = await scene.push('hooks', { 'a/job.yaml': job, 'a/one.yaml': configMap('one', '1') });
    await scene.apply('hooks', 'a', 'a');
    await scene.until('it is synced', async () => scene.application('hooks', 'a'), syncedTo(commit));
    const writes = replica.proxy.writes().filter(({ path }) => path.includes('/namespaces/hooks/jobs'));
    expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual(['PATCH 201']);
  });
});

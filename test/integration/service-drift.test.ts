import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/core/json.ts';
import type { Replica } from './service-replica.ts';
import { CONFIG_MAP, condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

describe('changes by others', () => {
  let scene: Scene;
  let replica: Replica;
  beforeAll(async () => {
    scene = await startScene({ server: 'embedded', redis: false });
    replica = await scene.start('one', ['--no-leader-election']);
  });
  afterAll(async () => scene?.stop());

  async function settled(name: string, spec = {}): Promise<string> {
    await scene.place(name);
    const commit = await scene.push(name, { 'a/one.yaml': configMap('one', 'git') }, [replica]);
    await scene.apply(name, 'a', 'a', spec);
    await scene.until('it is synced', async () => scene.application(name, 'a'), syncedTo(commit));
    return commit;
  }

  /** As `kubectl apply --server-side --force-conflicts` of somebody else does. */
  async function meddle(name: string, value: string, manager = 'meddler'): Promise<void> {
    await scene.cluster.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: name, name: 'one' }, data: { value } },
      { fieldManager: manager, force: true },
    );
  }

  async function valueBecomes(name: string, value: string | undefined): Promise<void> {
    await scene.until(
      `the value is ${value}`,
      async () => scene.valueOf(name, 'one'),
      (seen) => seen === value,
    );
  }

  it('puts back by its watch what somebody changed or deleted', async () => {
    await settled('heals');
    let beganMs = Date.now();
    await meddle('heals', 'else');
    await valueBecomes('heals', 'git');
    // Not at the next sweep, and not at the interval of an hour.
    expect(Date.now() - beganMs).toBeLessThan(3000);
    beganMs = Date.now();
    await scene.cluster.delete(CONFIG_MAP, { namespace: 'heals', name: 'one' });
    await valueBecomes('heals', 'git');
    expect(Date.now() - beganMs).toBeLessThan(3000);
  });

  it('only says so when self-heal is off', async () => {
    await settled('tells', { sync: { selfHeal: false } });
    await meddle('tells', 'else');
    const application = await scene.until(
      'the drift is told',
      async () => scene.application('tells', 'a'),
      (found) => condition(found, 'Synced').word === 'False Drift',
    );
    expect(condition(application, 'Synced').message).toMatch(/^1 change differs from commit/);
    expect(await scene.valueOf('tells', 'one')).toBe('else');
    expect(stringAt(application, 'status', 'plan', 'digest')).toMatch(/^sha256:/);
  });

  it('slows down against somebody who insists, and names him', async () => {
    await settled('fights');
    for (let round = 1; round <= 3; round++) {
      await meddle('fights', `else ${round}`, 'insister');
      await valueBecomes('fights', 'git');
    }
    await meddle('fights', 'else 4', 'insister');
    const application = await scene.until(
      'the fight is told',
      async () => scene.application('fights', 'a'),
      (found) => condition(found, 'Synced').word === 'False Fight',
    );
    expect(condition(application, 'Synced').message).toBe(
      'ConfigMap fights/one is changed by insister again and again: it is put back less often',
    );
    expect(await scene.valueOf('fights', 'one')).toBe('else 4');
    // Ten seconds later it is put back all the same.
    await valueBecomes('fights', 'git');
  });

  it('applies a new commit over a field that somebody edited while nobody looked', async () => {
    await settled('edited');
    await scene.respec('edited', 'a', { suspend: true });
    await scene.until(
      'it is suspended',
      async () => condition(await scene.application('edited', 'a'), 'Synced').word,
      (word) => word === 'Unknown Suspended',
    );
    await meddle('edited', 'else');
    const commit = await scene.push('edited', { 'a/one.yaml': configMap('one', 'git 2') }, [replica]);
    await scene.respec('edited', 'a', { suspend: false });
    await scene.until('it is synced', async () => scene.application('edited', 'a'), syncedTo(commit));
    expect(await scene.valueOf('edited', 'one')).toBe('git 2');
  });

  it('leaves a field that Git says for the first time to its manager, and names both', async () => {
    await settled('contested');
    await scene.cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { namespace: 'contested', name: 'one' },
        data: { extra: 'theirs' },
      },
      { fieldManager: 'neighbour' },
    );
    await scene.push(
      'contested',
      {
        'a/one.yaml': JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'one' },
          data: { value: 'git', extra: 'ours' },
        }),
      },
      [replica],
    );
    const application = await scene.until(
      'the conflict is told',
      async () => scene.application('contested', 'a'),
      (found) => condition(found, 'Synced').word === 'False FieldConflict',
    );
    expect(condition(application, 'Synced').message).toContain('neighbour owns .data.extra');
    expect(condition(application, 'Stalled').word).toBe('True FieldConflict');
  });
});

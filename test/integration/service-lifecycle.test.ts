import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPLICATION_KIND } from '../../src/config/application-crd.ts';
import { listAt, stringAt } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Replica } from './service-replica.ts';
import { CONFIG_MAP, condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

function hook(name: string, phase: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, annotations: { evenkeel.dev/hook: ${phase} } }\n`;
}

describe('the life of an Application', () => {
  let scene: Scene;
  let replica: Replica;
  beforeAll(async () => {
    scene = await startScene({ server: 'embedded', redis: false });
    replica = await scene.start('one', ['--no-leader-election']);
  });
  afterAll(async () => scene?.stop());

  async function push(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    return scene.push(name, files, [replica]);
  }

  async function gone(namespace: string, name: string): Promise<void> {
    await scene.until(
      `Application ${name} is gone`,
      async () => scene.cluster.get(APPLICATION_KIND, { namespace, name }),
      ({ state }) => state === 'absent',
    );
  }

  async function becomes(namespace: string, name: string, word: string, type = 'Synced'): Promise<KubeObject> {
    return scene.until(
      `${type} of ${name} is ${word}`,
      async () => scene.application(namespace, name),
      (application) => condition(application, type).word === word,
    );
  }

  async function synced(namespace: string, name: string, commit: string): Promise<KubeObject> {
    return scene.until(`${name} is synced`, async () => scene.application(namespace, name), syncedTo(commit));
  }

  it('deletes what it made when it is deleted, and nothing else', async () => {
    await scene.place('prunes');
    const commit = await push('prunes', { 'a/one.yaml': configMap('one', '1'), 'a/two.yaml': configMap('two', '2') });
    await scene.apply('prunes', 'a', 'a');
    await synced('prunes', 'a', commit);
    await scene.cluster.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'prunes', name: 'bystander' },
    });
    await scene.remove('prunes', 'a');
    await gone('prunes', 'a');
    const left = await scene.cluster.list(CONFIG_MAP, { namespace: 'prunes' });
    expect(left.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('kube-'))).toEqual([
      'bystander',
    ]);
  });

  it('runs the hooks of its deletion before and after it', async () => {
    await scene.place('hooked');
    const commit = await push('hooked', {
      'a/one.yaml': configMap('one', '1'),
      'a/before.yaml': hook('before', 'preDelete'),
      'a/after.yaml': hook('after', 'postDelete'),
    });
    await scene.apply('hooked', 'a', 'a');
    await synced('hooked', 'a', commit);
    const seen: string[] = [];
    const watch = scene.cluster.watch(CONFIG_MAP, { namespace: 'hooked' }, (event) => {
      if (event.type === 'added' || event.type === 'deleted') seen.push(`${event.type} ${event.object.metadata.name}`);
    });
    await scene.until(
      'the watch is complete',
      async () => seen,
      (names) => names.includes('added one'),
    );
    await scene.remove('hooked', 'a');
    await gone('hooked', 'a');
    await scene.until(
      'the last event',
      async () => seen,
      (names) => names.includes('added after'),
    );
    watch.close();
    const told = ['added before', 'deleted one', 'added after'];
    expect(seen.filter((name) => told.includes(name))).toEqual(told);
  });

  it('deletes nothing when a hook before its deletion fails, and goes when it may leave everything', async () => {
    await scene.place('stuck');
    const broken = `${hook('before', 'preDelete')}binaryData: { a: "no base64" }\n`;
    const commit = await push('stuck', { 'a/one.yaml': configMap('one', '1'), 'a/before.yaml': broken });
    await scene.apply('stuck', 'a', 'a');
    await synced('stuck', 'a', commit);
    await scene.remove('stuck', 'a');
    const held = await becomes('stuck', 'a', 'False ApplyFailed');
    expect(condition(held, 'Synced').message).toContain(
      'application stuck/a is not deleted (HookFailed): ConfigMap stuck/before could not be applied',
    );
    expect(await scene.valueOf('stuck', 'one')).toBe('1');
    await scene.cluster.patch(
      APPLICATION_KIND,
      { namespace: 'stuck', name: 'a' },
      { type: 'merge', body: { spec: { deletionPolicy: 'orphan' } } },
    );
    await gone('stuck', 'a');
    expect(await scene.valueOf('stuck', 'one')).toBe('1');
  });

  it('is judged by the rules of health that it brings, and says what is wrong with them', async () => {
    await scene.place('judged');
    const commit = await push('judged', { 'a/one.yaml': configMap('one', '1') });
    const rule = { when: 'object.data.value == "1"', status: 'degraded', reason: 'One', message: 'it is one' };
    await scene.apply('judged', 'a', 'a', {
      health: { rules: [{ group: '', kinds: [{ kinds: ['ConfigMap'], fresh: 'rules', rules: [rule] }] }] },
    });
    await synced('judged', 'a', commit);
    const judged = await becomes('judged', 'a', 'False One', 'Healthy');
    expect(condition(judged, 'Healthy').message).toContain('it is one');
    const broken = { group: '', kinds: [{ kinds: ['ConfigMap'], rules: [{ when: 'a b', status: 'healthy' }] }] };
    await scene.cluster.patch(
      APPLICATION_KIND,
      { namespace: 'judged', name: 'a' },
      { type: 'merge', body: { spec: { health: { rules: [broken] } } } },
    );
    const wrong = await becomes('judged', 'a', 'False ConfigInvalid');
    expect(condition(wrong, 'Synced').message).toContain('spec.health.rules[0].kinds[0]');
  });

  it('leaves what it made when its policy is to orphan', async () => {
    await scene.place('orphans');
    const commit = await push('orphans', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('orphans', 'a', 'a', { deletionPolicy: 'orphan' });
    await synced('orphans', 'a', commit);
    await scene.remove('orphans', 'a');
    await gone('orphans', 'a');
    expect(await scene.valueOf('orphans', 'one')).toBe('1');
  });

  it('deletes nothing while the definition of Application cannot be read', async () => {
    await scene.place('unknown');
    const commit = await push('unknown', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('unknown', 'a', 'a');
    await synced('unknown', 'a', commit);
    scene.sandbox?.faults.add({
      match: { method: 'GET', pathIncludes: '/customresourcedefinitions/applications.evenkeel.dev' },
      action: { kind: 'status', code: 403, reason: 'Forbidden', message: 'not allowed' },
    });
    await scene.remove('unknown', 'a');
    const held = await becomes('unknown', 'a', 'False ClusterDenied');
    expect(condition(held, 'Synced').message).toContain(
      'nothing is deleted before the kind Application itself was looked at',
    );
    expect(await scene.valueOf('unknown', 'one')).toBe('1');
    scene.sandbox?.faults.clear();
    await gone('unknown', 'a');
    expect(await scene.valueOf('unknown', 'one')).toBeUndefined();
  });

  it('waits for its dependencies, names them, and goes on when they are ready', async () => {
    await scene.place('depends');
    const commit = await push('depends', { 'a/one.yaml': configMap('a', '1'), 'b/one.yaml': configMap('b', '1') });
    await scene.apply('depends', 'b', 'b', { dependsOn: [{ name: 'a' }] });
    const blocked = await becomes('depends', 'b', 'False DependencyNotReady');
    expect(listAt(blocked, 'status', 'blockedBy')).toEqual(['depends/a: does not exist']);
    expect(await scene.valueOf('depends', 'b')).toBeUndefined();
    const beganMs = Date.now();
    await scene.apply('depends', 'a', 'a');
    const ready = await synced('depends', 'b', commit);
    // By event, long before its interval of an hour or a sweep of ten seconds.
    expect(Date.now() - beganMs).toBeLessThan(6000);
    expect(listAt(ready, 'status', 'blockedBy')).toEqual([]);
  });

  it('says of a circle that it is one, and of its members alone, and goes on when it is opened', async () => {
    await scene.place('circle');
    const names = ['a', 'b', 'c'];
    const commit = await push(
      'circle',
      Object.fromEntries([...names, 'free'].map((name) => [`${name}/one.yaml`, configMap(name, '1')])),
    );
    // One after the other: the first ones wait before there is a circle.
    for (const [index, name] of names.entries()) {
      await scene.apply('circle', name, name, { dependsOn: [{ name: names[(index + 1) % names.length] ?? '' }] });
      await scene.until(
        'it was looked at',
        async () => condition(await scene.application('circle', name), 'Synced').word,
        (word) => word.startsWith('False'),
      );
    }
    await scene.apply('circle', 'free', 'free');
    for (const name of names) {
      const message = await scene.until(
        `${name} is in the circle`,
        async () => condition(await scene.application('circle', name), 'Synced').message,
        (found) => found.includes('DependencyCycle'),
      );
      for (const member of names) expect(message).toContain(`circle/${member}`);
    }
    await synced('circle', 'free', commit);
    await scene.respec('circle', 'c', { dependsOn: null });
    for (const name of names) await synced('circle', name, commit);
  });

  it('applies a manual application when the digest of its plan is approved, and that plan only', async () => {
    await scene.place('manual');
    await push('manual', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('manual', 'a', 'a', { sync: { mode: 'manual' } });
    const first = await becomes('manual', 'a', 'False WaitsForApproval');
    const stale = stringAt(first, 'status', 'plan', 'digest') ?? '';
    expect(stale).toMatch(/^sha256:[0-9a-f]{64}$/);
    const commit = await push('manual', { 'a/one.yaml': configMap('one', '2') });
    const second = await scene.until(
      'the plan is another',
      async () => scene.application('manual', 'a'),
      (application) => stringAt(application, 'status', 'plan', 'digest') !== stale,
    );
    await scene.annotate('manual', 'a', { 'evenkeel.dev/approve': stale });
    await scene.annotate('manual', 'a', { 'evenkeel.dev/refresh': 'now' });
    await becomes('manual', 'a', 'False WaitsForApproval');
    expect(await scene.valueOf('manual', 'one')).toBeUndefined();
    await scene.annotate('manual', 'a', { 'evenkeel.dev/approve': stringAt(second, 'status', 'plan', 'digest') ?? '' });
    await synced('manual', 'a', commit);
    expect(await scene.valueOf('manual', 'one')).toBe('2');
  });

  it('syncs a manual application when somebody asks for it, once', async () => {
    await scene.place('asked');
    const commit = await push('asked', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('asked', 'a', 'a', { sync: { mode: 'manual' } });
    await becomes('asked', 'a', 'False WaitsForApproval');
    await scene.annotate('asked', 'a', { 'evenkeel.dev/sync': 'Ada' });
    const application = await synced('asked', 'a', commit);
    expect(stringAt(listAt(application, 'status', 'history')[0], 'trigger')).toBe('person Ada');
    await scene.until(
      'the request is answered',
      async () => (await scene.application('asked', 'a')).metadata.annotations?.['evenkeel.dev/sync'],
      (value) => value === undefined,
    );
    await push('asked', { 'a/one.yaml': configMap('one', '2') });
    await becomes('asked', 'a', 'False WaitsForApproval');
    expect(await scene.valueOf('asked', 'one')).toBe('1');
  });

  it('leaves a suspended application alone, and catches up afterwards', async () => {
    await scene.place('suspended');
    const first = await push('suspended', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('suspended', 'a', 'a');
    await synced('suspended', 'a', first);
    await scene.respec('suspended', 'a', { suspend: true });
    await becomes('suspended', 'a', 'Unknown Suspended');
    const second = await push('suspended', { 'a/one.yaml': configMap('one', '2') });
    await scene.annotate('suspended', 'a', { 'evenkeel.dev/sync': 'Ada' });
    await becomes('suspended', 'a', 'Unknown Suspended');
    expect(await scene.valueOf('suspended', 'one')).toBe('1');
    await scene.respec('suspended', 'a', { suspend: false });
    await synced('suspended', 'a', second);
    expect(await scene.valueOf('suspended', 'one')).toBe('2');
  });

  it('goes back by an annotation and stays there until a newer commit', async () => {
    await scene.place('back');
    const first = await push('back', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('back', 'a', 'a');
    await synced('back', 'a', first);
    const second = await push('back', { 'a/one.yaml': configMap('one', '2') });
    await synced('back', 'a', second);
    await scene.annotate('back', 'a', { 'evenkeel.dev/rollback': 'previous' });
    await becomes('back', 'a', 'True RolledBack');
    expect(await scene.valueOf('back', 'one')).toBe('1');
    await scene.annotate('back', 'a', { 'evenkeel.dev/refresh': 'once' });
    await becomes('back', 'a', 'True RolledBack');
    expect(await scene.valueOf('back', 'one')).toBe('1');
    const third = await push('back', { 'a/one.yaml': configMap('one', '3') });
    await synced('back', 'a', third);
    expect(await scene.valueOf('back', 'one')).toBe('3');
  });

  it('refuses a rollback to a revision that never was, and stays in sync', async () => {
    await scene.place('nowhere');
    const commit = await push('nowhere', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('nowhere', 'a', 'a');
    await synced('nowhere', 'a', commit);
    await scene.annotate('nowhere', 'a', { 'evenkeel.dev/rollback': '7' });
    await becomes('nowhere', 'a', 'False RevisionNotFound');
    await scene.annotate('nowhere', 'a', { 'evenkeel.dev/sync': 'Ada' });
    await synced('nowhere', 'a', commit);
  });
});

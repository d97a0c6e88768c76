import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Replica } from './service-replica.ts';
import { CONFIG_MAP, condition, configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

describe('tenants', () => {
  let scene: Scene;
  let replica: Replica;
  beforeAll(async () => {
    scene = await startScene({ server: 'embedded', redis: false });
    replica = await scene.start('one', ['--no-leader-election', '--default-service-account', 'deployer']);
    for (const name of ['team-a', 'team-b']) await scene.place(name);
    await grant('team-a');
  });
  afterAll(async () => scene?.stop());

  /** An account that may do anything with ConfigMaps of its own namespace. */
  async function grant(namespace: string): Promise<void> {
    const rbac = 'rbac.authorization.k8s.io';
    const metadata = { namespace, name: 'deployer' };
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
    await scene.cluster.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    await scene.cluster.create({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules } as KubeObject);
    await scene.cluster.create({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'deployer' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace }],
    } as KubeObject);
  }

  async function said(namespace: string, name: string): Promise<string> {
    const application = await scene.until(
      'it is judged',
      async () => scene.application(namespace, name),
      (found) => condition(found, 'Synced').word.startsWith('False'),
    );
    return condition(application, 'Synced').message;
  }

  it('cannot write into the namespace of another, and what is their own is applied', async () => {
    await scene.push('team-a', {
      'reach/own.yaml': configMap('own', '1'),
      'reach/theirs.yaml': JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'theirs', namespace: 'team-b' },
      }),
    });
    await scene.apply('team-a', 'reach', 'reach');
    expect(await said('team-a', 'reach')).toMatch(/team-b\/theirs .*system:serviceaccount:team-a:deployer/);
    expect(await scene.valueOf('team-a', 'own')).toBe('1');
    expect((await scene.cluster.get(CONFIG_MAP, { namespace: 'team-b', name: 'theirs' })).state).toBe('absent');
  });

  it('cannot use the credentials of another namespace', async () => {
    await scene.cluster.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'team-b', name: 'git-credentials' },
      stringData: { username: 'b', password: 'hunter2' },
    });
    const git = { url: scene.git.urlOf('team-a'), path: 'reach', credentials: { secretName: 'git-credentials' } };
    await scene.apply('team-a', 'borrow', 'reach', { source: { git } });
    expect(await said('team-a', 'borrow')).toContain('Secret team-a/git-credentials');
  });

  it('never act as the controller when their own account is not there', async () => {
    await scene.push('team-b', { 'a/one.yaml': configMap('one', '1') });
    await scene.apply('team-b', 'a', 'a');
    expect(await said('team-b', 'a')).toContain('system:serviceaccount:team-b:deployer');
    expect(await scene.valueOf('team-b', 'one')).toBeUndefined();
    await grant('team-b');
    await scene.annotate('team-b', 'a', { 'evenkeel.dev/sync': 'Ada' });
    await scene.until(
      'it is applied',
      async () => scene.valueOf('team-b', 'one'),
      (value) => value === '1',
    );
  });

  it('do not take what another Application owns, nor what another tool wrote, and are told whose it is', async () => {
    const loose = JSON.parse(configMap('loose', 'mine')) as KubeObject;
    await scene.cluster.apply(
      { ...loose, metadata: { name: 'loose', namespace: 'team-a' } },
      { fieldManager: 'somebody' },
    );
    const commit = await scene.push('team-a', {
      'first/one.yaml': configMap('shared', 'first'),
      'second/one.yaml': configMap('shared', 'second'),
      'second/loose.yaml': configMap('loose', 'second'),
    });
    await scene.apply('team-a', 'first', 'first');
    await scene.until('it is synced', async () => scene.application('team-a', 'first'), syncedTo(commit));
    await scene.apply('team-a', 'second', 'second');
    const application = await scene.until(
      'it is refused',
      async () => scene.application('team-a', 'second'),
      (found) => condition(found, 'Synced').word === 'False FieldConflict',
    );
    const refusals = listAt(application, 'status', 'refusals').map(String).join('\n');
    expect(refusals).toMatch(/team-a\/shared belongs to application team-a\/first/);
    expect(listAt(application, 'status', 'problems').map(String).join('\n')).toMatch(
      /team-a\/loose .*somebody owns \.data\.value/,
    );
    expect([await scene.valueOf('team-a', 'shared'), await scene.valueOf('team-a', 'loose')]).toEqual([
      'first',
      'mine',
    ]);
  });

  it('leave what they may not delete any more, and do not hold their namespace', async () => {
    await scene.cluster.delete(
      { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'RoleBinding' },
      { namespace: 'team-b', name: 'deployer' },
    );
    await scene.remove('team-b', 'a');
    await scene.until(
      'it is gone',
      async () =>
        scene.application('team-b', 'a').then(
          () => 'there',
          () => 'gone',
        ),
      (state) => state === 'gone',
    );
    expect(await scene.valueOf('team-b', 'one')).toBe('1');
    expect(replica.running).toBe(true);
  });
});

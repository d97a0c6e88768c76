import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKey, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { failuresOf, present, Scene, worldsOf, type World, until, yaml } from './proof-world.ts';

function configMap(name: string, namespace: string, data = 'a: "1"', metadata = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace}${metadata} }\ndata: { ${data} }`;
}

function namespaceOf(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }`;
}

for (const kind of worldsOf('refusals')) {
  describe(`what a server refuses, on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

    // The embedded server runs no admission policies and calls no webhooks.
    it.skipIf(!kind.real)('an admission policy stops its object and no other, and the message names it', async () => {
      await cluster.apply({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: 'no-secrets-in-maps' },
        spec: {
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
            ],
          },
          validations: [{ expression: "!('password' in object.data)", message: 'passwords belong into a Secret' }],
        },
      } as unknown as KubeObject);
      await cluster.apply({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: 'no-secrets-in-maps' },
        spec: {
          policyName: 'no-secrets-in-maps',
          validationActions: ['Deny'],
          matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'policed' } } },
        },
      });
      const scene = new Scene(cluster, 'policed', { namespace: 'policed' });
      scene.repository.commit(yaml(namespaceOf('policed'), configMap('good', 'policed')));
      expect((await scene.sync()).complete).toBe(true);
      await until(async () =>
        cluster
          .create(
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'probe', namespace: 'policed' },
              data: { password: 'x' },
            },
            { dryRun: true },
          )
          .then(
            () => false,
            () => true,
          ),
      );
      scene.repository.commit(
        yaml(namespaceOf('policed'), configMap('bad', 'policed', 'password: x'), configMap('other', 'policed')),
      );
      const result = await scene.sync();
      expect(result.complete).toBe(false);
      expect(failuresOf(result)).toHaveLength(1);
      expect(failuresOf(result)[0]).toMatch(/policed_bad.*no-secrets-in-maps.*passwords belong into a Secret/);
      // Its wave-mate is there; what Git dropped is not pruned in a failed sync.
      await present(cluster, '/v1/ConfigMap', 'policed', 'other');
      await present(cluster, '/v1/ConfigMap', 'policed', 'good');
      expect(result.stored.state.inventory.map(({ name }) => name)).toContain('good');
    });

    it('a quota names the object that did not fit, the rest is applied', async () => {
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'small' } });
      await cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'first', namespace: 'small' } });
      const hard = { 'count/secrets': '1' };
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'small' },
        spec: { hard },
      });
      // The quota controller is not here; admission works from what it would have written.
      await cluster.patch(
        { group: '', version: 'v1', kind: 'ResourceQuota' },
        { namespace: 'small', name: 'q' },
        { type: 'merge', body: { status: { hard, used: { 'count/secrets': '1' } } } },
        { subresource: 'status' },
      );
      const scene = new Scene(cluster, 'small', { namespace: 'small' });
      scene.repository.commit(
        yaml(
          configMap('fits', 'small'),
          'apiVersion: v1\nkind: Secret\nmetadata: { name: over }\nstringData: { a: verysecret }',
        ),
      );
      const result = await scene.sync();
      expect(failuresOf(result)).toHaveLength(1);
      expect(failuresOf(result)[0]).toMatch(/small_over__Secret: ClusterDenied .*exceeded quota/);
      expect(failuresOf(result)[0]).not.toContain('verysecret');
      await present(cluster, '/v1/ConfigMap', 'small', 'fits');
    });

    it('an object that a finalizer holds stays in the inventory, is named, and leaves once it is gone', async () => {
      const scene = new Scene(cluster, 'held', { namespace: 'default' });
      scene.repository.commit(
        yaml(configMap('free', 'default'), configMap('held', 'default', 'a: "1"', ', finalizers: [example.com/hold]')),
      );
      expect((await scene.sync()).complete).toBe(true);
      scene.repository.commit(configMap('free', 'default'));
      const pruned = await scene.sync();
      expect(pruned.stored.state.inventory.map(({ name }) => name)).toEqual(['free', 'held']);
      const [kept] = (await scene.plan()).plan.kept;
      expect(kept?.reason).toMatch(/is being deleted since .*held by finalizers example\.com\/hold/);
      const writes = (await scene.sync()).report.writes;
      expect(writes).toBe(0);
      await cluster.patch(
        { group: '', version: 'v1', kind: 'ConfigMap' },
        { namespace: 'default', name: 'held' },
        { type: 'json', body: [{ op: 'remove', path: '/metadata/finalizers' }] },
      );
      const after = await scene.sync();
      expect(after.stored.state.inventory.map(({ name }) => name)).toEqual(['free']);
    });

    it('nothing is created in a namespace that is being deleted, and other namespaces go on', async () => {
      const scene = new Scene(cluster, 'ending', { namespace: 'ending' });
      const rest = [namespaceOf('living'), configMap('b', 'living')];
      scene.repository.commit(yaml(namespaceOf('ending'), configMap('a', 'ending'), ...rest));
      expect((await scene.sync()).complete).toBe(true);
      await cluster.delete({ group: '', version: 'v1', kind: 'Namespace' }, { namespace: '', name: 'ending' });
      scene.repository.commit(
        yaml(
          namespaceOf('ending'),
          configMap('a', 'ending'),
          configMap('new', 'ending'),
          ...rest,
          configMap('c', 'living'),
        ),
      );
      const result = await scene.sync();
      expect(result.plan.refusals.map(({ guard, keys }) => [guard, keys.map(formatKey)])).toEqual([
        ['NamespaceTerminating', ['_ending__Namespace']],
        ['NamespaceTerminating', ['ending_new__ConfigMap']],
      ]);
      expect(result.plan.refusals[0]?.message).toContain('namespace ending is being deleted since');
      await present(cluster, '/v1/ConfigMap', 'living', 'c');
      // The same without the Namespace in Git: the server says it, for that object alone.
      const outside = new Scene(cluster, 'ending-outside', { namespace: 'ending' });
      outside.repository.commit(yaml(configMap('x', 'ending'), configMap('z', 'living')));
      const refused = await outside.sync();
      expect(failuresOf(refused)).toHaveLength(1);
      expect(failuresOf(refused)[0]).toMatch(/ending_x__ConfigMap: ClusterRejected .*being terminated/);
      await present(cluster, '/v1/ConfigMap', 'living', 'z');
    });

    it.skipIf(!kind.real)('a webhook that is down stops what it guards and nothing else', async () => {
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'hooked', labels: { hooked: 'yes' } },
      });
      await cluster.apply({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'down' },
        webhooks: [
          {
            name: 'down.example.com',
            failurePolicy: 'Fail',
            sideEffects: 'None',
            timeoutSeconds: 1,
            admissionReviewVersions: ['v1'],
            clientConfig: { url: 'https://127.0.0.1:1/' },
            namespaceSelector: { matchLabels: { hooked: 'yes' } },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
          },
        ],
      } as unknown as KubeObject);
      await until(async () =>
        cluster
          .create(
            { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe', namespace: 'hooked' } },
            { dryRun: true },
          )
          .then(
            () => false,
            () => true,
          ),
      );
      const scene = new Scene(cluster, 'hooked', { namespace: 'hooked' });
      scene.repository.commit(
        yaml(configMap('guarded', 'hooked'), 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: free }'),
      );
      const result = await scene.sync();
      expect(failuresOf(result)).toHaveLength(1);
      expect(failuresOf(result)[0]).toMatch(/hooked_guarded__ConfigMap: ClusterBusy .*down\.example\.com/);
      expect(result.report.failed[0]?.error?.retry).toBe('backoff');
      await present(cluster, '/v1/ServiceAccount', 'hooked', 'free');
      await cluster.delete(
        { group: 'admissionregistration.k8s.io', version: '', kind: 'ValidatingWebhookConfiguration' },
        { namespace: '', name: 'down' },
      );
      await until(async () => (await scene.sync()).complete);
    });

    it('rights that are missing in the middle stop their objects, on reads, writes and deletions, and nothing leaves the inventory', async () => {
      const rbac = 'rbac.authorization.k8s.io';
      await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'limited' } });
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'deployer', namespace: 'default' },
      });
      const allow = async (verbs: string[]): Promise<void> => {
        await cluster.apply({
          apiVersion: `${rbac}/v1`,
          kind: 'Role',
          metadata: { name: 'deployer', namespace: 'limited' },
          rules: [
            { apiGroups: [''], resources: ['configmaps'], verbs },
            { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get', 'list'] },
          ],
        });
      };
      await allow(['get', 'list', 'create', 'patch']);
      await cluster.apply({
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'deployer', namespace: 'limited' },
        roleRef: { apiGroup: rbac, kind: 'Role', name: 'deployer' },
        subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'default' }],
      });
      const account = cluster.impersonate({ namespace: 'default', serviceAccountName: 'deployer' });
      await until(async () =>
        account.list({ group: '', version: 'v1', kind: 'ConfigMap' }, { namespace: 'limited' }).then(
          () => true,
          () => false,
        ),
      );
      const scene = new Scene(cluster, 'limited', { namespace: 'limited', serviceAccountName: 'deployer' });
      const maps = ['a', 'b', 'c'].map((name) => configMap(name, 'limited'));
      scene.repository.commit(
        yaml(
          ...maps,
          'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: readable }',
          'apiVersion: v1\nkind: Secret\nmetadata: { name: unreadable }\nstringData: { a: b }',
        ),
      );
      const first = await scene.sync();
      expect(first.plan.refusals.map(({ guard, keys }) => [guard, ...keys.map(formatKey)])).toEqual([
        ['UnknownState', 'limited_unreadable__Secret'],
      ]);
      expect(first.report.failed.map(({ key, error }) => [formatKey(key), error?.code])).toEqual([
        ['limited_readable__ServiceAccount', 'ClusterDenied'],
      ]);
      for (const name of ['a', 'b', 'c']) await present(cluster, '/v1/ConfigMap', 'limited', name);
      // Git drops an object whose deletion is not allowed.
      scene.repository.commit(yaml(maps[0] ?? '', maps[1] ?? ''));
      const second = await scene.sync({ allowDeletions: true });
      expect(second.report.failed.map(({ key, error }) => [formatKey(key), error?.code])).toContainEqual([
        'limited_c__ConfigMap',
        'ClusterDenied',
      ]);
      await present(cluster, '/v1/ConfigMap', 'limited', 'c');
      expect(second.stored.state.inventory.map(({ name }) => name)).toContain('c');
      await allow(['get', 'list', 'create', 'patch', 'delete']);
      await until(async () => {
        const last = await scene.sync({ allowDeletions: true });
        return !last.stored.state.inventory.some(({ name }) => name === 'c');
      });
    });
  });
}

// A file without any suite fails: this one says that the others need a real API server.
describe.skipIf((process.env['KUBEBUILDER_ASSETS'] ?? '') === '')('the binaries of a real API server', () => {
  it('are named by KUBEBUILDER_ASSETS', () => {
    expect(process.env['KUBEBUILDER_ASSETS']).not.toBe('');
  });
});

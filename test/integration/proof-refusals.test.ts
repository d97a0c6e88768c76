import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { at, listAt, stringAt, type JsonObject } from '../../src/core/json.ts';
import { formatKey, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { effectsOf, failuresOf, present, Scene, worldsOf, type World } from './proof-world.ts';

function configMap(name: string, namespace: string, data = 'a: "1"', metadata = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace}${metadata} }\ndata: { ${data} }`;
}

function namespaceOf(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }`;
}

function yaml(...documents: string[]): string {
  return documents.join('\n---\n');
}

/** Repeats until it holds: admission rules and definitions take a moment to be in force. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 30_000, interval: 100 }).toBe(true);
}

function definition(versions: readonly JsonObject[], storage: string): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'moves.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'moves', kind: 'Move', singular: 'move', listKind: 'MoveList' },
      versions: versions.map((version) => ({ ...version, served: true, storage: version['name'] === storage })),
    },
  } as unknown as KubeObject;
}

function versionOf(name: string, fields: JsonObject): JsonObject {
  return {
    name,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: fields } } } },
  };
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

    it('a definition and its custom resources come in one commit', async () => {
      const scene = new Scene(cluster, 'together', { namespace: 'default' });
      const crd = definition([versionOf('v1', { size: { type: 'integer', default: 3 } })], 'v1');
      scene.repository.commit(
        yaml('apiVersion: example.com/v1\nkind: Move\nmetadata: { name: early }\nspec: {}', JSON.stringify(crd)),
      );
      const result = await scene.sync();
      expect(failuresOf(result)).toEqual([]);
      expect(result.complete).toBe(true);
      expect(at(await present(cluster, 'example.com/v1/Move', 'default', 'early'), 'spec', 'size')).toBe(3);
    });

    it('fifty objects move to another version of their API, once and without a change of values', async () => {
      const scene = new Scene(cluster, 'together', { namespace: 'default' });
      const fields = { size: { type: 'integer', default: 3 }, colour: { type: 'string' } };
      const text = (version: string, crd: KubeObject): string =>
        yaml(
          JSON.stringify(crd),
          'apiVersion: example.com/v1\nkind: Move\nmetadata: { name: early }\nspec: {}',
          ...Array.from(
            { length: 50 },
            (_, index) =>
              `apiVersion: example.com/${version}\nkind: Move\nmetadata: { name: m-${index} }\nspec: { colour: red }`,
          ),
        );
      scene.repository.commit(text('v1', definition([versionOf('v1', fields)], 'v1')));
      expect(failuresOf(await scene.sync())).toEqual([]);
      // v2 brings a field with a default, is stored, and v1 does not know it.
      const both = definition(
        [versionOf('v1', fields), versionOf('v2', { ...fields, speed: { type: 'integer', default: 9 } })],
        'v2',
      );
      scene.repository.commit(text('v1', both));
      expect(failuresOf(await scene.sync())).toEqual([]);
      await until(async () => {
        cluster.refresh();
        return (await cluster.resources()).resources.some(
          ({ kind: word, version }) => word === 'Move' && version === 'v2',
        );
      });
      scene.forget(world.connect());
      scene.repository.commit(text('v2', both));
      const plan = await scene.plan();
      expect(effectsOf(plan).filter((line) => line.includes('apiVersion'))).toHaveLength(50);
      const moved = await scene.sync();
      expect(failuresOf(moved)).toEqual([]);
      expect(moved.complete).toBe(true);
      const live = await present(cluster, 'example.com/v2/Move', 'default', 'm-7');
      expect(at(live, 'spec')).toEqual({ size: 3, colour: 'red', speed: 9 });
      expect(listAt(live, 'metadata', 'managedFields').map((entry) => stringAt(entry, 'apiVersion'))).toEqual([
        'example.com/v2',
      ]);
      scene.forget(world.connect());
      expect(effectsOf(await scene.plan())).toEqual([]);
      expect(scene.engine.verdicts.dryRuns).toBe(0);
    });

    it('a record at a version whose schema lacks a field does not keep objects from being applied', async () => {
      const scene = new Scene(cluster, 'trap', { namespace: 'default', sync: { conflicts: 'force' } });
      const move = (version: string, spec: string): string =>
        `apiVersion: example.com/${version}\nkind: Move\nmetadata: { name: trapped }\nspec: ${spec}`;
      scene.repository.commit(move('v1', '{ colour: red }'));
      expect(failuresOf(await scene.sync())).toEqual([]);
      await cluster.apply(
        {
          apiVersion: 'example.com/v1',
          kind: 'Move',
          metadata: { name: 'trapped', namespace: 'default' },
          spec: { size: 8 },
        },
        { fieldManager: 'somebody', force: true },
      );
      scene.repository.commit(move('v2', '{ colour: blue, speed: 4 }'));
      const result = await scene.sync();
      expect(failuresOf(result)).toEqual([]);
      expect(at(await present(cluster, 'example.com/v2/Move', 'default', 'trapped'), 'spec')).toEqual({
        size: 8,
        colour: 'blue',
        speed: 4,
      });
    });

    it('a built-in kind moves between versions of its API', async () => {
      const scene = new Scene(cluster, 'autoscaled', { namespace: 'default' });
      const target =
        'scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, minReplicas: 1, maxReplicas: 3';
      const head = (version: string): string =>
        `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\n`;
      scene.repository.commit(`${head('v1')}spec: { ${target}, targetCPUUtilizationPercentage: 70 }`);
      expect(failuresOf(await scene.sync())).toEqual([]);
      scene.repository.commit(
        `${head('v2')}spec: { ${target}, metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }] }`,
      );
      expect(effectsOf(await scene.plan())).toEqual([
        'default_web_autoscaling_HorizontalPodAutoscaler: update apiVersion',
      ]);
      expect(failuresOf(await scene.sync())).toEqual([]);
      scene.forget(world.connect());
      expect(effectsOf(await scene.plan())).toEqual([]);
      expect(scene.engine.verdicts.dryRuns).toBe(0);
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

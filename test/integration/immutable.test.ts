import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isProtectedKind } from '../../src/plan/kind-order.ts';
import { describeKey, formatKey, gvkOf, type KubeObject, type ObjectKey } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import {
  effectsOf,
  failuresOf,
  present,
  Scene,
  untilPublished,
  worldsOf,
  type World,
  type WorldKind,
} from './proof-world.ts';

const POD = '{ containers: [{ name: main, image: "example.invalid/app:1" }] }';

/** Every built-in kind that has fields which cannot change, as `apiVersion Kind: body before → body after`; two bodies that differ there. */
const IMMUTABLE: readonly (readonly [apiVersion: string, kind: string, before: string, after: string])[] = [
  ['v1', 'ConfigMap', 'immutable: true\ndata: { a: "1" }', 'immutable: true\ndata: { a: "2" }'],
  ['v1', 'Secret', 'type: a.example.com/x', 'type: a.example.com/y'],
  ['v1', 'Pod', `spec: ${POD}`, `spec: { nodeSelector: { a: b }, ${POD.slice(1)}`],
  ['v1', 'PersistentVolumeClaim', claim('ReadWriteOnce'), claim('ReadOnlyMany')],
  ['v1', 'PersistentVolume', volume('/a'), volume('/b')],
  ['apps/v1', 'Deployment', workload('a'), workload('b')],
  ['apps/v1', 'ReplicaSet', workload('c'), workload('d')],
  ['apps/v1', 'DaemonSet', workload('e'), workload('f')],
  ['apps/v1', 'StatefulSet', `${workload('g')}\n  serviceName: a`, `${workload('g')}\n  serviceName: b`],
  ['apps/v1', 'ControllerRevision', 'revision: 1\ndata: { a: 1 }', 'revision: 1\ndata: { a: 2 }'],
  ['batch/v1', 'Job', job('1'), job('2')],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', roleRef('Role', 'a'), roleRef('Role', 'b')],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', roleRef('ClusterRole', 'a'), roleRef('ClusterRole', 'b')],
  ['scheduling.k8s.io/v1', 'PriorityClass', 'value: 1', 'value: 2'],
  ['storage.k8s.io/v1', 'StorageClass', 'provisioner: a.example.com', 'provisioner: b.example.com'],
  ['storage.k8s.io/v1', 'VolumeAttributesClass', attributes('1'), attributes('2')],
  ['storage.k8s.io/v1', 'CSIDriver', 'spec: { attachRequired: true }', 'spec: { attachRequired: false }'],
  ['storage.k8s.io/v1', 'CSIStorageCapacity', 'storageClassName: a', 'storageClassName: b'],
  ['storage.k8s.io/v1', 'VolumeAttachment', attachment('one'), attachment('two')],
  ['node.k8s.io/v1', 'RuntimeClass', 'handler: a', 'handler: b'],
  [
    'networking.k8s.io/v1',
    'IngressClass',
    'spec: { controller: example.com/a }',
    'spec: { controller: example.com/b }',
  ],
  ['discovery.k8s.io/v1', 'EndpointSlice', 'addressType: IPv4\nendpoints: []', 'addressType: IPv6\nendpoints: []'],
  ['resource.k8s.io/v1', 'ResourceClaim', `spec: ${devices('a')}`, `spec: ${devices('b')}`],
  ['resource.k8s.io/v1', 'ResourceClaimTemplate', `spec: { spec: ${devices('a')} }`, `spec: { spec: ${devices('b')} }`],
  ['example.com/v1', 'Fixed', 'spec: { colour: red }', 'spec: { colour: blue }'],
];

const FIXED = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: fixed.example.com }
spec:
  group: example.com
  scope: Cluster
  names: { plural: fixed, kind: Fixed }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { colour: { type: string, x-kubernetes-validations: [{ rule: self == oldSelf, message: colour is immutable }] } } } } } }`;

function claim(mode: string): string {
  return `spec: { accessModes: [${mode}], resources: { requests: { storage: 1Gi } } }`;
}
function volume(path: string): string {
  return `spec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], hostPath: { path: ${path} } }`;
}
function workload(label: string): string {
  return `spec:\n  selector: { matchLabels: { x: ${label} } }\n  template: { metadata: { labels: { x: ${label} } }, spec: ${POD} }`;
}
function job(image: string): string {
  return `spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "example.invalid/app:${image}" }] } } }`;
}
function roleRef(kind: string, name: string): string {
  return `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${name} }`;
}
function attributes(iops: string): string {
  return `driverName: d.example.com\nparameters: { iops: "${iops}" }`;
}
function attachment(node: string): string {
  return `spec: { attacher: a.example.com, nodeName: ${node}, source: { persistentVolumeName: v } }`;
}
function devices(name: string): string {
  return `{ devices: { requests: [{ name: ${name}, exactly: { deviceClassName: c } }] } }`;
}

function nameOf(kind: string): string {
  return kind === 'CSIDriver' ? 'fixed.example.com' : 'fixed';
}

/** The rules of custom resources are CEL, which the embedded server does not evaluate. */
function immutableOn(kind: WorldKind): typeof IMMUTABLE {
  return kind.real ? IMMUTABLE : IMMUTABLE.filter(([, word]) => word !== 'Fixed');
}

function all(kinds: typeof IMMUTABLE, side: 'before' | 'after'): string {
  const objects = kinds.map(
    ([apiVersion, kind, before, after]) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${nameOf(kind)} }\n${side === 'before' ? before : after}`,
  );
  return [FIXED, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: immutable }', ...objects].join('\n---\n');
}

async function uids(cluster: Cluster, keys: readonly ObjectKey[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const key of keys) {
    const live = await cluster.get({ group: key.group, version: '', kind: key.kind }, key);
    found.set(formatKey(key), live.state === 'present' ? String(live.object.metadata.uid) : live.state);
  }
  return found;
}

/** Foreground deletion waits for the garbage collector, which is a controller: the tests play its part. */
function collectGarbage(cluster: Cluster, keys: readonly ObjectKey[]): () => Promise<void> {
  let running = true;
  const done = (async () => {
    while (running) {
      for (const key of keys) {
        const live = await cluster.get({ group: key.group, version: '', kind: key.kind }, key);
        const finalizers = live.state === 'present' ? live.object.metadata['finalizers'] : undefined;
        if (live.state !== 'present' || !Array.isArray(finalizers) || !finalizers.includes('foregroundDeletion'))
          continue;
        await cluster
          .patch(gvkOf(live.object), key, { type: 'json', body: [{ op: 'remove', path: '/metadata/finalizers' }] })
          .catch(() => undefined);
      }
    }
  })();
  return async () => {
    running = false;
    await done;
  };
}

for (const kind of worldsOf('immutable fields')) {
  describe(`immutable fields of every kind that has them on ${kind.name}`, () => {
    const kinds = immutableOn(kind);
    let world: World;
    beforeAll(async () => {
      world = await kind.start();
    });
    afterAll(async () => world?.stop());

    it('are recognised, leave the live object alone, and are replaced only where that is allowed and takes no data along', async () => {
      const cluster = world.connect();
      const careful = new Scene(cluster, 'fixed', { namespace: 'immutable' });
      careful.repository.commit(all(kinds, 'before'));
      expect(failuresOf(await careful.sync())).toEqual([]);
      const applied = await careful.plan();
      await untilPublished(cluster, applied);
      const keys = applied.plan.inventory.filter(
        ({ name, kind: word }) => name === nameOf(word) && word !== 'CustomResourceDefinition',
      );
      expect(keys.length).toBe(kinds.length);
      const before = await uids(cluster, keys);

      // 1. The rules say fail: each is named, with the same code, and nothing is deleted.
      careful.repository.commit(all(kinds, 'after'));
      const refused = await careful.sync();
      expect(refused.plan.refusals.map(({ message }) => message)).toEqual([]);
      expect(refused.complete).toBe(false);
      const codes = new Map(refused.report.failed.map(({ key, error }) => [formatKey(key), error?.code]));
      const wrong = keys
        .filter((key) => codes.get(formatKey(key)) !== 'FieldImmutable')
        .map(
          (key) =>
            `${describeKey(key)}: ${codes.get(formatKey(key)) ?? 'applied'} ${refused.report.failed.find((one) => formatKey(one.key) === formatKey(key))?.error?.message ?? ''}`,
        );
      expect(wrong).toEqual([]);
      expect(await uids(cluster, keys)).toEqual(before);

      // 2. A preview says so as refusals, before anything is sent.
      const preview = await careful.plan({}, true);
      const told = new Set(
        preview.plan.refusals
          .filter(({ guard }) => guard === 'ImmutableField')
          .flatMap((one) => one.keys.map(formatKey)),
      );
      expect(keys.filter((key) => !told.has(formatKey(key))).map(describeKey)).toEqual([]);

      // 3. The rules say replace: a new object each, except where deleting would take data with it.
      const bold = new Scene(cluster, 'fixed', {
        namespace: 'immutable',
        repository: careful.repository,
        sync: { immutable: 'replace' },
      });
      const stop = collectGarbage(world.connect(), keys);
      const replaced = await bold.sync();
      await stop();
      const kept = keys.filter(isProtectedKind).map(formatKey);
      expect(replaced.report.failed.map(({ key }) => formatKey(key)).sort()).toEqual(kept.sort());
      const after = await uids(cluster, keys);
      expect(
        keys
          .filter((key) => (before.get(formatKey(key)) === after.get(formatKey(key))) !== isProtectedKind(key))
          .map(describeKey),
      ).toEqual([]);

      // 4. From here on nothing but the protected ones is open.
      bold.forget(world.connect());
      expect(
        effectsOf(await bold.plan())
          .map((line) => line.split(':')[0] ?? '')
          .toSorted((a, b) => (a < b ? -1 : 1)),
      ).toEqual(kept);
    });

    // It takes an admission policy to refuse it.
    it.skipIf(!kind.real)('do not make an object go whose replacement would be refused', async () => {
      const cluster = world.connect();
      const scene = new Scene(cluster, 'broken', { namespace: 'default', sync: { immutable: 'replace' } });
      const text = (label: string, image: string): string =>
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: broken }\n${workload(label)}`.replace(
          'example.invalid/app:1',
          image,
        );
      scene.repository.commit(text('a', 'example.invalid/app:1'));
      expect((await scene.sync()).complete).toBe(true);
      const uid = (await present(cluster, 'apps/v1/Deployment', 'default', 'broken')).metadata.uid;
      // Immutable and invalid at once; and an immutable change that admission refuses.
      scene.repository.commit(text('b', ''));
      const first = await scene.sync();
      expect(first.report.failed.map(({ error }) => error?.code)).toEqual(['ClusterRejected']);
      await cluster.apply(
        policy(
          'deny-broken',
          "!('x' in object.spec.selector.matchLabels) || object.spec.selector.matchLabels.x != 'c'",
        ),
      );
      await cluster.apply(binding('deny-broken'));
      scene.repository.commit(text('c', 'example.invalid/app:1'));
      await refusedFromNowOn(cluster);
      const second = await scene.sync();
      expect(second.complete).toBe(false);
      const live: KubeObject = await present(cluster, 'apps/v1/Deployment', 'default', 'broken');
      expect(live.metadata.uid).toBe(uid);
      expect(live.metadata['deletionTimestamp']).toBeUndefined();
    });
  });
}

function policy(name: string, expression: string): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
        ],
      },
      validations: [{ expression, message: 'label c is taken' }],
    },
  };
}

function binding(name: string): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
}

/** A policy takes a moment to be in force. */
async function refusedFromNowOn(cluster: Cluster): Promise<void> {
  const probe: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'policy-probe', namespace: 'default' },
    spec: {
      selector: { matchLabels: { x: 'c' } },
      template: {
        metadata: { labels: { x: 'c' } },
        spec: { containers: [{ name: 'main', image: 'example.invalid/app:1' }] },
      },
    },
  };
  await expect
    .poll(
      async () =>
        cluster.create(probe, { dryRun: true }).then(
          () => 'allowed',
          () => 'refused',
        ),
      { timeout: 30_000, interval: 200 },
    )
    .toBe('refused');
}

// A file without any suite fails: this one says that the others need a real API server.
describe.skipIf((process.env['KUBEBUILDER_ASSETS'] ?? '') === '')('the binaries of a real API server', () => {
  it('are named by KUBEBUILDER_ASSETS', () => {
    expect(process.env['KUBEBUILDER_ASSETS']).not.toBe('');
  });
});

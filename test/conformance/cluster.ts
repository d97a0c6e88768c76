import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connectCluster, type ClusterOptions } from '../../src/cluster/client.ts';
import type { ClusterConnection } from '../../src/cluster/connection.ts';
import { startElection } from '../../src/cluster/lease.ts';
import { EngineError } from '../../src/core/errors.ts';
import { at, listAt, numberAt, stringAt, type JsonObject } from '../../src/core/json.ts';
import { gvkOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster, WatchEvent } from '../../src/core/ports.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';

/** A server to run the suite against, and what it can do beyond the common ground. */
export interface ClusterUnderTest {
  readonly connection: ClusterConnection;
  /** Role-based access control is on. */
  readonly rbac: boolean;
}

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' } as const;
const CRD = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' } as const;

/** The contract of the `Cluster` port on a live server; every namespace it makes has a name of its own, so that it can run again on the same server. */
export function describeCluster(
  name: string,
  start: () => Promise<ClusterUnderTest>,
  stop: () => Promise<void>,
  server: { /** Integers beyond 2^53 come back digit by digit. */ readonly exactIntegers: boolean } = {
    exactIntegers: true,
  },
): void {
  describe(`cluster port on ${name}`, () => {
    const namespace = `conf-${Math.floor(Math.random() * 1e9).toString(36)}`;
    let under: ClusterUnderTest;
    let cluster: Cluster;
    const open: Cluster[] = [];

    const connect = (options: Partial<ClusterOptions> = {}): Cluster => {
      const made = connectCluster(under.connection, { clock: systemClock, ...options });
      open.push(made);
      return made;
    };
    const configMap = (mapName: string, data: JsonObject, extra: JsonObject = {}): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: mapName, namespace, ...extra },
      data,
    });
    const read = async (object: KubeObject): Promise<KubeObject> => {
      const live = await cluster.get(gvkOf(object), { namespace, name: object.metadata.name });
      if (live.state !== 'present')
        throw new Error(`expected ${object.metadata.name} to be present, it is ${live.state}`);
      return live.object;
    };

    beforeAll(async () => {
      under = await start();
      cluster = connect();
      await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    });
    afterAll(async () => {
      await cluster
        ?.delete({ group: '', version: 'v1', kind: 'Namespace' }, { namespace: '', name: namespace })
        .catch(() => undefined);
      await Promise.all(open.map(async (made) => made.close()));
      await stop();
    });

    it('tells the version and the resources of the server', async () => {
      expect((await cluster.version()).gitVersion).toMatch(/^v1\.\d+/);
      const { resources, failedGroups } = await cluster.resources();
      expect(failedGroups).toEqual([]);
      expect(resources).toContainEqual(
        expect.objectContaining({ ...DEPLOYMENT, plural: 'deployments', namespaced: true }),
      );
      expect(await cluster.resource({ group: '', version: 'v1', kind: 'Namespace' })).toMatchObject({
        plural: 'namespaces',
        namespaced: false,
      });
    });

    it('says present, absent and unknown, and never takes one for another', async () => {
      await cluster.create(configMap('three', { a: '1' }));
      expect(await cluster.get(CONFIG_MAP, { namespace, name: 'three' })).toMatchObject({
        state: 'present',
        object: { kind: 'ConfigMap', data: { a: '1' } },
      });
      expect(await cluster.get(CONFIG_MAP, { namespace, name: 'nobody' })).toEqual({ state: 'absent' });
      const unknown = await cluster.get(
        { group: 'none.example.com', version: 'v1', kind: 'Nothing' },
        { namespace, name: 'x' },
      );
      expect(unknown).toMatchObject({ state: 'unknown', error: { code: 'KindUnknown' } });
      const other = await cluster.get(
        { group: 'apps', version: 'v1beta9', kind: 'Deployment' },
        { namespace, name: 'x' },
      );
      expect(other).toMatchObject({ state: 'unknown', error: { code: 'KindUnknown', data: { served: ['v1'] } } });
    });

    it('applies as the manager evenkeel, and a second time without a new version', async () => {
      const first = await cluster.apply(configMap('applied', { a: '1' }));
      expect(listAt(first, 'metadata', 'managedFields')).toContainEqual(
        expect.objectContaining({ manager: 'evenkeel', operation: 'Apply' }),
      );
      const again = await cluster.apply(configMap('applied', { a: '1' }));
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      const changed = await cluster.apply(configMap('applied', { b: '2' }));
      expect(changed['data']).toEqual({ b: '2' });
    });

    it('shows by a dry-run what would be, and writes nothing', async () => {
      const shown = await cluster.apply(configMap('never', { a: '1' }), { dryRun: true });
      expect(shown['data']).toEqual({ a: '1' });
      expect(await cluster.get(CONFIG_MAP, { namespace, name: 'never' })).toEqual({ state: 'absent' });
      await cluster.create(configMap('never', {}), { dryRun: true });
      expect(await cluster.get(CONFIG_MAP, { namespace, name: 'never' })).toEqual({ state: 'absent' });
    });

    it('refuses a field that the kind does not have', async () => {
      const bad = configMap('strict', {});
      await expect(cluster.apply({ ...bad, dat: { a: '1' } })).rejects.toMatchObject({ code: 'ClusterRejected' });
    });

    it('names manager and field of a conflict, and takes the field only by force', async () => {
      await cluster.apply(configMap('shared', { a: 'theirs', b: 'theirs' }), { fieldManager: 'somebody' });
      const refused = await cluster.apply(configMap('shared', { a: 'ours' })).catch((thrown: unknown) => thrown);
      expect(refused).toMatchObject({
        code: 'FieldConflict',
        data: { status: 409, conflicts: [{ manager: 'somebody', field: '.data.a' }] },
      });
      expect((refused as EngineError).message).toContain('somebody owns .data.a');
      const taken = await cluster.apply(configMap('shared', { a: 'ours' }), { force: true });
      expect(taken['data']).toEqual({ a: 'ours', b: 'theirs' });
    });

    it('creates, replaces and patches with the preconditions of the server', async () => {
      const made = await cluster.create(configMap('steps', { a: '1' }));
      await expect(cluster.create(configMap('steps', {}))).rejects.toMatchObject({
        code: 'ObjectConflict',
        data: { reason: 'AlreadyExists' },
      });
      const replaced = await cluster.replace({ ...made, data: { a: '2' } });
      await expect(cluster.replace({ ...made, data: { a: '3' } })).rejects.toMatchObject({
        code: 'ObjectConflict',
        data: { reason: 'Conflict' },
      });
      expect(replaced['data']).toEqual({ a: '2' });
      const merged = await cluster.patch(
        CONFIG_MAP,
        { namespace, name: 'steps' },
        { type: 'merge', body: { data: { b: '3', a: null } } },
      );
      expect(merged['data']).toEqual({ b: '3' });
      const patched = await cluster.patch(
        CONFIG_MAP,
        { namespace, name: 'steps' },
        { type: 'json', body: [{ op: 'add', path: '/data/c', value: '4' }] },
      );
      expect(patched['data']).toEqual({ b: '3', c: '4' });
      await expect(
        cluster.patch(CONFIG_MAP, { namespace, name: 'nobody' }, { type: 'merge', body: { data: {} } }),
      ).rejects.toMatchObject({ code: 'ObjectNotFound' });
    });

    it('recognises immutable fields, and only them', async () => {
      const deployment = (selector: string, replicas: number): KubeObject => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'fixed', namespace },
        spec: {
          replicas,
          selector: { matchLabels: { app: selector } },
          template: {
            metadata: { labels: { app: selector } },
            spec: { containers: [{ name: 'c', image: 'example.com/a:1' }] },
          },
        },
      });
      await cluster.apply(deployment('one', 1));
      await expect(cluster.apply(deployment('two', 1))).rejects.toMatchObject({
        code: 'FieldImmutable',
        data: { status: 422 },
      });
      await expect(cluster.apply(deployment('two', -1))).rejects.toMatchObject({ code: 'ClusterRejected' });
      await expect(cluster.apply(deployment('one', -1))).rejects.toMatchObject({ code: 'ClusterRejected' });
      await cluster.apply({ ...configMap('frozen', { a: '1' }), immutable: true });
      await expect(cluster.apply({ ...configMap('frozen', { a: '2' }), immutable: true })).rejects.toMatchObject({
        code: 'FieldImmutable',
      });
    });

    it('never quotes a Secret', async () => {
      const secret = (type: string, data: JsonObject): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'hidden', namespace },
        type,
        data,
      });
      const bad = await cluster
        .apply(secret('Opaque', { password: 'hunter2-is-not-base64!' }))
        .catch((thrown: unknown) => thrown);
      expect(bad).toBeInstanceOf(EngineError);
      expect(JSON.stringify([(bad as EngineError).message, (bad as EngineError).data])).not.toContain('hunter2');
      await cluster.apply(secret('Opaque', { password: 'aHVudGVyMg==' }));
      const typed = await cluster
        .apply(secret('example.com/other', { password: 'aHVudGVyMg==' }))
        .catch((thrown: unknown) => thrown);
      expect(typed).toMatchObject({ code: 'FieldImmutable' });
      expect(JSON.stringify([(typed as EngineError).message, (typed as EngineError).data])).not.toContain('aHVudGVyMg');
    });

    it('deletes only what the preconditions name', async () => {
      const made = await cluster.create(configMap('doomed', {}));
      const ref = { namespace, name: 'doomed' };
      await expect(
        cluster.delete(CONFIG_MAP, ref, { uid: '00000000-0000-0000-0000-000000000000' }),
      ).rejects.toMatchObject({ code: 'ObjectConflict' });
      expect(await cluster.delete(CONFIG_MAP, ref, { dryRun: true })).toBe('accepted');
      expect((await read(made)).metadata.uid).toBe(made.metadata.uid);
      expect(await cluster.delete(CONFIG_MAP, ref, { uid: made.metadata.uid ?? '' })).toBe('accepted');
      expect(await cluster.get(CONFIG_MAP, ref)).toEqual({ state: 'absent' });
      expect(await cluster.delete(CONFIG_MAP, ref)).toBe('absent');
    });

    it('lists every page, by label, and metadata alone', async () => {
      const names = Array.from({ length: 620 }, (_, index) => `page-${index}`);
      await Promise.all(
        names.map(async (mapName) => cluster.create(configMap(mapName, { a: '1' }, { labels: { many: 'yes' } }))),
      );
      const all = await cluster.list(CONFIG_MAP, { namespace, labelSelector: 'many=yes' });
      expect(all.map((object) => object.metadata.name).sort()).toEqual([...names].sort());
      expect(all[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } });
      const [bare] = await cluster.list(CONFIG_MAP, {
        namespace,
        fieldSelector: 'metadata.name=page-7',
        metadataOnly: true,
      });
      expect(Object.keys(bare ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(bare).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'page-7' } });
    });

    it('gives types with the keys of lists', async () => {
      const type = await cluster.schema(DEPLOYMENT);
      if (type?.kind !== 'map') throw new Error('a Deployment is a map');
      const spec = type.fields().get('spec')?.type();
      const template = spec?.kind === 'map' ? spec.fields().get('template')?.type() : undefined;
      const podSpec = template?.kind === 'map' ? template.fields().get('spec')?.type() : undefined;
      const containers = podSpec?.kind === 'map' ? podSpec.fields().get('containers')?.type() : undefined;
      expect(containers).toMatchObject({ kind: 'list', listType: 'map', keys: ['name'] });
    });

    const size = server.exactIntegers ? 9007199254740993n : 9007199254740991;
    it(`learns a new kind, keeps its integer ${size} digit by digit, and forgets it`, async () => {
      const group = `${namespace}.example.com`;
      const widget = { group, version: 'v1', kind: 'Widget' } as const;
      expect(await cluster.get(widget, { namespace, name: 'w' })).toMatchObject({ state: 'unknown' });
      await cluster.create(widgetDefinition(group));
      for (let round = 0; round < 200; round++) {
        const live = await cluster.get(CRD, { namespace: '', name: `widgets.${group}` });
        const conditions = live.state === 'present' ? listAt(live.object, 'status', 'conditions') : [];
        if (conditions.some((item) => stringAt(item, 'type') === 'Established' && stringAt(item, 'status') === 'True'))
          break;
        await systemClock.sleep(50);
      }
      cluster.refresh();
      await eventually(async () => {
        const made = await cluster.apply({
          apiVersion: `${group}/v1`,
          kind: 'Widget',
          metadata: { name: 'w', namespace },
          spec: { size },
        });
        expect(at(made, 'spec', 'size')).toBe(size);
      });
      await eventually(async () => {
        cluster.refresh();
        const type = await cluster.schema(widget);
        const spec = type?.kind === 'map' ? type.fields().get('spec')?.type() : undefined;
        const ports = spec?.kind === 'map' ? spec.fields().get('ports')?.type() : undefined;
        expect(ports).toMatchObject({ kind: 'list', listType: 'map', keys: ['name'] });
      });
      await cluster.delete(CRD, { namespace: '', name: `widgets.${group}` });
      await eventually(async () => {
        cluster.refresh();
        expect(await cluster.get(widget, { namespace, name: 'w' })).toMatchObject({
          state: 'unknown',
          error: { code: 'KindUnknown' },
        });
      });
    });

    it('keeps a list up to date', async () => {
      await cluster.create(configMap('seen-0', { a: '0' }, { labels: { seen: 'yes' } }));
      const events: WatchEvent[] = [];
      const watch = cluster.watch(CONFIG_MAP, { namespace, labelSelector: 'seen=yes' }, (event) => events.push(event));
      await eventually(async () => expect(events.map(short)).toEqual(['added seen-0', 'synced']));
      await cluster.create(configMap('seen-1', {}, { labels: { seen: 'yes' } }));
      await cluster.apply(configMap('seen-1', { x: '1' }, { labels: { seen: 'yes' } }));
      await cluster.create(configMap('unseen', {}));
      await cluster.delete(CONFIG_MAP, { namespace, name: 'seen-0' });
      await eventually(async () =>
        expect(events.map(short)).toEqual([
          'added seen-0',
          'synced',
          'added seen-1',
          'modified seen-1',
          'deleted seen-0',
        ]),
      );
      watch.close();
    });

    it('watches metadata alone', async () => {
      const events: WatchEvent[] = [];
      const watch = cluster.watch(CONFIG_MAP, { namespace, labelSelector: 'bare=yes', metadataOnly: true }, (event) =>
        events.push(event),
      );
      await eventually(async () => expect(events.map(short)).toEqual(['synced']));
      await cluster.create(configMap('bare', { a: '1' }, { labels: { bare: 'yes' } }));
      await eventually(async () => expect(events).toHaveLength(2));
      expect(events[1]).toMatchObject({
        type: 'added',
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bare' } },
      });
      expect(Object.keys((events[1] as { object: object }).object).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      watch.close();
    });

    it('acts as the ServiceAccount on reads, writes and watches, and never as itself', async ({ skip }) => {
      if (!under.rbac) skip('this server has no access control');
      const account = cluster.impersonate({ namespace, serviceAccountName: 'deployer' });
      expect(account.id).not.toBe(cluster.id);
      expect(await account.get(CONFIG_MAP, { namespace, name: 'three' })).toMatchObject({
        state: 'unknown',
        error: { code: 'ClusterDenied' },
      });
      await expect(account.list(CONFIG_MAP, { namespace })).rejects.toMatchObject({ code: 'ClusterDenied' });
      await expect(account.apply(configMap('theirs', {}))).rejects.toMatchObject({ code: 'ClusterDenied' });
      await expect(account.delete(CONFIG_MAP, { namespace, name: 'three' })).rejects.toMatchObject({
        code: 'ClusterDenied',
      });
      await cluster.create({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'deployer', namespace },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'patch', 'create'] }],
      });
      // Bound to the group of the namespace's accounts: the server knows it without being told.
      await cluster.create({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'deployer', namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'deployer' },
        subjects: [
          { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: `system:serviceaccounts:${namespace}` },
        ],
      });
      await eventually(async () =>
        expect(await account.get(CONFIG_MAP, { namespace, name: 'three' })).toMatchObject({ state: 'present' }),
      );
      await account.apply(configMap('theirs', {}));
      const events: WatchEvent[] = [];
      const watch = account.watch(CONFIG_MAP, { namespace, fieldSelector: 'metadata.name=theirs' }, (event) =>
        events.push(event),
      );
      await eventually(async () => expect(events.map(short)).toEqual(['added theirs', 'synced']));
      watch.close();
    });

    it('has one leader at a time, who is followed by another', async () => {
      const common = {
        clock: systemClock,
        namespace,
        name: 'leader',
        durationMs: 1500,
        renewDeadlineMs: 1000,
        retryMs: 100,
      };
      const first = startElection({ ...common, cluster: connect(), identity: 'first' });
      const led = await first.lead();
      const second = startElection({ ...common, cluster: connect(), identity: 'second' });
      await systemClock.sleep(400);
      expect(second.current()).toBeUndefined();
      expect(() => second.gate()).toThrow(/NotLeading/);
      expect(first.gate().aborted).toBe(false);
      const beganMs = performance.now();
      const closing = first.close();
      expect(led.signal.aborted).toBe(true);
      await closing;
      const follower = await second.lead();
      expect(performance.now() - beganMs).toBeLessThan(1400);
      expect(follower.term).toBeGreaterThan(led.term);
      const live = await cluster.get(
        { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' },
        { namespace, name: 'leader' },
      );
      expect(live.state === 'present' ? stringAt(live.object, 'spec', 'holderIdentity') : undefined).toBe('second');
      expect(live.state === 'present' ? numberAt(live.object, 'spec', 'leaseTransitions') : undefined).toBe(
        follower.term,
      );
      await second.close();
    });
  });
}

function short(event: WatchEvent): string {
  return 'object' in event ? `${event.type} ${event.object.metadata.name}` : event.type;
}

async function eventually(check: () => Promise<void>): Promise<void> {
  const endMs = performance.now() + 20_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (thrown) {
      if (performance.now() > endMs) throw thrown;
      await systemClock.sleep(20);
    }
  }
}

function widgetDefinition(group: string): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    size: { type: 'integer', format: 'int64' },
                    ports: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: {
                        type: 'object',
                        required: ['name'],
                        properties: { name: { type: 'string' }, port: { type: 'integer' } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      ],
    },
  };
}

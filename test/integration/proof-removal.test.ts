import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { at, listAt, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { failuresOf, present, Scene, stepsOf, worldsOf, type World } from './proof-world.ts';

const WEB = (spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default, labels: { app: web, tier: front }, annotations: { note: a } }
spec:
  replicas: 0
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
${spec}`;

const FULL = WEB(`      terminationGracePeriodSeconds: 11
      nodeSelector: { zone: a, disk: fast }
      tolerations: [{ key: gpu, operator: Exists }]
      containers:
        - name: main
          image: example.invalid/main:1
          env: [{ name: A, value: '1' }, { name: B, value: '2' }]
          ports: [{ containerPort: 80, name: http }, { containerPort: 53, protocol: UDP }, { containerPort: 53, protocol: TCP }]
          livenessProbe: { httpGet: { path: /live, port: 80 }, periodSeconds: 7 }
          resources: { limits: { cpu: '1', memory: 1Gi }, requests: { cpu: 100m } }
        - { name: side, image: 'example.invalid/side:1', env: [{ name: S, value: s }] }
      volumes: [{ name: tmp, emptyDir: {} }, { name: more, emptyDir: { medium: Memory } }]`);

const LESS = WEB(`      nodeSelector: { zone: a }
      containers:
        - name: main
          image: example.invalid/main:1
          env: [{ name: B, value: '2' }]
          ports: [{ containerPort: 80, name: http }, { containerPort: 53, protocol: TCP }]
          resources: { limits: { memory: 1Gi }, requests: { cpu: 100m } }
      volumes: [{ name: tmp, emptyDir: {} }]`)
  .replace(', tier: front', '')
  .replace(', annotations: { note: a }', '');

const MAP = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: shared, namespace: default }\ndata: ${data}`;

const POD = ['spec', 'template', 'spec'] as const;

for (const kind of worldsOf('removals')) {
  describe(`what Git drops goes away live, on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

    const changesOf = async (scene: Scene): Promise<string[]> =>
      stepsOf(await scene.plan()).flatMap((step) =>
        step.diff.changes.map(({ op, path, owner }) => `${op} ${path}${owner === undefined ? '' : ` (${owner})`}`),
      );
    const deployment = async (): Promise<KubeObject> => present(cluster, 'apps/v1/Deployment', 'default', 'web');
    const names = (value: readonly Json[]): unknown[] => value.map((item) => at(item, 'name'));

    it('fields, list items, map keys and whole structs, exactly those that the plan names', async () => {
      const scene = new Scene(cluster, 'removal', {});
      scene.repository.commit(FULL);
      expect(failuresOf(await scene.sync())).toEqual([]);
      scene.repository.commit(LESS);
      const main = 'spec.template.spec.containers[name=main]';
      expect((await changesOf(scene)).sort()).toEqual(
        [
          'remove metadata.annotations.note',
          'remove metadata.labels.tier',
          `remove ${main}.env[name=A]`,
          `remove ${main}.livenessProbe.httpGet.path`,
          `remove ${main}.livenessProbe.httpGet.port`,
          `remove ${main}.livenessProbe.periodSeconds`,
          `remove ${main}.ports[containerPort=53,protocol=UDP]`,
          `remove ${main}.resources.limits.cpu`,
          'remove spec.template.spec.containers[name=side]',
          'change spec.template.spec.nodeSelector',
          'remove spec.template.spec.terminationGracePeriodSeconds',
          'remove spec.template.spec.tolerations',
          'remove spec.template.spec.volumes[name=more]',
        ].sort(),
      );
      expect(failuresOf(await scene.sync())).toEqual([]);
      const live = await deployment();
      expect(at(live, 'metadata', 'annotations', 'note')).toBeUndefined();
      expect(at(live, 'metadata', 'labels', 'tier')).toBeUndefined();
      expect(names(listAt(live, ...POD, 'containers'))).toEqual(['main']);
      expect(names(listAt(live, ...POD, 'containers', 0, 'env'))).toEqual(['B']);
      expect(listAt(live, ...POD, 'containers', 0, 'ports').map((port) => at(port, 'protocol'))).toEqual([
        'TCP',
        'TCP',
      ]);
      expect(at(live, ...POD, 'containers', 0, 'livenessProbe')).toBeUndefined();
      expect(at(live, ...POD, 'containers', 0, 'resources', 'limits')).toEqual({ memory: '1Gi' });
      expect(at(live, ...POD, 'nodeSelector')).toEqual({ zone: 'a' });
      expect(at(live, ...POD, 'tolerations')).toBeUndefined();
      expect(names(listAt(live, ...POD, 'volumes'))).toEqual(['tmp']);
      // Defaulted fields go back to their defaults.
      expect(at(live, ...POD, 'terminationGracePeriodSeconds')).toBe(30);
      scene.forget(world.connect());
      expect(await changesOf(scene)).toEqual([]);
      expect(scene.engine.verdicts.dryRuns).toBe(0);
    });

    it('not what others own: values that they share stay and are released once, what they added stays', async () => {
      const scene = new Scene(cluster, 'shared', {});
      scene.repository.commit(MAP('{ mine: "1", ours: "2", kept: "3" }'));
      expect(failuresOf(await scene.sync())).toEqual([]);
      const other: JsonObject = { ours: '2', theirs: '4' };
      await cluster.apply(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared', namespace: 'default' }, data: other },
        { fieldManager: 'somebody' },
      );
      expect(await changesOf(scene)).toEqual([]);
      scene.repository.commit(MAP('{ kept: "3" }'));
      expect(await changesOf(scene)).toEqual(['remove data.mine', 'release data.ours (somebody)']);
      expect(failuresOf(await scene.sync())).toEqual([]);
      expect(at(await present(cluster, '/v1/ConfigMap', 'default', 'shared'), 'data')).toEqual({
        kept: '3',
        ours: '2',
        theirs: '4',
      });
      scene.forget(world.connect());
      expect(await changesOf(scene)).toEqual([]);
      expect((await scene.sync()).report.writes).toBe(0);
    });

    it('of a list item that others extended only our part', async () => {
      const scene = new Scene(cluster, 'items', {});
      const text = (containers: string): string =>
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: items, namespace: default }\nspec:\n  replicas: 0\n  selector: { matchLabels: { app: items } }\n  template: { metadata: { labels: { app: items } }, spec: { containers: [${containers}] } }`;
      const main = '{ name: main, image: "example.invalid/main:1" }';
      scene.repository.commit(text(`${main}, { name: side, image: "example.invalid/side:1", workingDir: /a }`));
      expect(failuresOf(await scene.sync())).toEqual([]);
      await cluster.apply(
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'items', namespace: 'default' },
          spec: {
            template: { spec: { containers: [{ name: 'side', image: 'example.invalid/side:1', stdin: true }] } },
          },
        },
        { fieldManager: 'somebody' },
      );
      scene.repository.commit(text(main));
      expect(await changesOf(scene)).toEqual(['remove spec.template.spec.containers[name=side].workingDir']);
      expect(failuresOf(await scene.sync())).toEqual([]);
      const live = await present(cluster, 'apps/v1/Deployment', 'default', 'items');
      const side = listAt(live, ...POD, 'containers').find((item) => at(item, 'name') === 'side');
      expect(at(side, 'stdin')).toBe(true);
      expect(at(side, 'workingDir')).toBeUndefined();
      scene.forget(world.connect());
      expect(await changesOf(scene)).toEqual([]);
    });

    it('whole objects, and none that another application has taken over', async () => {
      const two = new Scene(cluster, 'taker', {});
      const one = new Scene(cluster, 'giver', {});
      const map = (name: string): string =>
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: default }\ndata: { a: b }`;
      one.repository.commit([map('stays'), map('moves'), map('goes')].join('\n---\n'));
      expect((await one.sync()).complete).toBe(true);
      const uid = (await present(cluster, '/v1/ConfigMap', 'default', 'moves')).metadata.uid;
      two.repository.commit([map('new'), map('moves')].join('\n---\n'));
      const claimed = await two.sync();
      expect(claimed.plan.refusals.map(({ guard }) => guard)).toEqual(['ForeignOwner']);
      one.repository.commit(map('stays'));
      const given = await one.sync({ allowDeletions: true });
      expect(given.plan.counts.delete).toBe(1);
      expect(given.plan.kept.map(({ key, reason }) => [key.name, reason])).toEqual([
        ['moves', 'handed over to application default/taker, which renders it now'],
      ]);
      expect((await two.sync()).complete).toBe(true);
      const moved = await present(cluster, '/v1/ConfigMap', 'default', 'moves');
      expect(moved.metadata.uid).toBe(uid);
      expect(at(moved, 'metadata', 'labels', 'evenkeel.dev/application')).toBe('default.taker');
      expect(
        (await cluster.get({ group: '', version: 'v1', kind: 'ConfigMap' }, { namespace: 'default', name: 'goes' }))
          .state,
      ).toBe('absent');
      expect((await one.sync()).stored.state.inventory.map(({ name }) => name)).toEqual(['stays']);
      expect((await two.sync()).stored.state.inventory.map(({ name }) => name)).toEqual(['moves', 'new']);
    });

    it('what another tool applied before is adopted once, shown with its manager, and then removed like our own', async () => {
      const object = (data: JsonObject): KubeObject => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'adopted', namespace: 'default' },
        data,
      });
      for (const manager of [
        'kubectl-client-side-apply',
        'helm',
        'argocd-controller',
        'kustomize-controller',
        'before-first-apply',
      ]) {
        await cluster.delete(
          { group: '', version: 'v1', kind: 'ConfigMap' },
          { namespace: 'default', name: 'adopted' },
        );
        await cluster.apply(object({ kept: '1', dropped: '2' }), { fieldManager: manager });
        await cluster.apply(object({ theirs: '3' }), { fieldManager: 'some-controller' });
        const scene = new Scene(cluster, `adopts-${manager}`, {});
        scene.repository.commit(
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: adopted, namespace: default }\ndata: { kept: "1" }',
        );
        const [step] = stepsOf(await scene.plan());
        expect([step?.action, step?.diff.managers]).toEqual(['adopt', [manager, 'some-controller']]);
        expect(failuresOf(await scene.sync())).toEqual([]);
        const live = await present(cluster, '/v1/ConfigMap', 'default', 'adopted');
        expect(at(live, 'data')).toEqual({ kept: '1', theirs: '3' });
        expect(
          listAt(live, 'metadata', 'managedFields')
            .map((entry) => stringAt(entry, 'manager') ?? '')
            .toSorted((a, b) => (a < b ? -1 : 1)),
        ).toEqual(['evenkeel', 'some-controller']);
        expect((await scene.sync()).report.writes).toBe(0);
      }
    });
  });
}

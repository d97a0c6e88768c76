import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, listAt, stringAt, type JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { effectsOf, failuresOf, present, Scene, worldsOf, type World, until, yaml } from './proof-world.ts';

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

for (const kind of worldsOf('versions of kinds')) {
  describe(`objects and the versions of their kinds, on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

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
  });
}

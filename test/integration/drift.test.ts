import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { at, isJsonObject, jsonEqual, type Json } from '../../src/core/json.ts';
import { describeKey, gvkOf, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import { UNTYPED } from '../../src/core/fields/schema.ts';
import { diffObject } from '../../src/diff/diff-object.ts';
import { isEngineError } from '../../src/core/errors.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { overlaps } from './disagreement.ts';
import { copyOf, leavesOf, otherValues, setAt, type Leaf } from './proof-fields.ts';
import { effectsOf, failuresOf, fixture, Scene, stepsOf, worldsOf, type World } from './proof-world.ts';

const PARALLEL = 8;

interface Row {
  readonly key: string;
  readonly path: string;
  readonly problem: string;
}

/** Writes the object back as somebody with an editor would: a whole replacement at the live version. */
async function edit(cluster: Cluster, live: KubeObject, leaf: Leaf): Promise<KubeObject | undefined> {
  for (const value of otherValues(leaf.value).slice(0, 14)) {
    const changed = copyOf(live);
    setAt(changed, leaf.keys, value);
    try {
      const written = await cluster.apply(minimal(changed as unknown as KubeObject), {
        fieldManager: 'kubectl-edit',
        force: true,
        dryRun: true,
      });
      if (!jsonEqual(valueAt(written, leaf), leaf.value) && valueAt(written, leaf) !== undefined) {
        await cluster.replace(changed as unknown as KubeObject);
        return written;
      }
    } catch (thrown) {
      if (!isEngineError(thrown)) throw thrown;
    }
  }
  return undefined;
}

function minimal(object: KubeObject): KubeObject {
  const { managedFields: _fields, ...metadata } = object.metadata;
  return { ...object, metadata } as KubeObject;
}

function valueAt(object: KubeObject, leaf: Leaf): Json | undefined {
  return at(object, ...leaf.keys);
}

for (const kind of worldsOf('drift matrix')) {
  describe(`drift of every field on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

    it('is shown field by field, and healed field by field', { timeout: 300_000 }, async () => {
      const scene = new Scene(cluster, 'drift', { namespace: 'proof-full', sync: { conflicts: 'force' } });
      scene.repository.commit(fixture('full.yaml'));
      expect(failuresOf(await scene.sync())).toEqual([]);
      const { desired } = await scene.plan();
      const rows: Row[] = [];
      let tried = 0;
      let unchangeable = 0;
      const kinds = new Set<string>();
      const oneWay: string[] = [];
      const queue: (typeof desired)[number][] = [];
      const worker = async (): Promise<void> => {
        for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
          const { object, key } = entry.manifest;
          const schema = await cluster.schema(gvkOf(object));
          const { apiVersion: _version, kind: _kind, status: _status, ...rest } = object;
          const leaves = leavesOf(rest as Json, schema ?? UNTYPED).filter(
            ({ keys }) => keys[0] !== 'metadata' || keys[1] === 'labels' || keys[1] === 'annotations',
          );
          for (const leaf of leaves) {
            const before = await servedAgain(cluster, object);
            const live = locate(leaf, before, rest as Json);
            if (live === undefined) continue;
            const edited = await edit(cluster, before, live);
            if (edited === undefined) {
              unchangeable += 1;
              continue;
            }
            tried += 1;
            kinds.add(key.kind);
            const problem = await judge(object, key, leaf.path, before, leaves);
            if (problem !== undefined) rows.push({ key: describeKey(key), path: leaf.path, problem });
          }
        }
      };
      const judge = async (
        object: KubeObject,
        key: (typeof desired)[number]['manifest']['key'],
        path: string,
        before: KubeObject,
        leaves: readonly Leaf[],
      ): Promise<string | undefined> => {
        const schema = await cluster.schema(gvkOf(object));
        const drifted = await cluster.get(gvkOf(object), key);
        const diff = diffObject(object, drifted, schema);
        const paths = diff.changes.map((change) => change.path);
        // Heals by what the engine sends for it, and looks at what is left.
        try {
          await cluster.apply(object, { force: true });
        } catch (thrown) {
          // Some fields only go one way (a deadline may shrink, a size may grow): the refusal says so, and the test starts the object anew.
          if (!isEngineError(thrown)) throw thrown;
          oneWay.push(`${describeKey(key)} ${path}: ${thrown.code}`);
          await cluster.delete(gvkOf(object), key);
          await cluster.apply(object, { force: true });
          return paths.includes(path) ? undefined : `the diff shows ${paths.join(', ')}`;
        }
        const healed = await cluster.get(gvkOf(object), key);
        if (healed.state !== 'present') return 'gone after healing';
        const after = diffObject(object, healed, schema);
        if (after.action !== 'unchanged')
          return `still differs after healing: ${after.changes.map((change) => change.path).join(', ')}`;
        if (diff.action !== 'update') return `the diff says ${diff.action}`;
        if (drifted.state !== 'present') return `the object was ${drifted.state}`;
        const unlike = unlikeFields(leaves, object, before, drifted.object);
        const missed = unlike.filter((field) => !paths.some((shown) => overlaps(shown, field)));
        const others = paths.filter((shown) => !unlike.some((field) => overlaps(shown, field)));
        if (missed.length + others.length > 0)
          return `the diff shows ${paths.join(', ')}, and what changed is ${unlike.join(', ')}`;
        const stripped = (value: KubeObject): Json => {
          const { metadata: _metadata, status: _status, ...body } = value;
          return body as Json;
        };
        if (!jsonEqual(stripped(before), stripped(healed.object))) return 'healing left something else changed';
        return undefined;
      };
      // Definitions first: while one is edited, its custom resources are away.
      const isDefinition = ({ manifest }: (typeof desired)[number]): boolean =>
        manifest.key.kind === 'CustomResourceDefinition';
      for (const batch of [desired.filter(isDefinition), desired.filter((entry) => !isDefinition(entry))]) {
        queue.push(...batch);
        await Promise.all(Array.from({ length: PARALLEL }, worker));
      }
      console.log(JSON.stringify({ drift: { tried, unchangeable, oneWay, kinds: kinds.size, wrong: rows.length } }));
      expect(rows).toEqual([]);
      expect(kinds.size).toBeGreaterThanOrEqual(30);
      scene.forget(world.connect());
      expect(effectsOf(await scene.plan())).toEqual([]);
    });

    it('by scale and by patch is healed, and what others set beside it stays', async () => {
      const scene = new Scene(cluster, 'drifts', { sync: { conflicts: 'force' } });
      scene.repository.commit(withReplicas('drifts', 0));
      expect(failuresOf(await scene.sync())).toEqual([]);
      const where = deploymentAt('drifts');
      await cluster.patch(...where, {
        type: 'merge',
        body: { spec: { replicas: 3, minReadySeconds: 9 }, metadata: { annotations: { theirs: 'a' } } },
      });
      const [step] = stepsOf(await scene.plan());
      expect(step?.diff.changes).toEqual([{ path: 'spec.replicas', op: 'change', before: 3, after: 0 }]);
      expect(failuresOf(await scene.sync())).toEqual([]);
      const live = await cluster.get(...where);
      expect(
        live.state === 'present' && [
          at(live.object, 'spec', 'replicas'),
          at(live.object, 'spec', 'minReadySeconds'),
          at(live.object, 'metadata', 'annotations', 'theirs'),
        ],
      ).toEqual([0, 9, 'a']);
    });

    // The embedded server runs no admission policies.
    it.skipIf(!kind.real)(
      'by an admission rule that writes our own field is seen once, and not fought with',
      async () => {
        const scene = new Scene(cluster, 'ruled', { sync: { conflicts: 'force' } });
        const where = deploymentAt('ruled');
        scene.repository.commit(withReplicas('ruled', 0));
        expect(failuresOf(await scene.sync())).toEqual([]);
        await cluster.apply({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'MutatingAdmissionPolicy',
          metadata: { name: 'one-replica' },
          spec: {
            reinvocationPolicy: 'Never',
            failurePolicy: 'Fail',
            matchConstraints: {
              resourceRules: [
                {
                  apiGroups: ['apps'],
                  apiVersions: ['v1'],
                  operations: ['CREATE', 'UPDATE'],
                  resources: ['deployments'],
                },
              ],
            },
            mutations: [
              {
                patchType: 'JSONPatch',
                jsonPatch: { expression: "[JSONPatch{op: 'replace', path: '/spec/replicas', value: 1}]" },
              },
            ],
          },
        } as unknown as KubeObject);
        await cluster.apply({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'MutatingAdmissionPolicyBinding',
          metadata: { name: 'one-replica' },
          spec: { policyName: 'one-replica' },
        });
        await expect
          .poll(
            async () =>
              at(
                await cluster.apply(
                  { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'ruled', namespace: 'default' } },
                  { fieldManager: 'probe', dryRun: true },
                ),
                'spec',
                'replicas',
              ),
            { timeout: 30_000, interval: 200 },
          )
          .toBe(1);
        scene.repository.commit(withReplicas('ruled', 5));
        expect(failuresOf(await scene.sync())).toEqual([]);
        const settled = await cluster.get(...where);
        expect(settled.state === 'present' && at(settled.object, 'spec', 'replicas')).toBe(1);
        for (let pass = 0; pass < 3; pass++) {
          const again = await scene.sync();
          expect(again.report.writes).toBe(0);
        }
        expect(scene.engine.verdicts.dryRuns).toBeLessThanOrEqual(2);
      },
    );
  });
}

function withReplicas(name: string, replicas: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: main, image: "example.invalid/a:1" }] } }`;
}

function deploymentAt(name: string) {
  return [
    { group: 'apps', version: 'v1', kind: 'Deployment' },
    { namespace: 'default', name },
  ] as const;
}

/** The live object; a custom resource may be away for a moment after an edit of its definition. */
async function servedAgain(cluster: Cluster, object: KubeObject): Promise<KubeObject> {
  const key = keyOf(object);
  let found: KubeObject | undefined;
  await expect
    .poll(
      async () => {
        const live = await cluster.get(gvkOf(object), key);
        found = live.state === 'present' ? live.object : undefined;
        return live.state;
      },
      { timeout: 30_000, interval: 100, message: describeKey(key) },
    )
    .toBe('present');
  if (found === undefined) throw new Error(`${describeKey(key)} is gone`);
  return found;
}

/** The fields that Git sets and whose live values an edit changed: the one that was edited, and those that the server changed with it. */
function unlikeFields(leaves: readonly Leaf[], object: KubeObject, before: KubeObject, after: KubeObject): string[] {
  return leaves
    .filter((leaf) => {
      const [was, is] = [before, after].map((live) => locate(leaf, live, object as unknown as Json)?.value);
      return !jsonEqual(was ?? null, is ?? null);
    })
    .map(({ path }) => path.replace(/\[=.*\]$/, ''));
}

/** The leaf at its place in the live object: items of keyed lists may stand elsewhere there. */
function locate(leaf: Leaf, live: KubeObject, desired: Json): Leaf | undefined {
  const keys: (string | number)[] = [];
  let there: Json | undefined = live;
  let here: Json | undefined = desired;
  for (const [depth, key] of leaf.keys.entries()) {
    if (typeof key === 'number' && Array.isArray(there)) {
      const wanted: Json | undefined = Array.isArray(here) ? (here[key] as Json) : undefined;
      const step = leaf.steps[depth] ?? '';
      const index = there.findIndex((item: Json) =>
        step.startsWith('k:') && isJsonObject(item)
          ? Object.entries(JSON.parse(step.slice(2)) as Record<string, Json>).every(([name, value]) =>
              jsonEqual(item[name], value),
            )
          : jsonEqual(item, wanted),
      );
      if (index < 0) return undefined;
      keys.push(index);
      there = there[index] as Json;
      here = wanted;
    } else {
      keys.push(key);
      there = isJsonObject(there) ? there[String(key)] : undefined;
      here = isJsonObject(here) ? here[String(key)] : undefined;
    }
    if (there === undefined) return undefined;
  }
  return { ...leaf, keys, value: there };
}

// A file without any suite fails: this one says that the others need a real API server.
describe.skipIf((process.env['KUBEBUILDER_ASSETS'] ?? '') === '')('the binaries of a real API server', () => {
  it('are named by KUBEBUILDER_ASSETS', () => {
    expect(process.env['KUBEBUILDER_ASSETS']).not.toBe('');
  });
});

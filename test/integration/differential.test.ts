import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APPLICATION_LABEL } from '../../src/core/application.ts';
import { isEngineError } from '../../src/core/errors.ts';
import { UNTYPED, type SchemaType } from '../../src/core/fields/schema.ts';
import type { Json } from '../../src/core/json.ts';
import { describeKey, gvkOf, keyOf, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { diffObject } from '../../src/diff/diff-object.ts';
import { normalizeManifest } from '../../src/diff/normalize.ts';
import { loadYaml } from '../../src/render/yaml/load.ts';
import { changesValues, disagreements } from './disagreement.ts';
import { copyOf, leavesOf, otherValues, setAt, type Leaf } from './proof-fields.ts';
import { fixture, worldsOf, type World } from './proof-world.ts';

const PAIRS = Number(process.env['DIFFERENTIAL_PAIRS'] ?? 300);
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);
const PARALLEL = 8;

/** Kinds whose objects controllers of the API server itself rewrite, or whose names are the data. */
const LEFT_OUT = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'APIService',
  'ServiceCIDR',
  'IPAddress',
  'Node',
  'CertificateSigningRequest',
  'PriorityLevelConfiguration',
  'FlowSchema',
  'Pod',
  'Event',
]);

/** Numbers that can be repeated: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random edits of Git's side: values changed, fields dropped. */
function mutate(object: KubeObject, type: SchemaType, random: () => number, share: number): KubeObject {
  const changed = copyOf(object);
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  const leaves = leavesOf(rest as Json, type).filter(({ keys }) => mayChange(keys));
  // From the end, so that positions in lists stay right while items go.
  for (const leaf of leaves.toReversed()) {
    if (random() >= share) continue;
    const values = otherValues(leaf.value).slice(0, 4);
    const value = random() < 0.4 ? undefined : values[Math.floor(random() * values.length)];
    setAt(changed, leaf.keys, value);
  }
  return changed as unknown as KubeObject;
}

/** Leaves alone: the part of the object that another manager applies. */
function part(object: KubeObject, type: SchemaType, random: () => number, share: number): KubeObject | undefined {
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  const leaves = leavesOf(rest as Json, type).filter(({ keys }) => mayChange(keys));
  const kept = leaves.filter(() => random() < share);
  if (kept.length === 0) return undefined;
  const out = copyOf(object);
  for (const leaf of leaves.toReversed()) if (!kept.includes(leaf)) dropLeaf(out, leaf);
  return out as unknown as KubeObject;
}

function dropLeaf(root: ReturnType<typeof copyOf>, leaf: Leaf): void {
  if (leaf.keys.some((key) => typeof key === 'number')) return;
  setAt(root, leaf.keys, undefined);
}

/** Of the metadata labels and annotations alone; the engine's own label is always there. */
function mayChange(keys: Leaf['keys']): boolean {
  if (keys[0] !== 'metadata') return true;
  return (keys[1] === 'labels' || keys[1] === 'annotations') && keys[2] !== APPLICATION_LABEL;
}

for (const kind of worldsOf('differential against dry-runs')) {
  describe(`our verdict and the server's on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

    it(`agree on ${PAIRS} random pairs (seed ${SEED})`, { timeout: 1_800_000 }, async () => {
      const seeds = loadYaml(fixture('full.yaml'), 'kubernetes')
        .documents.map(({ value }) => value as unknown as KubeObject)
        .concat(
          loadYaml(fixture('minimal.yaml'), 'kubernetes').documents.map(({ value }) => value as unknown as KubeObject),
        );
      for (const object of seeds.filter(
        ({ kind: word }) => word === 'Namespace' || word === 'CustomResourceDefinition',
      ))
        await cluster.apply(object, { force: true });
      await expect
        .poll(
          async () => {
            cluster.refresh();
            return cluster.schema({ group: 'example.com', version: 'v1', kind: 'Widget' }).then(
              (type) => type !== undefined,
              () => false,
            );
          },
          { timeout: 30_000, interval: 200 },
        )
        .toBe(true);
      // As the engine applies them: texts of Secrets in base64, our label set.
      const usable = seeds
        .filter(({ kind: word }) => !LEFT_OUT.has(word))
        .map((object) => normalizeManifest(object, 'default.differential'));
      const wrong: string[] = [];
      const counts = { pairs: 0, changed: 0, undecided: 0, skipped: 0 };
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let index = next++; counts.pairs < PAIRS && index < PAIRS * 20; index = next++) {
          const random = randomOf(SEED * 1_000_003 + index);
          const base = usable[index % usable.length];
          if (base === undefined) continue;
          const type = (await cluster.schema(gvkOf(base))) ?? UNTYPED;
          const name = `${base.metadata.name.split('.')[0] ?? 'x'}-${index}${base.metadata.name.includes('.') ? base.metadata.name.slice(base.metadata.name.indexOf('.')) : ''}`;
          const named = { ...base, metadata: { ...base.metadata, name } } as KubeObject;
          try {
            // What we applied last, what others did to it, and what Git says now.
            await cluster.apply(mutate(named, type, random, random() < 0.5 ? 0 : 0.1), { force: true });
            const other = part(named, type, random, 0.3);
            if (other !== undefined && random() < 0.5)
              await cluster
                .apply(random() < 0.5 ? other : mutate(other, type, random, 0.3), {
                  fieldManager: 'other',
                  force: true,
                })
                .catch(ignoreRefusal);
            const middle = await cluster.get(gvkOf(named), keyOf(named));
            if (middle.state === 'present' && random() < 0.5)
              await cluster.replace(mutate(middle.object, type, random, 0.03)).catch(ignoreRefusal);
            const desired = random() < 0.25 ? named : mutate(named, type, random, 0.12);
            const live = await cluster.get(gvkOf(named), keyOf(named));
            if (live.state !== 'present') continue;
            const predicted = await cluster.apply(desired, { dryRun: true, force: true });
            const local = diffObject(desired, live, type);
            counts.pairs += 1;
            if (local.needsDryRun === true) counts.undecided += 1;
            if (changesValues(live.object, predicted)) counts.changed += 1;
            const problems = local.needsDryRun === true ? [] : disagreements(local, live.object, predicted);
            if (problems.length > 0)
              wrong.push(
                `${index} ${describeKey(keyOf(named))}: ${problems.join('; ')}; ours ${local.changes.map(({ op, path }) => `${op} ${path}`).join('; ') || 'unchanged'}`,
              );
          } catch (thrown) {
            if (!isEngineError(thrown)) throw thrown;
            counts.skipped += 1;
          } finally {
            await cluster.delete(gvkOf(named), keyOf(named)).catch(ignoreRefusal);
          }
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
      console.log(JSON.stringify({ differential: { ...counts, wrong: wrong.length } }));
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(counts.pairs).toBeGreaterThanOrEqual(PAIRS);
    });
  });
}

function ignoreRefusal(thrown: unknown): void {
  if (!isEngineError(thrown)) throw thrown;
}

// A file without any suite fails: this one says that the others need a real API server.
describe.skipIf((process.env['KUBEBUILDER_ASSETS'] ?? '') === '')('the binaries of a real API server', () => {
  it('are named by KUBEBUILDER_ASSETS', () => {
    expect(process.env['KUBEBUILDER_ASSETS']).not.toBe('');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { formatKey } from '../../src/core/object-key.ts';
import {
  effectsOf,
  failuresOf,
  fixture,
  Scene,
  untilPublished,
  worldsOf,
  type World,
  type WorldKind,
} from './proof-world.ts';

/** Kinds that Git can hold: everything that discovery offers with `patch` and `create`, except what only lives for a request. */
const NOT_FOR_GIT = new Set(['Event.', 'Binding.']);

/** Custom kinds that the fixtures and examples define themselves. */
const OF_THESE_TESTS = /\.(?:.+\.)?example\.com$|\.serving\.kserve\.io$|\.evenkeel\.dev$/;

/** The embedded server has events in the core group alone, and fills in no status of a pod failure policy's conditions. */
const NOT_EMBEDDED = /^kind: Event$|name: m-policy,/m;

function objectsFor(name: 'minimal' | 'full' | 'examples', server: WorldKind): string {
  if (name === 'examples') return exampleResources();
  const text = fixture(`${name}.yaml`);
  return server.real ? text : without(text, NOT_EMBEDDED);
}

/**
 * The definitions of the example repositories and deployment files, and the custom resources that go with them. Templates of charts are
 * no objects yet.
 */
function exampleResources(): string {
  const documents = ['examples', 'deploy'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml') && !path.split('/').includes('templates'))
      .flatMap((path) => readFileSync(join(folder, path), 'utf8').split(/^---$/m)),
  );
  const definitions = documents.filter((text) => /^kind: CustomResourceDefinition$/m.test(text));
  const kinds = new Set(definitions.map((text) => /\bkind: (\w+), listKind/.exec(text)?.[1] ?? ''));
  const resources = documents.filter((text) => kinds.has(/^kind: (\w+)$/m.exec(text)?.[1] ?? ''));
  expect(definitions.length).toBeGreaterThan(1);
  return ['apiVersion: v1\nkind: Namespace\nmetadata: { name: proof-examples }\n', ...definitions, ...resources]
    .join('\n---\n')
    .replaceAll(/namespace: [a-z]+\b/g, 'namespace: proof-examples');
}

function without(text: string, document: RegExp): string {
  return text
    .split(/^---$/m)
    .filter((part) => !document.test(part))
    .join('---');
}

for (const kind of worldsOf('objects of all built-in kinds')) {
  describe(`objects of all built-in kinds on ${kind.name}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await kind.start();
    });
    afterAll(async () => world?.stop());

    for (const [name, namespace] of [
      ['minimal', 'proof-minimal'],
      ['full', 'proof-full'],
      ['examples', 'proof-examples'],
    ] as const) {
      it(`are unchanged after one apply, without a write or a dry-run, also after a restart (${name})`, async () => {
        const cluster = world.connect();
        const scene = new Scene(cluster, name, { namespace });
        scene.repository.commit(objectsFor(name, kind));
        const first = await scene.sync();
        expect(failuresOf(first)).toEqual([]);
        expect(first.plan.refusals.map((refusal) => refusal.message)).toEqual([]);
        expect(first.complete).toBe(true);
        await untilPublished(cluster, first.prepared);
        // Everything again with what this process has learnt, and as a process that has just started.
        for (const restarted of [false, true]) {
          const sent: string[] = [];
          if (restarted) {
            scene.forget(
              world.connect({
                onRequest: ({ method, path }) => {
                  if (method !== 'GET') sent.push(`${method} ${path}`);
                },
              }),
            );
          }
          const dryRunsBefore = scene.engine.verdicts.dryRuns;
          const again = await scene.sync();
          expect(again.plan.refusals.map((refusal) => refusal.message)).toEqual([]);
          expect(effectsOf(again.prepared)).toEqual([]);
          expect(again.plan.counts.unchanged).toBe(first.plan.inventory.length);
          expect(scene.engine.verdicts.dryRuns - dryRunsBefore).toBe(0);
          expect(again.report.writes).toBe(0);
          expect(sent).toEqual([]);
          expect(again.complete).toBe(true);
        }
      });
    }

    it('are all of them', async () => {
      const cluster = world.connect();
      const { resources } = await cluster.resources();
      const covered = new Set<string>();
      for (const name of ['minimal', 'full'] as const) {
        const scene = new Scene(cluster, `${name}-kinds`, { namespace: 'default' });
        scene.repository.commit(fixture(`${name}.yaml`));
        for (const { manifest } of (await scene.plan()).desired)
          covered.add(`${manifest.key.kind}.${manifest.key.group}`);
      }
      const missing = resources
        .filter(({ verbs }) => verbs.includes('create') && verbs.includes('patch'))
        .map(({ kind: word, group }) => `${word}.${group}`)
        .filter((id) => !covered.has(id) && !NOT_FOR_GIT.has(id) && !OF_THESE_TESTS.test(id));
      expect(missing).toEqual([]);
    });

    it('keep their inventory complete and sorted', async () => {
      const scene = new Scene(world.connect(), 'minimal', { namespace: 'proof-minimal' });
      scene.repository.commit(fixture('minimal.yaml'));
      const { stored } = await scene.plan();
      const ids = stored.state.inventory.map(formatKey);
      expect(ids).toEqual([...ids].sort());
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readState, writeState } from '../../src/apply/state-store.ts';
import { reconcile, type Reconciled } from '../../src/controller/reconcile.ts';
import type { Application } from '../../src/core/application.ts';
import { labelOf } from '../../src/core/application-label.ts';
import { EngineError, isEngineError } from '../../src/core/errors.ts';
import { formatKey } from '../../src/core/object-key.ts';
import type { Cluster, Renderer } from '../../src/core/ports.ts';
import { NO_OVERRIDES } from '../../src/plan/guards.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { openSnapshot } from '../../src/sources/snapshot.ts';
import { anApplication } from '../builders/an-application.ts';
import { makeRepository, type Files, type TestRepository } from '../doubles/git-repository.ts';
import { makeSources, type TestSources } from '../doubles/git-sources.ts';
import { MemoryRepository, memoryEngine } from '../doubles/memory-engine.ts';
import { worldsOf, type World } from './proof-world.ts';

/** Renders in this process, from the commit itself. */
const RENDERER: Renderer = {
  render: (fetched, request) =>
    Promise.resolve(renderSnapshot(openSnapshot(fetched.gitDir, fetched.commit.id), request)),
  close: () => Promise.resolve(),
};

function filesOf(namespace: string): Files {
  const maps = ['a', 'b', 'c', 'd', 'e', 'f'].map(
    (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { a: "1" }\n`,
  );
  return {
    'app/kustomization.yaml': `namespace: ${namespace}\nresources: [namespace.yaml, maps.yaml]\n`,
    'app/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${namespace} }\n`,
    'app/maps.yaml': maps.join('---\n'),
  };
}

for (const kind of worldsOf('wipe-out rehearsals')) {
  describe(`wipe-outs that do not happen, on ${kind.name}`, () => {
    let world: World;
    let cluster: Cluster;
    let repository: TestRepository;
    let sources: TestSources;
    let application: Application;
    let namespace: string;
    let round = 0;

    beforeAll(async () => {
      world = await kind.start();
      cluster = world.connect();
    });
    afterAll(async () => world?.stop());

    const sync = async (app: Application = application): Promise<Reconciled> =>
      reconcile(
        app,
        { ...memoryEngine(cluster, new MemoryRepository()), sources: sources.sources, renderer: RENDERER },
        { signal: new AbortController().signal, trigger: 'test', overrides: NO_OVERRIDES, maxAgeMs: 0 },
      );

    /** The error that a sync ends with. */
    const refusal = async (app: Application = application): Promise<EngineError> => {
      try {
        await sync(app);
      } catch (thrown) {
        if (isEngineError(thrown)) return thrown;
        throw thrown;
      }
      throw new Error('the sync was expected to be refused');
    };

    const alive = async (app: Application = application): Promise<string[]> => {
      const objects = await cluster.list(
        { group: '', version: 'v1', kind: 'ConfigMap' },
        { labelSelector: `evenkeel.dev/application=${labelOf(app.name)}` },
      );
      return objects
        .filter((object) => object.metadata['deletionTimestamp'] === undefined)
        .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
        .sort();
    };
    const everything = (): string[] => ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${namespace}/${name}`);

    beforeEach(async () => {
      namespace = `wipe-${round++}`;
      repository = makeRepository();
      repository.commit(filesOf(namespace));
      sources = makeSources({ localRepositories: 'allowed' });
      application = anApplication({
        name: { namespace: 'default', name: namespace },
        source: { git: { url: repository.path, ref: { kind: 'branch', name: 'main' }, path: 'app' } },
        destination: { cluster: 'in-cluster', namespace },
      });
      const first = await sync();
      expect(first.complete).toBe(true);
      expect(await alive()).toEqual(everything());
      return async () => {
        await sources.close();
        repository.remove();
      };
    });

    /** Nothing is gone, and nothing was forgotten. */
    const intact = async (): Promise<void> => {
      expect(await alive()).toEqual(everything());
      const { state } = await readState(cluster, application.name);
      expect(state.inventory).toHaveLength(7);
    };

    /** The last good revision stays desired; why there is no newer one is said. */
    const keepsLastGood = async (code: string): Promise<void> => {
      const result = await sync();
      expect(result.report.writes).toBe(0);
      expect(result.plan.counts.delete).toBe(0);
      expect(result.prepared.revision.sourceProblem?.code).toBe(code);
    };

    it('the repository is emptied', async () => {
      repository.git('rm', '-rq', '.');
      repository.commit({ 'README.md': 'nothing here\n' });
      await keepsLastGood('SourcePathNotFound');
      await intact();
    });

    it('the path still renders, but to nothing', async () => {
      repository.commit({
        'app/kustomization.yaml': 'resources: []\n# nothing\n',
        'app/maps.yaml': null,
        'app/namespace.yaml': null,
      });
      const error = await refusal();
      expect(['PlanRefused', 'RenderFailed']).toContain(error.code);
      expect(error.message).toMatch(/EmptyRender|kustomization/);
      await intact();
    });

    it('a folder of plain files loses them all', async () => {
      const plain: Application = { ...application, render: { kind: 'plain', recurse: false } };
      repository.commit({
        'app/kustomization.yaml': null,
        'app/maps.yaml': null,
        'app/namespace.yaml': null,
        'app/notes.yaml': '# only words\n',
      });
      const error = await refusal(plain);
      expect(error.code).toBe('PlanRefused');
      expect(error.message).toMatch(/EmptyRender.*nothing was rendered, and 7 objects would be deleted/);
      expect(error.remedy).toContain('--allow-empty');
      await intact();
    });

    it('the path has moved elsewhere', async () => {
      repository.git('mv', 'app', 'moved');
      repository.commit({});
      await keepsLastGood('SourcePathNotFound');
      await intact();
    });

    it('the Git host answers without any branch', async () => {
      repository.git('checkout', '-q', '--detach');
      repository.git('branch', '-D', 'main');
      await keepsLastGood('SourceRefNotFound');
      await intact();
    });

    it('the Git host has lost the repository', async () => {
      repository.remove();
      const error = await refusal();
      expect(error.code).toBe('SourceUnreachable');
      expect(error.message).toContain(repository.path);
      await intact();
    });

    it('a namespace transformer is renamed: everything would move, the old namespace and its objects stay', async () => {
      repository.commit(filesOf(`${namespace}-new`));
      const error = await refusal();
      expect(error.code).toBe('PlanRefused');
      expect(error.message).toMatch(/DeletionBudget.*6 objects would be deleted, the budget allows 2/);
      expect(error.remedy).toContain('--allow-deletions');
      await intact();
    });

    it('the application is renamed: the new one takes nothing from the old one, and says whose it is', async () => {
      const renamed: Application = { ...application, name: { namespace: 'default', name: `${namespace}-renamed` } };
      const result = await sync(renamed);
      expect(result.plan.counts.delete).toBe(0);
      expect(result.report.writes).toBe(0);
      expect(result.plan.refusals).toHaveLength(7);
      for (const refused of result.plan.refusals) {
        expect(refused.guard).toBe('ForeignOwner');
        expect(refused.message).toContain(`belongs to application default/${namespace}`);
      }
      await intact();
    });

    it('a namespace alone disappears from Git: it stays until it is confirmed by name', async () => {
      repository.commit({
        'app/kustomization.yaml': `namespace: ${namespace}\nresources: [maps.yaml]\n`,
        'app/namespace.yaml': null,
      });
      const result = await sync();
      expect(result.plan.counts.delete).toBe(0);
      expect(
        result.plan.refusals.map(({ guard, override }) => [guard, override.includes(`Namespace/${namespace}`)]),
      ).toEqual([['ProtectedKind', true]]);
      await intact();
    });

    it.runIf(kind.real)('half of discovery fails: what it does not show is unknown, not gone', async () => {
      const group = `half-${round}.example.com`;
      const stored = await readState(cluster, application.name);
      const lost = { group, kind: 'Thing', namespace, name: 'precious' };
      await cluster.apply({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${group}` },
        spec: {
          group,
          version: 'v1',
          groupPriorityMinimum: 100,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          service: { name: 'nobody', namespace: 'default', port: 443 },
        },
      });
      await writeState(cluster, stored, { state: { ...stored.state, inventory: [...stored.state.inventory, lost] } });
      await expect
        .poll(
          async () => {
            cluster.refresh();
            return (await cluster.resources()).failedGroups;
          },
          { timeout: 30_000, interval: 200 },
        )
        .toContain(group);
      const result = await sync();
      expect(result.plan.counts.delete).toBe(0);
      expect(result.plan.kept.map(({ key, reason }) => [formatKey(key), reason])).toEqual([
        [formatKey(lost), expect.stringMatching(/could not be read .*stays in the inventory/)],
      ]);
      expect((await readState(cluster, application.name)).state.inventory).toHaveLength(8);
      expect(await alive()).toEqual(everything());
      await cluster.delete(
        { group: 'apiregistration.k8s.io', version: 'v1', kind: 'APIService' },
        { namespace: '', name: `v1.${group}` },
      );
    });
  });
}

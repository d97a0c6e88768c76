import { describe, expect, it } from 'vitest';
import { DEFAULT_RENDER_LIMITS } from '../../../src/core/manifest.ts';
import { buildKustomization, type BuildResult } from '../../../src/render/kustomize/build.ts';
import { BuildCache } from '../../../src/render/kustomize/cache.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';
import { makeBuild } from '../../oracle/kustomize/random-kustomization.ts';
import { seededRandom } from '../../oracle/seeded-random.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

const FILES = {
  'base/kustomization.yaml': 'resources: [a.yaml]\n',
  'base/a.yaml': CONFIG_MAP,
  'app/kustomization.yaml': 'resources: [../base]\nnamePrefix: p-\n',
  'other/kustomization.yaml': 'resources: [../base]\nnameSuffix: -s\n',
};

/** A snapshot that counts what is read in full. */
class CountingSnapshot extends MemorySnapshot {
  reads: string[] = [];

  override read(path: string): Uint8Array | undefined {
    this.reads.push(path);
    return super.read(path);
  }
}

function said(result: BuildResult): readonly string[] {
  return [...result.problems.map(({ path, message }) => `${path}: ${message}`), ...result.warnings, result.text()];
}

describe('a build that earlier builds have prepared', () => {
  it('reads nothing when nothing has changed, and has the same trace', () => {
    const cache = new BuildCache();
    const first = new MemorySnapshot(FILES);
    const text = buildKustomization(first, 'app', { cache }).text();
    const again = new CountingSnapshot(FILES);
    expect(buildKustomization(again, 'app', { cache }).text()).toBe(text);
    expect(again.reads).toEqual([]);
    expect(again.trace()).toEqual(first.trace());
  });

  it('takes over a base that another overlay was built from', () => {
    const cache = new BuildCache();
    buildKustomization(new MemorySnapshot(FILES), 'app', { cache });
    const snapshot = new CountingSnapshot(FILES);
    expect(buildKustomization(snapshot, 'other', { cache }).text()).toContain('name: a-s\n');
    expect(snapshot.reads).toEqual(['other/kustomization.yaml']);
  });

  it.each([
    ['a changed file', { 'base/a.yaml': CONFIG_MAP.replace('name: a', 'name: b') }, 'name: p-b\n'],
    ['a kustomization file that came', { 'base/kustomization.yml': 'resources: []\n' }, 'several kustomization files'],
    ['a file that became a folder', { 'base/a.yaml/x': '' }, 'a.yaml'],
  ])('sees %s', (_, changed, says) => {
    const cache = new BuildCache();
    buildKustomization(new MemorySnapshot(FILES), 'app', { cache });
    expect(said(buildKustomization(new MemorySnapshot({ ...FILES, ...changed }), 'app', { cache })).join()).toContain(
      says,
    );
  });

  it('finds a cycle that a folder closes for this build only', () => {
    const files = {
      'a/kustomization.yaml': 'namePrefix: a-\nresources: [r.yaml]\n',
      'a/r.yaml': CONFIG_MAP,
      'a/sub/kustomization.yaml': 'resources: [../../x]\n',
      'x/kustomization.yaml': 'resources: [../a]\n',
    };
    const cache = new BuildCache();
    expect(buildKustomization(new MemorySnapshot(files), 'x', { cache }).problems).toEqual([]);
    expect(said(buildKustomization(new MemorySnapshot(files), 'a/sub', { cache })).join()).toContain('leads back');
  });

  it('counts the objects of what it takes over', () => {
    const cache = new BuildCache();
    const limits = { ...DEFAULT_RENDER_LIMITS, documents: 3 };
    const files = {
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': `${CONFIG_MAP}---\n${CONFIG_MAP.replace('name: a', 'name: b')}`,
      'p/kustomization.yaml': 'namePrefix: p-\nresources: [../base]\n',
      'q/kustomization.yaml': 'namePrefix: q-\nresources: [../base]\n',
      'app/kustomization.yaml': 'resources: [../p, ../q]\n',
    };
    expect(said(buildKustomization(new MemorySnapshot(files), 'app', { limits, cache })).join()).toContain(
      'more than 3 objects',
    );
  });

  it('gives what a build without any gives, for random kustomizations that share their paths', () => {
    const cache = new BuildCache();
    for (let seed = 0; seed < 150; seed++) {
      const { files, path } = makeBuild(seededRandom(seed));
      const expected = said(buildKustomization(new MemorySnapshot(files), path));
      for (let repeat = 0; repeat < 2; repeat++)
        expect(said(buildKustomization(new MemorySnapshot(files), path, { cache })), `seed ${seed}`).toEqual(expected);
    }
  });

  it('gives what a build without any gives, when the overlay or a file of the base has changed', () => {
    const overlay = (path: string, tag: string): string =>
      `resources: [${JSON.stringify(`../${path}`)}]\nnamespace: outer\nnamePrefix: o-\nlabels: [{ pairs: { tier: t }, includeSelectors: true }]\ncommonAnnotations: { by: ${tag} }\nimages: [{ name: nginx, newTag: ${tag} }, { name: app, newName: nginx }]\n`;
    const seen: string[] = [];
    for (let seed = 1000; seed < 1150; seed++) {
      const { files, path } = makeBuild(seededRandom(seed));
      const cache = new BuildCache();
      for (const file of Object.keys(files).filter((name) => name.endsWith('/kustomization.yaml')))
        buildKustomization(new MemorySnapshot(files), file.replace('/kustomization.yaml', ''), { cache });
      const changed = Object.keys(files).find((name) => !name.includes('kustomization')) ?? '';
      const rounds = [
        { ...files, 'outer/kustomization.yaml': overlay(path, 'one') },
        { ...files, 'outer/kustomization.yaml': overlay(path, 'two') },
        {
          ...files,
          [changed]: `# other\n${files[changed] ?? ''}`,
          'outer/kustomization.yaml': overlay(path, 'two'),
        },
      ];
      for (const [round, all] of rounds.entries()) {
        const expected = said(buildKustomization(new MemorySnapshot(all), 'outer'));
        expect(said(buildKustomization(new MemorySnapshot(all), 'outer', { cache })), `seed ${seed}, ${round}`).toEqual(
          expected,
        );
        if (expected.length === 1) seen.push(expected[0] ?? '');
      }
    }
    expect(seen.filter((text) => text.includes('namespace: outer')).length).toBeGreaterThan(30);
  });

  it('keeps a value in all places where labels put it, in a copy as in the first build', () => {
    const files = {
      'base/kustomization.yaml': 'resources: [a.yaml]\nlabels: [{ pairs: { app: x }, includeSelectors: true }]\n',
      'base/a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec: {}\n',
      'app/kustomization.yaml':
        'resources: [../base]\npatches: [{ patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {app: y}}}" }]\n',
    };
    const cache = new BuildCache();
    const alone = buildKustomization(new MemorySnapshot(files), 'app').text();
    buildKustomization(new MemorySnapshot(files), 'base', { cache });
    buildKustomization(new MemorySnapshot(files), 'app', { cache });
    const again = { ...files, 'app/kustomization.yaml': `${files['app/kustomization.yaml']}namePrefix: p-\n` };
    expect(buildKustomization(new MemorySnapshot(again), 'app', { cache }).text()).toBe(
      alone.replace('name: a\n', 'name: p-a\n'),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Json, stringAt } from '../../src/core/json.ts';
import type { ClusterCapabilities, GeneratedValues, RenderWorld } from '../../src/core/render-world.ts';
import { factsHold, renderInRounds } from '../../src/render/render-rounds.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { request } from './requests.ts';

const CLUSTER: ClusterCapabilities = {
  kubeVersion: 'v1.29.3',
  apiVersions: ['v1', 'example.com/v1'],
  unreadGroups: ['broken.example.com'],
};

/** A world in memory that notes what it is asked. What `firstComer` holds another process kept between reading and keeping. */
function open(objects: Record<string, Json> = {}, firstComer: Readonly<Record<string, string>> = {}) {
  const state = {
    now: 1_700_000_000_000,
    generated: { seed: 'seed', kept: {} } as GeneratedValues,
    capabilities: CLUSTER,
  };
  const asked: string[] = [];
  const world: RenderWorld = {
    id: 'app',
    now: () => state.now,
    capabilities: async () => state.capabilities,
    lookup: async ({ apiVersion, kind, namespace, name }) => {
      const id = [apiVersion, kind, namespace, name].join(' ');
      asked.push(id);
      return objects[id] ?? {};
    },
    generated: async () => state.generated,
    keep: async (made) => {
      state.generated = { ...state.generated, kept: { ...state.generated.kept, ...made, ...firstComer } };
      return state.generated;
    },
    chartCredentials: async () => ({}),
  };
  /** @param kustomization renders the chart as an entry of its `helmCharts` */
  const render = async (template: string, kustomization?: string) => {
    const chart = kustomization === undefined ? '' : 'charts/web/';
    const snapshot = new MemorySnapshot({
      ...(kustomization === undefined ? {} : { 'kustomization.yaml': kustomization }),
      [`${chart}Chart.yaml`]: 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      [`${chart}values.yaml`]: '',
      [`${chart}templates/x.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  v: {{ ${template} | toString | quote }}\n`,
    });
    const { result, facts } = await renderInRounds(
      async (answers) => renderSnapshot(snapshot, request(), { answers }),
      { world },
    );
    if (facts === undefined) throw new Error('no facts');
    const text =
      result.kind === 'rendered'
        ? stringAt(result.set.manifests[0]?.object, 'data', 'v')
        : `FAILS ${result.problems[0]?.message ?? ''}`;
    return { text, holds: () => factsHold(facts, { world }) };
  };
  return { state, asked, world, render };
}

describe('a chart that looks something up', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { replicas: 3 } };
  const template = '(lookup "v1" "Secret" "team" "s").data.replicas';

  it('gets what the cluster says', async () => {
    const { render, asked } = open({ 'v1 Secret team s': secret });
    expect((await render(template)).text).toBe('3');
    expect(asked).toEqual(['v1 Secret team s']);
  });

  it('gets an empty map for what is not there', async () => {
    expect((await open().render('lookup "v1" "Secret" "team" "s" | len')).text).toBe('0');
  });

  it('may look up what it found', async () => {
    const { render } = open({
      'v1 ConfigMap team a': { next: 'b' },
      'v1 ConfigMap team b': { value: 'found' },
    });
    const nested = '(lookup "v1" "ConfigMap" "team" (dig "next" "none" (lookup "v1" "ConfigMap" "team" "a"))).value';
    expect((await render(nested)).text).toBe('found');
  });

  it('holds until what it found changes', async () => {
    const objects: Record<string, Json> = { 'v1 Secret team s': secret };
    const { holds } = await open(objects).render(template);
    expect(await holds()).toBe(true);
    objects['v1 Secret team s'] = { ...secret, data: { replicas: 4 } };
    expect(await holds()).toBe(false);
  });
});

describe('a chart of a kustomization', () => {
  const kustomization = 'helmCharts: [{ name: web, releaseName: r }]\n';

  it('gets what the cluster says', async () => {
    const { render, asked } = open({ 'v1 Secret team s': { data: { replicas: 3 } } });
    const { text } = await render('(lookup "v1" "Secret" "team" "s").data.replicas', kustomization);
    expect(text).toBe('3');
    expect(asked).toEqual(['v1 Secret team s']);
  });

  it('sees the capabilities of the cluster, unless its entry names a version', async () => {
    const { render } = open();
    const version = '.Capabilities.KubeVersion.Version';
    expect((await render(version, kustomization)).text).toBe('v1.29.3');
    const named = 'helmCharts: [{ name: web, releaseName: r, kubeVersion: 1.25.0 }]\n';
    expect((await render(version, named)).text).toBe('v1.25.0');
  });

  it('is rendered again when what it found changes', async () => {
    const objects: Record<string, Json> = {};
    const { holds } = await open(objects).render('lookup "v1" "Secret" "team" "s" | len', kustomization);
    expect(await holds()).toBe(true);
    objects['v1 Secret team s'] = { data: {} };
    expect(await holds()).toBe(false);
  });
});

describe('a chart whose lookups never end', () => {
  it('is stopped', async () => {
    const { world } = open();
    const endless = { ...world, lookup: async () => ({ next: 'x' }) };
    let count = 0;
    const run = async () => ({
      kind: 'failed' as const,
      problems: [],
      trace: {},
      asked: {
        lookups: [{ apiVersion: 'v1', kind: 'Pod', namespace: '', name: `p${count++}` }],
        remotes: [],
        capabilities: false,
        generated: false,
        made: {},
      },
    });
    await expect(renderInRounds(run, { world: endless })).rejects.toThrow('RenderLimit');
  });
});

describe('.Capabilities', () => {
  it('are those of the cluster', async () => {
    const { render } = open();
    const text = 'list .Capabilities.KubeVersion.Version (.Capabilities.APIVersions.Has "example.com/v1")';
    expect((await render(text)).text).toBe('[v1.29.3 true]');
  });

  it('of a group that could not be read are unknown, not absent', async () => {
    const { text } = await open().render('.Capabilities.APIVersions.Has "broken.example.com/v1"');
    expect(text).toContain('it is not known what the cluster serves of broken.example.com');
  });

  it('that change make a render old', async () => {
    const { state, render } = open();
    const { holds } = await render('.Capabilities.KubeVersion.Version');
    expect(await holds()).toBe(true);
    state.capabilities = { ...CLUSTER, kubeVersion: 'v1.30.0' };
    expect(await holds()).toBe(false);
  });
});

describe('random values', () => {
  it('are the same in every render of an application, and others with another key', async () => {
    const first = open();
    const text = (await first.render('randAlphaNum 20')).text;
    expect((await first.render('randAlphaNum 20')).text).toBe(text);
    const other = open();
    other.state.generated = { seed: 'other', kept: {} };
    expect((await other.render('randAlphaNum 20')).text).not.toBe(text);
  });

  it('of what nobody asked need no key', async () => {
    const { state, render } = open();
    const { holds } = await render('"plain"');
    state.generated = { seed: 'other', kept: {} };
    expect(await holds()).toBe(true);
  });
});

describe('generated certificates', () => {
  const template = '(genCA "ca" 30).Cert | sha256sum';

  it('are kept', async () => {
    const { state, render } = open();
    const { text, holds } = await render(template);
    expect(Object.keys(state.generated.kept)).toHaveLength(1);
    expect(await holds()).toBe(true);
    expect((await render(template)).text).toBe(text);
  });

  it('are made anew when they near their end', async () => {
    const { state, render } = open();
    const { text, holds } = await render(template);
    state.now += 21 * 86_400_000;
    expect(await holds()).toBe(false);
    expect((await render(template)).text).not.toBe(text);
  });

  it('of the process that was first count', async () => {
    const other = open();
    const { text } = await other.render(template);
    const { render } = open({}, other.state.generated.kept);
    expect((await render(template)).text).toBe(text);
  });
});

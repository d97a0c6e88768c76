import { describe, expect, it } from 'vitest';
import type { RemoteAnswer, RemoteRequest } from '../../../src/core/render-world.ts';
import { buildKustomization, type BuildResult } from '../../../src/render/kustomize/build.ts';
import { BuildCache } from '../../../src/render/kustomize/cache.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
const COMMIT = '1'.repeat(40);
const BASE = 'https://git.example.com/org/base';

type Files = Readonly<Record<string, string>>;

/** Hosts in memory: repositories and files by address. */
function open(repositories: Readonly<Record<string, Files>>, texts: Files = {}, hosts = ['git.example.com']) {
  const asked: RemoteRequest[] = [];
  const ask = (request: RemoteRequest): RemoteAnswer | undefined => {
    asked.push(request);
    if (request.kind === 'git')
      return request.url in repositories ? { kind: 'git', gitDir: request.url, commitId: COMMIT } : undefined;
    const text = texts[request.url];
    return text === undefined
      ? { kind: 'failed', message: `${request.url} answers 404`, remedy: 'look at it' }
      : { kind: 'file', text, digest: text };
  };
  const openSnapshot = (gitDir: string): MemorySnapshot => new MemorySnapshot(repositories[gitDir] ?? {});
  const build = (files: Files, cache?: BuildCache): BuildResult =>
    buildKustomization(new MemorySnapshot(files), 'app', {
      remotes: { allowedHosts: hosts, ask, openSnapshot },
      ...(cache === undefined ? {} : { cache }),
    });
  return { asked, build };
}

function naming(...resources: readonly string[]): Files {
  return { 'app/kustomization.yaml': `resources: ${JSON.stringify(resources)}\nnamePrefix: p-\n` };
}

function said(result: BuildResult): string {
  const { problems } = result;
  return problems.length === 0 ? result.text() : problems.map(({ path, message }) => `${path}: ${message}`).join('\n');
}

describe('a base of another repository', () => {
  const repository: Files = {
    'web/kustomization.yaml': 'resources: [../shared, a.yaml]\n',
    'web/a.yaml': CONFIG_MAP,
    'shared/kustomization.yaml': 'resources: [b.yaml]\n',
    'shared/b.yaml': CONFIG_MAP.replace('name: a', 'name: b'),
  };

  it('is built from its commit, with the bases that it names there', () => {
    const { asked, build } = open({ [BASE]: repository });
    const text = said(build(naming(`${BASE}//web?ref=v1&timeout=5`)));
    expect(text).toContain('name: p-a\n');
    expect(text).toContain('name: p-b\n');
    expect(asked).toEqual([{ kind: 'git', url: BASE, ref: 'v1', timeoutMs: 5000 }]);
  });

  it('is asked for and missing as long as it is not there', () => {
    const { asked, build } = open({});
    const files = naming(`${BASE}//web`, 'https://git.example.com/org/other');
    expect(build(files).problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      `1: resources: "${BASE}" was not fetched yet`,
      '1: resources: "https://git.example.com/org/other" was not fetched yet',
    ]);
    expect(asked).toHaveLength(2);
  });

  it('is never mistaken for a folder of the repository with its path', () => {
    const { build } = open({ [BASE]: { 'web/kustomization.yaml': 'resources: [a.yaml]\n', 'web/a.yaml': CONFIG_MAP } });
    const cache = new BuildCache();
    const own: Files = {
      'web/kustomization.yaml': 'resources: [own.yaml]\n',
      'web/own.yaml': CONFIG_MAP.replace('name: a', 'name: own'),
    };
    build({ ...own, ...naming('../web') }, cache);
    expect(said(build({ ...own, ...naming(`${BASE}//web`) }, cache))).toContain('name: p-a\n');
    expect(said(build({ ...own, ...naming('../web') }, cache))).toContain('name: p-own\n');
  });

  it('is named with its commit where something in it is wrong', () => {
    const { build } = open({ [BASE]: { 'web/kustomization.yaml': 'resources: [none.yaml]\nfoo: 1\n' } });
    expect(build(naming(`${BASE}//web`)).problems[0]).toMatchObject({
      path: `${BASE}@111111111111/web/kustomization.yaml`,
      line: 2,
    });
  });

  it.each([
    ['a folder that is not there', `${BASE}//none`, 'does not exist'],
    ['a folder outside of it', `${BASE}//../x`, 'leads out of its repository'],
    ['a host that is not allowed', 'https://evil.example.com/org/repo', 'is on another host, which is refused'],
    ['plain http', 'http://git.example.com/org/base', 'is on another host, which is refused'],
    ['ssh', 'git@git.example.com:org/base', 'over https only'],
    ['a folder of this machine', 'file:///etc', 'over https only'],
    ['credentials', 'https://user:secret@git.example.com/org/base', 'holds credentials'],
  ])('is refused with %s', (_, address, says) => {
    const { build } = open({ [BASE]: repository });
    const result = build(naming(address));
    expect(said(result)).toContain(says);
    expect(said(result)).not.toContain('secret');
  });

  it('obeys the same list in what it names itself', () => {
    const { asked, build } = open({
      [BASE]: { 'kustomization.yaml': 'resources: ["https://evil.example.com/org/repo"]\n' },
    });
    expect(said(build(naming(BASE)))).toContain('evil.example.com/org/repo" is on another host, which is refused');
    expect(asked.every(({ url }) => url === BASE)).toBe(true);
  });

  it('that leads back to itself is a cycle', () => {
    const { build } = open({ [BASE]: { 'kustomization.yaml': `resources: ["${BASE}"]\n` } });
    expect(said(build(naming(BASE)))).toContain('leads back to a folder that it is built from');
  });

  it('may be a component', () => {
    const { build } = open({
      [BASE]: {
        'kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -c\n',
      },
    });
    const files = {
      'app/kustomization.yaml': `resources: [a.yaml]\ncomponents: ["${BASE}"]\n`,
      'app/a.yaml': CONFIG_MAP,
    };
    expect(said(build(files))).toContain('name: a-c\n');
  });

  it('is told as the origin of its objects', () => {
    const { build } = open({ [BASE]: repository });
    const files = {
      'app/kustomization.yaml': `resources: ["${BASE}//web?ref=v1"]\nbuildMetadata: [originAnnotations]\n`,
    };
    expect(said(build(files))).toContain(
      `config.kubernetes.io/origin: |\n      path: web/a.yaml\n      repo: ${BASE}\n      ref: v1\n`,
    );
  });
});

describe('a file on another host', () => {
  const url = 'https://git.example.com/files/install.yaml';

  it('is read as a resource and as data', () => {
    const { build } = open({}, { [url]: CONFIG_MAP });
    const files = {
      'app/kustomization.yaml': `resources: ["${url}"]\nconfigMapGenerator:\n- name: g\n  files: ["x=${url}"]\n`,
    };
    const text = said(build(files));
    expect(text).toContain('name: a\n');
    expect(text).toContain('x: |\n    apiVersion: v1\n');
  });

  it('that cannot be had is a problem at its line, with what helps', () => {
    const { build } = open({});
    expect(build({ 'app/kustomization.yaml': `resources:\n- "${url}"\n` }).problems).toEqual([
      expect.objectContaining({ line: 2, message: `resources: ${url} answers 404`, remedy: 'look at it' }),
    ]);
  });

  it('is refused without a word to its host unless that is allowed', () => {
    const { asked, build } = open({}, { [url]: CONFIG_MAP }, []);
    const [problem] = build(naming(url)).problems;
    expect(problem?.remedy).toContain('--allow-base-host git.example.com');
    expect(asked).toEqual([]);
  });
});

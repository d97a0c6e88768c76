import { describe, expect, it } from 'vitest';
import { DEFAULT_RENDER_LIMITS } from '../../../src/core/manifest.ts';
import { buildKustomization, type BuildOptions } from '../../../src/render/kustomize/build.ts';
import { MemorySnapshot, type MemoryFile } from '../../doubles/memory-snapshot.ts';

const REPEATS = 100;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

function messages(files: Record<string, MemoryFile>, path = 'app', options: BuildOptions = {}): string[] {
  const result = buildKustomization(new MemorySnapshot(files), path, options);
  return result.problems.map((problem) => problem.message);
}

/** Builds many times; every time it must fail with the same words, soon. */
function refused(files: Record<string, MemoryFile>, says: RegExp, options: BuildOptions = {}, repeats = REPEATS): void {
  const snapshot = new MemorySnapshot(files);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const result = buildKustomization(snapshot, 'app', options);
    expect(result.objects).toEqual([]);
    expect(result.text()).toBe('');
    expect(result.problems.map((problem) => problem.message).join('\n')).toMatch(says);
  }
}

function app(kustomization: string, files: Record<string, MemoryFile> = {}): Record<string, MemoryFile> {
  return { 'app/kustomization.yaml': kustomization, 'other/secret.txt': 'hidden', ...files };
}

describe('files', () => {
  it('refuses symbolic links that leave the repository, also as the kustomization file', () => {
    for (const link of ['/etc/passwd', '../../outside', 'loop']) {
      refused(app('resources: [loop]', { 'app/loop': { link } }), /loop/);
      refused({ 'app/kustomization.yaml': { link } }, /./);
    }
    refused(
      app('resources: [d]', { 'app/d': { link: '..' } }),
      /leads back|several|no kustomization|built from|Cycle|DuplicateObject|there already/,
    );
  });

  it('takes a link for what it leads to, as the tool does', () => {
    const files = {
      'other/a.yaml': CONFIG_MAP,
      'real/base/kustomization.yaml': 'resources: [a.yaml]',
      'real/base/a.yaml': CONFIG_MAP,
      'real/over/kustomization.yaml': 'resources: [../base]',
    };
    for (const field of ['resources: [l]', 'configMapGenerator: [{name: a, files: [l]}]', 'patches: [{path: l}]'])
      refused(app(field, { ...files, 'app/l': { link: '../other/a.yaml' } }), /"l" is not in or below app/);
    const built = (more: Record<string, MemoryFile>, path = 'app') =>
      messages({ ...files, 'app/kustomization.yaml': 'resources: [l]', ...more }, path);
    expect(built({ 'app/l': { link: 'r' }, 'app/r': CONFIG_MAP })).toEqual([]);
    expect(built({ 'app/l': { link: '../real/base' } })).toEqual([]);
    // `..` is beside the folder that the link leads to.
    expect(built({ 'app/l': { link: '../real/over' } })).toEqual([]);
    expect(built({ link: { link: 'real/over' } }, 'link')).toEqual([]);
  });

  it.each([
    '../other/secret.txt',
    '../../etc/passwd',
    '/etc/passwd',
    'x/../../other/secret.txt',
    './/..//other/secret.txt',
    '..\\other',
    '%2e%2e/other/secret.txt',
    'a\\0b',
    'x'.repeat(5000),
  ])('refuses the path %s in every field, without telling what is there', (path) => {
    const quoted = `"${path}"`;
    const fields = [
      `resources: [${quoted}]`,
      `components: [${quoted}]`,
      `crds: [${quoted}]`,
      `configurations: [${quoted}]`,
      `patches: [{path: ${quoted}}]`,
      `patchesStrategicMerge: [${quoted}]`,
      `patchesJson6902: [{path: ${quoted}, target: {name: a}}]`,
      `replacements: [{path: ${quoted}}]`,
      `transformers: [${quoted}]`,
      `generators: [${quoted}]`,
      `validators: [${quoted}]`,
      `openapi: {path: ${quoted}}`,
      `configMapGenerator: [{name: a, files: [${quoted}]}]`,
      `secretGenerator: [{name: a, envs: [${quoted}]}]`,
    ];
    for (const field of fields) {
      const files = app(`${field}\n`);
      const found = messages(files);
      expect(found.length, field).toBeGreaterThan(0);
      expect(found.join('\n')).not.toContain('hidden');
      // Outside of the folder, what exists and what does not gets the same answer.
      if (path.includes('other')) {
        const without = { ...files };
        delete without['other/secret.txt'];
        const folderFields = /^(resources|components|transformers|generators|validators)/.test(field);
        if (!folderFields) expect(messages(without)).toEqual(found);
      }
    }
  });

  it('reads files with other endings, a byte order mark and CRLF, and refuses what is not UTF-8', () => {
    const good = buildKustomization(
      new MemorySnapshot(
        app('resources: [a.YAML, b.txt]', {
          'app/a.YAML': `\uFEFF${CONFIG_MAP}`,
          'app/b.txt': CONFIG_MAP.replace('name: a', 'name: b').replaceAll('\n', '\r\n'),
        }),
      ),
      'app',
    );
    expect(good.problems).toEqual([]);
    expect(good.objects.length).toBe(2);
    refused(app('resources: [a.yaml]', { 'app/a.yaml': new Uint8Array([0xff, 0xfe, 0x61, 0x00]) }), /UTF-8/);
    refused(app('resources: [a.yaml]', { 'app/a.yaml': new Uint8Array([0x61, 0xc3, 0x28]) }), /UTF-8/);
  });
});

describe('YAML and JSON', () => {
  it.each([
    ['lists', '['.repeat(3000)],
    ['maps', '{a: '.repeat(3000)],
    ['block lists', '- '.repeat(3000)],
    ['keys', '? '.repeat(3000)],
    ['a million lists', '['.repeat(1_000_000)],
    ['deep JSON', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('survives %s nested without end', (_, text) => {
    const files = app('resources: [a.yaml]', { 'app/a.yaml': text });
    for (let repeat = 0; repeat < 5; repeat++) expect(messages(files).length).toBeGreaterThan(0);
    expect(messages({ 'app/kustomization.yaml': text }).length).toBeGreaterThan(0);
    expect(
      messages(
        app('resources: [a.yaml]\npatches: [{path: p.yaml, target: {name: a}}]', {
          'app/a.yaml': CONFIG_MAP,
          'app/p.yaml': text,
        }),
      ).length,
    ).toBeGreaterThan(0);
  });

  it('refuses alias bombs and aliases that hold themselves', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, level) =>
        `${'abcdefghi'[level] ?? ''}: &${'abcdefghi'[level] ?? ''} [${level === 0 ? 'x,'.repeat(9) : `*${'abcdefghi'[level - 1] ?? ''},`.repeat(9)}]`,
    ).join('\n');
    refused(app('resources: [a.yaml]', { 'app/a.yaml': `${CONFIG_MAP}${bomb}\n` }), /aliases/);
    refused(app('resources: [a.yaml]', { 'app/a.yaml': `${CONFIG_MAP}x: &x [*x]\n` }), /contains itself/);
    const many = Array.from(
      { length: 50 },
      (_, index) => `${CONFIG_MAP.replace('name: a', `name: a${index}`)}b: &b [${'x,'.repeat(3000)}]\nc: [*b, *b]\n`,
    ).join('---\n');
    refused(app('resources: [a.yaml]', { 'app/a.yaml': many }), /aliases/, {}, 10);
  }, 60_000);

  it('keeps keys like __proto__ as data', () => {
    const text = `${CONFIG_MAP}data:\n  __proto__: x\n  constructor: y\n  prototype: z\n`;
    const files = app(
      'resources: [a.yaml]\ncommonLabels: {__proto__: p, constructor: c}\npatches:\n- target: {name: a}\n  patch: |-\n    - op: add\n      path: /data/__proto__\n      value: patched\n    - op: add\n      path: /constructor\n      value: {prototype: 1}\n',
      { 'app/a.yaml': text },
    );
    const result = buildKustomization(new MemorySnapshot(files), 'app');
    expect(result.problems).toEqual([]);
    expect(result.text()).toContain('__proto__: patched');
    expect(result.text()).toContain('__proto__: p');
    expect(({} as Record<string, unknown>).patched).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('p');
  });

  it.each([
    ['metadata: []', 'apiVersion: v1\nkind: A\nmetadata: []\n'],
    ['labels that are a list', `${CONFIG_MAP}  labels: [a]\n`],
    ['labels of numbers', `${CONFIG_MAP}  labels: {a: 1}\n`],
    ['annotations: null', `${CONFIG_MAP}  annotations: null\n`],
    ['spec: text', `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: x\n`],
    [
      'containers: text',
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: x}}}\n`,
    ],
    ['a list', '- a\n- b\n'],
    ['a text', 'text\n'],
    ['a name that is a map', 'apiVersion: v1\nkind: A\nmetadata: {name: {a: b}}\n'],
    ['no name', 'apiVersion: v1\nkind: A\nmetadata: {generateName: a}\n'],
    [
      'a list of lists',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: A, metadata: {name: a}}\n',
    ],
    ['items: text', 'apiVersion: v1\nkind: FooList\nitems: x\n'],
    ['null items', 'apiVersion: v1\nkind: List\nitems: [null, {}]\n'],
    ['duplicate keys', `${CONFIG_MAP}data: {a: b, a: c}\n`],
    ['odd keys', `${CONFIG_MAP}? [a]\n: b\n? {c: d}\n: e\n`],
    ['tags', `${CONFIG_MAP}data: {a: !!int x, b: !!binary "?"}\n`],
    [
      'subjects of texts',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: x\nsubjects: [a, b]\n',
    ],
  ])('does not crash on %s under every transformer', (_, text) => {
    const everything = [
      'resources: [a.yaml]',
      'namePrefix: p-',
      'nameSuffix: -s',
      'namespace: n',
      'commonLabels: {a: b}',
      'commonAnnotations: {a: b}',
      'labels: [{pairs: {c: d}, includeTemplates: true}]',
      'images: [{name: x, newTag: y}]',
      'configMapGenerator: [{name: g}]',
      'patches: [{target: {kind: ".*"}, patch: "- {op: add, path: /x, value: 1}"}, {target: {kind: A}, patch: "{apiVersion: v1, kind: A, metadata: {name: z}, spec: {x: [1]}}"}]',
      'replacements: [{sourceValue: v, targets: [{select: {kind: A}, fieldPaths: [metadata.labels.x], options: {create: true}}]}]',
      'buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]',
      'vars: [{name: V, objref: {apiVersion: v1, kind: ConfigMap, name: g}}]',
    ];
    for (let mask = 0; mask < everything.length; mask++) {
      const lines = everything.filter((_line, index) => index === 0 || index === mask || mask === 0);
      const result = buildKustomization(new MemorySnapshot(app(lines.join('\n'), { 'app/a.yaml': text })), 'app');
      expect(result.problems.length + result.objects.length).toBeGreaterThanOrEqual(0);
    }
  });

  it('reads scalars as the tool does', () => {
    const words = ['no', 'on', 'y', '014', '0o14', '1_000', '1:30', '2024-01-01', '12345678901234567890'];
    const text = `apiVersion: x/v1\nkind: A\nmetadata: {name: a}\nv: [${words.join(', ')}]\n`;
    const result = buildKustomization(new MemorySnapshot(app('resources: [a.yaml]', { 'app/a.yaml': text })), 'app');
    expect(result.text()).toContain(
      '- "no"\n- "on"\n- "y"\n- 12\n- 12\n- 1000\n- "1:30"\n- "2024-01-01T00:00:00Z"\n- 12345678901234567890\n',
    );
  });

  it('refuses files, documents and outputs beyond the limits', () => {
    const limits = { ...DEFAULT_RENDER_LIMITS, documents: 1000, fileBytes: 100_000, outputBytes: 50_000 };
    const documents = Array.from({ length: 1001 }, (_, index) => CONFIG_MAP.replace('name: a', `name: a${index}`)).join(
      '---\n',
    );
    refused(app('resources: [a.yaml]', { 'app/a.yaml': documents }), /1000 (documents|objects)/, { limits });
    refused(
      app('resources: [a.yaml]', { 'app/a.yaml': `${CONFIG_MAP}data:\n  a: ${'x'.repeat(60_000)}\n` }),
      /output is larger/,
      { limits },
    );
    const large = new MemorySnapshot(app('resources: [a.yaml]', { 'app/a.yaml': 'x'.repeat(200_000) }), {
      fileBytes: 100_000,
    });
    expect(buildKustomization(large, 'app', { limits }).problems[0]?.message).toMatch(/200000 bytes/);
  });
});

describe('Kustomize itself', () => {
  it.each([
    'https://example.com/a.yaml',
    'http://169.254.169.254/latest/meta-data',
    'https://github.com/org/repo//base?ref=main',
    'git::https://example.com/org/repo.git',
    'git@github.com:org/repo.git',
    'github.com/org/repo',
    'ssh://git@example.com/org/repo',
    'file:///etc',
    'HTTP://localhost:8080/x',
    'https://kubernetes.default.svc/api',
  ])('refuses the remote base %s before anything is fetched', (address) => {
    for (const field of ['resources', 'components', 'bases']) refused(app(`${field}: ["${address}"]`), /another host/);
    if (/^https?:/i.test(address)) {
      refused(app(`patches: [{path: "${address}"}]`), /another host/);
      refused(app(`configMapGenerator: [{name: a, files: ["k=${address}"]}]`), /another host|more than one =/);
    }
  });

  it.each([
    [
      'a container function',
      'apiVersion: v1\nkind: Fn\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: example.com/fn}\n',
    ],
    [
      'an exec function',
      'apiVersion: v1\nkind: Fn\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n',
    ],
    ['a Go plugin', 'apiVersion: someteam.example.com/v1\nkind: SedTransformer\nmetadata:\n  name: f\n'],
  ])('refuses %s by name', (_, plugin) => {
    for (const field of ['generators', 'transformers', 'validators'])
      refused(app(`${field}: [f.yaml]`, { 'app/f.yaml': plugin }), /(Fn|SedTransformer).* is not built in/);
  });

  it('refuses charts that would have to be fetched, and charts at all when nobody renders them', () => {
    refused(app('helmCharts: [{name: c, releaseName: r, repo: "https://example.com"}]'), /cannot be rendered here/);
    const renderChart = () => ({ kind: 'rendered', text: '' }) as const;
    refused(
      app('helmCharts: [{name: c, releaseName: r, repo: "https://example.com"}]'),
      /fetching it from .* is refused/,
      { renderChart },
    );
    refused(
      app('helmCharts: [{name: ../../etc, releaseName: r}]\nhelmGlobals: {chartHome: ../..}'),
      /outside of the repository|no chart/,
      { renderChart },
    );
  });

  it('names the folders of a cycle', () => {
    refused(
      { 'app/kustomization.yaml': 'resources: [../b]', 'b/kustomization.yaml': 'resources: [../app]' },
      /app → b → app/,
    );
    refused({ 'app/kustomization.yaml': 'resources: [../app]' }, /app → app/);
    refused(
      {
        'app/kustomization.yaml': 'components: [../c]',
        'c/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncomponents: [../c]',
      },
      /c → c/,
    );
  });

  it('stops at very deep and at exponentially many bases', () => {
    const deep: Record<string, string> = { 'app/kustomization.yaml': 'resources: [../d0]' };
    for (let index = 0; index < 1000; index++) deep[`d${index}/kustomization.yaml`] = `resources: [../d${index + 1}]`;
    refused(deep, /levels deep/);
    const wide: Record<string, string> = { 'app/kustomization.yaml': 'resources: [../w0]' };
    for (let index = 0; index < 40; index++) {
      wide[`w${index}/kustomization.yaml`] = `resources: [../x${index}, ../y${index}]`;
      for (const side of ['x', 'y'])
        wide[`${side}${index}/kustomization.yaml`] = `namePrefix: ${side}-\nresources: [../w${index + 1}]`;
    }
    wide['w40/kustomization.yaml'] = 'configMapGenerator: [{name: a}]';
    refused(wide, /more than 5000 folders/, {}, 5);
  });

  it('takes no part of deleting everything, and bounds copies of copies', () => {
    const files = app(
      'resources: [a.yaml]\npatches:\n- patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, $patch: delete}"\n',
      { 'app/a.yaml': CONFIG_MAP },
    );
    const result = buildKustomization(new MemorySnapshot(files), 'app');
    expect(result.problems).toEqual([]);
    expect(result.objects).toEqual([]);
    const copies = Array.from(
      { length: 60 },
      (_, index) => `    - {op: copy, from: /data, path: /data/c${index}}`,
    ).join('\n');
    const bomb = app(`resources: [a.yaml]\npatches:\n- target: {name: a}\n  patch: |-\n${copies}\n`, {
      'app/a.yaml': `${CONFIG_MAP}data: {a: b}\n`,
    });
    expect(messages(bomb).join('\n')).toMatch(/without end/);
    const replacements = Array.from(
      { length: 40 },
      (_, index) =>
        `- source: {kind: A, fieldPath: spec}\n  targets:\n  - select: {kind: A}\n    fieldPaths: [spec.c${index}]\n    options: {create: true}`,
    ).join('\n');
    const nest = app(`resources: [a.yaml]\nreplacements:\n${replacements}\n`, {
      'app/a.yaml': 'apiVersion: x/v1\nkind: A\nmetadata: {name: a}\nspec: {a: b}\n',
    });
    expect(messages(nest).join('\n')).toMatch(/without end|nested deeper/);
    const end = app(
      'resources: [a.yaml]\npatches:\n- target: {name: a}\n  patch: "- {op: add, path: /list/-/-/-, value: 1}"\n',
      { 'app/a.yaml': `${CONFIG_MAP}list: [[]]\n` },
    );
    expect(messages(end).length).toBe(1);
  });

  it('matches hostile patterns in linear time', () => {
    const files = app(
      'resources: [a.yaml]\npatches:\n- target: {name: "(a+)+$"}\n  patch: "- {op: add, path: /x, value: 1}"\nimages: [{name: "(a+)+", newTag: x}]\n',
      { 'app/a.yaml': CONFIG_MAP.replace('name: a', `name: ${'a'.repeat(60)}!`) },
    );
    for (let repeat = 0; repeat < 20; repeat++) expect(messages(files)).toEqual([]);
    expect(
      messages(
        app(
          'resources: [a.yaml]\npatches:\n- target: {name: "(?<=a)b"}\n  patch: "- {op: add, path: /x, value: 1}"\n',
          { 'app/a.yaml': CONFIG_MAP },
        ),
      ).join('\n'),
    ).toMatch(/not a valid regular expression/);
  });

  it('never shows the data of a Secret', () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2, password: hunter2}\n';
    const files = app(
      'resources: [a.yaml]\nsecretGenerator: [{name: s, literals: ["hunter2"]}, {name: t, literals: ["k=hunter2", "k=hunter2"]}]\npatches:\n- target: {kind: Secret}\n  patch: "- {op: test, path: /stringData/password, value: other}"\n',
      { 'app/a.yaml': secret },
    );
    const result = buildKustomization(new MemorySnapshot(files), 'app');
    expect(result.problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(result.problems)).not.toContain('hunter2');
  });
});

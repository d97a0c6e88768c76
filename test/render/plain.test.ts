import { describe, expect, it } from 'vitest';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { type MemoryFile, MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { request, summary } from './requests.ts';

const map = (name: string, more = ''): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

function render(files: Record<string, MemoryFile>, changes: Parameters<typeof request>[0] = {}) {
  return renderSnapshot(new MemorySnapshot(files), request({ settings: { kind: 'plain', recurse: true }, ...changes }));
}

describe('plain manifests', () => {
  it('reads every file whatever its name, in the order of path and position', () => {
    const files = {
      'b/two.YML': map('e'),
      'a.yaml': `${map('a')}---\n# nothing\n---\n${map('b')}`,
      'a.JSON': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c\\/d"}}'.replace('c\\/d', 'c'),
      'b/one.Yaml': map('d'),
      'README.md': '# no manifest',
    };
    expect(summary(render(files))).toEqual([
      'ConfigMap team/c a.JSON:1',
      'ConfigMap team/a a.yaml:1',
      'ConfigMap team/b a.yaml:8',
      'ConfigMap team/d b/one.Yaml:1',
      'ConfigMap team/e b/two.YML:1',
    ]);
    expect(summary(render(files, { settings: { kind: 'plain', recurse: false } }))).toHaveLength(3);
    expect(summary(render(files, { path: 'b/one.Yaml' }))).toEqual(['ConfigMap team/d b/one.Yaml:1']);
  });

  it('reads UTF-16, byte order marks and CRLF, and refuses other encodings', () => {
    expect(
      summary(
        render({
          'a.yaml': Buffer.from(`\ufeff${map('a')}`, 'utf16le'),
          'b.yaml': `\ufeff${map('b').replaceAll('\n', '\r\n')}`,
        }),
      ),
    ).toEqual(['ConfigMap team/a a.yaml:1', 'ConfigMap team/b b.yaml:1']);
    expect(summary(render({ 'a.yaml': map('a'), 'b.yaml': Buffer.from(map('\xe9'), 'latin1') }))).toEqual([
      'b.yaml the file is not UTF-8: byte 0xe9 in line 4',
    ]);
  });

  it('reads JSON that YAML would not', () => {
    const json =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"p":"a\\/b \\ud83d\\ude00 \\\\/"}}';
    const result = render({ 'a.json': json });
    expect(result).toMatchObject({ set: { manifests: [{ object: { data: { p: 'a/b 😀 \\/' } } }] } });
  });

  it('takes lists apart, lists in lists too', () => {
    const list = [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- apiVersion: v1',
      '  kind: ConfigMapList',
      '  items:',
      '  - metadata: {name: a}',
      '- apiVersion: v1',
      '  kind: Secret',
      '  metadata: {name: b}',
      '',
    ].join('\n');
    expect(summary(render({ 'l.yaml': list }))).toEqual(['ConfigMap team/a l.yaml:7', 'Secret team/b l.yaml:8']);
    expect(summary(render({ 'l.yaml': 'apiVersion: v1\nkind: List\nitems: []\n' }))).toEqual([]);
  });

  it('reports everything that is no object at once, with places', () => {
    const files = {
      'a.yaml': 'just text\n',
      'b.yaml': map('x').replace('metadata:\n  name: x', 'metadata: []'),
      'c.yaml': map('c', '  labels: {a: 1, b: x}\n  annotations: null\nspec: x\n'),
      'd.yaml': map('d').replace('name: d', 'generateName: d-'),
      'e.yaml': 'kind: ConfigMap\nmetadata: {name: e, namespace: 7}\n',
      'f.yaml': `${map('f')}metadata: {name: g}\n`,
      'g.yaml': 'a: [\n',
      'h.yaml': '- 1\n',
      'i.yaml': map('../x'),
      'j.yaml': map('j', '  labels: [a]\n'),
    };
    expect(summary(render(files))).toEqual([
      'a.yaml:1:1 object: an object is expected, not the text "just text"',
      'b.yaml:3:1 ConfigMap: metadata must be an object, not a list',
      'c.yaml:5:12 ConfigMap c: metadata.labels["a"] must be text, not the number 1',
      'd.yaml:3:1 ConfigMap: metadata.generateName cannot be used: metadata.name is missing',
      'e.yaml:1:1 ConfigMap e: apiVersion is missing',
      'e.yaml:2:21 ConfigMap e: metadata.namespace must be text, not the number 7',
      'f.yaml:5:1 key "metadata" is set twice',
      'g.yaml:2:1 did not find expected node content',
      'h.yaml:1:1 object: an object is expected, not a list',
      `i.yaml:4:3 ConfigMap ../x: metadata.name must not be '.' or '..' or hold '/' or '%': "../x"`,
      'j.yaml:5:3 ConfigMap j: metadata.labels must be a map of texts, not a list',
    ]);
  });

  it('refuses an object that is declared twice, over files, versions and the default namespace', () => {
    const files = {
      'a.yaml': map('a'),
      'b.yaml': map('a', '  namespace: team\n'),
      'c.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n',
      'd.yaml': 'apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: d}\n',
      'e.yaml': map('a', '  namespace: other\n'),
    };
    expect(summary(render(files))).toEqual([
      'b.yaml:1 ConfigMap team/a is declared twice: also in a.yaml:1',
      'd.yaml:1 Deployment.apps team/d is declared twice: also in c.yaml:1',
    ]);
  });

  it('fills in namespaces only where it is known that they are needed', () => {
    const crd = (kind: string, scope: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ${kind}s.x.io}\nspec: {group: x.io, scope: ${scope}, names: {kind: ${kind}}}\n`;
    const thing = (kind: string): string => `apiVersion: x.io/v1\nkind: ${kind}\nmetadata: {name: t}\n`;
    const files = {
      'a.yaml': [crd('Near', 'Namespaced'), crd('Far', 'Cluster'), thing('Near'), thing('Far'), thing('Odd')].join(
        '---\n',
      ),
      'b.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r, namespace: lost}\n',
    };
    expect(summary(render(files)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'CustomResourceDefinition.apiextensions.k8s.io Nears.x.io',
      'CustomResourceDefinition.apiextensions.k8s.io Fars.x.io',
      'Near.x.io team/t',
      'Far.x.io t',
      'Odd.x.io t',
      'ClusterRole.rbac.authorization.k8s.io r',
    ]);
  });

  it('gives the same digest whatever the order, and another for another content', () => {
    const digest = (files: Record<string, MemoryFile>): string => {
      const result = render(files);
      return result.kind === 'rendered' ? result.set.digest : '';
    };
    const one = digest({ 'a.yaml': map('a'), 'b.yaml': map('b') });
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digest({ 'all.yaml': `${map('b')}---\n${map('a')}` })).toBe(one);
    expect(digest({ 'a.yaml': map('a'), 'b.yaml': map('c') })).not.toBe(one);
  });

  it('keeps big integers digit by digit', () => {
    const result = render({ 'a.yaml': map('a', 'size: 12345678901234567890\n') });
    expect(result).toMatchObject({ set: { manifests: [{ object: { size: 12345678901234567890n } }] } });
  });

  it('says which folders it does not enter', () => {
    const result = render({ '.github/w.yaml': 'on: push\n', 'a.yaml': map('a') });
    expect(result).toMatchObject({
      kind: 'rendered',
      warnings: ['.github: not read, since its name begins with a dot'],
    });
  });

  it('stops at a folder that leads back to itself, and at a link that leaves the repository', () => {
    const files = {
      'a/b.yaml': map('a'),
      'a/back': { link: '../a' },
      'gone.yaml': { link: 'nowhere.yaml' },
      'out.yaml': { link: '../../etc/passwd' },
    };
    expect(summary(render(files))).toEqual([
      'a/back the folder leads back to itself by a symbolic link',
      'gone.yaml the file cannot be read',
      expect.stringMatching(/^out.yaml .*SourceRefused/),
    ]);
  });

  it('refuses a path that is not there', () => {
    expect(() => render({ 'a.yaml': map('a') }, { path: 'nowhere' })).toThrow('SourcePathNotFound');
  });

  it('refuses what is larger than the limits and says so', () => {
    const limits = { ...DEFAULT_RENDER_LIMITS, fileBytes: 2000, documents: 5, outputBytes: 300 };
    expect(summary(render({ 'a.yaml': map('a', `data: {x: ${'y'.repeat(3000)}}\n`) }, { limits }))).toEqual([
      expect.stringMatching(/^a.yaml the file has 30\d\d bytes, at most 2000 are read$/),
    ]);
    expect(summary(render({ 'a.yaml': `${map('a')}---\n`.repeat(10) }, { limits }))).toEqual(
      ['a.yaml:26 the text has more than 5 documents'].map((line) =>
        expect.stringContaining(line.split(' ').slice(1).join(' ')),
      ),
    );
    expect(() => render({ 'a.yaml': map('a', `data: {x: ${'y'.repeat(1000)}}\n`) }, { limits })).toThrow('RenderLimit');
  });

  it('survives hostile files a hundred times', () => {
    const files = {
      'a.yaml': '['.repeat(3000),
      'b.yaml': '{a: '.repeat(3000),
      'c.json': `${'{"a":'.repeat(3000)}1`,
      'd.yaml': map('ok'),
    };
    for (let repeat = 0; repeat < 100; repeat++) expect(summary(render(files))).toHaveLength(3);
  });
});

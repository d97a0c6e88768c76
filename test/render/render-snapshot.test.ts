import { describe, expect, it } from 'vitest';
import { detectKind } from '../../src/render/detect.ts';
import { renderSnapshot } from '../../src/render/render-snapshot.ts';
import { renderToText } from '../../src/render/render-text.ts';
import { DEFAULT_RENDER_LIMITS } from '../../src/core/manifest.ts';
import { MemorySnapshot } from '../doubles/memory-snapshot.ts';
import { request, summary } from './requests.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: "1"\n';
const KUSTOMIZATION = { 'k/kustomization.yaml': 'namePrefix: x-\nresources: [a.yaml]\n', 'k/a.yaml': CONFIG_MAP };
const CHART = {
  'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
  'c/values.yaml': 'b: 1\n',
  'c/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  b: {{ .Values.b | quote }}\n',
};

describe('renderSnapshot', () => {
  it('finds out what a path is', () => {
    const snapshot = new MemorySnapshot({ ...KUSTOMIZATION, ...CHART, 'p/a.yaml': CONFIG_MAP });
    expect(['k', 'c', 'p', 'nowhere'].map((path) => detectKind(snapshot, path))).toEqual(
      ['kustomize', 'helm', 'plain', 'plain'].map((kind) => ({ kind })),
    );
  });

  it.each([
    ['k', ['ConfigMap team/x-a k/a.yaml:1']],
    ['c', ['ConfigMap team/app c/templates/a.yaml:']],
    ['p', ['ConfigMap team/a p/a.yaml:1']],
  ])('renders %s with its engine', (path, keys) => {
    const snapshot = new MemorySnapshot({ ...KUSTOMIZATION, ...CHART, 'p/a.yaml': CONFIG_MAP });
    expect(summary(renderSnapshot(snapshot, request({ path })))).toEqual(keys);
  });

  it('refuses two kustomization files in a folder', () => {
    const snapshot = new MemorySnapshot({ ...KUSTOMIZATION, 'k/Kustomization': '' });
    expect(summary(renderSnapshot(snapshot, request({ path: 'k' })))).toEqual([
      'k more than one kustomization file: kustomization.yaml, Kustomization',
    ]);
  });

  it('lets the settings decide', () => {
    const snapshot = new MemorySnapshot({ ...KUSTOMIZATION });
    const plain = renderSnapshot(snapshot, request({ path: 'k', settings: { kind: 'plain', recurse: true } }));
    expect(summary(plain)).toEqual([
      'k/kustomization.yaml:1:1 object: apiVersion is missing',
      'k/kustomization.yaml:1:1 object: kind is missing',
      'k/kustomization.yaml:1:1 object: metadata is missing',
    ]);
    const chart = new MemorySnapshot(CHART);
    const settings = { kind: 'helm', releaseName: 'r', set: [{ flag: 'set', text: 'b=2' }] } as const;
    expect(renderSnapshot(chart, request({ path: 'c', settings }))).toMatchObject({
      set: { manifests: [{ object: { metadata: { name: 'r' }, data: { b: '2' } } }] },
    });
  });

  it('checks the objects of every engine', () => {
    const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    x: 1\n';
    const snapshot = new MemorySnapshot({ ...CHART, 'c/templates/a.yaml': template });
    expect(summary(renderSnapshot(snapshot, request({ path: 'c' })))).toEqual([
      'c/templates/a.yaml ConfigMap a: metadata.labels["x"] must be text, not the number 1',
    ]);
  });

  it('leaves a Namespace its name, wherever the application goes', () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: own, namespace: x}\n';
    const snapshot = new MemorySnapshot({
      'k/kustomization.yaml': 'resources: [n.yaml]\n',
      'k/n.yaml': namespace,
      'p/n.yaml': namespace,
    });
    for (const path of ['k', 'p']) {
      const result = renderSnapshot(snapshot, request({ path, namespace: 'team' }));
      const [manifest] = result.kind === 'rendered' ? result.set.manifests : [];
      expect(manifest?.object.metadata).toEqual({ name: 'own' });
    }
  });

  it('records what it read and looked for, also when it fails', () => {
    const snapshot = new MemorySnapshot({ 'p/a.yaml': CONFIG_MAP, 'other/b.yaml': CONFIG_MAP });
    const { trace } = renderSnapshot(snapshot, request({ path: 'p' }));
    expect(trace).toMatchObject({ 'p/Chart.yaml': 'absent', 'p/kustomization.yaml': 'absent' });
    expect(Object.keys(trace).some((path) => path.startsWith('other'))).toBe(false);
    const failed = renderSnapshot(new MemorySnapshot({ 'p/a.yaml': 'x\n' }), request({ path: 'p' }));
    expect(failed.kind).toBe('failed');
    expect(failed.trace['p/a.yaml']).toMatch(/^file:/);
  });
});

describe('renderToText', () => {
  const options = { namespace: 'default', limits: DEFAULT_RENDER_LIMITS };

  it('prints what the tools print', () => {
    const snapshot = new MemorySnapshot({ ...KUSTOMIZATION, ...CHART, 'p/a.yaml': CONFIG_MAP });
    expect(renderToText(snapshot, 'k', options).text).toBe(
      'apiVersion: v1\ndata:\n  b: "1"\nkind: ConfigMap\nmetadata:\n  name: x-a\n',
    );
    expect(renderToText(snapshot, 'c', options).text).toBe(
      '---\n# Source: c/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: release-name\ndata:\n  b: "1"\n',
    );
    expect(renderToText(snapshot, 'p', options)).toMatchObject({
      text: 'apiVersion: v1\ndata:\n  b: "1"\nkind: ConfigMap\nmetadata:\n  name: a\n',
      problems: [],
    });
  });
});

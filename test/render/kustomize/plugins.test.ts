import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';

function transform(transformer: string): string {
  const indented = transformer.replaceAll('\n', '\n  ');
  const result = buildKustomization(
    new MemorySnapshot({
      'kustomization.yaml': `resources: [r.yaml]\ntransformers:\n- |-\n  apiVersion: builtin\n  metadata: {name: t}\n  ${indented}\n`,
      'r.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
    }),
    '',
  );
  return result.problems.length > 0 ? result.problems.map((problem) => problem.message).join('\n') : result.text();
}

describe('the configuration of a built-in plugin', () => {
  it('takes numbers for texts, as the tool does', () => {
    expect(
      transform(
        'kind: LabelTransformer\nlabels: {a: 1, b: 1.50, c: true}\nfieldSpecs: [{path: metadata/labels, create: true}]',
      ),
    ).toContain('labels:\n    a: "1"\n    b: "1.5"\n    c: "true"\n');
  });

  it('takes none for the group, version and kind of a field', () => {
    expect(
      transform('kind: LabelTransformer\nlabels: {a: b}\nfieldSpecs: [{path: metadata/labels, kind: 5}]'),
    ).toContain('fieldSpecs.0.kind: expected a text but found a number');
  });

  it('finds a field in any case, but not those of a prefix', () => {
    expect(
      transform('kind: LabelTransformer\nLABELS: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]'),
    ).toContain('a: b\n');
    expect(transform('kind: PrefixTransformer\nprefix: p-\nFIELDSPECS: [{path: metadata/name}]')).toContain(
      'fieldSpecs is needed',
    );
  });

  it('names a generated object by its own name before that of its metadata', () => {
    const result = buildKustomization(
      new MemorySnapshot({
        'kustomization.yaml':
          'generators:\n- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: {name: meta}\n  name: own\n  options: {disableNameSuffixHash: true}\n',
      }),
      '',
    );
    expect(result.text()).toContain('name: own\n');
  });
});

describe('a patch that begins with [', () => {
  it('is JSON, and nothing else', () => {
    const build = (patch: string): string => {
      const result = buildKustomization(
        new MemorySnapshot({
          'kustomization.yaml': 'resources: [r.yaml]\npatches: [{path: p, target: {kind: ConfigMap}}]\n',
          'r.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
          p: patch,
        }),
        '',
      );
      return result.problems.map((problem) => problem.message).join('\n');
    };
    expect(build('[{"op": "add", "path": "/x", "value": 1}]')).toBe('');
    expect(build('[{op: add, path: /x, value: 1}]')).toContain('is read as JSON');
  });
});

import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';

const POD_SPEC = '{"io.k8s.api.core.v1.PodSpec": {"type": "object"}}';

function build(files: Readonly<Record<string, string>>): string {
  const result = buildKustomization(new MemorySnapshot(files), 'app');
  return result.problems.length === 0 ? result.text() : result.problems.map(({ message }) => message).join('\n');
}

describe('a build does as the tool does', () => {
  it('with a byte order mark behind a document separator', () => {
    const text = build({
      'app/kustomization.yaml': 'resources: [a.yaml]\n',
      'app/a.yaml': '# c\n---\n\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
    });
    expect(text).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n');
  });

  it('with a separator that ends in two carriage returns', () => {
    const text = build({
      'app/kustomization.yaml': 'resources: [a.yaml]\n',
      'app/a.yaml': ['a', 'b']
        .map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`)
        .join('---\r\r\n'),
    });
    expect(text).toContain('name: b\n');
  });

  it('with two byte order marks at the start, of which one is the first key’s', () => {
    const text = build({
      'app/kustomization.yaml': 'resources: [a.yaml]\n',
      'app/a.yaml': '\uFEFF\uFEFFapiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n',
    });
    expect(text).toContain('an object has no kind');
  });

  it('with a value for a file path that leads through a null', () => {
    const text = build({
      'app/kustomization.yaml': 'resources: [a.yaml]\ntransformers: [t.yaml]\n',
      'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: null\n',
      'app/t.yaml':
        'apiVersion: builtin\nkind: ValueAddTransformer\nmetadata: {name: t}\nvalue: x\ntargets: [{fieldPath: data/path, filePathPosition: 1}]\n',
    });
    expect(text).toContain('leads through a null');
  });

  it('with a prefix before a folded name, which gains an empty line when it is written', () => {
    const text = build({
      'app/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: x.\n',
      'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: >\n    fold\n    ed\n\n      more\n\n',
    });
    expect(text).toContain('  name: |\n    x.fold ed\n\n\n      more\n');
  });

  it.each([
    ['beside the built-in one after a merge', 'patches: [{path: p.yaml}]\n', ['main', 'side']],
    ['alone without one', '', ['side']],
  ])('with a schema that is chosen late: it stands %s', (_, field, names) => {
    const replicas = (containers: string): string =>
      `apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a}\nspec: {template: {spec: {containers: [${containers}]}}}\n`;
    const text = build({
      'app/kustomization.yaml': 'resources: [../base, ../other]\npatches: [{path: p.yaml}]\n',
      'app/p.yaml': replicas('{name: side, image: y}'),
      'base/kustomization.yaml': `resources: [a.yaml]\n${field}`,
      'base/p.yaml': 'apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a, labels: {b: c}}\n',
      'base/a.yaml': replicas('{name: main, image: x}'),
      'other/kustomization.yaml': 'resources: [b.yaml]\nopenapi: {path: schema.json}\n',
      'other/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
      'other/schema.json': '{"definitions": {}}',
    });
    expect(
      ['main', 'side'].filter((name) =>
        text.includes(`name: ${name}
`),
      ),
    ).toEqual(names);
  });

  it.each([
    ['of Kubernetes', '{}', '', ['main', 'side']],
    ['that it defines anew, covered by the built-in one', POD_SPEC, '', ['main', 'side']],
    ['that it defines anew, after a merge', POD_SPEC, 'patches: [{path: p.yaml}]\n', ['side']],
  ])('with a schema that refers to a type %s', (_, definitions, field, names) => {
    const thing = (name: string): string =>
      `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\nspec: {containers: [{name: ${name}}]}\n`;
    const schema = {
      definitions: {
        ...(JSON.parse(definitions) as object),
        Thing: {
          type: 'object',
          'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Thing' }],
          properties: { spec: { $ref: '#/definitions/io.k8s.api.core.v1.PodSpec' } },
        },
      },
    };
    const text = build({
      'app/kustomization.yaml': 'resources: [../base]\ncomponents: [../part]\n',
      'base/kustomization.yaml': `resources: [a.yaml]\n${field}`,
      'base/p.yaml': 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, labels: {b: c}}\n',
      'base/a.yaml': thing('main'),
      'part/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nopenapi: {path: schema.json}\npatches: [{path: p.yaml}]\n',
      'part/p.yaml': thing('side'),
      'part/schema.json': JSON.stringify(schema),
    });
    expect(['main', 'side'].filter((name) => text.includes(`name: ${name}\n`))).toEqual(names);
  });
});

import { describe, expect, it } from 'vitest';
import { buildKustomization } from '../../../src/render/kustomize/build.ts';
import { MemorySnapshot } from '../../doubles/memory-snapshot.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

function problems(files: Record<string, string>): string[] {
  const result = buildKustomization(new MemorySnapshot(files), 'app');
  return result.problems.map(
    ({ path, line, message, remedy }) =>
      `${path}:${line ?? '-'}: ${message}${remedy === undefined ? '' : ` (${remedy})`}`,
  );
}

describe('problems of a kustomization', () => {
  it('lists all that is wrong, with file and line', () => {
    const found = problems({
      'app/kustomization.yaml': [
        'resources:',
        '- missing.yaml',
        '- good.yaml',
        '- bad.yaml',
        '- ../nowhere',
        'configMapGenerator:',
        '- name: gen',
        '  files:',
        '  - nothing.txt',
        'patches:',
        '- path: absent.yaml',
        '- patch: "x"',
        '',
      ].join('\n'),
      'app/good.yaml': CONFIG_MAP,
      'app/bad.yaml': `${CONFIG_MAP}data:\n  a: b: c\n`,
    });
    expect(found).toEqual([
      'app/kustomization.yaml:2: resources: "missing.yaml" does not exist',
      'app/bad.yaml:6: not valid YAML: mapping values are not allowed in this context',
      'app/kustomization.yaml:5: resources: "../nowhere" does not exist',
      'app/kustomization.yaml:7: configMapGenerator files: "nothing.txt" does not exist',
      'app/kustomization.yaml:11: patches[0]: path: "absent.yaml" does not exist',
      'app/kustomization.yaml:12: patches[1]: the patch is neither a strategic merge patch nor a JSON patch: a document is not an object with apiVersion, kind and metadata',
    ]);
  });

  it('lists all unknown fields and wrong types, with the line and what was meant', () => {
    expect(
      problems({
        'app/kustomization.yaml':
          'resourcs: [a]\nnamePrefix: 5\nimages:\n- name: a\n  newTags: b\ncommonLabels:\n  a: true\n',
      }),
    ).toEqual([
      'app/kustomization.yaml:1: unknown field "resourcs" (did you mean resources?)',
      'app/kustomization.yaml:2: namePrefix: expected a text but found a number (put the value in quotes)',
      'app/kustomization.yaml:5: unknown field "newTags" in images[0] (did you mean newTag?)',
      'app/kustomization.yaml:7: commonLabels.a: expected a text but found true or false (put the value in quotes)',
    ]);
  });

  it('names the candidates of an ambiguous patch target', () => {
    const base = (name: string): Record<string, string> => ({
      [`${name}/kustomization.yaml`]: `namePrefix: ${name}-\nresources: [r.yaml]\n`,
      [`${name}/r.yaml`]: CONFIG_MAP,
    });
    expect(
      problems({
        'app/kustomization.yaml': `resources: [../x, ../y]\npatches:\n- patch: |-\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n    data: {k: v}\n`,
        ...base('x'),
        ...base('y'),
      }),
    ).toEqual([
      'app/kustomization.yaml:3: the patch for ConfigMap a has no single target: several objects match ConfigMap a: ConfigMap x-a (x/r.yaml), ConfigMap y-a (y/r.yaml)',
    ]);
  });

  it('tells an empty folder, several files, and an empty file apart', () => {
    expect(problems({ 'app/x': '' })).toEqual([
      'app:-: no kustomization.yaml, kustomization.yml or Kustomization in app',
    ]);
    expect(problems({ 'app/kustomization.yaml': 'namePrefix: a', 'app/Kustomization': 'namePrefix: b' })).toEqual([
      'app:-: several kustomization files in app: kustomization.yaml, Kustomization',
    ]);
    expect(problems({ 'app/kustomization.yaml': '# nothing\n' })).toEqual([
      'app/kustomization.yaml:-: the kustomization is empty',
    ]);
    expect(problems({ 'other/x': '' })).toEqual(['app:-: folder "app" does not exist']);
  });

  it('notes deprecated fields as warnings', () => {
    const result = buildKustomization(
      new MemorySnapshot({
        'app/kustomization.yaml': 'bases: []\ncommonLabels: {a: b}\nresources: [a.yaml]\n',
        'app/a.yaml': CONFIG_MAP,
      }),
      'app',
    );
    expect(result.problems).toEqual([]);
    expect(result.warnings).toEqual([
      'app/kustomization.yaml: bases is deprecated, use resources',
      'app/kustomization.yaml: commonLabels is deprecated, use labels',
    ]);
  });

  it('knows where every object comes from', () => {
    const result = buildKustomization(
      new MemorySnapshot({
        'app/kustomization.yaml': 'resources: [a.yaml]\nconfigMapGenerator: [{name: g}]\n',
        'app/a.yaml': `# first\n${CONFIG_MAP}---\n${CONFIG_MAP.replace('name: a', 'name: b')}`,
      }),
      'app',
    );
    expect(
      result.objects.map(({ object, origin }) => `${object.metadata.name} ${origin.path}:${origin.line ?? '-'}`),
    ).toEqual(['a app/a.yaml:2', 'b app/a.yaml:7', 'g-6ct58987ht app/kustomization.yaml:-']);
  });
});

describe('an object that is only for the build', () => {
  const local = `${CONFIG_MAP}  annotations: {config.kubernetes.io/local-config: "true"}\n`;

  it('is left out', () => {
    const files = {
      'app/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
      'app/a.yaml': local,
      'app/b.yaml': CONFIG_MAP.replace('name: a', 'name: b'),
    };
    expect(problems(files)).toEqual([]);
    expect(buildKustomization(new MemorySnapshot(files), 'app').objects.length).toBe(1);
  });

  it('is a duplicate once it has the id of one that stays, as the tool sees it', () => {
    const found = problems({
      'app/kustomization.yaml':
        'resources: [a.yaml, b.yaml]\nreplacements:\n- sourceValue: c\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [metadata.name]}]\n',
      'app/a.yaml': local,
      'app/b.yaml': CONFIG_MAP.replace('name: a', 'name: b'),
    });
    expect(found.join()).toContain('ConfigMap c is there already');
  });
});

it('a list where labels must be a map is named when they are asked for', () => {
  const found = problems({
    'app/kustomization.yaml':
      'resources: [a.yaml]\npatches:\n- target: {labelSelector: a=b}\n  patch: \'[{"op": "add", "path": "/x", "value": 1}]\'\n',
    'app/a.yaml': `${CONFIG_MAP}  labels: [a]\n`,
  });
  expect(found.join()).toContain('metadata.labels is a list, a map is needed');
});

it('an object whose kind becomes null is one no more', () => {
  const found = problems({
    'app/kustomization.yaml':
      'resources: [a.yaml]\npatches:\n- target: {name: a}\n  patch: \'[{"op": "replace", "path": "/kind", "value": null}]\'\n',
    'app/a.yaml': CONFIG_MAP,
  });
  expect(found.join()).toContain('lost its kind');
});

it('a field named << is dropped, also in quotes, as the tool does', () => {
  const built = buildKustomization(
    new MemorySnapshot({
      'app/kustomization.yaml': 'resources: [a.yaml]\n',
      'app/a.yaml': `${CONFIG_MAP}extra: {"<<": {x: 1}, own: 1}\n`,
    }),
    'app',
  );
  expect(built.text()).toContain('extra:\n  own: 1\nkind: ConfigMap\n');
});

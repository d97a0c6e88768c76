import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { CHART, render } from './one-chart.ts';

describe('objects of a chart', () => {
  const object = (kind: string, name: string, extra = ''): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${extra}`;

  it('stand in install order with the template that wrote them, hooks last', () => {
    const { objects } = render(
      {
        'apps/web/Chart.yaml': CHART,
        'apps/web/templates/a.yaml': `${object('Service', 's')}---\n# nothing\n---\n${object('ConfigMap', 'c')}`,
        'apps/web/templates/h.yaml': object(
          'Pod',
          'h',
          '  annotations: {helm.sh/hook: "pre-install,post-upgrade", helm.sh/hook-weight: "-3", helm.sh/hook-delete-policy: hook-failed}\n',
        ),
      },
      {},
      'apps/web',
    );
    expect(objects.map(({ object: { metadata }, origin }) => `${metadata.name} ${origin.path}`)).toEqual([
      'c apps/web/templates/a.yaml',
      's apps/web/templates/a.yaml',
      'h apps/web/templates/h.yaml',
    ]);
  });

  it('of lists are taken out of them', () => {
    const { objects } = render({
      'templates/a.yaml':
        'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a}}, {apiVersion: v1, kind: PodList, items: [{apiVersion: v1, kind: Pod, metadata: {name: b}}]}]\n',
    });
    expect(objects.map(({ object: { metadata } }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('that no cluster would take are reported one by one', () => {
    const { objectProblems, problems } = render({
      'templates/a.yaml':
        'kind: A\n---\napiVersion: v1\nkind: B\nmetadata: {generateName: b-}\n---\napiVersion: v1\nkind: C\nmetadata: {name: 5}\n---\nspec: "x"\nlabels: []\n',
    });
    expect(problems).toEqual([]);
    expect(objectProblems.map(({ message, remedy }) => [message, remedy !== undefined])).toEqual([
      ['rendered document is no object: apiVersion, kind, metadata.name are missing or no text', false],
      ['rendered A is no object: apiVersion, metadata.name are missing or no text', false],
      ['rendered B is no object: metadata.name is missing or no text', true],
      ['rendered C is no object: metadata.name is missing or no text', false],
    ]);
  });

  it('of crds/ come first, when they are wanted', () => {
    const files = {
      'crds/a.yaml': object('CustomResourceDefinition', 'crd'),
      'templates/a.yaml': object('Namespace', 'space'),
    };
    expect(render(files).objects.map(({ object: { kind } }) => kind)).toEqual(['Namespace']);
    expect(render(files, { includeCrds: true }).objects.map(({ object: { kind } }) => kind)).toEqual([
      'CustomResourceDefinition',
      'Namespace',
    ]);
  });

  it('pass through the post-renderer', () => {
    const postRender = (objects: readonly KubeObject[]): readonly KubeObject[] =>
      objects.map((item) => ({ ...item, metadata: { ...item.metadata, labels: { a: 'b' } } }));
    const { text, objects } = render({ 'templates/a.yaml': object('ConfigMap', 'c') }, { postRender });
    expect(text).toBe(
      '---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    a: b\n  name: c\n',
    );
    expect(objects[0]?.object.metadata.labels).toEqual({ a: 'b' });
  });
});

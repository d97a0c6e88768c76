import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../../../src/render/kustomize/merge/merge.ts';
import { BUILT_IN_SCHEMAS, schemasFromOpenApi } from '../../../../src/render/kustomize/merge/schema.ts';
import { print, tree } from '../yaml-trees.ts';

function merge(target: string, patch: string, schemas = BUILT_IN_SCHEMAS): string {
  return print(mergePatch(tree(target), tree(patch), schemas));
}

const POD = 'apiVersion: v1\nkind: Pod\n';

describe('strategic merge', () => {
  it('merges maps, replaces values, and takes fields away with null', () => {
    expect(merge('a: {b: 1, c: 2}\nd: x\n', 'a: {c: 3, e: 4}\nd: null\n')).toBe('a:\n  b: 1\n  c: 3\n  e: 4\n');
  });

  it('merges containers by name, those of the patch first', () => {
    expect(
      merge(
        `${POD}spec: {containers: [{name: a, image: x}, {name: b}]}`,
        'spec: {containers: [{name: c}, {name: a, tty: true}]}',
      ),
    ).toBe(`${POD}spec:\n  containers:\n  - name: c\n  - image: x\n    name: a\n    tty: true\n  - name: b\n`);
  });

  it('tells ports apart by number and protocol', () => {
    expect(
      merge(
        `${POD}spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: UDP}]}]}`,
        'spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: UDP, name: dns}]}]}',
      ),
    ).toContain(
      '- containerPort: 80\n      protocol: TCP\n    - containerPort: 80\n      name: dns\n      protocol: UDP\n',
    );
  });

  it('merges lists of plain values that the schema marks, replaces all others', () => {
    expect(merge(`${POD}metadata: {finalizers: [a, b]}`, 'metadata: {finalizers: [c, a]}')).toContain(
      'finalizers:\n  - c\n  - a\n  - b\n',
    );
    expect(merge('kind: Thing\napiVersion: x/v1\nl: [{name: a}]', 'l: [{name: b}]')).toContain('l:\n- name: b\n');
  });

  it.each([
    ['deletes a field', 'a: {b: 1}\nc: 2', 'a: {$patch: delete}', 'c: 2\n'],
    ['replaces a map', 'a: {b: 1}', 'a: {$patch: replace, c: 2}', 'a:\n  c: 2\n'],
    [
      'deletes an item',
      `${POD}spec: {containers: [{name: a}, {name: b}]}`,
      'spec: {containers: [{name: a, $patch: delete}]}',
      `${POD}spec:\n  containers:\n  - name: b\n`,
    ],
    [
      'replaces a list',
      `${POD}spec: {containers: [{name: a}]}`,
      'spec: {containers: [{name: b}, {$patch: replace}]}',
      `${POD}spec:\n  containers:\n  - name: b\n`,
    ],
    [
      'deletes a list',
      `${POD}spec: {containers: [{name: a}], x: 1}`,
      'spec: {containers: [{$patch: delete}]}',
      `${POD}spec:\n  x: 1\n`,
    ],
  ])('$patch %s', (_, target, patch, expected) => {
    expect(merge(target, patch)).toBe(expected);
  });

  it('deletes the object, and refuses an unknown directive', () => {
    expect(mergePatch(tree('a: 1'), tree('$patch: delete'), BUILT_IN_SCHEMAS)).toBeUndefined();
    expect(() => merge('a: {b: 1}', 'a: {$patch: explode}')).toThrow(/unknown \$patch directive "explode"/);
  });

  it('keeps the quotes of the value that it replaces', () => {
    expect(merge('a: "1"', 'a: 2')).toBe('a: "2"\n');
  });

  it('takes merge keys from an OpenAPI document', () => {
    const schemas = schemasFromOpenApi(
      () => ({
        definitions: {
          'example.v1.Thing': {
            'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Thing' }],
            properties: { parts: { $ref: '#/definitions/example.v1.Parts' } },
          },
          'example.v1.Parts': {
            type: 'array',
            items: { type: 'object' },
            'x-kubernetes-patch-strategy': 'merge',
            'x-kubernetes-patch-merge-key': 'id',
          },
        },
      }),
      'unread',
    );
    expect(
      merge(
        'apiVersion: example.com/v1\nkind: Thing\nparts: [{id: a, v: 1}]',
        'parts: [{id: b}, {id: a, w: 2}]',
        schemas,
      ),
    ).toContain('parts:\n- id: b\n- id: a\n  v: 1\n  w: 2\n');
  });

  it('reads an OpenAPI document when a kind that is not built in needs it', () => {
    const schemas = schemasFromOpenApi(() => {
      throw new Error('read');
    }, 'unread');
    expect(schemas.isClusterScoped('v1', 'Namespace')).toBe(true);
    expect(schemas.isClusterScoped('v1', 'ConfigMap')).toBe(false);
    expect(() => schemas.isClusterScoped('example.com/v1', 'Thing')).toThrow('read');
  });
});

import { describe, expect, it } from 'vitest';
import { compareElements, describePath, formatServerPath, parseElement } from '../../../src/core/fields/field-path.ts';
import {
  difference,
  equalSets,
  hasPath,
  intersection,
  isEmptySet,
  leaves,
  recursiveDifference,
  setOfPaths,
  sizeOfSet,
  union,
  type FieldSet,
} from '../../../src/core/fields/field-set.ts';
import { formatFieldsV1, parseFieldsV1 } from '../../../src/core/fields/fields-v1.ts';
import { UNTYPED } from '../../../src/core/fields/schema.ts';
import { setOfValue } from '../../../src/core/fields/set-of-value.ts';
import type { Json } from '../../../src/core/json.ts';
import { deployment, service, fieldsOf, paths } from './types.ts';

describe('field paths', () => {
  it('read well for people and as the server writes them', () => {
    const path = [
      'f:spec',
      'f:template',
      'f:spec',
      'f:containers',
      'k:{"name":"web"}',
      'f:ports',
      'k:{"containerPort":80,"protocol":"TCP"}',
    ];
    expect(describePath(path)).toBe('spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP]');
    expect(formatServerPath(path)).toBe(
      '.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]',
    );
    expect(describePath(['f:metadata', 'f:labels', 'f:app.kubernetes.io/name'])).toBe(
      'metadata.labels["app.kubernetes.io/name"]',
    );
    expect(describePath(['f:metadata', 'f:finalizers', 'v:"example.com/x y"'])).toBe(
      'metadata.finalizers[="example.com/x y"]',
    );
  });

  it('drop kinds of steps that they do not know', () => {
    expect(parseElement('q:what')).toBeUndefined();
    expect(parseElement('k:{broken')).toBeUndefined();
    expect(parseElement('i:-1')).toBeUndefined();
    expect(parseElement('f:')).toEqual({ kind: 'field', name: '' });
  });

  it('sort fields, keys, values and indexes in this order, numbers by size', () => {
    const steps = ['i:1', 'v:10', 'v:9', 'v:"a"', 'k:{"port":443}', 'k:{"port":80}', 'f:b', 'f:a'];
    expect(steps.sort(compareElements)).toEqual([
      'f:a',
      'f:b',
      'k:{"port":80}',
      'k:{"port":443}',
      'v:9',
      'v:10',
      'v:"a"',
      'i:1',
    ]);
  });
});

describe('field sets', () => {
  const a = setOfPaths([['f:a'], ['f:a', 'f:b'], ['f:c', 'f:d']]);
  const b = setOfPaths([['f:a'], ['f:c', 'f:e']]);

  it('unite, intersect and subtract path by path', () => {
    expect(paths(union(a, b))).toEqual(['a', 'a.b', 'c.d', 'c.e']);
    expect(paths(intersection(a, b))).toEqual(['a']);
    expect(paths(difference(a, b))).toEqual(['a.b', 'c.d']);
    expect(paths(recursiveDifference(a, b))).toEqual(['c.d']);
    expect(isEmptySet(difference(a, a))).toBe(true);
    expect(sizeOfSet(a)).toBe(3);
    expect(hasPath(a, ['f:c'])).toBe(false);
    expect(hasPath(a, ['f:c', 'f:d'])).toBe(true);
    expect(paths(leaves(a))).toEqual(['a.b', 'c.d']);
  });

  it('survive fieldsV1 with the same bytes', () => {
    const written =
      '{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:ports":{"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}},"k:{\\"port\\":443,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}}}}}';
    const set = parseFieldsV1(JSON.parse(written) as Json);
    expect(set).toBeDefined();
    expect(JSON.stringify(formatFieldsV1(set as FieldSet))).toBe(written);
    expect(equalSets(set as FieldSet, parseFieldsV1(JSON.parse(written) as Json) as FieldSet)).toBe(true);
  });

  it('take no notice of the order of keys, of unknown steps and of __proto__', () => {
    const set = parseFieldsV1(
      JSON.parse('{"k:{\\"protocol\\":\\"TCP\\",\\"port\\":80}":{},"z:new":{},"f:__proto__":{"f:x":{}}}') as Json,
    );
    expect(paths(set as FieldSet)).toEqual(['__proto__.x', '[port=80,protocol=TCP]']);
    expect(JSON.stringify(formatFieldsV1(set as FieldSet))).toBe(
      '{"f:__proto__":{"f:x":{}},"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{}}',
    );
  });

  it('are refused when they are no tree or too deep', () => {
    expect(parseFieldsV1('text')).toBeUndefined();
    expect(parseFieldsV1({ 'f:a': [] })).toBeUndefined();
    let deep: Json = {};
    for (let level = 0; level < 5000; level++) deep = { 'f:a': deep };
    expect(parseFieldsV1(deep)).toBeUndefined();
  });
});

describe('the set of a value', () => {
  it('has leaves, keys of free maps and items with their keys; structs that hold others are not in it', () => {
    expect(
      fieldsOf(
        {
          apiVersion: 'apps/v1',
          metadata: { name: 'web', labels: { app: 'web' } },
          spec: {
            selector: { matchLabels: { app: 'web' } },
            template: {
              spec: {
                containers: [
                  {
                    name: 'web',
                    image: 'x',
                    args: ['-v'],
                    ports: [{ containerPort: 80 }],
                    resources: { limits: { cpu: '1' } },
                    securityContext: {},
                  },
                ],
                nodeSelector: { disk: 'ssd' },
                volumes: null,
              },
            },
          },
        },
        deployment,
      ),
    ).toEqual({
      'f:apiVersion': {},
      'f:metadata': { 'f:name': {}, 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:selector': {},
        'f:template': {
          'f:spec': {
            'f:containers': {
              'k:{"name":"web"}': {
                '.': {},
                'f:name': {},
                'f:image': {},
                'f:args': {},
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
                'f:resources': { 'f:limits': { 'f:cpu': {} } },
                'f:securityContext': {},
              },
            },
            'f:nodeSelector': {},
            'f:volumes': {},
          },
        },
      },
    });
  });

  it('knows sets, free form and no schema at all', () => {
    expect(fieldsOf({ metadata: { finalizers: ['a', 'b'] } }, service)).toEqual({
      'f:metadata': { 'f:finalizers': { 'v:"a"': {}, 'v:"b"': {} } },
    });
    expect(fieldsOf({ a: { b: [{ c: 1 }], d: {} }, e: 5 }, UNTYPED)).toEqual({
      'f:a': { '.': {}, 'f:b': {}, 'f:d': {} },
      'f:e': {},
    });
  });

  it('counts a duplicate once, without what is in it', () => {
    const env = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'a',
                env: [
                  { name: 'X', value: '1' },
                  { name: 'X', value: '2' },
                ],
              },
            ],
          },
        },
      },
    };
    expect(paths(setOfValue(env, deployment)).filter((path) => path.includes('env'))).toEqual([
      'spec.template.spec.containers[name=a].env[name=X]',
    ]);
  });
});

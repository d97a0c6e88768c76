import { describe, expect, it } from 'vitest';
import { builtinTypeOf } from '../../../src/core/fields/builtin.ts';
import { compareValues } from '../../../src/core/fields/compare.ts';
import { extractFields } from '../../../src/core/fields/extract.ts';
import { compareElements, describePath, formatServerPath, parseElement } from '../../../src/core/fields/field-path.ts';
import {
  difference,
  equalSets,
  hasPath,
  intersection,
  isEmptySet,
  leaves,
  pathsOf,
  recursiveDifference,
  setOfPaths,
  sizeOfSet,
  union,
  type FieldSet,
} from '../../../src/core/fields/field-set.ts';
import { formatFieldsV1, parseFieldsV1 } from '../../../src/core/fields/fields-v1.ts';
import { mergeValues } from '../../../src/core/fields/merge.ts';
import { withNamedFields } from '../../../src/core/fields/named-fields.ts';
import { removeFields } from '../../../src/core/fields/remove.ts';
import { UNTYPED, type SchemaType } from '../../../src/core/fields/schema.ts';
import { setOfValue } from '../../../src/core/fields/set-of-value.ts';
import { structuralType } from '../../../src/core/fields/structural.ts';
import { validateValue } from '../../../src/core/fields/validate.ts';
import type { Json } from '../../../src/core/json.ts';

function typeOf(apiVersion: string, kind: string): SchemaType {
  const [first = '', second] = apiVersion.split('/');
  const found = builtinTypeOf(
    second === undefined ? { group: '', version: first, kind } : { group: first, version: second, kind },
  );
  if (found === undefined) throw new Error(`no type for ${kind}`);
  return found;
}
const deployment = typeOf('apps/v1', 'Deployment');
const service = typeOf('v1', 'Service');
const fieldsOf = (value: Json, type: SchemaType): Json =>
  JSON.parse(JSON.stringify(formatFieldsV1(setOfValue(value, type))));
const paths = (set: FieldSet): string[] => [...pathsOf(set)].map(describePath);

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

describe('merging an applied value', () => {
  it('merges maps and items, replaces atomic lists, and keeps what it does not name', () => {
    const live = {
      spec: {
        ports: [
          { port: 80, protocol: 'TCP', nodePort: 30000 },
          { port: 443, protocol: 'TCP' },
        ],
        selector: { a: '1', b: '2' },
        type: 'NodePort',
      },
    };
    const applied = { spec: { ports: [{ port: 80, name: 'http' }], selector: { a: '1' } } };
    expect(mergeValues(live, applied, service)).toEqual({
      spec: {
        ports: [
          { port: 80, protocol: 'TCP', nodePort: 30000, name: 'http' },
          { port: 443, protocol: 'TCP' },
        ],
        selector: { a: '1' },
        type: 'NodePort',
      },
    });
  });

  it('gives items the order of the applied list, others keep their places between them', () => {
    const list = (...names: string[]): Json => ({
      spec: { template: { spec: { containers: names.map((name) => ({ name })) } } },
    });
    expect(mergeValues(list('a', 'x', 'b', 'y'), list('b', 'a', 'n'), deployment)).toEqual(
      list('x', 'b', 'y', 'a', 'n'),
    );
    expect(mergeValues(list('x', 'y'), list('n', 'y'), deployment)).toEqual(list('x', 'n', 'y'));
  });

  it('leaves a filled map alone under a null, and clears a scalar', () => {
    expect(
      mergeValues(
        { metadata: { labels: { a: '1' } }, spec: { replicas: 3 } },
        { metadata: { labels: null }, spec: { replicas: null } },
        deployment,
      ),
    ).toEqual({
      metadata: { labels: { a: '1' } },
      spec: { replicas: null },
    });
  });
});

describe('removing and extracting', () => {
  const value = {
    spec: {
      ports: [
        { port: 80, protocol: 'TCP', name: 'http' },
        { port: 443, protocol: 'TCP' },
      ],
      selector: { a: '1' },
    },
  };

  it('removes what the set names and leaves emptied containers', () => {
    const set = setOfPaths([
      ['f:spec', 'f:ports', 'k:{"port":443,"protocol":"TCP"}'],
      ['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name'],
      ['f:spec', 'f:selector'],
    ]);
    expect(removeFields(value, set, service)).toEqual({ spec: { ports: [{ port: 80, protocol: 'TCP' }] } });
    expect(
      removeFields({ metadata: { labels: { a: '1' } } }, setOfPaths([['f:metadata', 'f:labels', 'f:a']]), service),
    ).toEqual({ metadata: { labels: {} } });
  });

  it('extracts what a manager owns, items with their keys', () => {
    const set = setOfPaths([
      ['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name'],
      ['f:spec', 'f:type'],
    ]);
    expect(extractFields(value, set, service)).toEqual({
      spec: { ports: [{ port: 80, protocol: 'TCP', name: 'http' }] },
    });
    expect(extractFields(value, setOfPaths([['f:status']]), service)).toBeUndefined();
  });

  it('gives back exactly what was applied', () => {
    expect(extractFields(value, setOfValue(value, service), service)).toEqual(value);
  });

  it('adds the structs on the way where their names count', () => {
    expect(paths(withNamedFields(setOfPaths([['f:spec', 'f:selector', 'f:a']]), service))).toEqual([
      'spec',
      'spec.selector',
      'spec.selector.a',
    ]);
    expect(paths(withNamedFields(setOfPaths([['f:metadata', 'f:labels', 'f:a']]), service))).toEqual([
      'metadata',
      'metadata.labels',
      'metadata.labels.a',
    ]);
  });
});

describe('comparing', () => {
  it('tells what is new, changed and gone, each with its parents when they are', () => {
    const { added, modified, removed } = compareValues(
      { metadata: { labels: { a: '1' } }, spec: { replicas: 1, strategy: { rollingUpdate: { maxSurge: 1 } } } },
      {
        metadata: { labels: { a: '2', b: '1' } },
        spec: { replicas: 1, template: { spec: { containers: [{ name: 'a', image: 'x' }] } }, strategy: {} },
      },
      deployment,
    );
    expect(paths(added)).toEqual([
      'metadata.labels.b',
      'spec.template',
      'spec.template.spec',
      'spec.template.spec.containers',
      'spec.template.spec.containers[name=a]',
      'spec.template.spec.containers[name=a].image',
      'spec.template.spec.containers[name=a].name',
    ]);
    expect(paths(modified)).toEqual(['metadata.labels.a']);
    expect(paths(removed)).toEqual(['spec.strategy.rollingUpdate', 'spec.strategy.rollingUpdate.maxSurge']);
  });

  it('treats the order of an associative list as no difference', () => {
    const list = (...names: string[]): Json => ({
      spec: { template: { spec: { containers: names.map((name) => ({ name })) } } },
    });
    const { added, modified, removed } = compareValues(list('a', 'b'), list('b', 'a'), deployment);
    expect([added, modified, removed].every(isEmptySet)).toBe(true);
  });

  it('treats a scalar that became a map without schema as both', () => {
    const { added, modified } = compareValues({ x: 1 }, { x: { y: 1 } }, UNTYPED);
    expect(paths(modified)).toEqual(['x']);
    expect(paths(added)).toEqual(['x.y']);
  });
});

describe('checking against a type', () => {
  it('names undeclared fields, wrong forms and duplicate keys as the server does', () => {
    expect(
      validateValue(
        {
          spec: {
            replicas: 'two',
            colour: 'red',
            template: { spec: { containers: [{ name: 'a', ports: [{ containerPort: 1 }, { containerPort: 1 }] }] } },
          },
        },
        deployment,
      ).map(({ path, message }) => `${path}: ${message}`),
    ).toEqual([
      '.spec.replicas: expected numeric (int or float), got string',
      '.spec.colour: field not declared in schema',
      '.spec.template.spec.containers[name="a"].ports: duplicate entries for key [containerPort=1,protocol="TCP"]',
    ]);
  });

  it('refuses a value that is nested without end', () => {
    let deep: Json = {};
    for (let level = 0; level < 5000; level++) deep = { a: deep };
    expect(() => setOfValue(deep, UNTYPED)).toThrow(/TooDeep/);
    expect(() => mergeValues(deep, { a: { a: {} } }, UNTYPED)).not.toThrow();
    expect(() => compareValues(deep, { a: {} }, UNTYPED)).toThrow(/TooDeep/);
  });
});

describe('types of custom resources', () => {
  const type = structuralType({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          listeners: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name', 'port'],
            items: { type: 'object', properties: { name: { type: 'string' }, port: { type: 'integer', default: 80 } } },
          },
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          pod: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
          hosts: { type: 'array', items: { type: 'string' } },
          max: { 'x-kubernetes-int-or-string': true },
        },
      },
    },
  });

  it('follow the extensions, keys with their defaults', () => {
    expect(
      fieldsOf(
        {
          metadata: { labels: { a: 'b' } },
          spec: {
            listeners: [{ name: 'x' }],
            tags: ['t'],
            free: { a: { b: [1] } },
            hosts: ['h'],
            max: '5%',
            pod: { kind: 'Pod', metadata: { finalizers: ['f'] } },
          },
        },
        type,
      ),
    ).toEqual({
      'f:metadata': { 'f:labels': { 'f:a': {} } },
      'f:spec': {
        'f:listeners': { 'k:{"name":"x","port":80}': { '.': {}, 'f:name': {} } },
        'f:tags': { 'v:"t"': {} },
        'f:free': { 'f:a': { '.': {}, 'f:b': {} } },
        'f:hosts': {},
        'f:max': {},
        'f:pod': { 'f:kind': {}, 'f:metadata': { 'f:finalizers': { 'v:"f"': {} } } },
      },
    });
    expect(validateValue({ spec: { unknown: 1 } }, type).map((problem) => problem.path)).toEqual(['.spec.unknown']);
  });

  it('are free form without a schema', () => {
    expect(fieldsOf({ spec: { a: { b: [] } } }, structuralType(undefined))).toEqual({
      'f:spec': { '.': {}, 'f:a': { '.': {}, 'f:b': {} } },
    });
  });
});

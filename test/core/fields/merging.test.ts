import { describe, expect, it } from 'vitest';
import { compareValues } from '../../../src/core/fields/compare.ts';
import { extractFields } from '../../../src/core/fields/extract.ts';
import { isEmptySet, setOfPaths } from '../../../src/core/fields/field-set.ts';
import { mergeValues } from '../../../src/core/fields/merge.ts';
import { withNamedFields } from '../../../src/core/fields/named-fields.ts';
import { removeFields } from '../../../src/core/fields/remove.ts';
import { UNTYPED } from '../../../src/core/fields/schema.ts';
import { setOfValue } from '../../../src/core/fields/set-of-value.ts';
import { validateValue } from '../../../src/core/fields/validate.ts';
import type { Json } from '../../../src/core/json.ts';
import { deployment, service, paths } from './types.ts';

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

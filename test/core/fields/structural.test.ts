import { describe, expect, it } from 'vitest';
import { structuralType } from '../../../src/core/fields/structural.ts';
import { validateValue } from '../../../src/core/fields/validate.ts';
import { fieldsOf } from './types.ts';

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

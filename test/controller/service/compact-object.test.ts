import { describe, expect, it } from 'vitest';
import { compact } from '../../../src/controller/service/compact-object.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { managedEntries, ourEntry } from '../../../src/diff/ownership.ts';

const OURS = { manager: 'evenkeel', operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } } };
const THEIRS = {
  manager: 'kubectl',
  operation: 'Update',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:b': {} } },
};

function configMap(managedFields?: readonly object[]): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'shop', ...(managedFields === undefined ? {} : { managedFields }) },
    data: { a: '1', b: '2' },
  } as KubeObject;
}

describe('compact', () => {
  it('reads as the object that it was made from', () => {
    const original = configMap([OURS, THEIRS, { manager: 'odd', operation: 'Update' }]);
    const { object } = compact(original);
    expect(JSON.stringify(object)).toBe(JSON.stringify(original));
    expect(structuredClone({ ...object })).toEqual(original);
  });

  it('tells our record from others, and nothing of it where there is none', () => {
    expect(compact(configMap([THEIRS, OURS])).owned).toBe(JSON.stringify(OURS.fieldsV1));
    expect(compact(configMap([THEIRS])).owned).toBe('');
    expect(compact(configMap([{ ...OURS, subresource: 'status' }])).owned).toBe('');
    expect(compact(configMap()).owned).toBe('');
  });

  it('is understood where ownership is read', () => {
    expect(ourEntry(managedEntries(compact(configMap([THEIRS, OURS])).object))).toBeDefined();
  });

  it('takes odd records as they are', () => {
    const odd = configMap(['text', null, { manager: 'x', fieldsV1: 'text' }] as unknown as object[]);
    expect(JSON.stringify(compact(odd).object)).toBe(JSON.stringify(odd));
  });
});

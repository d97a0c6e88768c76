import { describe, expect, it } from 'vitest';

import { mergeOwnership } from '../../src/apply/adopt.ts';
import { withVersion } from '../../src/apply/move-field-versions.ts';
import { at, type Json } from '../../src/core/json.ts';

function entry(manager: string, apiVersion: string, fieldsV1: Json, operation = 'Apply'): Json {
  return { manager, operation, apiVersion, fieldsType: 'FieldsV1', fieldsV1 };
}

describe('records of who owns what', () => {
  it('of predecessors become ours, those of controllers stay', () => {
    const merged = mergeOwnership(
      [
        entry('helm', 'v1', { 'f:data': { 'f:a': {} } }),
        entry('some-controller', 'v1', { 'f:data': { 'f:b': {} } }, 'Update'),
        entry('evenkeel', 'v1', { 'f:data': { 'f:c': {} } }),
      ],
      'v1',
    );
    expect(merged?.map((one) => at(one, 'manager'))).toEqual(['some-controller', 'evenkeel']);
    expect(at(merged?.[1], 'fieldsV1')).toEqual({ 'f:data': { 'f:a': {}, 'f:c': {} } });
  });

  it('of a predecessor at another version stay where they are', () => {
    expect(mergeOwnership([entry('helm', 'autoscaling/v1', { 'f:spec': {} })], 'autoscaling/v2')).toBeUndefined();
  });

  it('move to another version of the same group, and of no other', () => {
    const moved = withVersion(
      [entry('a', 'example.com/v1', {}), entry('b', 'example.com/v2', {}), entry('c', 'other.com/v1', {})],
      'example.com/v2',
    );
    expect(moved?.map((one) => at(one, 'apiVersion'))).toEqual(['example.com/v2', 'example.com/v2', 'other.com/v1']);
    expect(withVersion([entry('b', 'example.com/v2', {})], 'example.com/v2')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';

import { builtinTypeOf } from '../../src/core/fields/builtin.ts';
import { UNTYPED } from '../../src/core/fields/schema.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { gvkOf } from '../../src/core/object-key.ts';
import { compareObject } from '../../src/diff/compare-object.ts';

function compare(apiVersion: string, kind: string, desired: Json, live: Json): string {
  const type = builtinTypeOf(gvkOf({ apiVersion, kind })) ?? UNTYPED;
  const head = { apiVersion, kind, metadata: { name: 'x' } };
  const { changes, undecided } = compareObject(
    { ...head, spec: desired } as JsonObject,
    { ...head, spec: live } as JsonObject,
    undefined,
    type,
  );
  if (undecided) return 'undecided';
  return changes.length === 0 ? 'equal' : 'different';
}

const POLICY = ['networking.k8s.io/v1', 'NetworkPolicy'] as const;

describe('values that are merged as one', () => {
  it('are equal when the server only added its defaults', () => {
    const rule = (port: JsonObject): Json => ({ podSelector: {}, ingress: [{ ports: [port] }] });
    expect(compare(...POLICY, rule({ port: 80 }), rule({ port: 80, protocol: 'TCP' }))).toBe('equal');
    expect(compare(...POLICY, rule({ port: 80 }), rule({ port: 80, protocol: 'UDP' }))).toBe('undecided');
    expect(compare(...POLICY, rule({ port: 80, protocol: 'UDP' }), rule({ port: 80, protocol: 'TCP' }))).toBe(
      'different',
    );
  });

  it('differ by a selector that selects everything: an empty struct is a value where the server keeps it', () => {
    const from = (peer: JsonObject): Json => ({ podSelector: {}, ingress: [{ from: [peer] }] });
    expect(compare(...POLICY, from({ podSelector: {}, namespaceSelector: {} }), from({ podSelector: {} }))).toBe(
      'different',
    );
  });

  it('are equal without zero values that the server drops, and differ by those that it keeps', () => {
    const tolerations = (toleration: JsonObject): Json => ({ template: { spec: { tolerations: [toleration] } } });
    const deployment = ['apps/v1', 'Deployment'] as const;
    expect(compare(...deployment, tolerations({ key: 'a', value: '' }), tolerations({ key: 'a' }))).toBe('equal');
    expect(compare(...deployment, tolerations({ key: 'a', tolerationSeconds: 0 }), tolerations({ key: 'a' }))).toBe(
      'different',
    );
  });

  it('of custom resources are compared exactly: nothing is filled in without a schema that says so', () => {
    const custom = ['example.com/v1', 'Widget'] as const;
    expect(compare(...custom, { list: [{ a: 1 }] }, { list: [{ a: 1, b: 2 }] })).toBe('different');
    expect(compare(...custom, { list: [{ a: 1, on: false }] }, { list: [{ a: 1 }] })).toBe('different');
    expect(compare(...custom, { list: [{ a: 1 }] }, { list: [{ a: 1 }] })).toBe('equal');
  });

  it('free maps have no defaults: a key that Git lacks was dropped from Git', () => {
    const nodes = (nodeSelector: JsonObject): Json => ({ template: { spec: { nodeSelector } } });
    expect(compare('apps/v1', 'Deployment', nodes({ zone: 'a' }), nodes({ zone: 'a', disk: 'fast' }))).toBe(
      'different',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { IgnoreRule } from '../../src/core/application.ts';
import type { Json } from '../../src/core/json.ts';
import { keyOf, type KubeObject } from '../../src/core/object-key.ts';
import { ignoreFields } from '../../src/diff/ignore-fields.ts';

const desired: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'web:1' }] } } },
};
const rule = (fields: Partial<IgnoreRule>): IgnoreRule => ({ paths: [], managers: [], ...fields });

function live(spec: Json, managedFields: Json[]): KubeObject {
  return { ...desired, metadata: { ...desired.metadata, managedFields }, spec };
}

const autoscaler = {
  manager: 'autoscaler',
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
};

describe('ignoreFields', () => {
  it('leaves an ignored field to its other owner', () => {
    const { object, ignored } = ignoreFields(desired, keyOf(desired), live({ replicas: 5 }, [autoscaler]), [
      rule({ kind: 'Deployment', paths: ['/spec/replicas'] }),
    ]);

    expect((object['spec'] as { replicas?: number }).replicas).toBeUndefined();
    expect(ignored).toEqual(['/spec/replicas']);
  });

  it('keeps the live value of an ignored field that nobody else owns, or it would be removed', () => {
    const { object } = ignoreFields(desired, keyOf(desired), live({ replicas: 5 }, []), [
      rule({ paths: ['/spec/replicas'] }),
    ]);

    expect((object['spec'] as { replicas?: number }).replicas).toBe(5);
  });

  it('applies an ignored field on creation', () => {
    expect(ignoreFields(desired, keyOf(desired), undefined, [rule({ paths: ['/spec/replicas'] })]).object).toBe(
      desired,
    );
  });

  it('follows wildcards through lists', () => {
    const present = live(
      { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'mirror/web:1' }] } } },
      [],
    );
    const { object } = ignoreFields(desired, keyOf(desired), present, [
      rule({ paths: ['/spec/template/spec/containers/*/image'] }),
    ]);

    expect(JSON.stringify(object)).toContain('mirror/web:1');
  });

  it('drops what named managers own', () => {
    const { object } = ignoreFields(desired, keyOf(desired), live({ replicas: 5 }, [autoscaler]), [
      rule({ managers: ['autoscaler'] }),
    ]);

    expect((object['spec'] as { replicas?: number }).replicas).toBeUndefined();
  });

  it('does not touch objects that the rule does not name', () => {
    expect(
      ignoreFields(desired, keyOf(desired), live({ replicas: 5 }, []), [
        rule({ name: 'other', paths: ['/spec/replicas'] }),
      ]).object,
    ).toBe(desired);
  });
});

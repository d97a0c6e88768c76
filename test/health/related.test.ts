import { describe, expect, it } from 'vitest';
import { joinRelated, relate } from '../../src/health/related.ts';
import type { KubeObject } from '../../src/core/object-key.ts';

const OWNER: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'shop', uid: 'owner' },
};

function pod(name: string, phase: string): KubeObject {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'owner' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web' }, ownerReferences },
    status: { phase },
  };
}

describe('joinRelated', () => {
  const joined = joinRelated(
    relate([pod('both', 'Pending'), pod('first', 'Running')]),
    relate([pod('both', 'Running'), pod('second', 'Running')]),
  );

  it('finds the children of both sets, each once', () => {
    expect(joined.childrenOf(OWNER).map(({ metadata }) => metadata.name)).toEqual(['first', 'both', 'second']);
  });

  it('takes an object that is in both as the second has it', () => {
    const key = { group: '', kind: 'Pod', namespace: 'shop', name: 'both' };
    expect(joined.find(key)?.['status']).toEqual({ phase: 'Running' });
  });

  it('selects by labels in both', () => {
    expect(joined.selected('Pod', 'shop', { matchLabels: { app: 'web' } })).toHaveLength(3);
  });
});

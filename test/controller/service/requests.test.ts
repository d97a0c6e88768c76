import { describe, expect, it } from 'vitest';
import { readRequests } from '../../../src/controller/service/requests.ts';
import type { KubeObject } from '../../../src/core/object-key.ts';
import { NO_OVERRIDES } from '../../../src/plan/guards.ts';

function asked(annotations: Readonly<Record<string, string>>) {
  const object: KubeObject = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', annotations } };
  return readRequests(object);
}

describe('what people ask for by annotations', () => {
  it('is nothing when there are none', () => {
    expect(asked({})).toEqual({});
  });

  it('is a sync by whoever is named, without control characters', () => {
    expect(asked({ 'evenkeel.dev/sync': 'Ada\u001b[2J' })).toEqual({
      sync: { by: 'Ada [2J', overrides: NO_OVERRIDES },
    });
  });

  it('is a sync with overrides, each only when it is exactly true', () => {
    const { sync } = asked({
      'evenkeel.dev/sync':
        '{"by":"Ada","plan":"sha256:1","retry":true,"allowEmpty":"yes","confirmDelete":["Namespace/x",7]}',
    });
    expect(sync).toEqual({
      by: 'Ada',
      plan: 'sha256:1',
      overrides: { ...NO_OVERRIDES, retryHeld: true, confirmDeletions: ['Namespace/x'] },
    });
  });

  it.each(['previous', '3', '{"to":3}'])('is a rollback: %s', (text) => {
    expect(asked({ 'evenkeel.dev/rollback': text }).rollback).toBeDefined();
  });

  it.each(['', 'yesterday', '-1', '1e9999', '{"to":0}', '{"to":"3"}', '{"to":1.5}'])('is no rollback: %j', (text) => {
    expect(asked({ 'evenkeel.dev/rollback': text }).rollback).toBeUndefined();
  });

  it('is nothing when it is longer than anybody writes', () => {
    expect(asked({ 'evenkeel.dev/sync': 'x'.repeat(5000), 'evenkeel.dev/approve': 'y'.repeat(5000) })).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { hookDeletePolicies, hookEvents, hookPhase, hookWeight } from '../../../src/render/helm/hooks.ts';

describe('hooks of charts', () => {
  it.each([
    ['pre-install', ['pre-install']],
    [' PRE-Install , post-upgrade', ['pre-install', 'post-upgrade']],
    ['test-success', ['test']],
    ['test', ['test']],
    ['', undefined],
    ['crd-install', undefined],
    ['pre-install,', undefined],
    ['constructor', undefined],
  ])('%j are the events %j', (annotation, events) => {
    expect(hookEvents(annotation)).toEqual(events);
  });

  it.each([
    ['pre-install', 'pre', 'skip'],
    ['post-install', 'post', 'skip'],
    ['pre-upgrade', 'skip', 'pre'],
    ['post-install,post-upgrade', 'post', 'post'],
    ['pre-install,post-upgrade', 'pre', 'post'],
    ['post-install,pre-install', 'pre', 'skip'],
    ['pre-delete', 'preDelete', 'preDelete'],
    ['post-delete', 'postDelete', 'postDelete'],
    ['post-install,pre-delete', 'post', 'preDelete'],
    ['pre-rollback,post-rollback', 'skip', 'skip'],
    ['test', 'skip', 'skip'],
  ])('%s run as %s at first and as %s later', (annotation, first, later) => {
    const events = hookEvents(annotation) ?? [];
    expect([hookPhase(events, false), hookPhase(events, true)]).toEqual([first, later]);
  });

  it.each([
    ['-5', -5],
    ['+3', 3],
    ['x', 0],
    ['1.5', 0],
    [undefined, 0],
  ])('weigh %j as %d', (annotation, weight) => {
    expect(hookWeight(annotation)).toBe(weight);
  });

  it('leave before the next run when nothing else is said', () => {
    expect(hookDeletePolicies(undefined)).toEqual(['before-hook-creation']);
    expect(hookDeletePolicies('never')).toEqual(['before-hook-creation']);
    expect(hookDeletePolicies('hook-failed, HOOK-Succeeded')).toEqual(['hook-succeeded', 'hook-failed']);
  });
});

import { describe, expect, it } from 'vitest';
import { hookEvents } from '../../../src/render/helm/hooks.ts';

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
});

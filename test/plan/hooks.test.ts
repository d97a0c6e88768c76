import { describe, expect, it } from 'vitest';
import { keyOf } from '../../src/core/object-key.ts';
import { EMPTY_STATE } from '../../src/core/state.ts';
import { NO_OVERRIDES } from '../../src/plan/guards.ts';
import { anObject, created, leftover, order, owning, plan } from '../builders/a-plan.ts';

describe('hooks', () => {
  const migrate = anObject('migrate', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    annotations: { 'argocd.argoproj.io/hook': 'PreSync' },
  });

  it('run before the sync of another rendered set', () => {
    const built = plan({ desired: [created(migrate), created(anObject('a'))] });

    expect(built.waves[0]).toMatchObject({ phase: 'pre', waitForHealth: true });
    expect(built.counts.hooks).toBe(1);
    expect(built.inventory.map(({ name }) => name)).toEqual(['a']);
  });

  it('run after the namespace that they run in is made', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: migrate.metadata.namespace ?? '' } };
    const other = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } };
    const built = plan({ desired: [created(migrate), created(namespace), created(other)] });

    expect(built.waves.map(({ steps }) => steps.map(({ key }) => `${key.kind} ${key.name}`))).toEqual([
      [`Namespace ${migrate.metadata.namespace}`],
      ['Job migrate'],
      ['Namespace other'],
    ]);
    expect(built.waves[0]).toMatchObject({ waitForHealth: true, failureStops: true });
  });

  it('do not run when drift of the same set is mended', () => {
    const state = {
      ...owning(anObject('a')),
      current: { number: 3, commitId: 'x', manifestDigest: 'sha256:1', complete: true },
    };

    expect(plan({ desired: [created(migrate), created(anObject('a'))], state }).counts.hooks).toBe(0);
  });

  it('that already ran for this set do not run again after a crash', () => {
    const state = {
      ...owning(anObject('a')),
      current: { number: 3, commitId: 'x', manifestDigest: 'sha256:1', complete: false },
      hooks: { manifestDigest: 'sha256:1', done: [keyOf(migrate)] },
    };

    expect(plan({ desired: [created(migrate), created(anObject('a'))], state }).counts.hooks).toBe(0);
  });

  it.each([
    ['pre-install', true, 1],
    [' PRE-Install ', true, 1],
    ['pre-install', false, 0],
    ['pre-upgrade', true, 0],
    ['pre-upgrade', false, 1],
    ['test', true, 0],
  ])('of Helm: %s with a first installation %s', (event, first, hooks) => {
    const job = anObject('job', { apiVersion: 'batch/v1', kind: 'Job', annotations: { 'helm.sh/hook': event } });
    const state = first
      ? EMPTY_STATE
      : { ...owning(anObject('a')), current: { number: 1, commitId: 'x', manifestDigest: 'sha256:0', complete: true } };

    expect(
      plan({ desired: [created(job)], state: { ...state }, overrides: { ...NO_OVERRIDES, allowEmpty: true } }).counts
        .hooks,
    ).toBe(hooks);
  });

  it.each([
    ['preDelete', undefined, 0],
    ['preDelete', 'preDelete', 1],
    ['preDelete', 'postDelete', 0],
    ['postDelete', 'postDelete', 1],
    ['pre', 'preDelete', 0],
    ['sync', 'preDelete', 0],
  ] as const)('of the phase %s at a deletion (%s)', (phase, deleting, hooks) => {
    const job = anObject('job', { apiVersion: 'batch/v1', kind: 'Job', annotations: { 'evenkeel.dev/hook': phase } });
    const input = { desired: [created(job)], overrides: { ...NO_OVERRIDES, allowEmpty: true } };
    const built = plan(deleting === undefined ? input : { ...input, deleting });

    expect({ hooks: built.counts.hooks, created: built.counts.create, warnings: built.warnings }).toEqual({
      hooks,
      created: 0,
      warnings: [],
    });
  });

  it('before a deletion stand before it', () => {
    const job = anObject('job', { apiVersion: 'batch/v1', kind: 'Job', annotations: { 'helm.sh/hook': 'pre-delete' } });
    const owned = anObject('a');
    const built = plan({
      desired: [created(job)],
      leftovers: [leftover(owned)],
      state: owning(owned),
      overrides: { ...NO_OVERRIDES, allowEmpty: true, allowDeletions: true },
      deleting: 'preDelete',
    });

    expect(order(built)).toEqual(['Job.batch shop/job', 'ConfigMap shop/a']);
  });
});

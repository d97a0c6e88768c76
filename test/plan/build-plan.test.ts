import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/errors.ts';
import { keyOf } from '../../src/core/object-key.ts';
import { isEmptyPlan, refusesAll, type Desired } from '../../src/plan/build-plan.ts';
import { NO_OVERRIDES } from '../../src/plan/guards.ts';
import { anApplication } from '../builders/an-application.ts';
import { anObject, created, leftover, order, owning, plan, unchanged } from '../builders/a-plan.ts';

describe('the order of a plan', () => {
  it('puts definitions and namespaces first and webhooks last', () => {
    const built = plan({
      desired: [
        created(
          anObject('hook', {
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind: 'ValidatingWebhookConfiguration',
            namespace: '',
          }),
        ),
        created(anObject('web', { apiVersion: 'apps/v1', kind: 'Deployment' })),
        created(anObject('settings')),
        created(anObject('shop', { kind: 'Namespace', namespace: '' })),
        created(anObject('cert', { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' })),
      ],
    });

    expect(order(built)).toEqual([
      'Namespace shop',
      'ConfigMap shop/settings',
      'Deployment.apps shop/web',
      'Certificate.cert-manager.io shop/cert',
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io hook',
    ]);
    expect(built.waves[0]?.waitForHealth).toBe(true);
  });

  it('follows the wave annotations of Argo CD and waits for health between numbered waves', () => {
    const wave = (number: string) => ({ annotations: { 'argocd.argoproj.io/sync-wave': number } });
    const built = plan({
      desired: [
        created(anObject('last', wave('5'))),
        created(anObject('first', wave('-1'))),
        created(anObject('middle')),
      ],
    });

    expect(order(built)).toEqual(['ConfigMap shop/first', 'ConfigMap shop/middle', 'ConfigMap shop/last']);
    expect(built.waves.map(({ waitForHealth }) => waitForHealth)).toEqual([true, true, false]);
  });

  it('puts an object after what it depends on, across kinds', () => {
    const built = plan({
      desired: [
        created(
          anObject('settings', {
            annotations: { 'config.kubernetes.io/depends-on': 'apps/namespaces/shop/Deployment/web' },
          }),
        ),
        created(anObject('web', { apiVersion: 'apps/v1', kind: 'Deployment' })),
      ],
    });

    expect(order(built)).toEqual(['Deployment.apps shop/web', 'ConfigMap shop/settings']);
    expect(built.waves[0]?.waitForHealth).toBe(true);
  });

  it('names a circle of dependencies and applies nothing', () => {
    const needs = (name: string) => ({
      annotations: { 'config.kubernetes.io/depends-on': `/namespaces/shop/ConfigMap/${name}` },
    });
    const built = plan({ desired: [created(anObject('a', needs('b'))), created(anObject('b', needs('a')))] });

    expect(refusesAll(built)).toBe(true);
    expect(built.refusals[0]).toMatchObject({ guard: 'DependencyCycle', scope: 'plan' });
    expect(built.refusals[0]?.message).toContain('ConfigMap shop/a → ConfigMap shop/b → ConfigMap shop/a');
  });

  it('survives a chain of dependencies of any length', () => {
    const desired = Array.from({ length: 5000 }, (_, index) =>
      created(
        anObject(`c${index}`, {
          annotations: { 'config.kubernetes.io/depends-on': `/namespaces/shop/ConfigMap/c${index + 1}` },
        }),
      ),
    );

    expect(order(plan({ desired }))[0]).toBe('ConfigMap shop/c4999');
  });

  it('deletes in the reverse order of creation, after everything else', () => {
    const web = anObject('web', { apiVersion: 'apps/v1', kind: 'Deployment' });
    const settings = anObject('settings');
    const built = plan({
      application: anApplication({ sync: { maxDeletions: { kind: 'count', count: 5 } } }),
      desired: [created(anObject('new'))],
      leftovers: [leftover(settings), leftover(web)],
      state: owning(settings, web),
    });

    expect(order(built)).toEqual(['ConfigMap shop/new', 'Deployment.apps shop/web', 'ConfigMap shop/settings']);
  });
});

describe('guards', () => {
  it('refuse to delete everything because nothing was rendered', () => {
    const objects = ['a', 'b', 'c'].map((name) => anObject(name));
    const built = plan({ leftovers: objects.map((object) => leftover(object)), state: owning(...objects) });

    expect(refusesAll(built)).toBe(true);
    expect(built.refusals[0]?.guard).toBe('EmptyRender');
  });

  it('let it pass when a person says so', () => {
    const object = anObject('a');
    const built = plan({
      leftovers: [leftover(object)],
      state: owning(object),
      overrides: { ...NO_OVERRIDES, allowEmpty: true },
    });

    expect(built.refusals).toEqual([]);
    expect(built.counts.delete).toBe(1);
  });

  it.each([
    [10, 3, false],
    [10, 4, true],
    [2, 1, false],
  ])('with a budget of 30%% of %i objects, %i deletions are refused: %s', (owned, deletions, refused) => {
    const objects = Array.from({ length: owned }, (_, index) => anObject(`o${index}`));
    const built = plan({
      desired: objects.slice(deletions).map(unchanged),
      leftovers: objects.slice(0, deletions).map((object) => leftover(object)),
      state: owning(...objects),
    });

    expect(built.refusals.some(({ guard }) => guard === 'DeletionBudget')).toBe(refused);
  });

  it.each(['Namespace', 'PersistentVolumeClaim', 'PersistentVolume'])(
    'keep a %s until a person confirms its deletion',
    (kind) => {
      const object = anObject('data', { kind, namespace: kind === 'PersistentVolumeClaim' ? 'shop' : '' });
      const others = [anObject('a'), anObject('b'), anObject('c')];
      const input = { desired: others.map(unchanged), leftovers: [leftover(object)], state: owning(object, ...others) };

      const built = plan(input);
      const confirmed = plan({
        ...input,
        overrides: {
          ...NO_OVERRIDES,
          confirmDeletions: [kind === 'PersistentVolumeClaim' ? 'PersistentVolumeClaim/shop/data' : `${kind}/data`],
        },
      });

      expect(built.counts.delete).toBe(0);
      expect(built.refusals[0]).toMatchObject({ guard: 'ProtectedKind', scope: 'step' });
      expect(built.inventory.map(({ name }) => name)).toContain('data');
      expect(confirmed.counts.delete).toBe(1);
    },
  );

  it('leave an object alone that another application owns, and claim it', () => {
    const object = anObject('shared');
    const built = plan({
      desired: [{ ...unchanged(object), owner: 'default.other' }],
      ownedElsewhere: new Map([['shop_shared__ConfigMap', 'default/other']]),
    });

    expect(built.refusals[0]).toMatchObject({ guard: 'ForeignOwner', scope: 'step' });
    expect(built.refusals[0]?.message).toContain('default/other');
    expect(built.claims).toEqual([keyOf(object)]);
    expect(built.inventory).toEqual([]);
  });

  it('hand an object over instead of deleting it when another application waits for it', () => {
    const object = anObject('shared');
    const built = plan({
      desired: [unchanged(anObject('a'))],
      leftovers: [leftover(object, { claimedBy: 'default/other' })],
      state: owning(object, anObject('a')),
    });

    expect(built.counts.delete).toBe(0);
    expect(built.kept[0]?.reason).toContain('handed over to application default/other');
    expect(built.inventory.map(({ name }) => name)).toEqual(['a']);
  });

  it('never read a failed read as absence', () => {
    const error = new EngineError('ClusterUnreachable', 'no answer');
    const object = anObject('a');
    const built = plan({
      desired: [
        {
          ...unchanged(anObject('b')),
          live: { state: 'unknown', error },
          diff: { key: keyOf(anObject('b')), action: 'unknown', changes: [], error },
        },
      ],
      leftovers: [{ key: keyOf(object), live: { state: 'unknown', error }, managed: false }],
      state: owning(object, anObject('b')),
    });

    expect(isEmptyPlan(built)).toBe(true);
    expect(built.inventory.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(built.refusals[0]).toMatchObject({ guard: 'UnknownState', scope: 'step' });
  });

  it('take a key out of the inventory when its absence was seen', () => {
    const gone = anObject('gone');
    const built = plan({
      desired: [unchanged(anObject('a'))],
      leftovers: [{ key: keyOf(gone), live: { state: 'absent' }, managed: false }],
      state: owning(gone, anObject('a')),
    });

    expect(built.inventory.map(({ name }) => name)).toEqual(['a']);
  });

  it.each([
    ['argocd.argoproj.io/sync-options', 'Prune=false'],
    ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
    ['helm.sh/resource-policy', 'keep'],
    ['evenkeel.dev/prune', 'never'],
  ])('keep what carries %s: %s', (name, value) => {
    const object = anObject('kept', { annotations: { [name]: value } });
    const built = plan({
      desired: [unchanged(anObject('a'))],
      leftovers: [leftover(object)],
      state: owning(object, anObject('a')),
    });

    expect(built.counts.delete).toBe(0);
    expect(built.inventory.map(({ name: kept }) => kept)).toContain('kept');
  });

  it('do not delete what carries no mark of ours any more', () => {
    const object = anObject('theirs');
    const built = plan({
      desired: [unchanged(anObject('a'))],
      leftovers: [{ key: keyOf(object), live: { state: 'present', object }, managed: false }],
      state: owning(object, anObject('a')),
    });

    expect(built.counts.delete).toBe(0);
    expect(built.inventory.map(({ name }) => name)).toEqual(['a']);
  });
});

describe('the digest of a plan', () => {
  it('stays when only a status changed', () => {
    const before = {
      ...unchanged(anObject('a')),
      diff: { key: keyOf(anObject('a')), action: 'unchanged' as const, changes: [], resourceVersion: '1' },
    };
    const after = { ...before, diff: { ...before.diff, resourceVersion: '2' } };

    expect(plan({ desired: [before] }).digest).toBe(plan({ desired: [after] }).digest);
  });

  it('moves with a value that would be overwritten', () => {
    const changed = (value: number): Desired => ({
      ...unchanged(anObject('a')),
      diff: {
        key: keyOf(anObject('a')),
        action: 'update',
        changes: [{ path: 'data.x', op: 'change', before: value, after: 3 }],
      },
    });

    expect(plan({ desired: [changed(1)] }).digest).not.toBe(plan({ desired: [changed(2)] }).digest);
  });
});

describe('deletion', () => {
  it('waits until what replaces the old objects is healthy', () => {
    const old = anObject('old');
    const built = plan({
      application: anApplication({ sync: { maxDeletions: { kind: 'count', count: 5 } } }),
      desired: [created(anObject('web', { apiVersion: 'apps/v1', kind: 'Deployment' }))],
      leftovers: [leftover(old)],
      state: owning(old),
    });

    expect(built.waves.map(({ phase, waitForHealth }) => [phase, waitForHealth])).toEqual([
      ['sync', true],
      ['prune', false],
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import { assess } from '../../src/health/assess.ts';
import { assessEach } from '../../src/health/assess-set.ts';
import { explainHealth } from '../../src/health/explain.ts';
import { BUILT_IN } from '../../src/health/builtin/kinds.ts';
import { NOTHING_RELATED } from '../../src/health/related.ts';
import { groupsOf } from '../../src/health/rule-index.ts';
import { RULES } from '../../src/health/rules/all.ts';
import { NOW } from './objects.ts';

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly fresh: string | undefined;
}

const shipped: readonly Kind[] = RULES.flatMap((rules) =>
  groupsOf(rules).flatMap((group) =>
    rules.kinds.flatMap((entry) =>
      entry.kinds.map((kind) => ({
        apiVersion: `${group.replace('*', 'any')}/v1`,
        kind: kind === '*' ? 'AnyKind' : kind,
        fresh: entry.fresh,
      })),
    ),
  ),
);
const builtIn: readonly Kind[] = [...BUILT_IN.keys()].map((name) => {
  const [group = '', kind = ''] = name.split('/');
  return { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, fresh: undefined };
});
const kinds = fc.constantFrom(...shipped, ...builtIn, {
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  fresh: undefined,
});

const words = [
  'True',
  'False',
  'Unknown',
  'Ready',
  'Available',
  'Progressing',
  'Failed',
  'Running',
  'Pending',
  'Succeeded',
  '__proto__',
  'constructor',
  '',
  '2026-01-01T00:00:00Z',
  '1/2',
  'CrashLoopBackOff',
  'OOMKilled',
];
const names = [
  'conditions',
  'type',
  'status',
  'reason',
  'message',
  'phase',
  'state',
  'replicas',
  'readyReplicas',
  'observedGeneration',
  'parents',
  'listeners',
  'containerStatuses',
  'initContainerStatuses',
  'waiting',
  'terminated',
  'running',
  'lastState',
  'exitCode',
  'ingress',
  'health',
  '__proto__',
  'lastTransitionTime',
  'racks',
  'name',
  'finalizers',
  'deletionTimestamp',
  'generation',
  'annotations',
  'labels',
  'selector',
  'strategy',
  'updateStrategy',
  'metadata',
  'spec',
  'loadBalancer',
  'ownerReferences',
];
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom<unknown>(...words),
    fc.integer({ min: -2, max: 5 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 7, noNullPrototype: false }),
  ),
}));

function anything(kind: Kind, status: unknown, spec: unknown, metadata: unknown): KubeObject {
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata, spec, status } as unknown as KubeObject;
}

describe('a verdict', () => {
  it('never throws on any JSON, is the same for the same input, and has a reason in CamelCase and a message on one line', () => {
    fc.assert(
      fc.property(kinds, tree, tree, tree, (kind, status, spec, metadata) => {
        const subject = anything(kind, status, spec, metadata);
        const health = assess(subject, NOTHING_RELATED, NOW);
        expect(health).toEqual(assess(structuredClone(subject), NOTHING_RELATED, NOW));
        expect(health.reason).toMatch(/^[A-Z][A-Za-z0-9]{0,79}$/);
        expect(health.message).not.toMatch(/[\n\r]/);
        expect(health.message.length).toBeGreaterThan(0);
        if (health.status === 'degraded') expect(health.cause).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws on a set of anything, which is never changed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            tree,
            fc.tuple(kinds, tree, tree).map(([kind, status, spec]) => anything(kind, status, spec, { name: 'x' })),
          ),
          { maxLength: 6 },
        ),
        (inputs) => {
          const before = structuredClone(inputs);
          const verdicts = [...assessEach(inputs, NOW)];
          expect(verdicts).toHaveLength(inputs.length);
          expect(inputs).toEqual(before);
          explainHealth(
            verdicts.map((entry) => ({ key: entry, health: entry })),
            NOW,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is not healthy for a fresh object of a kind that reports a status', () => {
    const known = new Set(['healthy', 'rules']);
    const wrong = [...shipped, ...builtIn]
      .filter(
        (kind) => !known.has(kind.fresh ?? '') && !['CronJob', 'Service', 'ReplicationController'].includes(kind.kind),
      )
      .filter((kind) =>
        [undefined, null, {}].some(
          (status) =>
            assess(anything(kind, status, {}, { name: 'new', generation: 1 }), NOTHING_RELATED, NOW).status ===
            'healthy',
        ),
      )
      .map((kind) => `${kind.apiVersion} ${kind.kind}`);
    expect(wrong).toEqual([]);
  });

  it('is progressing for a status of an older generation, for every kind that says which it has seen', () => {
    const status: JsonObject = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };
    const quick = shipped
      .filter((kind) => kind.fresh === undefined)
      .filter(
        (kind) =>
          assess(anything(kind, status, {}, { name: 'x', generation: 2 }), NOTHING_RELATED, NOW).reason !==
          'NotObserved',
      )
      .map((kind) => `${kind.apiVersion} ${kind.kind}`);
    // Kinds whose observedGeneration says nothing: the rules say why.
    expect(quick).toEqual(['sparkoperator.k8s.io/v1 SparkApplication']);
  });
});

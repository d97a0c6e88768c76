import { describe, expect, it } from 'vitest';
import type { Health, HealthStatus, ObjectHealth } from '../../src/core/health.ts';
import type { ObjectKey } from '../../src/core/object-key.ts';
import { aggregateHealth } from '../../src/health/aggregate.ts';
import { type ExplainLink, explainHealth } from '../../src/health/explain.ts';
import { ago, NOW } from './objects.ts';

const key = (kind: string, name: string): ObjectKey => ({ group: '', kind, namespace: 'shop', name });
const entry = (kind: string, name: string, status: HealthStatus, rest: Partial<Health> = {}): ObjectHealth => ({
  key: key(kind, name),
  health: { status, reason: 'Because', message: `${name} is ${status}`, ...rest },
});

describe('the health of an application', () => {
  it('is healthy when everything is, and when there is nothing', () => {
    expect(aggregateHealth([])).toMatchObject({ status: 'healthy', message: 'there are no objects' });
    expect(
      aggregateHealth([entry('Pod', 'a', 'healthy'), entry('Pod', 'b', 'healthy', { warnings: ['hm'] })]),
    ).toMatchObject({
      status: 'healthy',
      counts: { healthy: 2 },
      warnings: [{ key: { name: 'b' } }],
    });
  });

  it('is as bad as its worst object, in the order healthy, suspended, progressing, missing, degraded, unknown', () => {
    const order: readonly HealthStatus[] = ['healthy', 'suspended', 'progressing', 'missing', 'degraded', 'unknown'];
    for (const [index, status] of order.entries()) {
      const objects = order.slice(0, index + 1).map((each) => entry('Pod', each, each));
      expect(aggregateHealth(objects).status).toBe(status);
      expect(aggregateHealth([...objects].reverse())).toEqual(aggregateHealth(objects));
    }
  });

  it('puts what others wait for, then what the release caused, then what lasts longest on top', () => {
    const objects = [
      entry('Job', 'late', 'degraded', { cause: 'release', since: ago(10) }),
      entry('Job', 'early', 'degraded', { cause: 'release', since: ago(100) }),
      entry('Job', 'node', 'degraded', { cause: 'environment', since: ago(1000) }),
      entry('Secret', 'root', 'degraded', { cause: 'environment' }),
      entry('Job', 'waiting', 'degraded', { cause: 'environment', blockedBy: [key('Secret', 'root')] }),
    ];
    const whole = aggregateHealth(objects);
    expect(whole.problems.map((problem) => problem.key.name)).toEqual(['root', 'early', 'late', 'node', 'waiting']);
    expect(whole.message).toBe('Secret shop/root: root is degraded (and 4 more)');
  });
});

describe('explain', () => {
  const names = (link: ExplainLink): string =>
    link.waitsFor.length === 0 ? link.key.name : `${link.key.name} ← ${link.waitsFor.map(names).join(' + ')}`;

  it('follows what waits for what to its root, with times and remedies', () => {
    const told = explainHealth(
      [
        entry('Deployment', 'web', 'progressing', {
          blockedBy: [key('Pod', 'web-1')],
          since: ago(60),
          deadline: ago(-540),
          remedy: 'look at its pods',
        }),
        entry('Pod', 'web-1', 'progressing', { blockedBy: [key('PersistentVolumeClaim', 'data')] }),
        entry('PersistentVolumeClaim', 'data', 'progressing', {
          remedy: 'check the class',
          since: ago(90),
          cause: 'environment',
          message: 'no volume',
        }),
        entry('Service', 'fine', 'healthy'),
      ],
      NOW,
    );
    expect(told.done).toBe(false);
    expect(told.chains.map(names)).toEqual(['web ← web-1 ← data']);
    expect(told.summary).toBe(
      'Deployment shop/web is progressing because of PersistentVolumeClaim shop/data: no volume',
    );
    expect(told.remedies).toEqual(['check the class', 'look at its pods']);
    expect(told.chains[0]).toMatchObject({ forMs: 60_000, leftMs: 540_000 });
    expect(told.deadlineMs).toBe(NOW + 540_000);
  });

  it('names what is not there, and cuts circles', () => {
    const missing = explainHealth([entry('Pod', 'a', 'degraded', { blockedBy: [key('Secret', 'db')] })], NOW);
    expect(missing.summary).toBe(
      'Pod shop/a is degraded because of Secret shop/db: which is not there or was not looked at',
    );
    const circle = explainHealth(
      [
        entry('Pod', 'a', 'progressing', { blockedBy: [key('Pod', 'b')] }),
        entry('Pod', 'b', 'progressing', { blockedBy: [key('Pod', 'a')] }),
      ],
      NOW,
    );
    expect(circle.chains.map(names)).toEqual(['a ← b', 'b ← a']);
  });

  it('is one sentence when all is well', () => {
    expect(explainHealth([entry('Pod', 'a', 'healthy')], NOW)).toMatchObject({
      done: true,
      chains: [],
      remedies: [],
      summary: 'all 1 objects are healthy',
    });
  });
});

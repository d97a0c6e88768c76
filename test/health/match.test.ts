import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { parseUserRules } from '../../src/health/user-rules.ts';
import type { When } from '../../src/health/rules/form.ts';
import { NOW, object } from './objects.ts';

/** Whether a `when`, read as somebody wrote it, holds for an object. */
function holds(when: When, parts: JsonObject): boolean {
  const rules = [
    {
      group: 'example.com',
      kinds: [
        {
          kinds: ['Widget'],
          fresh: 'rules',
          observed: false,
          rules: [{ when, status: 'healthy' }],
          otherwise: { status: 'degraded' },
        },
      ],
    },
  ];
  const parsed = parseUserRules(structuredClone({ rules }));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.rules.assess(object('example.com/v1', 'Widget', 'w', parts), NOW)?.status === 'healthy';
}

const pods = { p1: 'RUNNING', p2: 'RUNNING', p3: 'PENDING' };
const running = (atLeast: number | string): When => ({
  some: 'status.pods.*',
  where: { field: [], is: 'RUNNING' },
  atLeast,
});

describe('a matcher', () => {
  it.each<[string, When, JsonObject, boolean]>([
    [
      'compares a field with another one',
      { field: 'status.active', sameAs: 'status.wanted' },
      { status: { active: 'a', wanted: 'a' } },
      true,
    ],
    [
      'sees that two fields differ',
      { field: 'status.active', sameAs: 'status.wanted' },
      { status: { active: 'a', wanted: 'b' } },
      false,
    ],
    ['reads the end of a text', { field: 'kind', endsWith: 'get' }, {}, true],
    [
      'adds to the left side',
      { number: 'status.updated', plus: 'spec.partition', below: 'status.all' },
      { spec: { partition: 3 }, status: { updated: 2, all: 5 } },
      false,
    ],
    [
      'sums what a path with * names',
      { number: 'spec.sets.*.count', above: 'status.nodes' },
      { spec: { sets: [{ count: 2 }, { count: 3 }] }, status: { nodes: 4 } },
      true,
    ],
    [
      'counts a list',
      { number: 'spec.clusters', above: 'status.reports' },
      { spec: { clusters: ['a', 'b'] }, status: { reports: ['a'] } },
      true,
    ],
    ['reads a fraction', { number: 'status.replicas', below: 1 }, { status: { replicas: '2/3' } }, true],
    [
      'takes no fraction of nothing for a number',
      { number: 'status.replicas', below: 1 },
      { status: { replicas: '0/0' } },
      false,
    ],
    ['counts items against a number', running(2), { status: { pods } }, true],
    ['counts items against a field', running('spec.size'), { spec: { size: 3 }, status: { pods } }, false],
    ['needs no item when none is wanted', running('spec.size'), { spec: { size: 0 } }, true],
    ['takes an absent condition', { condition: 'Ready', is: ['absent', 'Unknown'] }, {}, true],
    [
      'takes another status beside absent',
      { condition: 'Ready', is: ['absent', 'Unknown'] },
      { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      true,
    ],
    [
      'refuses a status that is not listed',
      { condition: 'Ready', is: ['absent', 'Unknown'] },
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      false,
    ],
  ])('%s', (_, when, parts, expected) => {
    expect(holds(when, parts)).toBe(expected);
  });

  it('says where an operand is no path and no number', () => {
    const when = { field: 'status.a', sameAs: 5 };
    const some = { some: 'status.b', where: { number: 'c', above: true }, atLeast: {} };
    const rules = [
      { group: 'example.com', kinds: [{ kinds: ['Widget'], rules: [{ when: [when, some], status: 'healthy' }] }] },
    ];
    expect(parseUserRules({ rules })).toEqual({
      kind: 'invalid',
      problems: [
        { path: 'rules[0].kinds[0].rules[0].when[0].sameAs', message: 'is not a path' },
        { path: 'rules[0].kinds[0].rules[0].when[1].atLeast', message: 'is not a number or a path' },
        { path: 'rules[0].kinds[0].rules[0].when[1].where.above', message: 'is not a number or a path' },
      ],
    });
  });
});

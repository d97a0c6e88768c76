import { describe, expect, it } from 'vitest';
import { assess } from '../../src/health/assess.ts';
import { assessEach, spreadLists } from '../../src/health/assess-set.ts';
import { NOTHING_RELATED } from '../../src/health/related.ts';
import { runRuleCases } from '../../src/health/rule-cases.ts';
import { parseUserRules } from '../../src/health/user-rules.ts';
import { ago, NOW, object } from './objects.ts';

const RULES = {
  rules: [
    {
      group: 'example.com',
      kinds: [
        {
          kinds: ['Widget'],
          rules: [
            { when: { condition: 'Failed', is: 'True' }, status: 'degraded', remedy: 'read the log' },
            {
              when: 'number(object, "status.parts") >= number(object, "spec.parts")',
              status: 'healthy',
              reason: 'AllParts',
              message: '{status.parts} parts are there',
            },
            { when: { field: 'status.phase', is: 'Building' }, status: 'progressing', deadline: '10m' },
          ],
          otherwise: { status: 'progressing' },
        },
        {
          kinds: ['Gadget'],
          lua: 'return { status = obj.status.ok and "Healthy" or "Degraded", message = "says Lua" }',
        },
      ],
    },
    {
      group: '*.example.com',
      kinds: [{ kinds: ['*'], fresh: 'rules', rules: [], otherwise: { status: 'suspended', reason: 'Wild' } }],
    },
    {
      group: 'apps',
      kinds: [
        {
          kinds: ['Deployment'],
          fresh: 'rules',
          observed: false,
          rules: [],
          otherwise: { status: 'unknown', reason: 'Mine' },
        },
      ],
    },
  ],
};

function judge(subject: ReturnType<typeof object>): string {
  const parsed = parseUserRules(RULES);
  if (parsed.kind === 'invalid') return JSON.stringify(parsed.problems);
  const health = assess(subject, NOTHING_RELATED, NOW, parsed.rules);
  return `${health.status} ${health.reason}: ${health.message}`;
}

describe("rules of one's own", () => {
  it('judge new kinds, by conditions, fields, expressions and Lua', () => {
    const widget = (status: object, metadata = {}): ReturnType<typeof object> =>
      object('example.com/v1', 'Widget', 'w', { metadata, spec: { parts: 3 }, status: status as never });
    expect(judge(widget({}))).toBe('progressing NoStatus: its controller has not reported a status yet');
    expect(judge(widget({ parts: 3 }))).toBe('healthy AllParts: 3 parts are there');
    expect(judge(widget({ parts: 1 }))).toBe('progressing Waiting: its controller is still at work on it');
    expect(
      judge(
        widget({
          parts: 1,
          conditions: [{ type: 'Failed', status: 'True', reason: 'NoGlue', message: 'out of glue' }],
        }),
      ),
    ).toBe('degraded NoGlue: out of glue');
    expect(judge(widget({ phase: 'Building' }, { creationTimestamp: ago(60) }))).toBe(
      'progressing Building: its state is Building',
    );
    expect(judge(widget({ phase: 'Building' }, { creationTimestamp: ago(900) }))).toBe(
      'degraded DeadlineExceeded: still not done after 10m: its state is Building',
    );
    expect(judge(object('example.com/v1', 'Gadget', 'g', { status: { ok: true } }))).toBe('healthy Healthy: says Lua');
  });

  it('come before built-in and shipped rules, the exact group before a wildcard', () => {
    expect(judge(object('apps/v1', 'Deployment', 'd'))).toBe('unknown Mine: its state cannot be told from its status');
    expect(judge(object('sub.example.com/v1', 'Anything', 'x'))).toBe('suspended Wild: it was paused on purpose');
    expect(judge(object('v1', 'ConfigMap', 'c'))).toMatch(/^healthy Current/);
  });

  it('are refused with everything that is wrong, each with its place', () => {
    const parsed = parseUserRules({
      rules: [
        { group: 'Example', kinds: [] },
        {
          group: 'example.com',
          extra: 1,
          kinds: [
            { kinds: [], rules: [{ when: { condition: 'A', iss: 'True' }, status: 'good' }] },
            { kinds: ['B'], rules: [{ when: 'status.x ==', status: 'healthy' }] },
            {
              kinds: ['C'],
              rules: [{ when: { any: { field: 'x' } }, status: 'healthy', reason: 'no good', deadline: '10 minutes' }],
            },
            { kinds: ['D'], lua: 'if' },
            { kinds: ['E'], rules: [{ when: 'nobody.knows == 1', status: 'healthy' }] },
            { kinds: ['F'], rules: [{ when: { what: 1 }, status: 'healthy' }, 5] },
          ],
        },
      ],
    });
    expect(
      parsed.kind === 'invalid'
        ? parsed.problems.map((problem) => `${problem.path} ${problem.message.split(' (')[0] ?? ''}`)
        : [],
    ).toEqual([
      'rules[0].group is not the name of an API group',
      'rules[1].extra is not known here',
      'rules[1].kinds[0].kinds is not a list of names',
      'rules[1].kinds[0].rules[0].status is not one of healthy, progressing, degraded, suspended, missing, unknown',
      'rules[1].kinds[0].rules[0].when.iss is not known here',
      'rules[1].kinds[1] Unexpected token: EOF',
      'rules[1].kinds[2].rules[0].reason is not CamelCase',
      'rules[1].kinds[2].rules[0].deadline is not a duration such as 10m',
      'rules[1].kinds[2].rules[0].when.any is not a list',
      "rules[1].kinds[3].lua line 1: a name is expected near '<eof>'",
      'rules[1].kinds[4] Unknown variable: nobody',
      'rules[1].kinds[5].rules[0].when has none of condition, field, number, some, none, every, current, any, not',
      'rules[1].kinds[5].rules[1] is not an object',
    ]);
  });

  it('have cases that say what differs', () => {
    const report = runRuleCases({
      ...RULES,
      cases: [
        {
          name: 'all parts',
          object: object('example.com/v1', 'Widget', 'w', { spec: { parts: 1 }, status: { parts: 1 } }),
          expect: { status: 'healthy', reason: 'AllParts', message: 'parts' },
        },
        {
          object: object('example.com/v1', 'Widget', 'w', { status: { parts: 0 }, spec: { parts: 1 } }),
          now: '2026-01-01T00:00:00Z',
          expect: { status: 'degraded', cause: 'release' },
        },
      ],
    });
    expect(report).toMatchObject({ kind: 'ran', passed: 1, failed: 1 });
    expect(report.kind === 'ran' ? report.results.map((result) => [result.name, ...result.differences]) : []).toEqual([
      ['all parts'],
      ['case 2', 'status is progressing, not degraded', 'cause is not given, not release'],
    ]);
    expect(runRuleCases({ rules: [], cases: [{ object: 1, expect: {} }] })).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'cases[0].object' }, { path: 'cases[0].expect.status' }],
    });
  });
});

describe('a set of objects', () => {
  it('is judged together and in order; what is no object is said so', () => {
    const deployment = object('apps/v1', 'Deployment', 'web', {
      metadata: { uid: 'd' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } },
      status: { replicas: 1, updatedReplicas: 1 },
    });
    const pod = object('v1', 'Pod', 'p', {
      metadata: { labels: { app: 'web' } },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'web', image: 'x', state: { waiting: { reason: 'ErrImagePull' } } }],
      },
    });
    const list = { apiVersion: 'v1', kind: 'List', items: [deployment, pod] };
    const verdicts = [...assessEach(spreadLists([list, null, 5, {}, { apiVersion: 'v1', kind: 'Secret' }]), NOW)];
    expect(verdicts.map((entry) => `${entry.kind} ${entry.name} ${entry.status} ${entry.reason}`)).toEqual([
      'Deployment web degraded ErrImagePull',
      'Pod p degraded ErrImagePull',
      '  unknown NotAnObject',
      '  unknown NotAnObject',
      '  unknown NotAnObject',
      'Secret  healthy Current',
    ]);
  });
});

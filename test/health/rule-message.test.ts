import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { compileKindRules } from '../../src/health/kind-rules.ts';
import type { Rule } from '../../src/health/rules/form.ts';
import { ago, condition, NOW, object } from './objects.ts';

const judge = (rules: readonly Rule[], rest: JsonObject): ReturnType<ReturnType<typeof compileKindRules>> =>
  compileKindRules({ kinds: ['Widget'], rules, otherwise: { status: 'progressing' } })(
    object('example.com/v1', 'Widget', 'w', rest),
    NOW,
  );

describe('the message of a verdict', () => {
  it.each<[string, readonly Rule[], JsonObject, string]>([
    [
      'is what the condition says',
      [{ when: { condition: 'Ready', is: 'False' }, status: 'degraded' }],
      { conditions: [condition('Ready', 'False', 'NoDisk', 'the disk is away')] },
      'the disk is away',
    ],
    [
      'reads a place from what matched before the object',
      [
        {
          when: { some: 'status.parts.*', where: { field: 'ok', is: false } },
          status: 'degraded',
          message: '{name}: {reason}',
        },
      ],
      { name: 'all', parts: [{ name: 'left', ok: false, reason: 'it is worn' }] },
      'left: it is worn',
    ],
    [
      'leaves no colon where the controller wrote nothing',
      [
        {
          when: { field: 'status.stage' },
          status: 'degraded',
          message: 'stage {status.stage} failed: {status.lastMessage}',
        },
      ],
      { stage: 'ingress' },
      'stage ingress failed',
    ],
    [
      'names the condition that is not there yet when no rule knows the state',
      [],
      {
        conditions: [
          condition('Degraded', 'False', 'AsExpected'),
          condition('Available', 'False', 'NoPods', 'no pods'),
        ],
      },
      'Available: no pods',
    ],
    ['names the state when no rule knows it', [], { phase: 'Polishing' }, 'its phase is Polishing'],
  ])('%s', (_, rules, status, expected) => {
    expect(judge(rules, { status })?.message).toBe(expected);
  });

  it('asks for the controller when an object stays without a status', () => {
    expect(judge([], { metadata: { creationTimestamp: ago(30) } })?.remedy).toBeUndefined();
    expect(judge([], { metadata: { creationTimestamp: ago(600) } })?.remedy).toMatch(/controller of this kind/);
  });
});

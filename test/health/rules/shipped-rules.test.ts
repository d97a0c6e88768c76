import { describe, expect, it } from 'vitest';
import { type KubeObject, parseApiVersion } from '../../../src/core/object-key.ts';
import { assess, hasRule } from '../../../src/health/assess.ts';
import { NOTHING_RELATED } from '../../../src/health/related.ts';
import { AI_CASES } from './ai-cases.ts';
import { OPERATOR_CASES } from './operator-cases.ts';
import { PLATFORM_CASES } from './platform-cases.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');

describe.each([
  ['AI', AI_CASES],
  ['operator', OPERATOR_CASES],
  ['platform', PLATFORM_CASES],
])('shipped rules: %s', (_, cases) => {
  it.each(cases.map((row) => [`${row.apiVersion} ${row.kind} is ${row.expect}`, row] as const))('%s', (_name, row) => {
    const { expect: expected, ...parts } = row;
    const object = { ...parts, metadata: { name: 'x', namespace: 'shop', ...parts.metadata } } as unknown as KubeObject;
    const health = assess(object, NOTHING_RELATED, NOW);
    expect(`${health.status} ${health.reason}${health.cause === undefined ? '' : ` (${health.cause})`}`).toBe(expected);
    expect(hasRule(parseApiVersion(row.apiVersion).group, row.kind)).toBe(true);
  });
});

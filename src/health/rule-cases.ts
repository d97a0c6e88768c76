import { HEALTH_STATUSES, type Health } from '../core/health.ts';
import { isJsonObject, type Json, listAt, own, stringAt } from '../core/json.ts';
import { isKubeObject, type KubeObject } from '../core/object-key.ts';
import { assess, type UserRules } from './assess.ts';
import { relate } from './related.ts';
import type { RuleProblem } from './rule-schema.ts';
import { parseTime } from './times.ts';
import { parseUserRules } from './user-rules.ts';

/** One case of one's own rules and what came of it. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  readonly health: Health;
  /** What differs, in words; empty when it passed. */
  readonly differences: readonly string[];
}

export type CaseReport =
  | { readonly kind: 'ran'; readonly results: readonly CaseResult[]; readonly passed: number; readonly failed: number }
  | { readonly kind: 'invalid'; readonly problems: readonly RuleProblem[] };

/** A day after everything in the cases, when a case names none. */
const DEFAULT_NOW = Date.UTC(2100, 0, 1);

/**
 * What `evenkeel health test FILE` runs: the `rules` of the document, if it has any, against its
 * `cases: [{name, object, related?, now?, expect: {status, reason?, cause?, message?}}]`. `message` is a part of the message.
 * Without rules the cases are judged by the shipped ones.
 */
export function runRuleCases(input: unknown): CaseReport {
  const parsed = own(input, 'rules') === undefined ? undefined : parseUserRules(input);
  const problems = parsed?.kind === 'invalid' ? [...parsed.problems] : [];
  const cases = listAt(input, 'cases');
  if (cases.length === 0) problems.push({ path: 'cases', message: 'is not a list of cases' });
  for (const [index, entry] of cases.entries()) problems.push(...checkCase(entry, `cases[${index}]`));
  if (problems.length > 0) return { kind: 'invalid', problems };
  const rules = parsed?.kind === 'rules' ? parsed.rules : undefined;
  const results = cases.map((entry, index) => runCase(entry, index, rules));
  const passed = results.filter((result) => result.passed).length;
  return { kind: 'ran', results, passed, failed: results.length - passed };
}

function checkCase(entry: Json, path: string): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (!isJsonObject(own(entry, 'object'))) problems.push({ path: `${path}.object`, message: 'is not an object' });
  const status = stringAt(entry, 'expect', 'status');
  if (status === undefined || !(HEALTH_STATUSES as readonly string[]).includes(status)) {
    problems.push({ path: `${path}.expect.status`, message: `is not one of ${HEALTH_STATUSES.join(', ')}` });
  }
  const now = own(entry, 'now');
  if (now !== undefined && parseTime(now) === undefined)
    problems.push({ path: `${path}.now`, message: 'is not a time such as 2026-01-02T03:04:05Z' });
  return problems;
}

function runCase(entry: Json, index: number, rules: UserRules | undefined): CaseResult {
  const object = own(entry, 'object') as unknown as KubeObject;
  const now = parseTime(own(entry, 'now')) ?? DEFAULT_NOW;
  const related = relate([...listAt(entry, 'related'), object as Json].filter(isKubeObject));
  const health = assess(object, related, now, rules);
  const differences: string[] = [];
  for (const key of ['status', 'reason', 'cause'] as const) {
    const wanted = stringAt(entry, 'expect', key);
    if (wanted !== undefined && health[key] !== wanted)
      differences.push(`${key} is ${health[key] ?? 'not given'}, not ${wanted}`);
  }
  const text = stringAt(entry, 'expect', 'message');
  if (text !== undefined && !health.message.includes(text))
    differences.push(`the message "${health.message}" does not hold "${text}"`);
  return {
    name: stringAt(entry, 'name') ?? `case ${index + 1}`,
    passed: differences.length === 0,
    health,
    differences,
  };
}

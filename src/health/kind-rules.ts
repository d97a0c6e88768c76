import { type Json, stringAt } from '../core/json.ts';
import type { Health } from '../core/health.ts';
import { type CelInput, celInput, type CompileExpression } from './cel-input.ts';
import { type Predicate, type Scope, compileWhen } from './match.ts';
import { isFresh, isStale } from './observed.ts';
import { compileText, messageOf } from './rule-message.ts';
import type { KindRules, Rule } from './rules/form.ts';
import { formatTime, parseDuration, parseTime } from './times.ts';
import { amend, asReason, verdict } from './verdict.ts';

/** The compiled rules of a kind: a verdict, or undefined when no rule holds (then the generic rule decides). */
export type KindAssessor = (object: unknown, now: number) => Health | undefined;

interface CompiledRule {
  readonly rule: Rule;
  readonly holds: Predicate;
  readonly message: ((scope: Scope) => string) | undefined;
  readonly deadlineMs: number | undefined;
}

/**
 * Expressions are compiled by `expressions`; without it they are refused.
 * @throws Error when a `when` cannot be compiled
 */
export function compileKindRules(kind: KindRules, expressions?: CompileExpression): KindAssessor {
  const rules = kind.rules.map((rule) => compileRule(rule, expressions));
  const otherwise = kind.otherwise === undefined ? undefined : compileRule(kind.otherwise, expressions);
  const fresh = kind.fresh ?? 'progressing';
  return (object, now) => {
    if (fresh !== 'rules' && isFresh(object)) return freshVerdict(fresh, object, now);
    if (kind.observed !== false && isStale(object)) {
      return verdict('progressing', 'NotObserved', 'the controller has not seen the latest change yet');
    }
    const scope = scopeOf(object, now);
    const warnings: string[] = [];
    for (const compiled of rules) {
      scope.found = undefined;
      if (!compiled.holds(scope)) continue;
      const health = decide(compiled, scope, now);
      if (compiled.rule.warning !== true) return withWarnings(health, warnings);
      warnings.push(health.message);
    }
    scope.found = undefined;
    return otherwise === undefined ? undefined : withWarnings(decide(otherwise, scope, now), warnings);
  };
}

function withWarnings(health: Health, warnings: readonly string[]): Health {
  return warnings.length === 0 ? health : amend(health, { warnings });
}

/** A controller answers within seconds: when it has not for this long, somebody should look whether it is there. */
const ANSWER_MS = 5 * 60_000;

function freshVerdict(fresh: 'progressing' | 'healthy' | 'unknown', object: unknown, now: number): Health {
  const since = stringAt(object, 'metadata', 'creationTimestamp');
  if (fresh === 'healthy') return verdict('healthy', 'NoStatus', 'this kind needs no status to be in use');
  const began = parseTime(since);
  const late = began !== undefined && now - began > ANSWER_MS;
  return verdict(fresh, 'NoStatus', 'its controller has not reported a status yet', {
    since: began === undefined ? undefined : since,
    remedy: late ? 'check that the controller of this kind is installed, runs, and watches this namespace' : undefined,
  });
}

function scopeOf(object: unknown, now: number): Scope {
  let input: CelInput | undefined;
  return {
    object,
    item: object,
    found: undefined,
    cel: () => {
      input ??= celInput(object, now);
      return input;
    },
  };
}

function compileRule(rule: Rule, expressions: CompileExpression | undefined): CompiledRule {
  return {
    rule,
    holds: compileWhen(rule.when, expressions),
    message: rule.message === undefined ? undefined : compileText(rule.message),
    deadlineMs: rule.deadline === undefined ? undefined : parseDuration(rule.deadline),
  };
}

function decide(compiled: CompiledRule, scope: Scope, now: number): Health {
  const { rule } = compiled;
  const { found } = scope;
  const since = found?.condition?.since ?? stringAt(scope.object, 'metadata', 'creationTimestamp');
  const reason = rule.reason ?? asReason(found?.condition?.reason ?? textOf(found?.value), DEFAULT_REASON[rule.status]);
  const message = messageOf(compiled.message, rule.status, scope, reason);
  const base = { since: parseTime(since) === undefined ? undefined : since, remedy: rule.remedy };
  if (rule.status === 'degraded')
    return verdict('degraded', reason, message, { ...base, cause: rule.cause ?? 'release' });
  if (rule.status === 'progressing' && compiled.deadlineMs !== undefined) {
    const began = parseTime(since);
    const deadline = began === undefined ? undefined : began + compiled.deadlineMs;
    if (deadline !== undefined && now >= deadline) {
      return verdict('degraded', 'DeadlineExceeded', `still not done after ${rule.deadline}: ${message}`, {
        ...base,
        cause: rule.cause ?? 'release',
      });
    }
    return verdict('progressing', reason, message, {
      ...base,
      cause: rule.cause,
      deadline: deadline === undefined ? undefined : formatTime(deadline),
    });
  }
  return verdict(rule.status, reason, message, { ...base, cause: rule.cause });
}

const DEFAULT_REASON = {
  healthy: 'Ready',
  progressing: 'Waiting',
  degraded: 'Failed',
  suspended: 'Suspended',
  missing: 'NotFound',
  unknown: 'Unknown',
} as const;

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

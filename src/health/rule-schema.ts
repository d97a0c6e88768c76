import { HEALTH_STATUSES } from '../core/health.ts';
import { isJsonObject, type Json, type JsonObject, own } from '../core/json.ts';
import { parseDuration } from './times.ts';

/** One thing that is wrong with rules of one's own, with its place. */
export interface RuleProblem {
  readonly path: string;
  readonly message: string;
}

const KIND_KEYS = ['kinds', 'about', 'fresh', 'observed', 'rules', 'otherwise'];
const RULE_KEYS = ['when', 'status', 'reason', 'message', 'cause', 'remedy', 'deadline', 'warning'];
const FORMS: Readonly<Record<string, readonly string[]>> = {
  condition: ['condition', 'is', 'reason', 'notReason', 'severity', 'message', 'in'],
  field: ['field', 'is', 'not', 'empty', 'startsWith', 'endsWith', 'contains', 'sameAs'],
  number: ['number', 'plus', 'below', 'above', 'equals', 'differs', 'default'],
  some: ['some', 'where', 'atLeast'],
  none: ['none', 'where'],
  every: ['every', 'where'],
  current: ['current'],
  any: ['any'],
  not: ['not'],
};
const DEPTH_LIMIT = 20;
const RULE_LIMIT = 200;
const TEXT_LIMIT = 10_000;

/** Everything that is wrong with the form of one kind's rules; expressions are compiled afterwards. */
export function checkKindRules(kind: Json, path: string): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (!isJsonObject(kind)) return [{ path, message: 'is not an object' }];
  checkKeys(kind, KIND_KEYS, path, problems);
  const names = own(kind, 'kinds');
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string' && name !== '')) {
    problems.push({ path: `${path}.kinds`, message: 'is not a list of names' });
  }
  checkOneOf(own(kind, 'fresh'), ['progressing', 'healthy', 'unknown', 'rules'], `${path}.fresh`, problems);
  const observed = own(kind, 'observed');
  if (observed !== undefined && typeof observed !== 'boolean')
    problems.push({ path: `${path}.observed`, message: 'is not true or false' });
  const rules = own(kind, 'rules');
  if (!Array.isArray(rules) || rules.length > RULE_LIMIT)
    problems.push({ path: `${path}.rules`, message: `is not a list of at most ${RULE_LIMIT} rules` });
  else
    for (const [index, rule] of (rules as readonly Json[]).entries())
      checkRule(rule, `${path}.rules[${index}]`, problems, true);
  const otherwise = own(kind, 'otherwise');
  if (otherwise !== undefined) checkRule(otherwise, `${path}.otherwise`, problems, false);
  return problems;
}

function checkRule(rule: Json, path: string, problems: RuleProblem[], conditional: boolean): void {
  if (!isJsonObject(rule)) {
    problems.push({ path, message: 'is not an object' });
    return;
  }
  checkKeys(rule, conditional ? RULE_KEYS : RULE_KEYS.filter((key) => key !== 'when'), path, problems);
  if (own(rule, 'status') === undefined)
    problems.push({ path: `${path}.status`, message: `is missing (one of ${HEALTH_STATUSES.join(', ')})` });
  checkOneOf(own(rule, 'status'), HEALTH_STATUSES, `${path}.status`, problems);
  checkOneOf(own(rule, 'cause'), ['release', 'environment'], `${path}.cause`, problems);
  for (const key of ['reason', 'message', 'remedy', 'deadline']) {
    const value = own(rule, key);
    if (value !== undefined && (typeof value !== 'string' || value.length > TEXT_LIMIT))
      problems.push({ path: `${path}.${key}`, message: 'is not a text' });
  }
  const reason = own(rule, 'reason');
  if (typeof reason === 'string' && !/^[A-Z][A-Za-z0-9]{0,79}$/.test(reason))
    problems.push({ path: `${path}.reason`, message: 'is not CamelCase' });
  const deadline = own(rule, 'deadline');
  if (typeof deadline === 'string' && parseDuration(deadline) === undefined)
    problems.push({ path: `${path}.deadline`, message: 'is not a duration such as 10m' });
  const when = own(rule, 'when');
  if (when !== undefined) checkWhen(when, `${path}.when`, problems, 0);
}

function checkWhen(when: Json, path: string, problems: RuleProblem[], depth: number): void {
  if (depth > DEPTH_LIMIT) {
    problems.push({ path, message: `is nested deeper than ${DEPTH_LIMIT}` });
    return;
  }
  if (typeof when === 'string') {
    if (when.length > TEXT_LIMIT) problems.push({ path, message: 'is too long' });
    return;
  }
  if (Array.isArray(when)) {
    for (const [index, part] of (when as readonly Json[]).entries())
      checkWhen(part, `${path}[${index}]`, problems, depth + 1);
    return;
  }
  if (!isJsonObject(when)) {
    problems.push({ path, message: 'is not an expression, an object or a list of them' });
    return;
  }
  const form = Object.keys(FORMS).find((key) => Object.hasOwn(when, key));
  if (form === undefined) {
    problems.push({ path, message: `has none of ${Object.keys(FORMS).join(', ')}` });
    return;
  }
  checkKeys(when, FORMS[form] ?? [], path, problems);
  checkForm(form, when[form], path, problems);
  checkOperands(when, path, problems);
  const inner = form === 'any' || form === 'not' ? when[form] : own(when, 'where');
  if (form === 'any' && !Array.isArray(inner)) problems.push({ path: `${path}.any`, message: 'is not a list' });
  else if (['any', 'not', 'some', 'none', 'every'].includes(form))
    checkWhen(inner ?? null, `${path}.${form === 'any' || form === 'not' ? form : 'where'}`, problems, depth + 1);
}

function checkForm(form: string, value: Json | undefined, path: string, problems: RuleProblem[]): void {
  if (form === 'current' && typeof value !== 'boolean')
    problems.push({ path: `${path}.current`, message: 'is not true or false' });
  if (!['condition', 'field', 'number', 'some', 'none', 'every'].includes(form)) return;
  const text = typeof value === 'string' && value !== '';
  // An empty path is the item itself.
  const texts =
    Array.isArray(value) && (value.length > 0 || form === 'field') && value.every((item) => typeof item === 'string');
  if (!text && !texts) problems.push({ path: `${path}.${form}`, message: 'is not a text or a list of texts' });
}

const PATHS = ['sameAs', 'plus', 'in'];
const NUMBERS_OR_PATHS = ['below', 'above', 'equals', 'differs', 'atLeast'];

/** What stands on the right side: a path, or a number where one makes sense. */
function checkOperands(when: JsonObject, path: string, problems: RuleProblem[]): void {
  for (const key of [...PATHS, ...NUMBERS_OR_PATHS]) {
    const value = own(when, key);
    if (value === undefined || isPath(value)) continue;
    const numbers = NUMBERS_OR_PATHS.includes(key);
    if (!numbers || typeof value !== 'number')
      problems.push({ path: `${path}.${key}`, message: `is not ${numbers ? 'a number or ' : ''}a path` });
  }
}

function isPath(value: Json): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

function checkKeys(object: object, known: readonly string[], path: string, problems: RuleProblem[]): void {
  for (const key of Object.keys(object)) {
    if (!known.includes(key))
      problems.push({ path: `${path}.${key}`, message: `is not known here (known: ${known.join(', ')})` });
  }
}

function checkOneOf(value: Json | undefined, known: readonly string[], path: string, problems: RuleProblem[]): void {
  if (value !== undefined && !(typeof value === 'string' && known.includes(value))) {
    problems.push({ path, message: `is not one of ${known.join(', ')}` });
  }
}

import { isJsonObject, type Json, numberAt, own } from '../core/json.ts';
import type { CelInput, CompileExpression } from './cel-input.ts';
import { type Condition, readCondition } from './conditions.ts';
import { type CompiledPath, compilePath, valueAt, valuesAt } from './paths.ts';
import type {
  ConditionMatch,
  EveryMatch,
  FieldMatch,
  NoneMatch,
  NumberMatch,
  Path,
  Scalar,
  SomeMatch,
  When,
} from './rules/form.ts';

/** What a predicate looks at: the object, and the item that the nearest `where` stands at. */
export interface Scope {
  readonly object: unknown;
  readonly item: unknown;
  readonly cel: () => CelInput;
  /** What matched, for the default reason and message. */
  found: Found | undefined;
}

export interface Found {
  readonly condition?: Condition;
  readonly value?: Json;
  /** The item of the outermost `some` that matched. */
  readonly item?: Json;
}

export type Predicate = (scope: Scope) => boolean;

const ALWAYS: Predicate = () => true;

/** Compiles a `when`. @throws Error with the reason when an expression is wrong or refused, or a part has an unknown form */
export function compileWhen(when: When | undefined, expressions: CompileExpression | undefined): Predicate {
  if (when === undefined) return ALWAYS;
  if (typeof when === 'string') return compileExpression(when, expressions);
  if (isList(when)) return all(when.map((part) => compileWhen(part, expressions)));
  if ('condition' in when) return compileCondition(when);
  if ('field' in when) return compileField(when);
  if ('number' in when) return compileNumber(when);
  if ('some' in when) return compileSome(when, expressions);
  if ('none' in when) return compileNone(when, expressions);
  if ('every' in when) return compileEvery(when, expressions);
  if ('current' in when) return compileCurrent(when.current);
  if ('any' in when) return any(when.any.map((part) => compileWhen(part, expressions)));
  if ('not' in when) {
    const inner = compileWhen(when.not, expressions);
    return (scope) => {
      const kept = scope.found;
      const holds = !inner(scope);
      scope.found = kept;
      return holds;
    };
  }
  throw new TypeError(
    'a part of `when` has none of the forms condition, field, number, some, none, every, current, any, not',
  );
}

function isList(when: When): when is readonly When[] {
  return Array.isArray(when);
}

function all(parts: readonly Predicate[]): Predicate {
  return (scope) => {
    for (const part of parts) if (!part(scope)) return false;
    return true;
  };
}

function any(parts: readonly Predicate[]): Predicate {
  return (scope) => {
    for (const part of parts) if (part(scope)) return true;
    return false;
  };
}

function compileExpression(source: string, expressions: CompileExpression | undefined): Predicate {
  if (expressions === undefined) throw new TypeError(`an expression cannot be used here, only matchers: ${source}`);
  const program = expressions(source);
  return (scope) => program(scope.cel()) === true;
}

function setOf(value: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  return value === undefined ? undefined : new Set(typeof value === 'string' ? [value] : value);
}

function textsOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? [value] : value;
}

function compileCondition(match: ConditionMatch): Predicate {
  const types = setOf(match.condition) ?? new Set<string>();
  const statuses = setOf(match.is);
  const reasons = setOf(match.reason);
  const notReasons = setOf(match.notReason);
  const severities = setOf(match.severity);
  const texts = textsOf(match.message);
  const path = compilePath(match.in ?? 'status.conditions');
  const wantsAbsent = statuses?.has('absent') === true;
  return (scope) => {
    const list = valueAt(match.in === undefined ? scope.object : scope.item, path);
    let seen: Set<string> | undefined;
    if (Array.isArray(list)) {
      for (const entry of list as readonly Json[]) {
        if (!isJsonObject(entry)) continue;
        const type = own(entry, 'type');
        if (typeof type !== 'string' || !types.has(type) || seen?.has(type) === true) continue;
        seen ??= new Set();
        seen.add(type);
        const condition = readCondition(entry);
        if (wantsAbsent && !(condition !== undefined && statuses?.has(condition.status) === true)) return false;
        if (condition === undefined) continue;
        if (statuses !== undefined && !statuses.has(condition.status)) continue;
        if (reasons !== undefined && !reasons.has(condition.reason ?? '')) continue;
        if (notReasons?.has(condition.reason ?? '') === true) continue;
        if (severities !== undefined && !severities.has(condition.severity ?? '')) continue;
        const message = condition.message ?? '';
        if (texts !== undefined && !texts.some((text) => message.includes(text))) continue;
        scope.found ??= { condition };
        return true;
      }
    }
    return wantsAbsent;
  };
}

function scalars(value: Scalar | readonly Scalar[]): ReadonlySet<Json> {
  return new Set<Json>(Array.isArray(value) ? (value as readonly Json[]) : [value as Json]);
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function compileField(match: FieldMatch): Predicate {
  const path = compilePath(match.field);
  const test = fieldTest(match);
  const other = match.sameAs === undefined ? undefined : compilePath(match.sameAs);
  return (scope) => {
    const candidates = path.wild ? valuesAt(scope.item, path) : [valueAt(scope.item, path)];
    const wanted = other === undefined ? undefined : (valueAt(scope.item, other) ?? valueAt(scope.object, other));
    for (const value of candidates) {
      if (!test(value)) continue;
      if (other !== undefined && value !== wanted) continue;
      if (value !== undefined) scope.found ??= { value };
      return true;
    }
    return false;
  };
}

function fieldTest(match: FieldMatch): (value: Json | undefined) => boolean {
  const is = match.is === undefined ? undefined : scalars(match.is);
  const not = match.not === undefined ? undefined : scalars(match.not);
  const starts = textsOf(match.startsWith);
  const ends = textsOf(match.endsWith);
  const contains = textsOf(match.contains);
  const bare =
    is === undefined &&
    not === undefined &&
    starts === undefined &&
    ends === undefined &&
    contains === undefined &&
    match.sameAs === undefined &&
    match.empty === undefined;
  return (value) => {
    if (bare) return !isEmpty(value);
    if (match.empty !== undefined && isEmpty(value) !== match.empty) return false;
    if (is !== undefined && !is.has(value ?? null)) return false;
    if (not?.has(value ?? null) === true) return false;
    if (starts !== undefined && !(typeof value === 'string' && starts.some((text) => value.startsWith(text))))
      return false;
    if (ends !== undefined && !(typeof value === 'string' && ends.some((text) => value.endsWith(text)))) return false;
    return contains === undefined || (typeof value === 'string' && contains.some((text) => value.includes(text)));
  };
}

/** Of a list its length, of a text like `2/3` that fraction. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'string') return undefined;
  const parts = /^(-?\d{1,15})(?:\/(\d{1,15}))?$/.exec(value);
  return parts === null ? undefined : Number(parts[1]) / Number(parts[2] ?? 1);
}

function compileNumber(match: NumberMatch): Predicate {
  const left = compilePath(match.number);
  const plus = match.plus === undefined ? undefined : compileOperand(match.plus, 0);
  const tests: ((left: number, scope: Scope) => boolean)[] = [];
  const add = (operand: number | Path | undefined, compare: (a: number, b: number) => boolean): void => {
    if (operand === undefined) return;
    const right = compileOperand(operand, match.default ?? 0);
    tests.push((value, scope) => compare(value, right(scope)));
  };
  add(match.below, (a, b) => a < b);
  add(match.above, (a, b) => a > b);
  add(match.equals, (a, b) => a === b);
  add(match.differs, (a, b) => a !== b);
  return (scope) => {
    const value = left.wild
      ? valuesAt(scope.item, left).reduce<number>((sum, each) => sum + (numberOf(each) ?? 0), 0)
      : (numberOf(valueAt(scope.item, left)) ?? 0);
    const whole = plus === undefined ? value : value + plus(scope);
    return tests.every((test) => test(whole, scope));
  };
}

function compileOperand(operand: number | Path, fallback: number): (scope: Scope) => number {
  if (typeof operand === 'number') return () => operand;
  const path: CompiledPath = compilePath(operand);
  return (scope) => numberOf(valueAt(scope.item, path)) ?? numberOf(valueAt(scope.object, path)) ?? fallback;
}

function inside(scope: Scope, item: Json): Scope {
  return { object: scope.object, item, cel: scope.cel, found: undefined };
}

function compileSome(match: SomeMatch, expressions: CompileExpression | undefined): Predicate {
  const path = compilePath(match.some);
  const where = compileWhen(match.where, expressions);
  const least = compileOperand(match.atLeast ?? 1, 1);
  return (scope) => {
    let missing = least(scope);
    if (missing <= 0) return true;
    for (const item of valuesAt(scope.item, path)) {
      const inner = inside(scope, item);
      if (!where(inner) || --missing > 0) continue;
      const condition = inner.found?.condition ?? (isJsonObject(item) ? readCondition(item) : undefined);
      scope.found ??= condition === undefined ? { item } : { condition, item };
      return true;
    }
    return false;
  };
}

function compileNone(match: NoneMatch, expressions: CompileExpression | undefined): Predicate {
  const path = compilePath(match.none);
  const where = compileWhen(match.where, expressions);
  return (scope) => !valuesAt(scope.item, path).some((item) => where(inside(scope, item)));
}

function compileEvery(match: EveryMatch, expressions: CompileExpression | undefined): Predicate {
  const path = compilePath(match.every);
  const where = compileWhen(match.where, expressions);
  return (scope) => {
    const items = valuesAt(scope.item, path);
    return items.length > 0 && items.every((item) => where(inside(scope, item)));
  };
}

function compileCurrent(wanted: boolean): Predicate {
  return (scope) => {
    const generation = numberAt(scope.object, 'metadata', 'generation');
    const from = scope.item === scope.object ? own(scope.object, 'status') : scope.item;
    const observed = own(from, 'observedGeneration');
    const stale = generation !== undefined && typeof observed === 'number' && observed < generation;
    return stale !== wanted;
  };
}

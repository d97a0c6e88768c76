import { Environment } from '@marcbachmann/cel-js';
import { at, isJsonObject, type Json, listAt } from '../core/json.ts';
import type { Expression } from './cel-input.ts';
import { conditionsOf } from './conditions.ts';

const LIMITS = { maxAstNodes: 2000, maxDepth: 40, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 16 };

let environment: Environment | undefined;

/**
 * CEL with functions that never fail on a status that is not there yet:
 * `condition(object, 'Ready')` is a map with `status`, `reason` and `message` (`''` when there is none), `field(object, 'status.phase', d)`
 * is the value at a path or `d`, `number(object, 'status.replicas')` the number at a path (also of a text) or 0 (a path is also a list of keys),
 * `items` and `values` the list or the values of the map at a path, `total` the sum of a list, `fraction('2/3')` a pair of numbers.
 */
function celEnvironment(): Environment {
  environment ??= new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  })
    .registerVariable('object', 'dyn')
    .registerVariable('metadata', 'dyn')
    .registerVariable('spec', 'dyn')
    .registerVariable('status', 'dyn')
    .registerVariable('now', 'google.protobuf.Timestamp')
    .registerFunction('condition(dyn, string): map', (object: unknown, type: string) => conditionMap(object, type))
    .registerFunction(
      'field(dyn, string, dyn): dyn',
      (object: unknown, path: string, other: unknown) => fieldAt(object, path.split('.')) ?? other,
    )
    .registerFunction(
      'field(dyn, string): dyn',
      (object: unknown, path: string) => fieldAt(object, path.split('.')) ?? '',
    )
    .registerFunction('number(dyn, string): double', (object: unknown, path: string) =>
      toNumber(fieldAt(object, path.split('.'))),
    )
    .registerFunction('number(dyn, list): double', (object: unknown, path: readonly unknown[]) =>
      toNumber(fieldAt(object, path.map(String))),
    )
    .registerFunction('items(dyn, string): list', (object: unknown, path: string) => listAt(object, ...path.split('.')))
    .registerFunction('values(dyn, string): list', (object: unknown, path: string) =>
      mapValues(fieldAt(object, path.split('.'))),
    )
    .registerFunction('fraction(dyn): list<double>', (text: unknown) => fraction(text))
    .registerFunction('total(list): double', (list: readonly unknown[]) =>
      list.reduce((sum: number, item) => sum + (typeof item === 'number' ? item : 0), 0),
    );
  return environment;
}

function fieldAt(object: unknown, path: readonly string[]): Json | undefined {
  const found = at(object, ...path);
  return found === null ? undefined : found;
}

function mapValues(value: Json | undefined): readonly (Json | undefined)[] {
  return isJsonObject(value) ? Object.values(value) : Array.isArray(value) ? value : [];
}

function toNumber(value: Json | undefined): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? Number(value) : 0;
}

function fraction(text: unknown): readonly [number, number] {
  const parts = typeof text === 'string' ? /^(\d{1,9})\/(\d{1,9})$/.exec(text) : null;
  return parts === null ? [0, 0] : [Number(parts[1]), Number(parts[2])];
}

function conditionMap(object: unknown, type: string): Readonly<Record<string, unknown>> {
  const found = conditionsOf(object).find((condition) => condition.type === type);
  return { status: found?.status ?? '', reason: found?.reason ?? '', message: found?.message ?? '' };
}

/**
 * Compiles an expression once. A program that fails on an object (a missing key, another type) answers undefined.
 * @throws the parser's or the type checker's error
 */
export function compileCel(source: string): Expression {
  const parsed = celEnvironment().parse(source);
  const checked = parsed.check();
  if (!checked.valid) throw checked.error ?? new TypeError(`not a valid expression: ${source}`);
  return (input) => {
    try {
      return parsed(input) as unknown;
    } catch {
      return undefined;
    }
  };
}

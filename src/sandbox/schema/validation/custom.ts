import { RE2JS } from 're2js';
import { guardDepth } from '../../../core/fields/depth.ts';
import { isJsonObject, jsonEqual, own, type Json, type JsonObject } from '../../../core/json.ts';
import type { FieldProblem } from '../../status.ts';
import { notSupported, required, showValue } from './problems.ts';

/** What the structural schema of a custom resource finds wrong with a value; the messages are those of the API server. */
export function validateCustom(object: JsonObject, schema: JsonObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (schema !== undefined) check(object, schema, '', problems, 0);
  return problems;
}

function wrong(field: string, value: Json, text: string, problems: FieldProblem[]): void {
  problems.push({
    field,
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${showValue(value)}: ${field} in body ${text}`,
  });
}

const GO_TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  string: 'string',
  boolean: 'boolean',
  number: 'number',
};

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'bigint') return 'integer';
  return value === null ? 'null' : (GO_TYPES[typeof value] ?? 'object');
}

function fitsType(value: Json, type: string): boolean {
  const found = typeName(value);
  return found === type || (type === 'number' && found === 'integer');
}

function check(value: Json, schema: JsonObject, field: string, problems: FieldProblem[], depth: number): void {
  guardDepth(depth);
  if (value === null) {
    if (own(schema, 'nullable') === true || own(schema, 'x-kubernetes-preserve-unknown-fields') === true) return;
    const expected = own(schema, 'type');
    if (typeof expected === 'string')
      problems.push({
        field,
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: "null": ${field} in body must be of type ${expected}: "null"`,
      });
    return;
  }
  if (own(schema, 'x-kubernetes-int-or-string') === true) {
    if (typeof value !== 'string' && !Number.isInteger(value))
      problems.push({
        field,
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: ${JSON.stringify(typeName(value))}: ${field} in body must be of type integer,string: ${JSON.stringify(typeName(value))}`,
      });
  } else {
    const type = own(schema, 'type');
    if (typeof type === 'string' && !fitsType(value, type)) {
      problems.push({
        field,
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: ${JSON.stringify(typeName(value))}: ${field} in body must be of type ${type}: ${JSON.stringify(typeName(value))}`,
      });
      return;
    }
  }
  checkEnum(value, schema, field, problems);
  if (typeof value === 'string') checkText(value, schema, field, problems);
  if (typeof value === 'number') checkNumber(value, schema, field, problems);
  if (Array.isArray(value)) checkList(value, schema, field, problems, depth);
  else if (isJsonObject(value)) checkMap(value, schema, field, problems, depth);
  checkCombinations(value, schema, field, problems, depth);
}

function checkEnum(value: Json, schema: JsonObject, field: string, problems: FieldProblem[]): void {
  const values = own(schema, 'enum');
  if (!Array.isArray(values) || values.some((entry) => jsonEqual(entry, value))) return;
  problems.push(
    notSupported(
      field,
      value,
      values.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))),
    ),
  );
}

function numberOf(schema: JsonObject, key: string): number | undefined {
  const value = own(schema, key);
  return typeof value === 'number' ? value : undefined;
}

const patterns = new Map<string, RE2JS | undefined>();

function compile(pattern: string): RE2JS | undefined {
  if (!patterns.has(pattern)) {
    let compiled: RE2JS | undefined;
    try {
      compiled = RE2JS.compile(pattern);
    } catch {
      // The definition was accepted with it; a value cannot be blamed for it.
    }
    if (patterns.size > 1000) patterns.clear();
    patterns.set(pattern, compiled);
  }
  return patterns.get(pattern);
}

function checkText(value: string, schema: JsonObject, field: string, problems: FieldProblem[]): void {
  const length = Array.from(value).length;
  const max = numberOf(schema, 'maxLength');
  if (max !== undefined && length > max)
    problems.push({ field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${max} bytes` });
  const min = numberOf(schema, 'minLength');
  if (min !== undefined && length < min) wrong(field, value, `should be at least ${min} chars long`, problems);
  const pattern = own(schema, 'pattern');
  if (typeof pattern === 'string' && compile(pattern)?.matcher(value).find() === false)
    wrong(field, value, `should match '${pattern}'`, problems);
  const format = own(schema, 'format');
  if (format === 'date-time' && Number.isNaN(Date.parse(value)))
    wrong(field, value, `must be of type date-time: ${JSON.stringify(value)}`, problems);
}

function checkNumber(value: number, schema: JsonObject, field: string, problems: FieldProblem[]): void {
  const min = numberOf(schema, 'minimum');
  if (min !== undefined && (own(schema, 'exclusiveMinimum') === true ? value <= min : value < min))
    wrong(
      field,
      value,
      `should be greater than ${own(schema, 'exclusiveMinimum') === true ? '' : 'or equal to '}${min}`,
      problems,
    );
  const max = numberOf(schema, 'maximum');
  if (max !== undefined && (own(schema, 'exclusiveMaximum') === true ? value >= max : value > max))
    wrong(
      field,
      value,
      `should be less than ${own(schema, 'exclusiveMaximum') === true ? '' : 'or equal to '}${max}`,
      problems,
    );
  const step = numberOf(schema, 'multipleOf');
  if (step !== undefined && step !== 0 && value % step !== 0)
    wrong(field, value, `should be a multiple of ${step}`, problems);
}

function checkList(
  value: readonly Json[],
  schema: JsonObject,
  field: string,
  problems: FieldProblem[],
  depth: number,
): void {
  const max = numberOf(schema, 'maxItems');
  if (max !== undefined && value.length > max)
    problems.push({
      field,
      reason: 'FieldValueTooMany',
      message: `Too many: ${value.length}: must have at most ${max} items`,
    });
  const min = numberOf(schema, 'minItems');
  if (min !== undefined && value.length < min)
    wrong(field, value.length, `should have at least ${min} items`, problems);
  const items = own(schema, 'items');
  if (isJsonObject(items))
    for (const [index, item] of value.entries()) check(item, items, `${field}[${index}]`, problems, depth + 1);
  const keys = own(schema, 'x-kubernetes-list-map-keys');
  const listType = own(schema, 'x-kubernetes-list-type');
  const seen = new Set<string>();
  if (listType === 'map' || listType === 'set')
    for (const [index, item] of value.entries()) {
      const id =
        listType === 'set'
          ? item
          : Object.fromEntries(
              (Array.isArray(keys) ? keys : []).map((key) => [String(key), own(item, String(key)) ?? null]),
            );
      const text = JSON.stringify(id);
      if (seen.has(text))
        problems.push({
          field: `${field}[${index}]`,
          reason: 'FieldValueDuplicate',
          message: `Duplicate value: ${text}`,
        });
      seen.add(text);
    }
}

function checkMap(value: JsonObject, schema: JsonObject, field: string, problems: FieldProblem[], depth: number): void {
  const below = (key: string): string => (field === '' ? key : `${field}.${key}`);
  const needed = own(schema, 'required');
  if (Array.isArray(needed))
    for (const key of needed) if (own(value, String(key)) === undefined) problems.push(required(below(String(key))));
  const max = numberOf(schema, 'maxProperties');
  const count = Object.keys(value).length;
  if (max !== undefined && count > max)
    problems.push({
      field,
      reason: 'FieldValueTooMany',
      message: `Too many: ${count}: must have at most ${max} items`,
    });
  const min = numberOf(schema, 'minProperties');
  if (min !== undefined && count < min) wrong(field, count, `should have at least ${min} properties`, problems);
  const properties = own(schema, 'properties');
  const additional = own(schema, 'additionalProperties');
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined || (depth === 0 && (key === 'metadata' || key === 'apiVersion' || key === 'kind'))) continue;
    const declared = own(properties, key);
    if (isJsonObject(declared)) check(item, declared, below(key), problems, depth + 1);
    else if (isJsonObject(additional)) check(item, additional, below(key), problems, depth + 1);
  }
}

function checkCombinations(
  value: Json,
  schema: JsonObject,
  field: string,
  problems: FieldProblem[],
  depth: number,
): void {
  const faultsOf = (part: Json): FieldProblem[] => {
    const found: FieldProblem[] = [];
    if (isJsonObject(part)) check(value, part, field, found, depth + 1);
    return found;
  };
  const all = own(schema, 'allOf');
  if (Array.isArray(all)) for (const part of all) problems.push(...faultsOf(part));
  const any = own(schema, 'anyOf');
  if (Array.isArray(any) && any.length > 0 && own(schema, 'x-kubernetes-int-or-string') !== true) {
    if (any.every((part) => faultsOf(part).length > 0))
      wrong(field, value, 'must validate at least one schema (anyOf)', problems);
  }
  const one = own(schema, 'oneOf');
  if (Array.isArray(one) && one.filter((part) => faultsOf(part).length === 0).length !== 1)
    wrong(field, value, 'must validate one and only one schema (oneOf)', problems);
  const not = own(schema, 'not');
  if (isJsonObject(not) && faultsOf(not).length === 0)
    wrong(field, value, 'must not validate the schema (not)', problems);
}

import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { formatNumber } from './go-text.ts';

/** A field that has another type than the one its reader needs. */
export class FieldProblem extends Error {
  override readonly name = 'FieldProblem';
}

/** The field's value; Go's decoder also takes a name that differs in case only. Null counts as absent. */
export function field(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name] ?? undefined;
  const lower = name.toLowerCase();
  const found = Object.keys(object).findLast((key) => key.toLowerCase() === lower);
  return found === undefined ? undefined : (object[found] ?? undefined);
}

/** A text; numbers and booleans of YAML are written as text, '' stands for absent. */
export function textField(object: JsonObject, name: string): string {
  return asText(field(object, name), name);
}

function asText(value: Json | undefined, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'bigint') return value.toString();
  throw new FieldProblem(`${name} must be text, not ${Array.isArray(value) ? 'a list' : 'a map'}`);
}

export function booleanField(object: JsonObject, name: string): boolean {
  const value = field(object, name);
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new FieldProblem(`${name} must be true or false`);
  return value;
}

/** A list; undefined when it is absent. */
export function listField(object: JsonObject, name: string): readonly Json[] | undefined {
  const value = field(object, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new FieldProblem(`${name} must be a list`);
  return value;
}

export function textListField(object: JsonObject, name: string): string[] {
  return (listField(object, name) ?? []).map((item) => asText(item, name));
}

/** A map of texts; undefined when it is absent. */
export function textMapField(object: JsonObject, name: string): Record<string, string> | undefined {
  const value = field(object, name);
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw new FieldProblem(`${name} must be a map`);
  const map = Object.create(null) as Record<string, string>;
  for (const [key, item] of Object.entries(value)) map[key] = asText(item, `${name}.${key}`);
  return map;
}

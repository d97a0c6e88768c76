import type { Json, JsonObject } from '../../../../core/json.ts';
import type { Table, Value } from '../value.ts';
import { hasFormat } from './formats.ts';
import { sameValue } from './same-value.ts';
import { quote } from './schema-error.ts';
import { type SchemaIndex, SchemaProblem } from './schema-index.ts';
import { compareNumbers, isMultipleOf, isWhole } from './schema-numbers.ts';
import { fail, type Get, type Place, type Verdict } from './verdict.ts';

const TYPE_ORDER = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

/** type, const, enum and format: when one fails, nothing else of the schema is asked. */
export function checkBasics(
  schema: JsonObject,
  value: Value,
  place: Place,
  verdict: Verdict,
  index: SchemaIndex,
): boolean {
  const { draft } = place.resource;
  const type = schema['type'];
  if (type !== undefined) {
    const wanted = (Array.isArray(type) ? type : [type]) as readonly string[];
    const got = typeName(value);
    if (!wanted.includes(got) && !(wanted.includes('integer') && isWholeNumber(value))) {
      const ordered = TYPE_ORDER.filter((name) => wanted.includes(name));
      fail(verdict, place, `got ${got}, want ${ordered.join(' or ')}`);
      return false;
    }
  }
  if (draft > 4 && Object.hasOwn(schema, 'const') && !sameValue(value, (schema['const'] ?? null) as Value)) {
    const wanted = schema['const'] ?? null;
    fail(
      verdict,
      place,
      typeof wanted === 'object' && wanted !== null ? "'const' failed" : `value must be ${display(wanted)}`,
    );
    return false;
  }
  const choices = schema['enum'];
  if (Array.isArray(choices) && !choices.some((choice: Json) => sameValue(value, choice as Value))) {
    fail(verdict, place, describeEnum(choices));
    return false;
  }
  const format = schema['format'];
  if (draft < 2019 && typeof format === 'string' && typeof value === 'string' && !formatHolds(format, value, index)) {
    fail(verdict, place, `${quote(value)} is not valid ${format}`);
    return false;
  }
  return true;
}

function formatHolds(format: string, text: string, index: SchemaIndex): boolean {
  if (format !== 'regex') return hasFormat(format, text);
  try {
    index.pattern(text);
    return true;
  } catch (thrown) {
    if (thrown instanceof SchemaProblem) return false;
    throw thrown;
  }
}

function describeEnum(choices: readonly Json[]): string {
  if (choices.some((choice) => typeof choice === 'object' && choice !== null)) return "'enum' failed";
  const words = choices.map(display);
  return words.length === 1 ? `value must be ${words[0]}` : `value must be one of ${words.join(', ')}`;
}

export function checkSizes(
  get: Get,
  what: 'Properties' | 'Items' | 'Length',
  got: number,
  place: Place,
  verdict: Verdict,
): void {
  const least = get(`min${what}`);
  const most = get(`max${what}`);
  if (typeof least === 'number' && got < least) fail(verdict, place, `min${what}: got ${got}, want ${least}`);
  if (typeof most === 'number' && got > most) fail(verdict, place, `max${what}: got ${got}, want ${most}`);
}

export function checkNumber(get: Get, value: number | bigint, place: Place, verdict: Verdict): void {
  const bound = (keyword: string, limit: Json | undefined, isGood: (order: number) => boolean): void => {
    if (typeof limit !== 'number' && typeof limit !== 'bigint') return;
    if (!isGood(compareNumbers(value, limit))) fail(verdict, place, `${keyword}: got ${value}, want ${limit}`);
  };
  // In draft 4 the exclusive bounds are switches on the others.
  const [above, below] = [get('exclusiveMinimum'), get('exclusiveMaximum')];
  if (above !== true) bound('minimum', get('minimum'), (order) => order >= 0);
  if (below !== true) bound('maximum', get('maximum'), (order) => order <= 0);
  bound('exclusiveMinimum', above === true ? get('minimum') : above, (order) => order > 0);
  bound('exclusiveMaximum', below === true ? get('maximum') : below, (order) => order < 0);
  const step = get('multipleOf');
  if ((typeof step === 'number' || typeof step === 'bigint') && !isMultipleOf(value, step)) {
    fail(verdict, place, `multipleOf: got ${value}, want ${step}`);
  }
}

export function missingNames(wanted: Json | undefined, table: Table): string[] {
  const names = (Array.isArray(wanted) ? wanted : []) as readonly string[];
  return names.filter((name) => !Object.hasOwn(table, name));
}

export function properties(names: readonly string[]): string {
  return `${names.length === 1 ? 'property' : 'properties'} ${names.map(quote).join(', ')}`;
}

function typeName(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value;
}

function isWholeNumber(value: Value): boolean {
  return (typeof value === 'number' || typeof value === 'bigint') && isWhole(value);
}

function display(value: Json): string {
  if (typeof value === 'string') return quote(value);
  return value === null || typeof value === 'object' ? '<nil>' : String(value);
}

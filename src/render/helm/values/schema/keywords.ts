import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import type { Draft } from './drafts.ts';

/** What a keyword holds. */
export type KeywordShape =
  | 'schema'
  | 'schemas'
  | 'schemaMap'
  | 'schemaOrList'
  | 'schemaOrBoolean'
  | 'dependencies'
  | 'size'
  | 'number'
  | 'boolean'
  | 'booleanOrNumber'
  | 'text'
  | 'anchor'
  | 'pattern'
  | 'texts'
  | 'textsMap'
  | 'types'
  | 'list';

interface Keyword {
  readonly shape: KeywordShape;
  readonly from: Draft;
  /** The last draft that has it. */
  readonly until: Draft;
}

function keyword(shape: KeywordShape, from: Draft = 4, until: Draft = 2020): Keyword {
  return { shape, from, until };
}

const KEYWORDS = new Map<string, Keyword>([
  ['$ref', keyword('text')],
  ['$recursiveRef', keyword('text', 2019, 2019)],
  ['$recursiveAnchor', keyword('boolean', 2019, 2019)],
  ['$dynamicRef', keyword('text', 2020)],
  ['$dynamicAnchor', keyword('anchor', 2020)],
  ['$anchor', keyword('anchor', 2019)],
  ['id', keyword('text', 4, 4)],
  ['$id', keyword('text', 6)],
  ['definitions', keyword('schemaMap')],
  ['$defs', keyword('schemaMap', 2019)],
  ['title', keyword('text')],
  ['description', keyword('text')],
  ['$comment', keyword('text', 7)],
  ['examples', keyword('list', 6)],
  ['readOnly', keyword('boolean', 7)],
  ['writeOnly', keyword('boolean', 7)],
  ['deprecated', keyword('boolean', 2019)],
  ['type', keyword('types')],
  ['enum', keyword('list')],
  ['not', keyword('schema')],
  ['allOf', keyword('schemas')],
  ['anyOf', keyword('schemas')],
  ['oneOf', keyword('schemas')],
  ['if', keyword('schema', 7)],
  ['then', keyword('schema', 7)],
  ['else', keyword('schema', 7)],
  ['format', keyword('text')],
  ['minProperties', keyword('size')],
  ['maxProperties', keyword('size')],
  ['required', keyword('texts')],
  ['properties', keyword('schemaMap')],
  ['patternProperties', keyword('schemaMap')],
  ['additionalProperties', keyword('schemaOrBoolean')],
  ['propertyNames', keyword('schema', 6)],
  ['dependencies', keyword('dependencies')],
  ['dependentSchemas', keyword('schemaMap', 2019)],
  ['dependentRequired', keyword('textsMap', 2019)],
  ['unevaluatedProperties', keyword('schema', 2019)],
  ['minItems', keyword('size')],
  ['maxItems', keyword('size')],
  ['uniqueItems', keyword('boolean')],
  ['items', keyword('schemaOrList')],
  ['additionalItems', keyword('schemaOrBoolean', 4, 2019)],
  ['prefixItems', keyword('schemas', 2020)],
  ['contains', keyword('schema', 6)],
  ['minContains', keyword('size', 2019)],
  ['maxContains', keyword('size', 2019)],
  ['unevaluatedItems', keyword('schema', 2019)],
  ['minLength', keyword('size')],
  ['maxLength', keyword('size')],
  ['pattern', keyword('pattern')],
  ['minimum', keyword('number')],
  ['maximum', keyword('number')],
  ['exclusiveMinimum', keyword('booleanOrNumber')],
  ['exclusiveMaximum', keyword('booleanOrNumber')],
  ['multipleOf', keyword('number')],
]);

const TYPES = new Set(['null', 'boolean', 'number', 'integer', 'string', 'array', 'object']);

/** The shape of a keyword in a draft; undefined when the draft does not know it and so ignores it. */
export function shapeOf(name: string, draft: Draft): KeywordShape | undefined {
  const found = KEYWORDS.get(name);
  return found === undefined || draft < found.from || draft > found.until ? undefined : found.shape;
}

/** What is wrong with the value of a keyword, not looking into its subschemas; undefined when nothing is. */
export function keywordProblem(name: string, shape: KeywordShape, value: Json, draft: Draft): string | undefined {
  return isOfShape(name, shape, value, draft) ? undefined : `${name} must be ${wanted(shape)}`;
}

function isOfShape(name: string, shape: KeywordShape, value: Json, draft: Draft): boolean {
  switch (shape) {
    case 'schema':
      return isSchema(value, draft);
    case 'schemas':
      return Array.isArray(value) && value.length > 0 && value.every((item: Json) => isSchema(item, draft));
    case 'schemaMap':
      return isJsonObject(value) && everyValue(value, (item) => isSchema(item, draft));
    case 'schemaOrList': {
      if (!Array.isArray(value)) return isSchema(value, draft);
      return draft < 2020 && value.every((item: Json) => isSchema(item, draft));
    }
    case 'schemaOrBoolean':
      return typeof value === 'boolean' || isSchema(value, draft);
    case 'dependencies':
      return isJsonObject(value) && everyValue(value, (item) => isTexts(item) || isSchema(item, draft));
    case 'size':
      return typeof value === 'number' && Number.isInteger(value) && value >= 0;
    case 'number':
      return isNumber(value) && (name !== 'multipleOf' || value > 0);
    case 'boolean':
      return typeof value === 'boolean';
    case 'booleanOrNumber':
      return draft === 4 ? typeof value === 'boolean' : isNumber(value);
    case 'text':
    case 'pattern':
      return typeof value === 'string';
    case 'anchor':
      return typeof value === 'string' && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(value);
    case 'texts':
      return isTexts(value) && new Set(value).size === value.length && (draft > 4 || value.length > 0);
    case 'textsMap':
      return isJsonObject(value) && everyValue(value, isTexts);
    case 'types':
      return Array.isArray(value)
        ? value.length > 0 && new Set(value).size === value.length && value.every(isType)
        : isType(value);
    case 'list':
      return Array.isArray(value);
  }
}

function isSchema(value: Json, draft: Draft): boolean {
  return isJsonObject(value) || (typeof value === 'boolean' && draft > 4);
}

function isNumber(value: Json): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((item: Json) => typeof item === 'string');
}

function isType(value: Json): boolean {
  return typeof value === 'string' && TYPES.has(value);
}

function everyValue(object: JsonObject, check: (value: Json) => boolean): boolean {
  return Object.keys(object).every((key) => check(object[key] ?? null));
}

function wanted(shape: KeywordShape): string {
  const words: Readonly<Record<KeywordShape, string>> = {
    schema: 'a schema',
    schemas: 'a list of schemas',
    schemaMap: 'a map of schemas',
    schemaOrList: 'a schema or a list of schemas',
    schemaOrBoolean: 'a schema or a boolean',
    dependencies: 'a map of schemas or property lists',
    size: 'a whole number from 0 up',
    number: 'a number',
    boolean: 'a boolean',
    booleanOrNumber: 'a number (a boolean in draft 4)',
    text: 'a string',
    pattern: 'a regular expression',
    anchor: 'a name of letters, digits, - _ and .',
    texts: 'a list of different strings',
    textsMap: 'a map of string lists',
    types: 'a type name or a list of different ones',
    list: 'a list',
  };
  return words[shape];
}

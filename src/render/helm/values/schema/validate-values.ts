import { isJsonObject, type Json, type JsonObject } from '../../../../core/json.ts';
import { isTable, type Table, type Value } from '../value.ts';
import { pointerStep, quote, type SchemaError } from './schema-error.ts';
import { type Resource, type SchemaIndex, SchemaProblem } from './schema-index.ts';
import { sameValue } from './same-value.ts';
import { shapeOf } from './keywords.ts';
import { checkBasics, checkNumber, checkSizes, missingNames, properties } from './check-keywords.ts';
import { fail, type Get, type Place, type Verdict } from './verdict.ts';

/** Schemas looked at for one set of values; beyond it the schema is a bomb. */
const MAX_STEPS = 250_000;
const MAX_DEPTH = 400;

/**
 * Checks values against a schema.
 * @returns everything that is wrong; empty when the values are good
 * @throws SchemaProblem when the schema goes in a circle, or costs too many steps
 */
export function validateValues(index: SchemaIndex, values: Value): SchemaError[] {
  const root = index.resolve('#', rootOf(index)).resource;
  const place: Place = { at: '', depth: 0, resource: root, scope: [root], active: [] };
  return new Validator(index).check(index.root, values, place).errors;
}

function rootOf(index: SchemaIndex): Resource {
  const owner = typeof index.root === 'object' && index.root !== null ? index.resourceOf(index.root) : undefined;
  return (
    owner ?? {
      schema: index.root,
      base: 'file:///values.schema.json',
      draft: 2020,
      anchors: new Map(),
      dynamicAnchors: new Map(),
      isRecursive: false,
    }
  );
}

class Validator {
  readonly #index: SchemaIndex;
  #steps = 0;

  constructor(index: SchemaIndex) {
    this.#index = index;
  }

  check(schema: Json, value: Value, outer: Place): Verdict {
    this.#count(outer.depth);
    const verdict: Verdict = { errors: [], properties: new Set(), items: new Set() };
    if (typeof schema === 'boolean') {
      if (!schema) fail(verdict, outer, 'false schema');
      return verdict;
    }
    if (!isJsonObject(schema)) return verdict;
    if (outer.active.includes(schema)) throw new SchemaProblem(`its references go in a circle at ${quote(outer.at)}`);
    const resource = this.#index.resourceOf(schema) ?? outer.resource;
    const place: Place = {
      ...outer,
      depth: outer.depth + 1,
      resource,
      scope: outer.scope.at(-1) === resource ? outer.scope : [...outer.scope, resource],
      active: [...outer.active, schema],
    };
    const get = (key: string): Json | undefined =>
      Object.hasOwn(schema, key) && shapeOf(key, resource.draft) !== undefined ? schema[key] : undefined;
    if (resource.draft < 2019 && get('$ref') !== undefined) {
      this.#checkReference('$ref', get('$ref'), value, place, verdict);
      return verdict;
    }
    if (!checkBasics(schema, value, place, verdict, this.#index)) return verdict;
    this.#checkReference('$ref', get('$ref'), value, place, verdict);
    if (isTable(value)) this.#checkTable(get, value, place, verdict);
    else if (Array.isArray(value)) this.#checkList(get, value, place, verdict);
    else if (typeof value === 'string') this.#checkText(get, value, place, verdict);
    else if (typeof value === 'number' || typeof value === 'bigint') checkNumber(get, value, place, verdict);
    this.#checkReference('$recursiveRef', get('$recursiveRef'), value, place, verdict);
    this.#checkReference('$dynamicRef', get('$dynamicRef'), value, place, verdict);
    this.#checkCombined(get, value, place, verdict);
    this.#checkUnevaluated(get, value, place, verdict);
    return verdict;
  }

  #count(depth: number): void {
    this.#steps++;
    if (this.#steps > MAX_STEPS) throw new SchemaProblem(`checking the values takes more than ${MAX_STEPS} steps`);
    if (depth > MAX_DEPTH) throw new SchemaProblem(`checking the values nests more than ${MAX_DEPTH} deep`);
  }

  /** A subschema for the same value: what it looked at counts for the outer one when it agrees. */
  #self(schema: Json, value: Value, place: Place, verdict: Verdict): SchemaError[] {
    const found = this.check(schema, value, place);
    if (found.errors.length === 0) {
      for (const name of found.properties) verdict.properties.add(name);
      for (const item of found.items) verdict.items.add(item);
    }
    return found.errors;
  }

  #child(schema: Json, value: Value, key: string, place: Place): SchemaError[] {
    return this.check(schema, value, { ...place, at: place.at + pointerStep(key), active: [] }).errors;
  }

  #checkReference(keyword: string, reference: Json | undefined, value: Value, place: Place, verdict: Verdict): void {
    if (typeof reference !== 'string') return;
    const target = this.#index.resolve(reference, place.resource);
    let { schema, resource } = target;
    if (keyword === '$recursiveRef' && resource.isRecursive) {
      resource = place.scope.find((outer) => outer.isRecursive) ?? resource;
      schema = resource.schema;
    } else if (
      keyword === '$dynamicRef' &&
      target.anchor !== '' &&
      resource.dynamicAnchors.get(target.anchor) === schema
    ) {
      resource = place.scope.find((outer) => outer.dynamicAnchors.has(target.anchor)) ?? resource;
      schema = resource.dynamicAnchors.get(target.anchor) ?? schema;
    }
    verdict.errors.push(...this.#self(schema, value, { ...place, resource }, verdict));
  }

  #checkTable(get: Get, table: Table, place: Place, verdict: Verdict): void {
    const names = Object.keys(table).sort();
    checkSizes(get, 'Properties', names.length, place, verdict);
    const missing = missingNames(get('required'), table);
    if (missing.length > 0) fail(verdict, place, `missing ${properties(missing)}`);
    this.#checkDependencies(get, table, place, verdict);
    const patterns = Object.entries((get('patternProperties') ?? {}) as JsonObject);
    const known = get('properties') as JsonObject | undefined;
    const additional = get('additionalProperties');
    const refused: string[] = [];
    for (const name of names) {
      const value = table[name] ?? null;
      let isKnown = false;
      const apply = (schema: Json): void => {
        isKnown = true;
        verdict.errors.push(...this.#child(schema, value, name, place));
      };
      if (known !== undefined && Object.hasOwn(known, name)) apply(known[name] ?? true);
      for (const [source, schema] of patterns)
        if (this.#index.pattern(source).matcher(name).find()) apply(schema ?? true);
      if (!isKnown && additional !== undefined) {
        if (additional === false) refused.push(name);
        else apply(additional);
        isKnown = true;
      }
      if (isKnown) verdict.properties.add(name);
    }
    if (refused.length > 0) fail(verdict, place, `additional properties ${refused.map(quote).join(', ')} not allowed`);
    const nameSchema = get('propertyNames');
    for (const name of nameSchema === undefined ? [] : names) {
      const causes = this.check(nameSchema ?? true, name, { ...place, active: [] }).errors;
      if (causes.length > 0) fail(verdict, place, `invalid propertyName ${quote(name)}`, causes);
    }
  }

  #checkDependencies(get: Get, table: Table, place: Place, verdict: Verdict): void {
    const all = [get('dependencies'), get('dependentRequired'), get('dependentSchemas')];
    for (const dependencies of all) {
      if (!isJsonObject(dependencies)) continue;
      for (const [name, wanted] of Object.entries(dependencies)) {
        if (!Object.hasOwn(table, name) || wanted === undefined) continue;
        if (!Array.isArray(wanted)) {
          verdict.errors.push(...this.#self(wanted, table, place, verdict));
          continue;
        }
        const missing = missingNames(wanted, table);
        if (missing.length > 0) {
          fail(verdict, place, `properties ${missing.map(quote).join(', ')} required, if ${quote(name)} exists`);
        }
      }
    }
  }

  #checkList(get: Get, list: readonly Value[], place: Place, verdict: Verdict): void {
    checkSizes(get, 'Items', list.length, place, verdict);
    if (get('uniqueItems') === true) this.#checkUnique(list, place, verdict);
    const isNewest = place.resource.draft === 2020;
    const items = get('items');
    const firstKeyword = isNewest ? get('prefixItems') : Array.isArray(items) ? items : undefined;
    const first = (firstKeyword ?? []) as readonly Json[];
    const rest = isNewest || !Array.isArray(items) ? items : get('additionalItems');
    for (const [position, value] of list.entries()) {
      const schema = position < first.length ? first[position] : rest;
      if (schema === undefined) continue;
      verdict.items.add(position);
      if (position >= first.length && schema === false && !isNewest && Array.isArray(items)) {
        fail(verdict, place, `last ${list.length - first.length} additionalItem(s) not allowed`);
        break;
      }
      verdict.errors.push(...this.#child(schema, value, String(position), place));
    }
    this.#checkContains(get, list, place, verdict);
  }

  #checkUnique(list: readonly Value[], place: Place, verdict: Verdict): void {
    for (let right = 1; right < list.length; right++) {
      for (let left = 0; left < right; left++) {
        this.#count(place.depth);
        if (!sameValue(list[left] ?? null, list[right] ?? null)) continue;
        fail(verdict, place, `items at ${left} and ${right} are equal`);
        return;
      }
    }
  }

  #checkContains(get: Get, list: readonly Value[], place: Place, verdict: Verdict): void {
    const contains = get('contains');
    if (contains === undefined) return;
    const matched: number[] = [];
    const causes: SchemaError[] = [];
    for (const [position, value] of list.entries()) {
      const errors = this.#child(contains, value, String(position), place);
      if (errors.length === 0) matched.push(position);
      else causes.push(...errors);
    }
    if (place.resource.draft === 2020) for (const position of matched) verdict.items.add(position);
    const least = get('minContains');
    const most = get('maxContains');
    const found = `items required to match contains schema, but matched ${matched.length} items at ${matched.join(' ')}`;
    if (typeof least === 'number') {
      if (matched.length < least) fail(verdict, place, `min ${least} ${found}`, causes);
    } else if (matched.length === 0) {
      fail(verdict, place, 'no items match contains schema', causes);
    }
    if (typeof most === 'number' && matched.length > most) fail(verdict, place, `max ${most} ${found}`);
  }

  #checkText(get: Get, text: string, place: Place, verdict: Verdict): void {
    if (get('minLength') !== undefined || get('maxLength') !== undefined) {
      checkSizes(get, 'Length', Array.from(text).length, place, verdict);
    }
    const pattern = get('pattern');
    if (typeof pattern === 'string' && !this.#index.pattern(pattern).matcher(text).find()) {
      fail(verdict, place, `${quote(text)} does not match pattern ${quote(pattern)}`);
    }
  }

  #checkCombined(get: Get, value: Value, place: Place, verdict: Verdict): void {
    const not = get('not');
    if (not !== undefined && this.check(not, value, place).errors.length === 0) fail(verdict, place, "'not' failed");
    const all = (get('allOf') ?? []) as readonly Json[];
    const allErrors = all.flatMap((schema) => this.#self(schema, value, place, verdict));
    if (allErrors.length > 0) fail(verdict, place, "'allOf' failed", allErrors);
    const any = (get('anyOf') ?? []) as readonly Json[];
    const anyErrors = any.map((schema) => this.#self(schema, value, place, verdict));
    if (any.length > 0 && anyErrors.every((errors) => errors.length > 0)) {
      fail(verdict, place, "'anyOf' failed", anyErrors.flat());
    }
    this.#checkOneOf(get, value, place, verdict);
    const condition = get('if');
    if (condition === undefined) return;
    const holds = this.#self(condition, value, place, verdict).length === 0;
    const branch = get(holds ? 'then' : 'else');
    if (branch !== undefined) verdict.errors.push(...this.#self(branch, value, place, verdict));
  }

  #checkOneOf(get: Get, value: Value, place: Place, verdict: Verdict): void {
    const one = (get('oneOf') ?? []) as readonly Json[];
    if (one.length === 0) return;
    const results = one.map((schema) => this.#self(schema, value, place, verdict));
    const matched = results.flatMap((errors, position) => (errors.length === 0 ? [position] : []));
    if (matched.length === 0) fail(verdict, place, "'oneOf' failed, none matched", results.flat());
    else if (matched.length > 1)
      fail(verdict, place, `'oneOf' failed, subschemas ${matched[0]}, ${matched[1]} matched`);
  }

  #checkUnevaluated(get: Get, value: Value, place: Place, verdict: Verdict): void {
    const forProperties = get('unevaluatedProperties');
    if (forProperties !== undefined && isTable(value)) {
      for (const name of Object.keys(value).sort()) {
        if (verdict.properties.has(name)) continue;
        verdict.errors.push(...this.#child(forProperties, value[name] ?? null, name, place));
        verdict.properties.add(name);
      }
    }
    const forItems = get('unevaluatedItems');
    if (forItems === undefined || !Array.isArray(value)) return;
    for (const [position, item] of value.entries()) {
      if (verdict.items.has(position)) continue;
      verdict.errors.push(...this.#child(forItems, item, String(position), place));
      verdict.items.add(position);
    }
  }
}

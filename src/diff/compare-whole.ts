import { fieldType, UNTYPED, type SchemaType } from '../core/fields/schema.ts';
import { isHollow } from '../core/fields/shape.ts';
import { isJsonObject, jsonEqual, type Json } from '../core/json.ts';
import type { GroupVersionKind } from '../core/object-key.ts';
import { factsOfItems, factsOfKey, fateOfEmpty, type Facts } from './built-in-facts.ts';
import { compareScalar, type ScalarVerdict } from './scalar-equal.ts';
import { serverDefault } from './server-defaults.ts';

/** Everything deeper than this is compared by a server dry-run instead: no manifest of a person is. */
export const MAX_DEPTH = 200;

/** Where a value stands that is merged as one. */
export interface Place {
  readonly kind: GroupVersionKind;
  /** Names of the fields around it, outermost first, without list positions. */
  readonly names: string[];
}

/**
 * Whether what is live is what Git says with nothing but defaults added and zero values dropped. The value is merged as one, so nobody
 * else can have added to it without becoming its owner; a key that only the live one has is a default of the server or was in Git before.
 */
export function compareWhole(
  desired: Json,
  live: Json,
  type: SchemaType,
  facts: Facts,
  place: Place,
  depth: number,
): ScalarVerdict {
  if (depth > MAX_DEPTH) return 'undecided';
  if (Array.isArray(desired)) {
    if (!Array.isArray(live)) return isHollow(desired) && isHollow(live) ? 'equal' : 'different';
    if (live.length !== desired.length) return 'different';
    const items = type.kind === 'list' ? type.items() : UNTYPED;
    const itemFacts = factsOfItems(facts);
    let verdict: ScalarVerdict = 'equal';
    for (const [index, item] of desired.entries()) {
      const one = compareWhole(item as Json, live[index] as Json, items, itemFacts, place, depth + 1);
      if (one === 'different') return one;
      if (one === 'undecided') verdict = one;
    }
    return verdict;
  }
  if (!isJsonObject(desired)) {
    if (live === null || typeof live === 'object') return desired === null && isHollow(live) ? 'equal' : 'different';
    if (desired === null) return 'undecided';
    return compareScalar(desired, live, type.kind === 'scalar' ? type.scalar : 'any');
  }
  if (!isJsonObject(live)) return isHollow(desired) && isHollow(live) ? 'equal' : 'different';
  let verdict: ScalarVerdict = 'equal';
  const note = (one: ScalarVerdict): boolean => {
    if (one !== 'equal') verdict = one;
    return one === 'different';
  };
  for (const key of Object.keys(desired)) {
    const value = desired[key];
    if (value === undefined) continue;
    const child = Object.hasOwn(live, key) ? live[key] : undefined;
    if (child === undefined) {
      if (note(emptyVerdict(value, facts, key))) return verdict;
      continue;
    }
    place.names.push(key);
    const one = compareWhole(value, child, fieldType(type, key) ?? UNTYPED, factsOfKey(facts, key), place, depth + 1);
    place.names.pop();
    if (note(one)) return verdict;
  }
  for (const key of Object.keys(live)) {
    const added = live[key];
    if (Object.hasOwn(desired, key) || added === undefined || added === null) continue;
    const published = type.kind === 'map' ? (type.fields().get(key)?.default as Json | undefined) : undefined;
    // The table first: for a default that follows from the rest the document only says what an empty value of the type is.
    const inferred = facts === 'stored' ? undefined : serverDefault(place.kind, desired, place.names, key);
    const known = inferred ?? published;
    if (known === undefined) {
      // A struct that the server always writes, with nothing in it.
      if (isHollow(added) && fateOfEmpty(facts, key) === 'dropped') continue;
      // Nobody fills in keys of a free map, nor fields of a custom resource without saying so in its schema.
      if (facts === 'stored' || (typeof facts !== 'string' && facts.kind === 'map')) return 'different';
      verdict = 'undecided';
    } else if (!jsonEqual(known, added)) {
      place.names.push(key);
      const one = compareWhole(known, added, fieldType(type, key) ?? UNTYPED, factsOfKey(facts, key), place, depth + 1);
      place.names.pop();
      if (one !== 'equal') verdict = 'undecided';
    }
  }
  return verdict;
}

/** Git has a value where nothing is live: the same only where the server drops values that say nothing. */
export function emptyVerdict(value: Json, parent: Facts, key: string): ScalarVerdict {
  if (value !== '' && value !== 0 && value !== false && !isHollow(value)) return 'different';
  const fate = fateOfEmpty(parent, key);
  if (value === null) return fate === 'unknown' || parent === 'stored' ? 'undecided' : 'equal';
  return fate === 'kept' ? 'different' : fate === 'dropped' ? 'equal' : 'undecided';
}

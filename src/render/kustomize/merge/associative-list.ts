import { fieldOf, matchField, setField } from '../nodes/fields.ts';
import { findItem } from '../nodes/path.ts';
import { isEmptyMap, isMissingOrNull, isNilOrEmpty, listNode, scalarNode, type YamlNode } from '../nodes/node.ts';
import { setItem } from './list-items.ts';
import type { MergeSchema } from './schema.ts';

export type MergePair = (
  target: YamlNode | undefined,
  patch: YamlNode | undefined,
  schema: MergeSchema | undefined,
) => YamlNode | undefined;

/**
 * Merges two lists whose items are told apart by the texts of key fields (or by themselves, for plain values). Items of the patch come
 * first, in its order; what the target has beside them follows.
 */
export function mergeAssociativeList(
  target: YamlNode,
  patch: YamlNode | undefined,
  schema: MergeSchema | undefined,
  merge: MergePair,
): YamlNode | undefined {
  const schemaKeys = schema?.keys ?? [];
  const keys = schemaKeys.length > 0 ? schemaKeys : [''];
  let identities = schemaKeys.length > 0 ? identitiesOf([patch, target], keys) : plainIdentities([patch, target]);
  if (keys.length > 1) identities = unifyIdentities(identities);
  const merged = listNode();
  const used = keysInUse(identities, keys);
  let validKeys: readonly string[] = [];
  for (const identity of identities) {
    const valid = validParts(used, identity, keys);
    validKeys = valid.keys;
    const sides = validParts(keysInUse([valid.values], valid.keys), valid.values, valid.keys);
    const item = merge(itemOf(target, sides), itemOf(patch, sides), schema?.elements());
    if (isMissingOrNull(item) || isEmptyMap(item)) {
      if (valid.keys.length > 0) setItem(target, undefined, valid.keys, valid.values);
      if (valid.keys.length > 0) continue;
    } else {
      for (const [index, key] of valid.keys.entries()) {
        const value = valid.values[index] ?? '';
        if (fieldOf(item, key) === undefined && value !== '') setField(item, key, scalarNode(value));
      }
    }
    setItem(merged, item, valid.keys.length === 0 ? [''] : valid.keys, valid.values);
  }
  if (identities.length === 0) return target;
  appendRest(merged, target, validKeys);
  return merged;
}

function itemOf(list: YamlNode | undefined, identity: Identity): YamlNode | undefined {
  if (list === undefined || list.kind !== 'list') return undefined;
  return findItem(list, identity.keys, identity.values);
}

interface Identity {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

function identitiesOf(lists: readonly (YamlNode | undefined)[], keys: readonly string[]): string[][] {
  const found: string[][] = [];
  const seen = new Set<string>();
  for (const list of lists) {
    for (const item of list?.items ?? []) {
      const values = keys.map((key) => {
        const field = fieldOf(item, key);
        return isNilOrEmpty(field) ? '' : (field as YamlNode).text;
      });
      const mark = JSON.stringify(values);
      if (seen.has(mark)) continue;
      seen.add(mark);
      found.push(values);
    }
  }
  return found;
}

function plainIdentities(lists: readonly (YamlNode | undefined)[]): string[][] {
  const seen = new Set<string>();
  for (const list of lists) for (const item of list?.items ?? []) seen.add(item.text);
  return [...seen].map((text) => [text]);
}

/** Makes identities that agree where both say something into one: a port without protocol is the one with it. */
function unifyIdentities(identities: string[][]): string[][] {
  const result = [...identities];
  for (let left = 0; left < result.length; left++) {
    for (let right = 0; right < result.length; right++) {
      const joined = unify(result[left] ?? [], result[right] ?? []);
      if (joined === undefined) continue;
      result[left] = joined;
      result[right] = joined;
    }
  }
  return result;
}

function unify(left: readonly string[], right: readonly string[]): string[] | undefined {
  let agree = false;
  const joined: string[] = [];
  for (let index = 0; index < left.length; index++) {
    const [one, other] = [left[index] ?? '', right[index] ?? ''];
    if (one === other) agree = true;
    else if (one !== '' && other !== '') return undefined;
    joined.push(one !== '' ? one : other);
  }
  return agree ? joined : undefined;
}

function keysInUse(identities: readonly (readonly string[])[], keys: readonly string[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const values of identities) {
    for (const [index, value] of values.entries()) if (value !== '') used.add(keys[index] ?? '');
  }
  return used;
}

/** Leaves out keys that no item has; when no item has any, all stay. */
function validParts(used: ReadonlySet<string>, values: readonly string[], keys: readonly string[]): Identity {
  if (used.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => used.has(key)),
    values: values.filter((value, index) => value !== '' || used.has(keys[index] ?? '')),
  };
}

function appendRest(merged: YamlNode, rest: YamlNode, keys: readonly string[]): void {
  for (const item of rest.items) {
    if ((keys[0] ?? '') === '') {
      setItem(merged, item, [''], [item.text]);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = matchField(item, key);
      if (value === undefined) merged.items.push(item);
      else values.push(value.text);
    }
    if (keys.length > 1) setItem(merged, undefined, keys, values);
    setItem(merged, item, keys, values);
  }
}

import { matchField, requireKind } from '../nodes/fields.ts';
import { isEmptyMap, isMissingOrNull, isNull, textOf, type YamlNode } from '../nodes/node.ts';

/**
 * Replaces the items of a list whose fields have these texts (an empty text: whatever it has) with an element, appends it when there
 * is none, or removes them when the element is undefined. Null and empty items are dropped on the way. With the key '' items are
 * plain values.
 */
export function setItem(
  list: YamlNode,
  element: YamlNode | undefined,
  keys: readonly string[],
  values: readonly string[],
): void {
  requireKind(list, 'list');
  const byField = (keys[0] ?? '') !== '' && (values[0] ?? '') !== '';
  const kept: YamlNode[] = [];
  let found = false;
  for (const item of list.items) {
    if (isNull(item) || isEmptyMap(item)) continue;
    if (item.kind !== 'map' && byField) {
      kept.push(item);
      continue;
    }
    if (!fits(item, keys, values)) {
      if (values.length > 0) kept.push(item);
      continue;
    }
    found = true;
    if (element !== undefined) kept.push(element);
  }
  list.items = kept;
  if (!isMissingOrNull(element) && !found) list.items.push(element as YamlNode);
}

function fits(item: YamlNode, keys: readonly string[], values: readonly string[]): boolean {
  let value: YamlNode | undefined;
  for (let index = 0; index < keys.length; index++) {
    const wanted = values[index];
    if (wanted !== undefined) value = match(item, keys[index] ?? '', wanted);
    if (value === undefined) return false;
  }
  return true;
}

function match(item: YamlNode, key: string, wanted: string): YamlNode | undefined {
  if (key === '') {
    requireKind(item, 'scalar');
    return textOf(item) === wanted ? item : undefined;
  }
  const value = matchField(item, key);
  return value !== undefined && (wanted === '' || value.text === wanted) ? value : undefined;
}

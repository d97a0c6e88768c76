import { BuildError } from '../problems.ts';
import { elementsOf, matchField, requireKind } from './fields.ts';
import { isMissingOrNull, emptyNode, mapNode, type NodeKind, scalarNode, TAG, YamlNode } from './node.ts';
import { isListSelector, parseIndex } from './path-text.ts';

/** Splits `[name=value]`; the name is '' for `[=value]`. */
export function parseSelector(part: string): { readonly name: string; readonly value: string } {
  let text = part.endsWith(']') ? part.slice(0, -1) : part;
  if (text.startsWith('[')) text = text.slice(1);
  const equals = text.indexOf('=');
  if (equals < 0)
    throw new BuildError('InvalidPath', `list selector ${JSON.stringify(part)} needs the form [field=value]`);
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** The kind of node that a step of a path leads to, by the step after it. */
export function kindBefore(next: string | undefined, leaf: NodeKind): NodeKind {
  if (next === undefined || next === '') return leaf;
  if (isListSelector(next)) return 'list';
  const index = parseIndex(next);
  return index !== undefined && index >= 0 ? 'list' : 'map';
}

/**
 * Follows a path of map keys, list positions (`0`, `-` for the last) and list selectors (`[name=nginx]`, `[=text]`).
 * Undefined as soon as something is missing; an error when a node is of the wrong kind.
 */
export function lookup(root: YamlNode | undefined, path: readonly string[]): YamlNode | undefined {
  return walk(root, path, undefined);
}

/** As {@link lookup}; makes what is missing, the last one of the kind given. */
export function lookupOrCreate(root: YamlNode, path: readonly string[], kind: NodeKind): YamlNode | undefined {
  return walk(root, path, kind);
}

function walk(root: YamlNode | undefined, path: readonly string[], create: NodeKind | undefined): YamlNode | undefined {
  const parts = path.map((part) => part.trim()).filter((part) => part !== '');
  let current = root;
  for (let index = 0; index < parts.length; index++) {
    if (current === undefined) return undefined;
    current = step(current, parts[index] ?? '', parts[index + 1], create);
  }
  return current;
}

function step(
  node: YamlNode,
  part: string,
  next: string | undefined,
  create: NodeKind | undefined,
): YamlNode | undefined {
  const index = parseIndex(part);
  if (index !== undefined) {
    if (index < 0) throw new BuildError('InvalidPath', `list position ${index} is negative`);
    return elementsOf(node)[index];
  }
  if (part === '-') {
    const items = elementsOf(node);
    if (items.length === 0) throw new BuildError('InvalidPath', 'the last item of an empty list was asked for');
    return items.at(-1);
  }
  if (part === '*') throw new BuildError('InvalidPath', 'the wildcard * cannot be used in this path');
  if (isListSelector(part)) return selectItem(node, part, create);
  const found = matchField(node, part);
  if (found !== undefined || create === undefined || isMissingOrNull(node)) return found;
  const made = emptyNode(kindBefore(next, create));
  node.entries.push({ key: scalarNode(part), value: made });
  return made;
}

function selectItem(node: YamlNode, part: string, create: NodeKind | undefined): YamlNode | undefined {
  const { name, value } = parseSelector(part);
  const found = findItem(node, name === '' ? [''] : [name], [value]);
  if (found !== undefined || create === undefined) return found;
  const made = name === '' ? scalarNode(value) : itemWith(name, value);
  requireKind(node, 'list');
  node.items.push(made);
  return made;
}

export function itemWith(name: string, value: string): YamlNode {
  const item = mapNode();
  item.entries.push({ key: scalarNode(name), value: scalarNode(value) });
  return item;
}

/** The first item of a list whose fields have these texts (or, with the key '', whose own text is the first value). */
export function findItem(
  list: YamlNode | undefined,
  keys: readonly string[],
  values: readonly string[],
): YamlNode | undefined {
  if (list === undefined) return undefined;
  requireKind(list, 'list');
  if (keys.length === 0 || keys[0] === '') return list.items.find((item) => item.text === (values[0] ?? ''));
  for (const item of list.items) {
    if (item.kind !== 'map' && item.tag !== TAG.null) continue;
    if (keys.every((key, index) => hasField(item, key, values[index] ?? ''))) return item;
  }
  return undefined;
}

function hasField(item: YamlNode, key: string, text: string): boolean {
  if (item.tag === TAG.null) return false;
  const field = item.entries.find((entry) => entry.key.text === key)?.value;
  return field !== undefined && field.text === text;
}

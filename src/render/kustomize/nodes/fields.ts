import { BuildError } from '../problems.ts';
import { isMissingOrNull, isNull, isString, type NodeKind, QUOTED, scalarNode, STYLE, TAG, YamlNode } from './node.ts';
import { isNoTextInYaml11 } from './scalar.ts';

const KIND_NAMES: Readonly<Record<NodeKind, string>> = {
  none: 'nothing',
  scalar: 'a scalar',
  map: 'a map',
  list: 'a list',
};

/** A node of another kind than the step needs. Null and missing nodes pass. */
class WrongKindError extends BuildError {
  readonly actual: NodeKind;

  constructor(expected: NodeKind, actual: NodeKind) {
    super('WrongKind', `expected ${KIND_NAMES[expected]} but found ${KIND_NAMES[actual]}`);
    this.actual = actual;
  }
}

export function requireKind(node: YamlNode | undefined, kind: NodeKind): void {
  if (isMissingOrNull(node)) return;
  if ((node as YamlNode).kind !== kind) throw new WrongKindError(kind, (node as YamlNode).kind);
}

/** The first value under a key; undefined when the node is no map or has no such key. */
export function fieldOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  if (node?.kind !== 'map') return undefined;
  for (const entry of node.entries) if (entry.key.text === name) return entry.value;
  return undefined;
}

/** As {@link fieldOf}, but a node that is neither null nor a map is an error. */
export function matchField(node: YamlNode | undefined, name: string): YamlNode | undefined {
  if (isMissingOrNull(node)) return undefined;
  requireKind(node, 'map');
  return fieldOf(node, name);
}

/** Removes the first entry with this key; answers what was there. */
export function clearField(node: YamlNode, name: string): YamlNode | undefined {
  requireKind(node, 'map');
  const index = node.entries.findIndex((entry) => entry.key.text === name);
  if (index < 0) return undefined;
  const removed = node.entries[index]?.value;
  node.entries.splice(index, 1);
  return removed;
}

const PRESENTATION = QUOTED | STYLE.tagged;

function quoteIfNeeded(value: YamlNode): void {
  if (isString(value) && (value.style & PRESENTATION) === 0 && isNoTextInYaml11(value.text))
    value.style |= STYLE.double;
}

/** Writes a scalar over a scalar, keeping the way in which the old one was written. */
export function setScalar(node: YamlNode, value: YamlNode): void {
  quoteIfNeeded(value);
  requireKind(node, 'scalar');
  if (isMissingOrNull(value)) return;
  value.style = node.style;
  node.assign(value);
}

/** Sets a key of a map, keeping the old value's style. A null (unless it is marked to be kept) removes the key. */
export function setField(node: YamlNode, name: string, value: YamlNode | undefined, keyStyle = 0): void {
  if (value !== undefined) quoteIfNeeded(value);
  if (name === '') {
    if (value !== undefined) setScalar(node, value);
    return;
  }
  if (value === undefined || (isNull(value) && !value.keep)) {
    clearField(node, name);
    return;
  }
  const field = matchField(node, name);
  if (field !== undefined) {
    value.style = field.style;
    field.assign(value);
    return;
  }
  value.keep = false;
  if (node.kind !== 'map') node.entries = [...node.entries];
  node.entries.push({ key: scalarNode(name, TAG.none, keyStyle), value });
}

/** Sets a key to a text that is read as whatever it looks like (`StringValue` of a setter: an empty text clears the key). */
export function setText(node: YamlNode, name: string, text: string): void {
  setField(node, name, text === '' ? undefined : scalarNode(text));
}

/** Replaces or appends an entry with the key node given, keeping the key's own style. */
export function setEntry(node: YamlNode, key: YamlNode, value: YamlNode): void {
  requireKind(node, 'map');
  const index = node.entries.findIndex((entry) => entry.key.text === key.text);
  if (index >= 0) node.entries[index] = { key, value };
  else node.entries.push({ key, value });
}

/** Keys of a map in order; [] for null. */
export function fieldNames(node: YamlNode | undefined): string[] {
  if (node === undefined) return [];
  requireKind(node, 'map');
  return node.entries.map((entry) => entry.key.text);
}

/** Items of a list; [] for null. */
export function elementsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (node === undefined) return [];
  requireKind(node, 'list');
  return node.items;
}

/**
 * A setter of one entry (or, with the name '', of the scalar itself). The value is one node: where it creates the entry in several
 * places they share it, and a later change of one of them changes all, as in Kustomize.
 */
export function entrySetter(name: string, text: string, tag: string): (node: YamlNode) => void {
  const value = scalarNode(text, tag);
  let isUsed = false;
  return (node) => {
    if (isUsed) value.inSeveralPlaces = true;
    isUsed = true;
    setField(node, name, value);
  };
}

import { BuildError } from '../problems.ts';

/**
 * The tree that the engine works on. Kustomize edits YAML nodes, not values: a scalar keeps its text, its tag and how it was
 * written until it is printed, so `1.10` can be copied, joined and compared as text and is a number only in the output.
 */

/** `none` is a node that was made and never filled; it prints as null. */
export type NodeKind = 'none' | 'scalar' | 'map' | 'list';

export const STYLE = {
  double: 1,
  single: 2,
  literal: 4,
  folded: 8,
  /** A key that was read in a place where an empty one has to be written with quotes. */
  inFlow: 16,
  tagged: 32,
  /** A block at the end of a document with a comment behind it. */
  commented: 64,
  /** A map or list written `{…}` or `[…]`. */
  flow: 128,
} as const;
/** Any of the styles that make a scalar without a tag a string. */
export const QUOTED = 15;

export const TAG = {
  none: '',
  string: '!!str',
  int: '!!int',
  float: '!!float',
  bool: '!!bool',
  null: '!!null',
  map: '!!map',
  list: '!!seq',
  timestamp: '!!timestamp',
  binary: '!!binary',
  merge: '!!merge',
} as const;

export interface MapEntry {
  /** A scalar (or, in odd YAML, any node). Keys are shared between copies and never changed in place. */
  readonly key: YamlNode;
  value: YamlNode;
}

export class YamlNode {
  kind: NodeKind;
  tag: string;
  text: string;
  style: number;
  entries: MapEntry[];
  items: YamlNode[];
  /** A null that a merge must not drop. */
  keep = false;
  /** It may stand in several places of one tree: a copy of the tree has it in all of them too. */
  inSeveralPlaces = false;

  constructor(
    kind: NodeKind,
    tag: string,
    text = '',
    style = 0,
    entries: MapEntry[] = NO_ENTRIES,
    items: YamlNode[] = NO_ITEMS,
  ) {
    this.kind = kind;
    this.tag = tag;
    this.text = text;
    this.style = style;
    this.entries = kind === 'map' && entries === NO_ENTRIES ? [] : entries;
    this.items = kind === 'list' && items === NO_ITEMS ? [] : items;
  }

  /** Becomes what `other` is, with the same children. */
  assign(other: YamlNode): void {
    if (other === this) return;
    this.kind = other.kind;
    this.tag = other.tag;
    this.text = other.text;
    this.style = other.style;
    this.entries = other.kind === 'map' ? [...other.entries] : NO_ENTRIES;
    this.items = other.kind === 'list' ? [...other.items] : NO_ITEMS;
  }

  /** Changes the kind of a null node in place. */
  become(kind: NodeKind, tag: string): void {
    this.kind = kind;
    this.tag = tag;
    if (kind === 'map' && this.entries === NO_ENTRIES) this.entries = [];
    if (kind === 'list' && this.items === NO_ITEMS) this.items = [];
  }

  copy(): YamlNode {
    return copyNode(this, 0, { copies: undefined });
  }
}

const NO_ENTRIES: MapEntry[] = [];
const NO_ITEMS: YamlNode[] = [];

const MOST_DEPTH = 500;

/** Copies of the nodes that stand in several places. */
interface Known {
  copies: Map<YamlNode, YamlNode> | undefined;
}

function copyNode(node: YamlNode, depth: number, known: Known): YamlNode {
  if (depth > MOST_DEPTH) throw new BuildError('TooDeep', `a value is nested deeper than ${MOST_DEPTH} levels`);
  const before = node.inSeveralPlaces ? known.copies?.get(node) : undefined;
  if (before !== undefined) return before;
  const result = new YamlNode(node.kind, node.tag, node.text, node.style);
  if (node.inSeveralPlaces) {
    result.inSeveralPlaces = true;
    known.copies ??= new Map();
    known.copies.set(node, result);
  }
  if (node.entries.length > 0) {
    const entries: MapEntry[] = new Array<MapEntry>(node.entries.length);
    for (let index = 0; index < node.entries.length; index++) {
      const entry = node.entries[index] as MapEntry;
      entries[index] = { key: entry.key, value: copyNode(entry.value, depth + 1, known) };
    }
    result.entries = entries;
  }
  if (node.items.length > 0) result.items = node.items.map((item) => copyNode(item, depth + 1, known));
  return result;
}

/** A scalar without a tag: what its text says it is. */
export function scalarNode(text: string, tag: string = TAG.none, style = 0): YamlNode {
  return new YamlNode('scalar', tag, text, style);
}

export function stringNode(text: string): YamlNode {
  return new YamlNode('scalar', TAG.string, text, text.includes('\n') ? STYLE.literal : 0);
}

export function mapNode(tag: string = TAG.none): YamlNode {
  return new YamlNode('map', tag);
}

export function listNode(tag: string = TAG.none): YamlNode {
  return new YamlNode('list', tag);
}

export function emptyNode(kind: NodeKind): YamlNode {
  return new YamlNode(kind, TAG.none);
}

export function isNull(node: YamlNode | undefined): boolean {
  return node !== undefined && node.tag === TAG.null;
}

export function isMissingOrNull(node: YamlNode | undefined): node is undefined {
  return node === undefined || node.tag === TAG.null;
}

function isZero(node: YamlNode): boolean {
  return node.kind === 'none' && node.style === 0 && node.tag === '' && node.text === '';
}

/** Missing, null, an empty map or an empty list. An empty string is not empty. */
export function isNilOrEmpty(node: YamlNode | undefined): node is undefined {
  return (
    node === undefined ||
    node.tag === TAG.null ||
    (node.kind === 'map' && node.entries.length === 0) ||
    (node.kind === 'list' && node.items.length === 0) ||
    isZero(node)
  );
}

export function isEmptyMap(node: YamlNode | undefined): boolean {
  return isMissingOrNull(node) || (node.kind === 'map' && node.entries.length === 0);
}

export function isString(node: YamlNode): boolean {
  return node.kind === 'scalar' && (node.tag === TAG.string || node.tag === TAG.none);
}

/** The text of a scalar; '' for nothing and null. */
export function textOf(node: YamlNode | undefined): string {
  return isMissingOrNull(node) ? '' : node.text;
}

/** Counts what is copied within one step, so that copies of copies come to an end. */
export class CopyBudget {
  #left = 2_000_000;

  /** @throws BuildError when it is used up */
  copy(node: YamlNode): YamlNode {
    this.#take(node);
    return node.copy();
  }

  #take(node: YamlNode): void {
    this.#left--;
    if (this.#left < 0) throw new BuildError('TooLarge', 'values are copied into each other without end');
    for (const entry of node.entries) this.#take(entry.value);
    for (const item of node.items) this.#take(item);
  }
}

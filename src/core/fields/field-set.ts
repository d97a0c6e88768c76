import { compareElements, type ElementText, type FieldPath } from './field-path.ts';

/**
 * A set of field paths as a tree. `owned` says that the path to this node is itself in the set (at the root it means nothing);
 * a node that is neither owned nor has children does not occur below the root. Sets are never changed once built, subtrees are shared.
 */
export interface FieldSet {
  readonly owned: boolean;
  readonly children: ReadonlyMap<ElementText, FieldSet>;
}

interface OpenSet extends FieldSet {
  owned: boolean;
  readonly children: Map<ElementText, OpenSet>;
}

const NO_CHILDREN: ReadonlyMap<ElementText, FieldSet> = new Map();
export const EMPTY_SET: FieldSet = { owned: false, children: NO_CHILDREN };
const LEAF: FieldSet = { owned: true, children: NO_CHILDREN };

/** Collects paths; {@link FieldSetBuilder.build} hands the set over and the builder must not be used afterwards. */
export class FieldSetBuilder {
  readonly #root: OpenSet = { owned: false, children: new Map() };

  add(path: FieldPath): void {
    if (path.length === 0) return;
    let node = this.#root;
    for (const step of path) {
      let next = node.children.get(step);
      if (next === undefined) {
        next = { owned: false, children: new Map() };
        node.children.set(step, next);
      }
      node = next;
    }
    node.owned = true;
  }

  build(): FieldSet {
    return this.#root;
  }
}

export function setOfPaths(paths: Iterable<FieldPath>): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.add(path);
  return builder.build();
}

export function isEmptySet(set: FieldSet): boolean {
  return set.children.size === 0;
}

function node(owned: boolean, children: ReadonlyMap<ElementText, FieldSet>): FieldSet | undefined {
  if (children.size === 0) return owned ? LEAF : undefined;
  return { owned, children };
}

function combine(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left;
  const children = new Map(left.children);
  for (const [step, child] of right.children) {
    const other = children.get(step);
    children.set(step, other === undefined ? child : combine(other, child));
  }
  return { owned: left.owned || right.owned, children };
}

/** Paths that are in one of both. */
export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(left)) return right;
  if (isEmptySet(right)) return left;
  return combine(left, right);
}

function intersect(left: FieldSet, right: FieldSet): FieldSet | undefined {
  const children = new Map<ElementText, FieldSet>();
  for (const [step, child] of left.children) {
    const other = right.children.get(step);
    const kept = other === undefined ? undefined : intersect(child, other);
    if (kept !== undefined) children.set(step, kept);
  }
  return node(left.owned && right.owned, children);
}

/** Paths that are in both. */
export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return intersect(left, right) ?? EMPTY_SET;
}

function subtract(left: FieldSet, right: FieldSet, below: boolean): FieldSet | undefined {
  if (below && right.owned) return undefined;
  const children = new Map<ElementText, FieldSet>();
  for (const [step, child] of left.children) {
    const other = right.children.get(step);
    const kept = other === undefined ? child : subtract(child, other, below);
    if (kept !== undefined) children.set(step, kept);
  }
  return node(left.owned && !right.owned, children);
}

/** Paths of `left` that are not in `right`; a path below or above one of `right` stays. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  return subtract(left, { ...right, owned: false }, false) ?? EMPTY_SET;
}

/** Paths of `left` that are neither in `right` nor below a path of `right`. */
export function recursiveDifference(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptySet(right)) return left;
  return subtract(left, { ...right, owned: false }, true) ?? EMPTY_SET;
}

/** The subtree at a path; undefined when no path of the set begins with it. */
function subset(set: FieldSet, path: FieldPath): FieldSet | undefined {
  let current: FieldSet | undefined = set;
  for (const step of path) {
    current = current.children.get(step);
    if (current === undefined) return undefined;
  }
  return current;
}

export function hasPath(set: FieldSet, path: FieldPath): boolean {
  return path.length > 0 && subset(set, path)?.owned === true;
}

/** The paths that have no path of the set below them. */
export function leaves(set: FieldSet): FieldSet {
  const children = new Map<ElementText, FieldSet>();
  for (const [step, child] of set.children) children.set(step, child.children.size === 0 ? LEAF : leaves(child));
  return { owned: false, children };
}

export function equalSets(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  if (left.children.size !== right.children.size) return false;
  for (const [step, child] of left.children) {
    const other = right.children.get(step);
    if (other === undefined || child.owned !== other.owned || !equalSets(child, other)) return false;
  }
  return true;
}

/** Every path, parents first, in the order in which the API server writes them. */
export function* pathsOf(set: FieldSet, prefix: FieldPath = []): Generator<FieldPath> {
  for (const step of [...set.children.keys()].sort(compareElements)) {
    const child = set.children.get(step);
    if (child === undefined) continue;
    const path = [...prefix, step];
    if (child.owned) yield path;
    if (child.children.size > 0) yield* pathsOf(child, path);
  }
}

/** The number of paths. */
export function sizeOfSet(set: FieldSet): number {
  let count = 0;
  for (const child of set.children.values()) count += (child.owned ? 1 : 0) + sizeOfSet(child);
  return count;
}

import type { YamlNode } from './nodes/node.ts';
import type { ResourceId } from './resource-id.ts';

/** An id with what it was made from, which tells whether it is still right. */
export interface WrittenId {
  readonly apiVersion: string;
  readonly generation: number;
  readonly id: ResourceId;
}

/** As {@link WrittenId}, for the ids that the notes of an object tell of. */
export interface PreviousIds {
  readonly generation: number;
  readonly names: string;
  readonly namespaces: string;
  readonly kinds: string;
  readonly apiVersion: string;
  readonly ids: readonly ResourceId[];
}

let count = 0;

/** The tree of an object at one point of a build, held in several places and never changed again: whoever changes it takes a copy. */
export class SharedTree {
  readonly node: YamlNode;
  /** No other tree of this process has it. */
  readonly number = ++count;
  /** A cache holds the tree, so that it may be met again in another build. */
  isKept: boolean;
  /** Ids by the built-in schema, once they were asked for: the one that the tree has and those that it had, oldest first. */
  id: WrittenId | undefined;
  previous: PreviousIds | undefined;
  /** Names that the tree holds where the rules of `by` say that a name stands; none of these places was changed. */
  names: { readonly by: object; readonly list: ReadonlySet<string> } | undefined;
  /** Images that it holds, where `by` and the names of fields say that one stands; undefined where something else stands there. */
  images: { readonly by: object; readonly list: readonly string[] | undefined } | undefined;

  constructor(node: YamlNode, isKept: boolean) {
    this.node = node;
    this.isKept = isKept;
  }
}

/** An object of a file. */
export interface ReadObject {
  readonly tree: SharedTree;
  /** 1-based line of its first token. */
  readonly line: number;
}

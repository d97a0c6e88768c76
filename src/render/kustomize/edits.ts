import { LRUCache } from 'lru-cache';
import type { KubeObject } from '../../core/object-key.ts';
import type { YamlNode } from './nodes/node.ts';
import type { Resource } from './resource.ts';
import { SharedTree } from './shared-tree.ts';

/** Of trees and printed objects, as it is guessed from their nodes and texts. */
const MOST_BYTES = 128 * 1024 * 1024;
const NODE_BYTES = 250;

/** An object as it leaves a build. */
export interface PrintedObject {
  readonly object: KubeObject;
  /** At least the characters of the text. */
  readonly size: number;
  /** As `kustomize build` prints it; made when it is first asked for. */
  text: string | undefined;
}

/**
 * What edits made of trees that caches hold. An edit that depends on nothing but the object, and on what its key says, gives the same tree
 * each time: an overlay that changes costs the objects that come out differently, not all of them.
 */
export class EditCache {
  readonly #trees = new LRUCache<string, SharedTree>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ node }) => NODE_BYTES + weigh(node),
  });
  readonly #printed = new LRUCache<string, PrintedObject>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ size }) => NODE_BYTES + 8 * size,
  });

  /** The tree that an edit made of another one, when it is known. */
  find(tree: SharedTree, key: string): SharedTree | undefined {
    return tree.isKept ? this.#trees.get(`${tree.number} ${key}`) : undefined;
  }

  /** Notes what an edit made of a tree. What comes of a tree that nobody keeps is met by no other build. */
  put(tree: SharedTree, key: string, edited: Resource): void {
    if (!tree.isKept || edited.isEmpty) return;
    const result = edited.share();
    result.isKept = true;
    this.#trees.set(`${tree.number} ${key}`, result);
  }

  /** The tree that an edit of many trees led to before: one that is equal to the one at hand, and known further on. */
  settle(tree: SharedTree, key: string, edited: Resource): void {
    const known = this.find(tree, key);
    if (known === undefined) this.put(tree, key, edited);
    else edited.adopt(known);
  }

  printed(tree: SharedTree, key: string, print: () => PrintedObject): PrintedObject {
    if (!tree.isKept) return print();
    const full = `${tree.number} ${key}`;
    const known = this.#printed.get(full);
    if (known !== undefined) return known;
    const made = print();
    this.#printed.set(full, made);
    return made;
  }
}

function weigh(node: YamlNode): number {
  let bytes = NODE_BYTES + node.text.length;
  for (const entry of node.entries) bytes += weigh(entry.value);
  for (const item of node.items) bytes += weigh(item);
  return bytes;
}

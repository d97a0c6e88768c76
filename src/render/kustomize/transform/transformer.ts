import type { OriginNote } from '../origin.ts';
import type { Resource } from '../resource.ts';
import type { ResourceSet } from '../resource-set.ts';
import type { SharedTree } from '../shared-tree.ts';
import type { Where } from '../problems.ts';

/** A step that works on each object by itself: what it does depends on the object's tree and on what the key says. */
export interface EachStep {
  readonly key: string;
  /** Whether the step changes a tree; absent: it may change any. */
  touches?(tree: SharedTree): boolean;
  /** @throws BuildError */
  edit(resource: Resource): void;
}

/** One configured step over all objects. */
export interface Transformer {
  /** Kustomize's name of it. */
  readonly kind: string;
  readonly place: Where;
  readonly origin?: OriginNote | undefined;
  /** @throws BuildError */
  run(set: ResourceSet): void;
  /** How it does the same object by object, where it can. */
  readonly each?: EachStep | undefined;
}

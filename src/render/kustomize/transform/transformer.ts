import type { OriginNote } from '../origin.ts';
import type { ResourceSet } from '../resource-set.ts';
import type { Where } from '../problems.ts';

/** One configured step over all objects. */
export interface Transformer {
  /** Kustomize's name of it. */
  readonly kind: string;
  readonly place: Where;
  readonly origin?: OriginNote | undefined;
  /** @throws BuildError */
  run(set: ResourceSet): void;
}

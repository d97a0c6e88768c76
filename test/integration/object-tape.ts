import { stringAt } from '../../src/core/json.ts';
import { describeKey, keyOf, type GroupVersionKind, type KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';

/** What somebody who only watches saw of one object: its states in order, and how often it was deleted. */
export interface TapedObject {
  readonly states: string[];
  deletions: number;
}

/** Watches kinds of one namespace with a client of its own and writes everything down: what happened, whoever says what. */
export interface ObjectTape {
  /** By `Kind namespace/name`. */
  readonly objects: ReadonlyMap<string, TapedObject>;
  /** Objects that were deleted. */
  deleted(): string[];
  /** Objects that were given the same state twice, with anything in between or nothing: a commit that was synced twice. */
  repeated(): string[];
  /** Objects whose last state is another. */
  others(state: string): string[];
  close(): void;
}

/** The state of an object is what `stateOf` says; changes that leave it alone are not on the tape. */
export function startObjectTape(
  cluster: Cluster,
  namespace: string,
  kinds: readonly GroupVersionKind[],
  stateOf: (object: KubeObject) => string = (object) => stringAt(object, 'data', 'value') ?? '',
): ObjectTape {
  const objects = new Map<string, TapedObject>();
  const versions = new Map<string, string>();
  const watches = kinds.map((kind) =>
    cluster.watch(kind, { namespace }, (event) => {
      if (event.type === 'synced' || event.type === 'stale') return;
      const key = describeKey(keyOf(event.object));
      const entry = objects.get(key) ?? { states: [], deletions: 0 };
      objects.set(key, entry);
      if (event.type === 'deleted') {
        entry.deletions += 1;
        return;
      }
      // A watch that begins anew shows again what it showed before.
      const version = event.object.metadata.resourceVersion ?? '';
      if (versions.get(key) === version) return;
      versions.set(key, version);
      entry.states.push(stateOf(event.object));
    }),
  );
  const names = (test: (entry: TapedObject) => boolean): string[] =>
    [...objects].filter(([, entry]) => test(entry)).map(([key]) => key);
  return {
    objects,
    deleted: () => names(({ deletions }) => deletions > 0),
    repeated: () => names(({ states }) => new Set(states).size !== states.length),
    others: (state) => names(({ states }) => states.at(-1) !== state),
    close: () => {
      for (const watch of watches) watch.close();
    },
  };
}

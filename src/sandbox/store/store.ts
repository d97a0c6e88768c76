import { nameOf, namespaceOf, withMeta, type Stored } from '../object.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One change of the store. */
export interface Change {
  readonly revision: number;
  readonly type: ChangeType;
  /** The id of the resource: `group/plural`. */
  readonly resource: string;
  /** After the change; for DELETED the last state with the revision of the deletion. */
  readonly object: Stored;
  readonly before: Stored | undefined;
}

/** How many changes are kept for watches that start in the past. */
const KEPT_CHANGES = 20_000;

/**
 * Objects by resource, namespace and name, one revision counter over all, and the recent changes. Objects go in and come out by
 * reference and are never changed in place.
 */
export class Store {
  readonly #tables = new Map<string, Map<string, Map<string, Stored>>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #changes: Change[] = [];
  #revision = 1;
  /** Changes up to this revision are forgotten. */
  #compacted = 0;

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, namespace: string, name: string): Stored | undefined {
    return this.#tables.get(resource)?.get(namespace)?.get(name);
  }

  /** Sorted by namespace and name, as etcd has them. */
  list(resource: string, namespace?: string): Stored[] {
    const table = this.#tables.get(resource);
    if (table === undefined) return [];
    const spaces = namespace === undefined ? [...table.keys()].sort() : [namespace];
    const found: Stored[] = [];
    for (const space of spaces) {
      const objects = table.get(space);
      if (objects === undefined) continue;
      for (const name of [...objects.keys()].sort()) {
        const object = objects.get(name);
        if (object !== undefined) found.push(object);
      }
    }
    return found;
  }

  count(resource: string): number {
    let count = 0;
    for (const objects of this.#tables.get(resource)?.values() ?? []) count += objects.size;
    return count;
  }

  resources(): string[] {
    return [...this.#tables.keys()];
  }

  /** Creates or replaces; the answer carries its new resourceVersion. */
  put(resource: string, object: Stored): Stored {
    const namespace = namespaceOf(object);
    const name = nameOf(object);
    const before = this.get(resource, namespace, name);
    const revision = ++this.#revision;
    const stored = withMeta(object, { resourceVersion: String(revision) });
    let table = this.#tables.get(resource);
    if (table === undefined) this.#tables.set(resource, (table = new Map()));
    let objects = table.get(namespace);
    if (objects === undefined) table.set(namespace, (objects = new Map()));
    objects.set(name, stored);
    this.#emit({ revision, type: before === undefined ? 'ADDED' : 'MODIFIED', resource, object: stored, before });
    return stored;
  }

  /** Removes; the answer is the last state with the revision of the deletion. */
  remove(resource: string, namespace: string, name: string): Stored | undefined {
    const before = this.get(resource, namespace, name);
    if (before === undefined) return undefined;
    const revision = ++this.#revision;
    const objects = this.#tables.get(resource)?.get(namespace);
    objects?.delete(name);
    if (objects?.size === 0) this.#tables.get(resource)?.delete(namespace);
    const object = withMeta(before, { resourceVersion: String(revision) });
    this.#emit({ revision, type: 'DELETED', resource, object, before });
    return object;
  }

  #emit(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > KEPT_CHANGES * 1.5) this.#forget(this.#changes.length - KEPT_CHANGES);
    for (const listener of this.#listeners) listener(change);
  }

  #forget(count: number): void {
    const dropped = this.#changes.splice(0, count);
    this.#compacted = dropped.at(-1)?.revision ?? this.#compacted;
  }

  /** Forgets all past changes: watches from before now are answered with 410. */
  compact(): void {
    this.#forget(this.#changes.length);
    this.#compacted = this.#revision;
  }

  /** The changes after a revision; undefined when they are forgotten. */
  since(revision: number): readonly Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#changes.slice(low);
  }

  /** Called for every change, synchronously and in order; the answer stops it. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Everything, for a snapshot on disk. */
  dump(): { readonly revision: number; readonly objects: readonly (readonly [string, Stored])[] } {
    const objects: (readonly [string, Stored])[] = [];
    for (const resource of this.#tables.keys())
      for (const object of this.list(resource)) objects.push([resource, object]);
    return { revision: this.#revision, objects };
  }

  /** Fills an empty store from a snapshot; resource versions stay, past changes are unknown. */
  load(revision: number, objects: readonly (readonly [string, Stored])[]): void {
    for (const [resource, object] of objects) {
      let table = this.#tables.get(resource);
      if (table === undefined) this.#tables.set(resource, (table = new Map()));
      const namespace = namespaceOf(object);
      let space = table.get(namespace);
      if (space === undefined) table.set(namespace, (space = new Map()));
      space.set(nameOf(object), object);
    }
    this.#revision = revision;
    this.#compacted = revision;
  }
}

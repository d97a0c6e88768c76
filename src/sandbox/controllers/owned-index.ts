import { nameOf, namespaceOf, textOf, type Stored } from '../object.ts';
import type { Change } from '../store/store.ts';
import { keyOfObject } from './controller.ts';
import { controllerOf } from './pod-state.ts';

/** Objects by the uid of the owner that controls them, kept up by the changes that its holder passes on. */
export class OwnedIndex {
  readonly #byOwner = new Map<string, Map<string, Stored>>();
  readonly #orphans = new Map<string, Map<string, Stored>>();
  readonly #resource: string;

  constructor(resource: string) {
    this.#resource = resource;
  }

  /** Takes note of a change; the reference to the controlling owner, when the change is one of an owned object. */
  note(change: Change): { readonly kind: string; readonly name: string; readonly namespace: string } | undefined {
    if (change.resource !== this.#resource) return undefined;
    const owner = controllerOf(change.object);
    const namespace = namespaceOf(change.object);
    const key = keyOfObject(namespace, nameOf(change.object));
    this.#noteOrphan(change, owner === undefined && change.type !== 'DELETED', namespace, key);
    const before = change.before === undefined ? undefined : controllerOf(change.before);
    if (before !== undefined && textOf(before, 'uid') !== textOf(owner, 'uid'))
      this.#byOwner.get(textOf(before, 'uid'))?.delete(key);
    if (owner === undefined) return undefined;
    const uid = textOf(owner, 'uid');
    const known = this.#byOwner.get(uid) ?? new Map<string, Stored>();
    this.#byOwner.set(uid, known);
    if (change.type === 'DELETED') {
      known.delete(key);
      if (known.size === 0) this.#byOwner.delete(uid);
    } else known.set(key, change.object);
    return { kind: textOf(owner, 'kind'), name: textOf(owner, 'name'), namespace };
  }

  #noteOrphan(change: Change, orphaned: boolean, namespace: string, key: string): void {
    const known = this.#orphans.get(namespace);
    if (!orphaned) known?.delete(key);
    else if (known === undefined) this.#orphans.set(namespace, new Map([[key, change.object]]));
    else known.set(key, change.object);
  }

  /** Those of a namespace that nobody controls. */
  orphans(namespace: string): Stored[] {
    return [...(this.#orphans.get(namespace)?.values() ?? [])];
  }

  of(uid: string): Stored[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }
}

import { APPLICATION_LABEL } from '../../core/application.ts';
import { stringAt } from '../../core/json.ts';
import {
  formatKey,
  gvkOf,
  keyOf,
  type GroupVersionKind,
  type KubeObject,
  type ObjectKey,
} from '../../core/object-key.ts';
import type { Clock, Cluster, Logger, Watch, WatchEvent } from '../../core/ports.ts';
import { compact, type Compacted } from './compact-object.ts';
import { compareVersions, versionOf } from './resource-version.ts';

/** `drift`: what we own of it is not what we applied; `status`: anything else about it changed. */
export type ChangeKind = 'drift' | 'status';

export interface LiveChange {
  /** Value of our label: the application that it belongs to. */
  readonly label: string;
  readonly key: ObjectKey;
  readonly kind: ChangeKind;
  /** The object now; absent when it is gone. */
  readonly object?: KubeObject;
}

export interface LiveViewOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: (change: LiveChange) => void;
  /** How long a reader waits for the first list of a kind before it reads by itself. */
  readonly syncTimeoutMs?: number;
}

interface KindView {
  readonly kind: GroupVersionKind;
  readonly watch: Watch;
  readonly entries: Map<string, Compacted>;
  synced: boolean;
  /** It was synced once: from then on events are news. */
  everSynced: boolean;
  waiting: (() => void)[];
  /** The right to look is lacking: nobody waits for it. */
  denied: boolean;
  /** Not waited for again before this time: it could not be listed. */
  skipUntilMs: number;
}

/**
 * Everything that carries our label, kept up to date by one reflector per kind. An object keeps its identity until it changes, so that
 * verdicts on it hold; what our own writes answer is taken over at once. A kind whose view is stale answers nothing: its readers read.
 */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #kinds = new Map<string, KindView>();
  readonly #byGroupKind = new Map<string, KindView[]>();
  readonly #labels = new Map<string, Map<string, ObjectKey>>();

  constructor(options: LiveViewOptions) {
    this.#options = options;
  }

  /** Waits until the view of a kind is complete; false when that does not come in time, or is not allowed. */
  async ready(kind: GroupVersionKind, signal?: AbortSignal): Promise<boolean> {
    const view = this.#follow(kind);
    if (view === undefined) return false;
    if (view.synced) return true;
    if (view.denied) return false;
    const { clock } = this.#options;
    if (clock.monotonic() < view.skipUntilMs) return false;
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([
        new Promise<void>((resolve) => {
          view.waiting.push(resolve);
        }),
        clock.sleep(this.#options.syncTimeoutMs ?? 5000, stop.signal).catch(() => undefined),
      ]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      stop.abort();
    }
    if (!view.synced) view.skipUntilMs = clock.monotonic() + 30_000;
    return view.synced;
  }

  /** The object as it is known; undefined when the view has none, which is no absence: it may be without our label. */
  find(kind: GroupVersionKind, key: ObjectKey): KubeObject | undefined {
    return this.#viewOf(kind)?.entries.get(formatKey(key))?.object;
  }

  /** Whether the view of a kind is complete now. */
  isCurrent(kind: GroupVersionKind): boolean {
    return this.#viewOf(kind)?.synced === true;
  }

  /** Whether changes of an object would be seen here; of some kinds only their own account may know. */
  sees(key: ObjectKey): boolean {
    return this.isCurrent({ group: key.group, version: '', kind: key.kind });
  }

  /** Keys of everything that carries a label now. */
  keysOf(label: string): ObjectKey[] {
    return [...(this.#labels.get(label)?.values() ?? [])];
  }

  /** Number of kinds whose view may be old now. */
  get staleCount(): number {
    let count = 0;
    for (const view of this.#kinds.values()) if (view.everSynced && !view.synced) count += 1;
    return count;
  }

  get size(): number {
    let count = 0;
    for (const view of this.#kinds.values()) count += view.entries.size;
    return count;
  }

  /** Takes over what a write of ours was answered with: the event for it is then no news. */
  observe(object: KubeObject): void {
    const label = labelValue(object);
    if (label === undefined) return;
    const view = this.#kinds.get(idOf(gvkOf(object)));
    if (view === undefined) return;
    this.#store(view, object, label, true);
  }

  close(): void {
    for (const view of this.#kinds.values()) {
      view.watch.close();
      for (const tell of view.waiting) tell();
    }
    this.#kinds.clear();
    this.#byGroupKind.clear();
  }

  #viewOf(kind: GroupVersionKind): KindView | undefined {
    if (kind.version !== '') return this.#kinds.get(idOf(kind));
    return this.#byGroupKind.get(`${kind.group}/${kind.kind}`)?.[0];
  }

  #follow(kind: GroupVersionKind): KindView | undefined {
    const present = this.#viewOf(kind);
    if (present !== undefined) return present;
    const view: KindView = {
      kind,
      entries: new Map(),
      synced: false,
      everSynced: false,
      waiting: [],
      denied: false,
      skipUntilMs: 0,
      watch: this.#options.cluster.watch(kind, { labelSelector: APPLICATION_LABEL }, (event) => {
        this.#onEvent(view, event);
      }),
    };
    this.#kinds.set(idOf(kind), view);
    const group = `${kind.group}/${kind.kind}`;
    const views = this.#byGroupKind.get(group) ?? [];
    views.push(view);
    this.#byGroupKind.set(group, views);
    return view;
  }

  #onEvent(view: KindView, event: WatchEvent): void {
    switch (event.type) {
      case 'synced':
        view.synced = true;
        view.everSynced = true;
        view.denied = false;
        for (const tell of view.waiting.splice(0)) tell();
        return;
      case 'stale':
        view.synced = false;
        view.denied = event.denied === true;
        if (view.denied) for (const tell of view.waiting.splice(0)) tell();
        this.#options.logger.debug({ kind: view.kind.kind, reason: event.reason }, 'view of a kind is stale');
        return;
      case 'deleted':
        this.#remove(view, event.object);
        return;
      default: {
        const label = labelValue(event.object);
        if (label !== undefined) this.#store(view, event.object, label, false);
      }
    }
  }

  #store(view: KindView, object: KubeObject, label: string, ours: boolean): void {
    const key = keyOf(object);
    const id = formatKey(key);
    const before = view.entries.get(id);
    if (before !== undefined) {
      const order = compareVersions(versionOf(object), versionOf(before.object));
      const same = versionOf(object) === versionOf(before.object);
      // An event that was overtaken by the answer to a write, or says the same: the object keeps its identity.
      if (same || (order < 0 && before.object.metadata.uid === object.metadata.uid)) {
        return;
      }
      const labelBefore = labelValue(before.object);
      if (labelBefore !== undefined && labelBefore !== label) this.#unlist(labelBefore, id);
    }
    const entry = compact(object);
    const { owned } = entry;
    view.entries.set(id, entry);
    let list = this.#labels.get(label);
    if (list === undefined) {
      list = new Map();
      this.#labels.set(label, list);
    }
    list.set(id, key);
    if (ours) return;
    if (!view.everSynced) return;
    const drift = before === undefined || before.owned !== owned || before.object.metadata.uid !== object.metadata.uid;
    this.#options.onChange({ label, key, kind: drift ? 'drift' : 'status', object: entry.object });
  }

  #remove(view: KindView, object: KubeObject): void {
    const key = keyOf(object);
    const id = formatKey(key);
    const before = view.entries.get(id);
    if (before === undefined) return;
    // The answer to a write of ours is newer: it exists again.
    if (
      before.object.metadata.uid !== object.metadata.uid &&
      compareVersions(versionOf(before.object), versionOf(object)) > 0
    )
      return;
    view.entries.delete(id);
    const label = labelValue(before.object);
    if (label === undefined) return;
    this.#unlist(label, id);
    this.#options.onChange({ label, key, kind: 'drift' });
  }

  #unlist(label: string, id: string): void {
    const list = this.#labels.get(label);
    list?.delete(id);
    if (list?.size === 0) this.#labels.delete(label);
  }
}

export function labelValue(object: KubeObject): string | undefined {
  return stringAt(object, 'metadata', 'labels', APPLICATION_LABEL);
}

function idOf(kind: GroupVersionKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}

import { formatApplicationName, type Application } from '../../core/application.ts';
import { EngineError, messageOf } from '../../core/errors.ts';
import { isJsonObject, jsonEqual, listAt, numberAt, own, stringAt, type Json } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import type { Cluster, Logger, WatchEvent } from '../../core/ports.ts';
import { APPLICATION_KIND } from '../../config/application-crd.ts';
import { resolveApplication } from '../../config/resolve-application.ts';
import { compareVersions, versionOf } from './resource-version.ts';
import { withoutFieldRecords } from './compact-object.ts';
import { generationOf, untouched, type HistoryLine, type Tracked } from './tracked.ts';

export interface ApplicationViewOptions {
  readonly cluster: Cluster;
  readonly logger: Logger;
  /** Only Applications of this namespace. */
  readonly namespace?: string;
  /** For Applications that name none: the ServiceAccount of their namespace that they act as. */
  readonly defaultServiceAccount?: string;
  /** `spec`: what is declared is another; `annotations`: only those changed. */
  readonly onChange: (tracked: Tracked, change: 'added' | 'spec' | 'annotations') => void;
  readonly onRemoved: (tracked: Tracked) => void;
}

/** The Applications of the cluster, each understood or with the reason why not. One bad object never hurts the others. */
export class ApplicationView {
  readonly #options: ApplicationViewOptions;
  readonly #tracked = new Map<string, Tracked>();
  readonly #byLabel = new Map<string, Tracked>();
  /** `namespace/name` → those that name it in their specification. */
  readonly #dependents = new Map<string, Set<Tracked>>();
  /** Those whose object is the answer to a write of ours, of which the event has not come. */
  readonly #ahead = new WeakSet<Tracked>();
  readonly #waiting: (() => void)[] = [];
  #started = false;
  #synced = false;

  constructor(options: ApplicationViewOptions) {
    this.#options = options;
  }

  /** Begins to watch; resolves with the first complete list. */
  async start(signal: AbortSignal): Promise<void> {
    const { cluster, namespace } = this.#options;
    if (!this.#started)
      cluster.watch(APPLICATION_KIND, { signal, ...(namespace === undefined ? {} : { namespace }) }, (event) => {
        this.#onEvent(event);
      });
    this.#started = true;
    if (this.#synced || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  get synced(): boolean {
    return this.#synced;
  }

  get(id: string): Tracked | undefined {
    return this.#tracked.get(id);
  }

  byLabel(label: string): Tracked | undefined {
    return this.#byLabel.get(label);
  }

  /** Those that wait for an application, also for one that does not exist. */
  dependentsOf(id: string): Iterable<Tracked> {
    return this.#dependents.get(id) ?? [];
  }

  all(): IterableIterator<Tracked> {
    return this.#tracked.values();
  }

  get size(): number {
    return this.#tracked.size;
  }

  /** Takes over what a write of ours was answered with; it may hold what others wrote before, which no event will say any more. */
  observe(object: KubeObject): void {
    const tracked = this.#tracked.get(idOf(object));
    if (tracked === undefined || tracked.object.metadata.uid !== object.metadata.uid) return;
    this.#ahead.add(tracked);
    this.#take(tracked, withoutFieldRecords(object));
  }

  #onEvent(event: WatchEvent): void {
    switch (event.type) {
      case 'synced':
        this.#synced = true;
        for (const tell of this.#waiting.splice(0)) tell();
        return;
      case 'stale':
        this.#options.logger.debug({ reason: event.reason }, 'view of the Applications is stale');
        return;
      case 'deleted': {
        const tracked = this.#tracked.get(idOf(event.object));
        if (tracked !== undefined) this.#remove(tracked);
        return;
      }
      default:
        this.#upsert(withoutFieldRecords(event.object));
    }
  }

  #upsert(object: KubeObject): void {
    const id = idOf(object);
    const before = this.#tracked.get(id);
    if (before !== undefined && before.object.metadata.uid !== object.metadata.uid) this.#remove(before);
    const tracked = this.#tracked.get(id);
    if (tracked === undefined) {
      const fresh = this.#track(object);
      this.#tracked.set(id, fresh);
      this.#byLabel.set(fresh.label, fresh);
      this.#options.onChange(fresh, 'added');
      return;
    }
    // Older than the answer to a write: what it says was in that answer.
    if (this.#ahead.has(tracked) && compareVersions(versionOf(object), versionOf(tracked.object)) < 0) return;
    this.#ahead.delete(tracked);
    this.#take(tracked, object);
  }

  #take(tracked: Tracked, object: KubeObject): void {
    const old = tracked.object;
    if (versionOf(old) === versionOf(object)) return;
    tracked.object = object;
    const deletion = own(old.metadata, 'deletionTimestamp') !== own(object.metadata, 'deletionTimestamp');
    if (generationOf(old) !== generationOf(object) || deletion) {
      this.#understand(tracked);
      this.#options.onChange(tracked, 'spec');
    } else if (!jsonEqual(own(old.metadata, 'annotations'), own(object.metadata, 'annotations'))) {
      this.#options.onChange(tracked, 'annotations');
    }
  }

  #remove(tracked: Tracked): void {
    this.#tracked.delete(tracked.id);
    if (this.#byLabel.get(tracked.label) === tracked) this.#byLabel.delete(tracked.label);
    this.#unlist(tracked);
    this.#options.onRemoved(tracked);
  }

  #track(object: KubeObject): Tracked {
    const name = { namespace: stringAt(object, 'metadata', 'namespace') ?? '', name: object.metadata.name };
    const tracked: Tracked = { ...untouched(name, object), history: readHistory(object) };
    this.#understand(tracked);
    return tracked;
  }

  #understand(tracked: Tracked): void {
    this.#unlist(tracked);
    try {
      tracked.application = this.#withDefaults(resolveApplication(tracked.object as Json, tracked.name.namespace));
      tracked.problem = undefined;
      for (const other of tracked.application.dependsOn.map(formatApplicationName)) {
        const dependents = this.#dependents.get(other);
        if (dependents === undefined) this.#dependents.set(other, new Set([tracked]));
        else dependents.add(tracked);
      }
    } catch (thrown) {
      tracked.application = undefined;
      tracked.problem =
        thrown instanceof EngineError
          ? thrown
          : new EngineError(
              'ConfigInvalid',
              `Application ${tracked.id} cannot be read (Invalid): ${messageOf(thrown)}`,
            );
    }
  }

  #unlist(tracked: Tracked): void {
    for (const other of tracked.application?.dependsOn.map(formatApplicationName) ?? []) {
      const dependents = this.#dependents.get(other);
      dependents?.delete(tracked);
      if (dependents?.size === 0) this.#dependents.delete(other);
    }
  }

  #withDefaults(application: Application): Application {
    const { defaultServiceAccount } = this.#options;
    if (defaultServiceAccount === undefined || application.destination.serviceAccountName !== undefined)
      return application;
    return { ...application, destination: { ...application.destination, serviceAccountName: defaultServiceAccount } };
  }
}

function idOf(object: KubeObject): string {
  return formatApplicationName({
    namespace: stringAt(object, 'metadata', 'namespace') ?? '',
    name: object.metadata.name,
  });
}

/** The summary that the status remembers; anything odd in it is left out. */
function readHistory(object: KubeObject): HistoryLine[] {
  return listAt(object, 'status', 'history').flatMap((line): HistoryLine[] => {
    const number = numberAt(line, 'number');
    if (!isJsonObject(line) || number === undefined) return [];
    return [
      {
        number,
        commit: stringAt(line, 'commit') ?? '',
        subject: stringAt(line, 'subject') ?? '',
        outcome: stringAt(line, 'outcome') ?? '',
        trigger: stringAt(line, 'trigger') ?? '',
        finishedAt: stringAt(line, 'finishedAt') ?? '',
      },
    ];
  });
}

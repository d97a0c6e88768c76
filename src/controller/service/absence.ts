import { APPLICATION_LABEL } from '../../core/application.ts';
import { isEngineError } from '../../core/errors.ts';
import type { Live } from '../../core/live.ts';
import type { GroupVersionKind, ObjectKey } from '../../core/object-key.ts';
import type { Clock, Cluster } from '../../core/ports.ts';
import { asEngineError } from '../live-reader.ts';

/** A list answers for others too, for so long. What a plan reads is as old as that by the time it is applied. */
const LIST_AGE_MS = 2000;
/** From this many single reads in one place within that time on, one list is cheaper. */
const LIST_FROM = 8;

interface Place {
  /** Single reads since `sinceMs`. */
  reads: number;
  sinceMs: number;
  list?: { readonly atMs: number; readonly names: Promise<ReadonlySet<string> | undefined> };
}

/**
 * Answers whether objects that do not carry our label exist. A few are read one by one; many of one kind and namespace, as in a first
 * install, by one list of the names that are there without our label.
 */
export class AbsenceReader {
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async read(cluster: Cluster, kind: GroupVersionKind, key: ObjectKey, signal?: AbortSignal): Promise<Live> {
    const place = this.#place(`${cluster.id} ${kind.group}/${kind.version}/${kind.kind} ${key.namespace}`);
    place.reads += 1;
    const nowMs = this.#clock.monotonic();
    if (place.list === undefined || nowMs - place.list.atMs > LIST_AGE_MS) {
      if (place.reads < LIST_FROM) return this.#get(cluster, kind, key, signal);
      place.list = { atMs: nowMs, names: this.#list(cluster, kind, key.namespace) };
    }
    const names = await place.list.names;
    // Without a list (forbidden, or the server does not answer) each is asked for by itself.
    if (names === undefined || names.has(key.name)) return this.#get(cluster, kind, key, signal);
    return { state: 'absent' };
  }

  #place(id: string): Place {
    const nowMs = this.#clock.monotonic();
    let place = this.#places.get(id);
    if (place === undefined || nowMs - place.sinceMs > LIST_AGE_MS) {
      if (this.#places.size > 10_000) this.#places.clear();
      const list = place?.list;
      place = { reads: place !== undefined && place.reads >= LIST_FROM ? LIST_FROM - 1 : 0, sinceMs: nowMs };
      if (list !== undefined && nowMs - list.atMs <= LIST_AGE_MS) place.list = list;
      this.#places.set(id, place);
    }
    return place;
  }

  async #list(cluster: Cluster, kind: GroupVersionKind, namespace: string): Promise<ReadonlySet<string> | undefined> {
    try {
      const objects = await cluster.list(kind, {
        namespace,
        labelSelector: `!${APPLICATION_LABEL}`,
        metadataOnly: true,
      });
      return new Set(objects.map((object) => object.metadata.name));
    } catch (thrown) {
      if (isEngineError(thrown)) return undefined;
      throw thrown;
    }
  }

  async #get(cluster: Cluster, kind: GroupVersionKind, key: ObjectKey, signal: AbortSignal | undefined): Promise<Live> {
    try {
      return await cluster.get(kind, key, signal);
    } catch (thrown) {
      return { state: 'unknown', error: asEngineError(thrown) };
    }
  }
}

import { LRUCache } from 'lru-cache';
import type { Clock, Cluster, Logger } from '../../core/ports.ts';
import { joinRelated, NOTHING_RELATED, type Related } from '../../health/related.ts';
import { listRelated } from '../observe-health.ts';

/** Pods of a namespace are listed at most this often, for whoever asks… */
const AGE_MS = 5000;
/** …and never take more than this share of the time: thousands of them are listed less often. */
const SHARE = 1 / 20;

interface Known {
  readonly related: Promise<Related>;
  /** Monotonic; until the list has come, nobody lists again. */
  staleMs: number;
}

/** Pods and the like near troubled workloads, indexed once for all applications of a namespace and identity. */
export class RelatedCache {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new LRUCache<string, Known>({ max: 200 });

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  async list(cluster: Cluster, namespaces: readonly string[]): Promise<Related> {
    const lists = await Promise.all(namespaces.map(async (namespace) => this.#namespace(cluster, namespace)));
    return lists.reduce(joinRelated, NOTHING_RELATED);
  }

  async #namespace(cluster: Cluster, namespace: string): Promise<Related> {
    const id = `${cluster.id} ${namespace}`;
    const beganMs = this.#clock.monotonic();
    const known = this.#known.get(id);
    if (known !== undefined && beganMs < known.staleMs) return known.related;
    const fresh: Known = {
      related: listRelated(cluster, [namespace], this.#logger),
      staleMs: Number.POSITIVE_INFINITY,
    };
    this.#known.set(id, fresh);
    const related = await fresh.related;
    const endMs = this.#clock.monotonic();
    fresh.staleMs = endMs + Math.max(AGE_MS, (endMs - beganMs) / SHARE);
    return related;
  }
}

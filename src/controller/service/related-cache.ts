import { LRUCache } from 'lru-cache';
import type { KubeObject } from '../../core/object-key.ts';
import type { Clock, Cluster, Logger } from '../../core/ports.ts';
import { listRelated } from '../observe-health.ts';

/** Pods of a namespace are listed at most this often, for whoever asks. */
const AGE_MS = 5000;

/** Pods and the like near troubled workloads, shared by all applications of a namespace and identity. */
export class RelatedCache {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new LRUCache<string, { readonly atMs: number; readonly objects: Promise<readonly KubeObject[]> }>({
    max: 200,
  });

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  async list(cluster: Cluster, namespaces: readonly string[]): Promise<readonly KubeObject[]> {
    const lists = await Promise.all(namespaces.map(async (namespace) => this.#namespace(cluster, namespace)));
    return lists.flat();
  }

  async #namespace(cluster: Cluster, namespace: string): Promise<readonly KubeObject[]> {
    const id = `${cluster.id} ${namespace}`;
    const nowMs = this.#clock.monotonic();
    const known = this.#known.get(id);
    if (known !== undefined && nowMs - known.atMs < AGE_MS) return known.objects;
    const objects = listRelated(cluster, [namespace], this.#logger);
    this.#known.set(id, { atMs: nowMs, objects });
    return objects;
  }
}

import type { JsonObject } from '../../core/json.ts';
import type { GroupVersionKind, KubeObject } from '../../core/object-key.ts';
import type { ApplyOptions, Cluster } from '../../core/ports.ts';
import { DelegateCluster } from './delegate-cluster.ts';

/** Tells what writes were answered with, so that a view need not wait for the event. */
export class ObservedCluster extends DelegateCluster {
  readonly #observe: (object: KubeObject) => void;
  readonly #identities = new Map<string, ObservedCluster>();

  constructor(inner: Cluster, observe: (object: KubeObject) => void) {
    super(inner);
    this.#observe = observe;
  }

  override async apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject> {
    const written = await this.inner.apply(object, options);
    if (options?.dryRun !== true) this.#observe(written);
    return written;
  }

  override async create(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    const written = await this.inner.create(object, options);
    if (options?.dryRun !== true) this.#observe(written);
    return written;
  }

  override async patch(
    kind: GroupVersionKind,
    ref: { readonly namespace: string; readonly name: string },
    patch: { readonly type: 'merge' | 'json'; readonly body: JsonObject | readonly JsonObject[] },
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    const written = await this.inner.patch(kind, ref, patch, options);
    if (options?.dryRun !== true) this.#observe(written);
    return written;
  }

  impersonate(user: { readonly namespace: string; readonly serviceAccountName: string }): Cluster {
    const id = `${user.namespace}/${user.serviceAccountName}`;
    let known = this.#identities.get(id);
    if (known === undefined) {
      known = new ObservedCluster(this.inner.impersonate(user), this.#observe);
      if (this.#identities.size > 10_000) this.#identities.clear();
      this.#identities.set(id, known);
    }
    return known;
  }
}

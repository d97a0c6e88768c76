import type { JsonObject } from '../../core/json.ts';
import type { SchemaType } from '../../core/fields/schema.ts';
import type { Live } from '../../core/live.ts';
import type { GroupVersionKind, KubeObject } from '../../core/object-key.ts';
import type {
  ApiResource,
  ApplyOptions,
  Cluster,
  DeleteOptions,
  ListOptions,
  ServerVersion,
  Watch,
  WatchEvent,
} from '../../core/ports.ts';

type Ref = { readonly namespace: string; readonly name: string };

/** A cluster that hands everything on to another one; what stands between them overrides the calls that it cares about. */
export abstract class DelegateCluster implements Cluster {
  protected readonly inner: Cluster;

  constructor(inner: Cluster) {
    this.inner = inner;
  }

  get id(): string {
    return this.inner.id;
  }

  version(signal?: AbortSignal): Promise<ServerVersion> {
    return this.inner.version(signal);
  }

  resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource> {
    return this.inner.resource(kind, signal);
  }

  resources(
    signal?: AbortSignal,
  ): Promise<{ readonly resources: readonly ApiResource[]; readonly failedGroups: readonly string[] }> {
    return this.inner.resources(signal);
  }

  refresh(): void {
    this.inner.refresh();
  }

  schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaType | undefined> {
    return this.inner.schema(kind, signal);
  }

  get(kind: GroupVersionKind, ref: Ref, signal?: AbortSignal): Promise<Live> {
    return this.inner.get(kind, ref, signal);
  }

  list(kind: GroupVersionKind, options?: ListOptions): Promise<readonly KubeObject[]> {
    return this.inner.list(kind, options);
  }

  watch(kind: GroupVersionKind, options: ListOptions, onEvent: (event: WatchEvent) => void): Watch {
    return this.inner.watch(kind, options, onEvent);
  }

  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject> {
    return this.inner.apply(object, options);
  }

  create(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    return this.inner.create(object, options);
  }

  replace(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    return this.inner.replace(object, options);
  }

  patch(
    kind: GroupVersionKind,
    ref: Ref,
    patch: { readonly type: 'merge' | 'json'; readonly body: JsonObject | readonly JsonObject[] },
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    return this.inner.patch(kind, ref, patch, options);
  }

  delete(kind: GroupVersionKind, ref: Ref, options?: DeleteOptions): Promise<'accepted' | 'absent'> {
    return this.inner.delete(kind, ref, options);
  }

  review(
    document: { readonly apiVersion: string; readonly kind: string } & JsonObject,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    return this.inner.review(document, signal);
  }

  abstract impersonate(user: { readonly namespace: string; readonly serviceAccountName: string }): Cluster;

  close(): Promise<void> {
    return this.inner.close();
  }
}

import { stringAt } from '../../core/json.ts';
import type { Live } from '../../core/live.ts';
import type { GroupVersionKind, KubeObject } from '../../core/object-key.ts';
import type { Cluster, DeleteOptions, ListOptions, Logger, WatchEvent } from '../../core/ports.ts';
import { isEngineError } from '../../core/errors.ts';
import { STATE_LABEL } from '../../apply/state-store.ts';
import { withoutFieldRecords } from './compact-object.ts';
import { DelegateCluster } from './delegate-cluster.ts';
import { compareVersions, versionOf } from './resource-version.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;

type Ref = { readonly namespace: string; readonly name: string };

/**
 * The engine's own cluster, with the state ConfigMaps kept in memory by a watch: reading a state costs no request. Writes carry the
 * resourceVersion that was read, so a view that is behind costs a repeated pass and never a wrong write; after such a conflict the next
 * read of that state goes to the server.
 */
export class StateCluster extends DelegateCluster {
  readonly #logger: Logger;
  readonly #states = new Map<string, KubeObject>();
  /** Names whose view was found to be behind. */
  readonly #doubted = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #started = false;
  #synced = false;

  constructor(inner: Cluster, logger: Logger) {
    super(inner);
    this.#logger = logger;
  }

  /** Begins to watch; resolves with the first complete list. */
  async start(signal: AbortSignal): Promise<void> {
    if (!this.#started)
      this.inner.watch(CONFIG_MAP, { labelSelector: STATE_LABEL, signal }, (event) => {
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

  override async get(kind: GroupVersionKind, ref: Ref, signal?: AbortSignal): Promise<Live> {
    if (!this.#serves(kind, ref.name)) return this.inner.get(kind, ref, signal);
    const id = idOf(ref);
    if (this.#doubted.has(id)) {
      const live = await this.inner.get(kind, ref, signal);
      if (live.state === 'present') this.#keep(live.object);
      if (live.state !== 'unknown') this.#doubted.delete(id);
      return live;
    }
    const object = this.#states.get(id);
    return object === undefined ? { state: 'absent' } : { state: 'present', object };
  }

  override async list(kind: GroupVersionKind, options: ListOptions = {}): Promise<readonly KubeObject[]> {
    const ours = options.labelSelector?.startsWith(`${STATE_LABEL}=`) === true;
    if (!ours || !this.#synced || kind.kind !== 'ConfigMap' || kind.group !== '') return this.inner.list(kind, options);
    const all = [...this.#states.values()];
    return options.namespace === undefined
      ? all
      : all.filter((object) => object.metadata.namespace === options.namespace);
  }

  override async create(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    return this.#written(object, () => this.inner.create(object, options));
  }

  override async replace(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject> {
    return this.#written(object, () => this.inner.replace(object, options));
  }

  override async delete(kind: GroupVersionKind, ref: Ref, options?: DeleteOptions): Promise<'accepted' | 'absent'> {
    const result = await this.inner.delete(kind, ref, options);
    if (this.#serves(kind, ref.name)) this.#states.delete(idOf(ref));
    return result;
  }

  impersonate(user: { readonly namespace: string; readonly serviceAccountName: string }): Cluster {
    return this.inner.impersonate(user);
  }

  #serves(kind: GroupVersionKind, name: string): boolean {
    return this.#synced && kind.kind === 'ConfigMap' && kind.group === '' && name.startsWith('evenkeel-');
  }

  async #written(object: KubeObject, write: () => Promise<KubeObject>): Promise<KubeObject> {
    const state = object.kind === 'ConfigMap' && object.metadata.labels?.[STATE_LABEL] !== undefined;
    try {
      const written = await write();
      if (state) this.#keep(written);
      return written;
    } catch (thrown) {
      // The server knows something else than we do, or nobody knows whether the write came through.
      if (state && isEngineError(thrown))
        this.#doubted.add(idOf({ namespace: object.metadata.namespace ?? '', name: object.metadata.name }));
      throw thrown;
    }
  }

  #onEvent(event: WatchEvent): void {
    switch (event.type) {
      case 'synced':
        this.#synced = true;
        for (const tell of this.#waiting.splice(0)) tell();
        return;
      case 'stale':
        // Reads go to the server until the view is complete again.
        this.#synced = false;
        this.#logger.debug({ reason: event.reason }, 'view of the states is stale');
        return;
      case 'deleted': {
        const id = refOf(event.object);
        const before = this.#states.get(id);
        if (before !== undefined && before.metadata.uid === event.object.metadata.uid) this.#states.delete(id);
        return;
      }
      default:
        this.#keep(event.object);
    }
  }

  #keep(object: KubeObject): void {
    const id = refOf(object);
    const before = this.#states.get(id);
    if (
      before !== undefined &&
      before.metadata.uid === object.metadata.uid &&
      compareVersions(versionOf(object), versionOf(before)) < 0
    )
      return;
    this.#states.set(id, withoutFieldRecords(object));
  }
}

function idOf(ref: Ref): string {
  return `${ref.namespace}/${ref.name}`;
}

function refOf(object: KubeObject): string {
  return idOf({ namespace: stringAt(object, 'metadata', 'namespace') ?? '', name: object.metadata.name });
}

import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import { stringAt } from '../core/json.ts';
import type { GroupVersionKind, KubeObject } from '../core/object-key.ts';
import type { ApiResource, Clock, ListOptions, Logger, Watch, WatchEvent } from '../core/ports.ts';
import { apiError } from './api-errors.ts';
import { collectionPath, withQuery } from './api-path.ts';
import { parseStatus, statusOf } from './api-status.ts';
import { backoffMs } from './backoff.ts';
import { readJson } from '../core/json-text.ts';
import { LineSplitter } from './json-lines.ts';
import { aboutList, asObject, collectionVersion, listObjects, type RequestHeaders } from './object-list.ts';
import type { Transport } from './transport.ts';

/** What a reflector needs of its client. */
export interface ReflectorHost {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  readonly random: () => number;
  readonly headers: RequestHeaders;
  resource(kind: GroupVersionKind, signal: AbortSignal): Promise<ApiResource>;
  /** The kind may be gone or new: discovery is to be read again. */
  refresh(): void;
}

export interface ReflectorTimes {
  /** A stream without a byte for this long is cut and begun again. Bookmarks come about once a minute. */
  readonly idleMs: number;
  /** How long the server keeps one stream open, at least; the real time is up to twice that. */
  readonly streamSeconds: number;
}

export const DEFAULT_TIMES: ReflectorTimes = { idleMs: 90_000, streamSeconds: 300 };

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const BACKOFF = { baseMs: 250, capMs: 30_000 };
/** A right that is lacking is asked for again and again, but seldom. */
const DENIED_BACKOFF = { baseMs: 2000, capMs: 300_000 };
/** Events are handed out in slices, so that a flood does not keep timers and other sockets waiting. */
const SLICE_MS = 10;

/** A stream that ends sooner did not run into its own time limit. */
const SHORTEST_STREAM_MS = 1000;

const META_WATCH = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** What is kept of an object, enough for the `deleted` event that a relist must make up. */
type Stub = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;

/**
 * A list kept up to date: list all pages, then watch from the list's version; every interruption ends in a watch from the last version
 * seen, or in a new list whose differences become events. Never stops by itself; an error is a `stale` event with its reason.
 */
export class Reflector implements Watch {
  readonly #host: ReflectorHost;
  readonly #kind: GroupVersionKind;
  readonly #options: ListOptions;
  readonly #times: ReflectorTimes;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, Stub>();
  #version = '';
  #stale = true;
  /** While stale: the version at which the view is complete again; undefined when not known yet. */
  #catchUpTo: bigint | undefined;
  #failures = 0;
  /** Counts interruptions: an answer that belongs to an earlier stream is dropped. */
  #round = 0;
  readonly done: Promise<void>;

  constructor(
    host: ReflectorHost,
    kind: GroupVersionKind,
    options: ListOptions,
    times: ReflectorTimes,
    onEvent: (event: WatchEvent) => void,
  ) {
    this.#host = host;
    this.#kind = kind;
    this.#options = options;
    this.#times = times;
    this.#onEvent = onEvent;
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
    if (options.signal?.aborted === true) this.close();
    this.done = this.#run();
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const resource = await this.#host.resource(this.#kind, this.#stop.signal);
        if (this.#version === '') await this.#list(resource);
        await this.#watch(resource);
      } catch (thrown) {
        if (this.#stop.signal.aborted) return;
        await this.#afterFailure(thrown);
      }
    }
  }

  async #list(resource: ApiResource): Promise<void> {
    const listed = await listObjects(
      this.#host.transport,
      resource,
      { ...this.#options, signal: this.#stop.signal },
      this.#host.headers,
    );
    const gone = new Map(this.#known);
    const slice = this.#slicer();
    for (const object of listed.objects) {
      const key = stubKey(object);
      const before = gone.get(key);
      gone.delete(key);
      if (before?.metadata.uid !== undefined && before.metadata.uid !== object.metadata.uid)
        this.#emitDeleted(key, before);
      if (before === undefined || before.metadata.uid !== object.metadata.uid) this.#emit('added', key, object);
      else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) this.#emit('modified', key, object);
      await slice();
      if (this.#stop.signal.aborted) return;
    }
    for (const [key, stub] of gone) this.#emitDeleted(key, stub);
    this.#version = listed.resourceVersion;
    this.#synced();
  }

  async #watch(resource: ApiResource): Promise<void> {
    const about = { ...aboutList(resource, this.#options), failed: 'could not be watched' };
    const metadataOnly = this.#options.metadataOnly === true;
    const seconds = Math.round(this.#times.streamSeconds * (1 + this.#host.random()));
    const beganMs = this.#host.clock.monotonic();
    const cut = new AbortController();
    const onStop = (): void => cut.abort();
    this.#stop.signal.addEventListener('abort', onStop, { once: true });
    try {
      const response = await this.#host.transport.stream({
        method: 'GET',
        path: withQuery(collectionPath(resource, this.#options.namespace ?? ''), {
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion: this.#version,
          timeoutSeconds: String(seconds),
          labelSelector: this.#options.labelSelector,
          fieldSelector: this.#options.fieldSelector,
        }),
        accept: metadataOnly ? META_WATCH : 'application/json',
        headers: this.#host.headers,
        signal: cut.signal,
        idleMs: this.#times.idleMs,
        subject: about.subject,
        failed: about.failed,
      });
      if (response.status !== 200) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) if (chunks.push(chunk) > 64) break;
        throw apiError(parseStatus(response.status, Buffer.concat(chunks).toString('utf8')), about);
      }
      // Not awaited: events flow while the version to catch up to is asked for.
      if (this.#stale) void this.#findCatchUp(resource);
      const lines = new LineSplitter(MAX_LINE_BYTES);
      const slice = this.#slicer();
      for await (const chunk of response.body) {
        for (const line of lines.push(chunk)) {
          this.#handle(line, resource, metadataOnly, about);
          await slice();
          if (this.#stop.signal.aborted) return;
        }
      }
      if (this.#host.clock.monotonic() - beganMs < SHORTEST_STREAM_MS) {
        throw new EngineError(
          'ClusterUnreachable',
          `${about.subject} ${about.failed} (StreamEnded): the server ended the stream at once`,
        );
      }
    } finally {
      this.#stop.signal.removeEventListener('abort', onStop);
      cut.abort();
    }
  }

  #handle(line: string, resource: ApiResource, metadataOnly: boolean, about: ReturnType<typeof aboutList>): void {
    let event: unknown;
    try {
      event = readJson(line);
    } catch {
      throw new EngineError(
        'ClusterUnreachable',
        `${about.subject} ${about.failed} (AnswerInvalid): an event is no JSON`,
      );
    }
    const type = stringAt(event, 'type');
    const item = (event as { readonly object?: unknown }).object;
    if (type === 'ERROR') throw apiError(statusOf(500, item), about);
    if (type === 'BOOKMARK') {
      this.#failures = 0;
      this.#advance(stringAt(item, 'metadata', 'resourceVersion'), true);
      return;
    }
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return;
    this.#failures = 0;
    const object = asObject(item, resource, metadataOnly, about);
    const key = stubKey(object);
    if (type === 'DELETED') {
      this.#known.delete(key);
      this.#give({ type: 'deleted', object });
    } else {
      const before = this.#known.get(key);
      const same = before !== undefined && before.metadata.uid === object.metadata.uid;
      // After a cut the server may show again what was seen already.
      if (!same || before.metadata.resourceVersion !== object.metadata.resourceVersion)
        this.#emit(same ? 'modified' : 'added', key, object);
    }
    this.#advance(object.metadata.resourceVersion, false);
  }

  /** After a cut: the collection's version now; when events or a bookmark reach it, nothing was missed. */
  async #findCatchUp(resource: ApiResource): Promise<void> {
    const round = this.#round;
    try {
      const version = await collectionVersion(
        this.#host.transport,
        resource,
        { ...this.#options, signal: this.#stop.signal },
        this.#host.headers,
      );
      if (round !== this.#round) return;
      this.#catchUpTo = versionNumber(version);
      this.#advance(this.#version, false);
    } catch (thrown) {
      this.#host.logger?.debug(
        { kind: this.#kind.kind, error: messageOf(thrown) },
        'the version to catch up to is not known yet',
      );
    }
  }

  #advance(version: string | undefined, bookmark: boolean): void {
    if (version === undefined || version === '') return;
    this.#version = version;
    if (!this.#stale) return;
    const reached = versionNumber(version);
    if (
      this.#catchUpTo !== undefined && reached !== undefined
        ? reached >= this.#catchUpTo
        : bookmark && this.#catchUpTo === undefined
    )
      this.#synced();
  }

  #synced(): void {
    this.#stale = false;
    this.#catchUpTo = undefined;
    this.#failures = 0;
    this.#give({ type: 'synced' });
  }

  async #afterFailure(thrown: unknown): Promise<void> {
    const expired = isEngineError(thrown, 'WatchExpired');
    if (expired || isEngineError(thrown, 'ClusterRejected')) this.#version = '';
    if (isEngineError(thrown, 'KindUnknown')) {
      this.#version = '';
      this.#host.refresh();
    }
    const reason = messageOf(thrown);
    const denied = isEngineError(thrown, 'ClusterDenied');
    if (!this.#stale || this.#failures === 0) this.#give({ type: 'stale', reason, ...(denied ? { denied } : {}) });
    this.#stale = true;
    this.#round += 1;
    this.#catchUpTo = undefined;
    // The first restart comes at once (with jitter): servers close streams when they restart, and a relist is due after 410.
    const times = denied ? DENIED_BACKOFF : BACKOFF;
    const waitMs = backoffMs(this.#failures, { ...times, random: this.#host.random });
    this.#failures += 1;
    this.#host.logger?.debug({ kind: this.#kind.kind, reason, waitMs: Math.round(waitMs) }, 'watch begins again');
    await this.#host.clock.sleep(waitMs, this.#stop.signal).catch(() => undefined);
  }

  #emit(type: 'added' | 'modified', key: string, object: KubeObject): void {
    this.#known.set(key, stubOf(object));
    this.#give({ type, object });
  }

  #emitDeleted(key: string, stub: Stub): void {
    this.#known.delete(key);
    this.#give({ type: 'deleted', object: stub });
  }

  #give(event: WatchEvent): void {
    if (this.#stop.signal.aborted) return;
    try {
      this.#onEvent(event);
    } catch (thrown) {
      this.#host.logger?.error(
        { kind: this.#kind.kind, event: event.type, error: messageOf(thrown) },
        'a watch event could not be handled',
      );
    }
  }

  #slicer(): () => Promise<void> | undefined {
    const { clock } = this.#host;
    let beganMs = clock.monotonic();
    return () => {
      if (clock.monotonic() - beganMs < SLICE_MS) return undefined;
      return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        beganMs = clock.monotonic();
      });
    };
  }
}

function stubKey(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function stubOf(object: KubeObject): Stub {
  const { name, namespace, uid, resourceVersion, labels } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(labels === undefined ? {} : { labels }),
    },
  };
}

/** Versions of kube-apiserver are growing numbers (KEP-5504 makes that a promise); of another server they may be anything. */
function versionNumber(version: string): bigint | undefined {
  return /^\d{1,30}$/.test(version) ? BigInt(version) : undefined;
}

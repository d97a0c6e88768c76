import { EngineError, isEngineError } from '../core/errors.ts';
import { stringAt, type Json } from '../core/json.ts';
import type { GroupVersionKind } from '../core/object-key.ts';
import type { ApiResource, Clock } from '../core/ports.ts';
import { apiError } from './api-errors.ts';
import { describeKind, groupVersionPath } from './api-path.ts';
import {
  AGGREGATED_DISCOVERY,
  isAggregated,
  readAggregated,
  readGroupVersions,
  readResourceList,
  type DiscoveredResources,
} from './discovery-document.ts';
import type { FileCache } from './file-cache.ts';
import { readJson } from '../core/json-text.ts';
import { statusFrom, type Transport, type TransportResponse } from './transport.ts';

interface Root {
  readonly etag: string;
  readonly text: string;
}

interface View extends DiscoveredResources {
  readonly byKind: ReadonlyMap<string, ApiResource>;
  readonly readAtMs: number;
}

/** An unknown kind makes discovery be read again, but not more often than this. */
const REFRESH_FLOOR_MS = 1000;
/** After this long it is asked again whether anything changed: two requests that answer 304. */
const MAX_AGE_MS = 300_000;
const ABOUT = { subject: 'discovery', failed: 'could not be read', group: '', kind: '', name: '' };

/**
 * Which kinds a server serves. Read whole (aggregated discovery, two requests; older servers one per group-version), kept in memory, and
 * kept on disk by the server's ETag where a folder is given. A version that could not be read makes its group failed, never empty.
 */
export class Discovery {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #files: FileCache | undefined;
  readonly #roots = new Map<string, Root>();
  #view: View | undefined;
  #reading: Promise<View> | undefined;

  constructor(transport: Transport, clock: Clock, files: FileCache | undefined) {
    this.#transport = transport;
    this.#clock = clock;
    this.#files = files;
  }

  /** @throws EngineError ClusterUnreachable, ClusterDenied, ClusterBusy */
  async resources(signal?: AbortSignal): Promise<DiscoveredResources> {
    return this.#current(signal);
  }

  /** @throws EngineError KindUnknown; ClusterUnreachable when the kind's group could not be read */
  async resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource> {
    const key = mapKey(kind);
    let view = await this.#current(signal);
    const known = view.byKind.get(key);
    if (known !== undefined) return known;
    if (this.#clock.monotonic() - view.readAtMs >= REFRESH_FLOOR_MS) {
      view = await this.#read(signal);
      const found = view.byKind.get(key);
      if (found !== undefined) return found;
    }
    if (view.failedGroups.includes(kind.group)) {
      throw new EngineError(
        'ClusterUnreachable',
        `${describeKind(kind)} could not be looked up (DiscoveryFailed): the server of the API group ${kind.group} does not answer`,
        { remedy: 'check the APIService of this group and the pods behind it', data: { group: kind.group } },
      );
    }
    const versions = view.resources
      .filter((item) => item.group === kind.group && item.kind === kind.kind)
      .map((item) => item.version);
    throw new EngineError(
      'KindUnknown',
      versions.length === 0
        ? `${describeKind(kind)} is not served by the cluster (KindUnknown)`
        : `${describeKind(kind)} is not served by the cluster (KindUnknown): the versions served are ${versions.join(', ')}`,
      {
        remedy:
          versions.length === 0
            ? 'install the CRD or the API that serves this kind'
            : 'change apiVersion to a version that is served',
        data: { group: kind.group, version: kind.version, kind: kind.kind, served: versions },
      },
    );
  }

  /** The next question is answered anew. */
  refresh(): void {
    this.#view = undefined;
  }

  async #current(signal?: AbortSignal): Promise<View> {
    const view = this.#view;
    if (view !== undefined && this.#clock.monotonic() - view.readAtMs < MAX_AGE_MS) return view;
    return this.#read(signal);
  }

  /** One reading at a time, shared by all who ask; it belongs to none of them, so a caller's signal ends only that caller's wait. */
  async #read(signal?: AbortSignal): Promise<View> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return waitFor(this.#reading, signal);
  }

  async #readAll(): Promise<View> {
    const [core, groups] = await Promise.all([this.#readRoot('/api'), this.#readRoot('/apis')]);
    const parts = await Promise.all([this.#expand(core), this.#expand(groups)]);
    const resources = parts.flatMap((part) => part.resources);
    const byKind = new Map<string, ApiResource>();
    for (const resource of resources) {
      const key = mapKey(resource);
      if (!byKind.has(key)) byKind.set(key, resource);
      // Without a version: the one that the server names first, which is the one it prefers.
      const anyVersion = mapKey({ ...resource, version: '' });
      if (!byKind.has(anyVersion)) byKind.set(anyVersion, resource);
    }
    const view: View = {
      resources,
      failedGroups: [...new Set(parts.flatMap((part) => part.failedGroups))].sort(),
      byKind,
      readAtMs: this.#clock.monotonic(),
    };
    this.#view = view;
    return view;
  }

  async #readRoot(path: '/api' | '/apis'): Promise<Json> {
    const fileKey = `discovery ${this.#transport.connection.server} ${path}`;
    const kept = this.#roots.get(path) ?? parseRoot(await this.#files?.read(fileKey));
    const response = await this.#get(path, kept?.etag);
    if (response.status === 304 && kept !== undefined) {
      this.#roots.set(path, kept);
      return readJson(kept.text);
    }
    if (response.status !== 200) throw apiError(statusFrom(response), ABOUT);
    const document = parse(response.text);
    const etag = response.headers['etag'];
    if (typeof etag === 'string' && isAggregated(document)) {
      const root = { etag, text: response.text };
      this.#roots.set(path, root);
      await this.#files?.write(fileKey, JSON.stringify(root));
    }
    return document;
  }

  async #expand(document: Json): Promise<DiscoveredResources> {
    if (isAggregated(document)) return readAggregated(document);
    const failed = new Set<string>();
    const lists = await Promise.all(
      readGroupVersions(document).map(async (groupVersion) => {
        const slash = groupVersion.indexOf('/');
        const group = slash < 0 ? '' : groupVersion.slice(0, slash);
        try {
          const response = await this.#get(groupVersionPath({ group, version: groupVersion.slice(slash + 1) }));
          if (response.status === 200) return readResourceList(groupVersion, parse(response.text));
        } catch (thrown) {
          if (!isEngineError(thrown) || thrown.code === 'Cancelled') throw thrown;
        }
        failed.add(group);
        return [];
      }),
    );
    return { resources: lists.flat(), failedGroups: [...failed] };
  }

  async #get(path: string, etag?: string): Promise<TransportResponse> {
    return this.#transport.send({
      method: 'GET',
      path,
      accept: AGGREGATED_DISCOVERY,
      ...(etag === undefined ? {} : { headers: { 'if-none-match': etag } }),
      retry: 'idempotent',
      subject: ABOUT.subject,
      failed: ABOUT.failed,
    });
  }
}

/** A shared promise, as long as the caller wants to wait for it. */
export async function waitFor<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void =>
      reject(
        isEngineError(signal.reason)
          ? signal.reason
          : new EngineError('Cancelled', 'the request was stopped (Cancelled)'),
      );
    if (signal.aborted) {
      shared.catch(() => undefined);
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function mapKey(kind: GroupVersionKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}

function parse(text: string): Json {
  try {
    return readJson(text);
  } catch (thrown) {
    throw new EngineError(
      'ClusterUnreachable',
      'discovery could not be read (AnswerInvalid): the server did not answer with JSON',
      {
        cause: thrown,
        remedy: 'check that the server address of the kubeconfig is a Kubernetes API server',
      },
    );
  }
}

function parseRoot(text: string | undefined): Root | undefined {
  if (text === undefined) return undefined;
  try {
    const value = readJson(text);
    const etag = stringAt(value, 'etag');
    const body = stringAt(value, 'text');
    return etag === undefined || body === undefined || !isAggregated(readJson(body)) ? undefined : { etag, text: body };
  } catch {
    return undefined;
  }
}

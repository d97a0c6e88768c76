import { FIELD_MANAGER } from '../core/application.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import { isJsonObject, stringAt, type Json, type JsonObject } from '../core/json.ts';
import type { Live } from '../core/live.ts';
import { describeKey, gvkOf, keyOf, type GroupVersionKind, type KubeObject } from '../core/object-key.ts';
import type {
  ApiResource,
  ApplyOptions,
  Clock,
  Cluster,
  DeleteOptions,
  ListOptions,
  Logger,
  ServerVersion,
  Watch,
  WatchEvent,
} from '../core/ports.ts';
import { apiError, saysObjectAbsent, type RequestSubject } from './api-errors.ts';
import { collectionPath, objectPath, withQuery, type Query } from './api-path.ts';
import type { ClusterConnection } from './connection.ts';
import { Discovery } from './discovery.ts';
import type { SchemaType } from '../core/fields/schema.ts';
import { FileCache } from './file-cache.ts';
import { impersonationHeaders } from './impersonation.ts';
import { readJson, writeJson } from '../core/json-text.ts';
import { asObject, listObjects, type RequestHeaders } from './object-list.ts';
import { DEFAULT_TIMES, Reflector, type ReflectorTimes } from './reflector.ts';
import { Schemas } from './schemas.ts';
import { statusFrom, Transport, type RequestReport, type RetryRule, type TransportResponse } from './transport.ts';

export interface ClusterOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Requests under way at most; falls by itself when the server is busy. Default 32. */
  readonly maxConnections?: number;
  /** One attempt of one request. Default 30 s. */
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  /** Folder for discovery and OpenAPI documents, shared by all clusters. */
  readonly cacheFolder?: string;
  readonly watchTimes?: ReflectorTimes;
  /** Called right before every write and its repetitions: throws, or gives the signal that ends it (leadership). */
  readonly writeGate?: () => AbortSignal | undefined;
  readonly onRequest?: (report: RequestReport) => void;
  readonly userAgent?: string;
}

type Ref = { readonly namespace: string; readonly name: string };

const PATCH_TYPES = { merge: 'application/merge-patch+json', json: 'application/json-patch+json' } as const;

/** What all identities of one connection share. */
interface Shared {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly schemas: Schemas;
  readonly options: ClusterOptions;
}

/** A client of one API server as the identity of its connection. Close it when done. */
export function connectCluster(connection: ClusterConnection, options: ClusterOptions): Cluster {
  const transport = new Transport(connection, options);
  const files = options.cacheFolder === undefined ? undefined : new FileCache(options.cacheFolder);
  const shared: Shared = {
    transport,
    discovery: new Discovery(transport, options.clock, files),
    schemas: new Schemas(transport, options.clock, files),
    options,
  };
  return new ClusterClient(shared, `${connection.server}|${connection.identity}`, {}, undefined);
}

class ClusterClient implements Cluster {
  readonly id: string;
  readonly #shared: Shared;
  /** Who the requests are made as, beside the connection's own credentials. */
  readonly #headers: RequestHeaders;
  readonly #parent: ClusterClient | undefined;
  readonly #watches = new Set<Reflector>();

  constructor(shared: Shared, id: string, headers: RequestHeaders, parent: ClusterClient | undefined) {
    this.#shared = shared;
    this.id = id;
    this.#headers = headers;
    this.#parent = parent;
  }

  async version(signal?: AbortSignal): Promise<ServerVersion> {
    const about = { subject: 'the server version', failed: 'could not be read', group: '', kind: '', name: '' };
    const response = await this.#send('GET', '/version', about, 'idempotent', { signal });
    if (response.status !== 200) throw apiError(statusFrom(response), about);
    const value = parseAnswer(response, about);
    return {
      gitVersion: stringAt(value, 'gitVersion') ?? '',
      major: stringAt(value, 'major') ?? '',
      minor: stringAt(value, 'minor') ?? '',
    };
  }

  async resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource> {
    return this.#shared.discovery.resource(kind, signal);
  }

  async resources(
    signal?: AbortSignal,
  ): Promise<{ readonly resources: readonly ApiResource[]; readonly failedGroups: readonly string[] }> {
    const { resources, failedGroups } = await this.#shared.discovery.resources(signal);
    return { resources, failedGroups };
  }

  refresh(): void {
    this.#shared.discovery.refresh();
    this.#shared.schemas.refresh();
  }

  async schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaType | undefined> {
    return this.#shared.schemas.typeOf(kind.version === '' ? await this.resource(kind, signal) : kind, signal);
  }

  async get(kind: GroupVersionKind, ref: Ref, signal?: AbortSignal): Promise<Live> {
    const about = aboutObject(kind, ref, 'could not be read');
    try {
      for (let refreshed = false; ; refreshed = true) {
        const resource = await this.resource(kind, signal);
        const response = await this.#send('GET', objectPath(resource, ref), about, 'idempotent', { signal });
        if (response.status === 200) return { state: 'present', object: this.#object(response, resource, about) };
        const status = statusFrom(response);
        if (saysObjectAbsent(status, ref.name, resource.plural)) return { state: 'absent' };
        const error = apiError(status, about);
        // The kind itself is gone, or discovery is old.
        if (error.code !== 'KindUnknown' || refreshed) return { state: 'unknown', error };
        this.#shared.discovery.refresh();
      }
    } catch (thrown) {
      if (isEngineError(thrown)) return { state: 'unknown', error: thrown };
      throw thrown;
    }
  }

  async list(kind: GroupVersionKind, options: ListOptions = {}): Promise<readonly KubeObject[]> {
    const resource = await this.resource(kind, options.signal);
    const { objects } = await listObjects(this.#shared.transport, resource, options, this.#headers);
    return objects;
  }

  watch(kind: GroupVersionKind, options: ListOptions, onEvent: (event: WatchEvent) => void): Watch {
    const { transport, options: settings } = this.#shared;
    const reflector = new Reflector(
      {
        transport,
        clock: settings.clock,
        logger: settings.logger,
        random: settings.random ?? Math.random,
        headers: this.#headers,
        resource: async (wanted, signal) => this.resource(wanted, signal),
        refresh: () => this.refresh(),
      },
      kind,
      options,
      settings.watchTimes ?? DEFAULT_TIMES,
      onEvent,
    );
    this.#watches.add(reflector);
    void reflector.done.finally(() => this.#watches.delete(reflector));
    return reflector;
  }

  async apply(object: KubeObject, options: ApplyOptions = {}): Promise<KubeObject> {
    const { kind, ref } = addressOf(object);
    return this.#write(
      'PATCH',
      kind,
      ref,
      object,
      options.dryRun === true ? 'could not be applied (dry-run)' : 'could not be applied',
      {
        contentType: 'application/apply-patch+yaml',
        query: {
          fieldManager: options.fieldManager ?? FIELD_MANAGER,
          fieldValidation: 'Strict',
          force: options.force === true ? 'true' : undefined,
          dryRun: options.dryRun === true ? 'All' : undefined,
        },
        retry: 'idempotent',
        signal: options.signal,
      },
    );
  }

  async create(
    object: KubeObject,
    options: { readonly dryRun?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<KubeObject> {
    const { kind, ref } = addressOf(object);
    return this.#write('POST', kind, ref, object, 'could not be created', {
      contentType: 'application/json',
      query: {
        fieldManager: FIELD_MANAGER,
        fieldValidation: 'Strict',
        dryRun: options.dryRun === true ? 'All' : undefined,
      },
      retry: options.dryRun === true ? 'idempotent' : 'unsent',
      signal: options.signal,
    });
  }

  async replace(
    object: KubeObject,
    options: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal } = {},
  ): Promise<KubeObject> {
    const { kind, ref } = addressOf(object);
    return this.#write('PUT', kind, ref, object, 'could not be replaced', {
      contentType: 'application/json',
      query: { fieldManager: FIELD_MANAGER, dryRun: options.dryRun === true ? 'All' : undefined },
      retry: options.dryRun === true ? 'idempotent' : 'unsent',
      subresource: options.subresource,
      signal: options.signal,
    });
  }

  async patch(
    kind: GroupVersionKind,
    ref: Ref,
    patch: { readonly type: 'merge' | 'json'; readonly body: JsonObject | readonly JsonObject[] },
    options: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal } = {},
  ): Promise<KubeObject> {
    return this.#write('PATCH', kind, ref, patch.body, 'could not be patched', {
      contentType: PATCH_TYPES[patch.type],
      query: { fieldManager: FIELD_MANAGER, dryRun: options.dryRun === true ? 'All' : undefined },
      retry: options.dryRun === true ? 'idempotent' : 'unsent',
      subresource: options.subresource,
      signal: options.signal,
    });
  }

  async delete(kind: GroupVersionKind, ref: Ref, options: DeleteOptions = {}): Promise<'accepted' | 'absent'> {
    const about = aboutObject(kind, ref, 'could not be deleted');
    const resource = await this.resource(kind, options.signal);
    const preconditions = {
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.resourceVersion === undefined ? {} : { resourceVersion: options.resourceVersion }),
    };
    const guarded = Object.keys(preconditions).length > 0;
    const response = await this.#send(
      'DELETE',
      objectPath(resource, ref),
      about,
      guarded || options.dryRun === true ? 'idempotent' : 'unsent',
      {
        signal: options.signal,
        contentType: 'application/json',
        body: writeJson({
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagation ?? 'Background',
          ...(guarded ? { preconditions } : {}),
          ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
        }),
        write: true,
      },
    );
    if (response.status >= 200 && response.status < 300) return 'accepted';
    const status = statusFrom(response);
    if (saysObjectAbsent(status, ref.name, resource.plural)) return 'absent';
    throw this.#failed(apiError(status, about));
  }

  async review(
    document: { readonly apiVersion: string; readonly kind: string } & JsonObject,
    signal?: AbortSignal,
  ): Promise<JsonObject> {
    const kind = gvkOf(document);
    const about = { subject: kind.kind, failed: 'was not answered', group: kind.group, kind: kind.kind, name: '' };
    const resource = await this.resource(kind, signal);
    const response = await this.#send('POST', collectionPath(resource, ''), about, 'idempotent', {
      contentType: 'application/json',
      body: writeJson(document),
      signal,
    });
    if (response.status < 200 || response.status >= 300) throw this.#failed(apiError(statusFrom(response), about));
    const answer = parseAnswer(response, about);
    if (isJsonObject(answer)) return answer;
    throw new EngineError('ClusterUnreachable', `${kind.kind} was not answered (AnswerInvalid): it is no object`);
  }

  impersonate(user: { readonly namespace: string; readonly serviceAccountName: string }): Cluster {
    if (this.#parent !== undefined) return this.#parent.impersonate(user);
    return new ClusterClient(
      this.#shared,
      `${this.id}|serviceaccount:${user.namespace}/${user.serviceAccountName}`,
      impersonationHeaders(user),
      this,
    );
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    if (this.#parent === undefined) await this.#shared.transport.close();
    await Promise.all([...this.#watches].map(async (watch) => watch.done));
  }

  async #write(
    method: 'POST' | 'PUT' | 'PATCH',
    kind: GroupVersionKind,
    ref: Ref,
    body: Json,
    failed: string,
    how: {
      readonly contentType: string;
      readonly query: Query;
      readonly retry: RetryRule;
      readonly subresource?: 'status' | undefined;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<KubeObject> {
    const about = aboutObject(kind, ref, failed);
    const resource = await this.resource(kind, how.signal);
    const path = method === 'POST' ? createPath(resource, ref) : objectPath(resource, ref, how.subresource);
    const response = await this.#send(method, withQuery(path, how.query), about, how.retry, {
      contentType: how.contentType,
      body: writeJson(body),
      signal: how.signal,
      write: true,
    });
    if (response.status >= 200 && response.status < 300) return this.#object(response, resource, about);
    throw this.#failed(apiError(statusFrom(response), about));
  }

  /** A write to a kind that is gone: discovery is old. */
  #failed(error: EngineError): EngineError {
    if (error.code === 'KindUnknown') this.#shared.discovery.refresh();
    return error;
  }

  async #send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    about: RequestSubject,
    retry: RetryRule,
    extra: {
      readonly contentType?: string;
      readonly body?: string;
      readonly signal?: AbortSignal | undefined;
      readonly write?: boolean;
    },
  ): Promise<TransportResponse> {
    return this.#shared.transport.send({
      method,
      path,
      headers: this.#headers,
      ...(extra.contentType === undefined ? {} : { contentType: extra.contentType }),
      ...(extra.body === undefined ? {} : { body: extra.body }),
      signal: extra.signal,
      retry,
      subject: about.subject,
      failed: about.failed,
      gate: extra.write === true ? this.#shared.options.writeGate : undefined,
    });
  }

  #object(response: TransportResponse, resource: ApiResource, about: RequestSubject): KubeObject {
    return asObject(parseAnswer(response, about), resource, false, about);
  }
}

function createPath(resource: ApiResource, ref: Ref): string {
  // Checks namespace and name as every other write does; the name is in the body alone.
  objectPath(resource, ref);
  return collectionPath(resource, ref.namespace);
}

function addressOf(object: KubeObject): { readonly kind: GroupVersionKind; readonly ref: Ref } {
  return {
    kind: gvkOf(object),
    ref: { namespace: stringAt(object, 'metadata', 'namespace') ?? '', name: keyOf(object).name },
  };
}

function aboutObject(kind: GroupVersionKind, ref: Ref, failed: string): RequestSubject {
  return { subject: describeKey({ ...kind, ...ref }), failed, group: kind.group, kind: kind.kind, name: ref.name };
}

function parseAnswer(response: TransportResponse, about: RequestSubject): Json {
  try {
    return readJson(response.text);
  } catch (thrown) {
    throw new EngineError(
      'ClusterUnreachable',
      `${about.subject} ${about.failed} (AnswerInvalid): the server did not answer with JSON`,
      {
        cause: thrown,
        remedy: 'check that the server address of the kubeconfig is a Kubernetes API server',
      },
    );
  }
}

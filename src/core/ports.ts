import type { ApplicationName, GitSource } from './application.ts';
import type { Credentials } from './credentials.ts';
import type { SchemaType } from './fields/schema.ts';
import type { JsonObject } from './json.ts';
import type { Live } from './live.ts';
import type { RenderRequest, RenderResult } from './manifest.ts';
import type { GroupVersionKind, KubeObject, ObjectKey } from './object-key.ts';
import type { Revision } from './revision.ts';
import type { RenderWorld } from './render-world.ts';
import type { Commit, Trace } from './snapshot.ts';

/** Time as an argument. `now` is wall-clock milliseconds; `monotonic` only goes forward. */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type LogFields = Readonly<Record<string, unknown>>;
/** Structured logs: a constant message, facts as fields. Implementations redact. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

/** A commit on local disk: what a render process needs to open it. */
export interface FetchedCommit {
  readonly commit: Commit;
  /** A Git object folder (bare repository) on this machine; read-only for everybody but the source. */
  readonly gitDir: string;
  /** The revision before was not an ancestor of this one. */
  readonly forced?: boolean;
}

/** commit → snapshot. One poll per repository serves all its applications. */
export interface SourceReader {
  /**
   * The commit that a source points to now. One request to the host per poll and repository; nothing is downloaded when the commit is known.
   * @throws EngineError Source*
   */
  resolve(
    source: GitSource,
    options?: {
      readonly credentials?: Credentials;
      readonly signal?: AbortSignal;
      readonly maxAgeMs?: number;
      /** All ancestors of the commit shall be on disk too; otherwise only those that came with it. */
      readonly wholeHistory?: boolean;
    },
  ): Promise<FetchedCommit>;
  /** A commit that was fetched before, from disk alone. */
  open(source: GitSource, commitId: string): Promise<FetchedCommit | undefined>;
  close(): Promise<void>;
}

/** snapshot → manifests, in a pool of child processes. Without a world a render gets nothing but its snapshot. */
export interface Renderer {
  render(
    fetched: FetchedCommit,
    request: RenderRequest,
    signal?: AbortSignal,
    world?: RenderWorld,
  ): Promise<RenderResult & { readonly reused?: boolean }>;
  close(): Promise<void>;
}

/** Whether a trace still holds in another commit: every path has the same id there. */
export interface TraceChecker {
  holds(fetched: FetchedCommit, trace: Trace): Promise<boolean>;
}

/** One kind as discovery describes it. */
export interface ApiResource extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ServerVersion {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
}

export interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly fieldManager?: string;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only apiVersion, kind and metadata of each object. */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

export type WatchEvent =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: KubeObject }
  /** The view is complete as of now: everything that is not in it does not exist. */
  | { readonly type: 'synced' }
  /** The view may be stale from here on, until the next `synced`; `denied`: for as long as nobody grants the right to look. */
  | { readonly type: 'stale'; readonly reason: string; readonly denied?: boolean };

export interface Watch {
  close(): void;
}

/**
 * One cluster as one identity. A kind without a version ('') means the version that the server prefers. Reads answer with {@link Live}; a failed read is `unknown`, never `absent`. Writes throw EngineError
 * (ClusterUnreachable, ClusterDenied, ClusterBusy, ClusterRejected, ObjectConflict, FieldConflict, FieldImmutable, KindUnknown,
 * ObjectNotFound), with the server's reason and causes in `data`.
 */
export interface Cluster {
  /** Names server and identity; keys caches. No secrets in it. */
  readonly id: string;
  version(signal?: AbortSignal): Promise<ServerVersion>;
  /** The resource of a kind; asks discovery anew once when it is not known. @throws EngineError KindUnknown; ClusterUnreachable when its group could not be read */
  resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource>;
  /** All resources that discovery names, and the groups that it could not read (their kinds are unknown, not absent). */
  resources(
    signal?: AbortSignal,
  ): Promise<{ readonly resources: readonly ApiResource[]; readonly failedGroups: readonly string[] }>;
  /** Forgets discovery and schemas: a CRD was established or changed. */
  refresh(): void;
  /** The type of a kind from the cluster's OpenAPI v3; undefined when it publishes none. */
  schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaType | undefined>;
  get(
    kind: GroupVersionKind,
    ref: { readonly namespace: string; readonly name: string },
    signal?: AbortSignal,
  ): Promise<Live>;
  /** All pages. @throws EngineError */
  list(kind: GroupVersionKind, options?: ListOptions): Promise<readonly KubeObject[]>;
  /** A list kept up to date until closed; survives cuts, silence and 410 by listing anew. */
  watch(kind: GroupVersionKind, options: ListOptions, onEvent: (event: WatchEvent) => void): Watch;
  apply(object: KubeObject, options?: ApplyOptions): Promise<KubeObject>;
  create(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal },
  ): Promise<KubeObject>;
  /** PUT: replaces the object at the resourceVersion that it carries. */
  replace(
    object: KubeObject,
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject>;
  patch(
    kind: GroupVersionKind,
    ref: { readonly namespace: string; readonly name: string },
    patch: { readonly type: 'merge' | 'json'; readonly body: JsonObject | readonly JsonObject[] },
    options?: { readonly dryRun?: boolean; readonly subresource?: 'status'; readonly signal?: AbortSignal },
  ): Promise<KubeObject>;
  /** Accepted is not gone: read until absent. An object that is not there is no error. */
  delete(
    kind: GroupVersionKind,
    ref: { readonly namespace: string; readonly name: string },
    options?: DeleteOptions,
  ): Promise<'accepted' | 'absent'>;
  /** Asks a question that makes no object (TokenReview, SubjectAccessReview): the document comes back with its status. */
  review(
    document: { readonly apiVersion: string; readonly kind: string } & JsonObject,
    signal?: AbortSignal,
  ): Promise<JsonObject>;
  /** The same cluster as a ServiceAccount, on every path. */
  impersonate(user: { readonly namespace: string; readonly serviceAccountName: string }): Cluster;
  close(): Promise<void>;
}

/** Content-addressed rendered sets and the lines of history. Losing it loses no correctness. */
export interface HistoryStore {
  /** Appends once per id; a repeated id changes nothing. */
  append(revision: Revision): Promise<void>;
  /** Newest first. */
  list(application: ApplicationName, limit: number): Promise<readonly Revision[]>;
  /** Stores objects under their digest; Secret data must be gone already. */
  putRendered(digest: string, objects: readonly KubeObject[]): Promise<void>;
  getRendered(digest: string): Promise<readonly KubeObject[] | undefined>;
  /** Keeps the newest `keep` revisions and what they point to. */
  trim(application: ApplicationName, keep: number): Promise<void>;
  close(): Promise<void>;
}

export const JOB_PRIORITIES = { person: 1, webhook: 2, drift: 3, timer: 4 } as const;
export type JobReason = keyof typeof JOB_PRIORITIES;

/** "Look at application X, because …": ids only. */
export interface Job {
  readonly application: ApplicationName;
  readonly reason: JobReason;
}

/** At most one running and one waiting job per application. The queue is a hint; the cluster and Git are the truth. */
export interface JobQueue {
  add(job: Job, options?: { readonly delayMs?: number }): Promise<void>;
  /** Starts to consume; a rejected handler is tried again with back-off. */
  consume(handler: (job: Job, signal: AbortSignal) => Promise<void>, options: { readonly concurrency: number }): void;
  close(timeoutMs: number): Promise<void>;
}

/** What the engine owns, in the cluster, written before the effect that it announces. */
export interface Inventory {
  readonly keys: readonly ObjectKey[];
}

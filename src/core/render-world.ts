import type { Json } from './json.ts';
import type { Credentials } from './credentials.ts';

/** What a template looks up: an object of the cluster, or with the name '' a list. */
export interface LookupRequest {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' for what has no namespace, and for all namespaces of a list. */
  readonly namespace: string;
  readonly name: string;
}

/** What a cluster is and serves, for `.Capabilities`. */
export interface ClusterCapabilities {
  /** As the server says it: `v1.33.4-gke.1245000`. */
  readonly kubeVersion: string;
  /** `apps/v1` and `apps/v1/Deployment`. */
  readonly apiVersions: readonly string[];
  /** Groups that discovery could not read: what they serve is unknown, not absent. */
  readonly unreadGroups: readonly string[];
}

/** What random functions draw on, and what they made in earlier renders. Secret. */
export interface GeneratedValues {
  /** Key of this application alone. */
  readonly seed: string;
  /** Generated keys and certificates by function, place and arguments. */
  readonly kept: Readonly<Record<string, string>>;
}

/** What a kustomization takes from another host: a commit of a repository, or a file. */
export type RemoteRequest =
  | {
      readonly kind: 'git';
      readonly url: string;
      /** Branch, tag or commit id; '' for the branch that the host names. */
      readonly ref: string;
      readonly timeoutMs?: number;
    }
  | { readonly kind: 'file'; readonly url: string };

export type RemoteAnswer =
  | { readonly kind: 'git'; readonly gitDir: string; readonly commitId: string }
  | { readonly kind: 'file'; readonly text: string; readonly digest: string }
  /** It cannot be had, and asking again would not help. */
  | { readonly kind: 'failed'; readonly message: string; readonly remedy?: string };

/** Fetches what lies on allowed hosts. */
export interface RemoteFetcher {
  /** Checks the host again: whoever asks is not trusted. @throws EngineError Source* that may pass */
  fetch(request: RemoteRequest, signal?: AbortSignal): Promise<RemoteAnswer>;
  close(): Promise<void>;
}

/** What a render asks of the world beside its snapshot; each is asked once, and the render is repeated when an answer changes. */
export interface RenderQuestions {
  readonly lookups: readonly LookupRequest[];
  readonly remotes: readonly RemoteRequest[];
  readonly capabilities: boolean;
  readonly generated: boolean;
  /** Generated in this render, to be kept. */
  readonly made: Readonly<Record<string, string>>;
  /** When the first of the kept certificates is to be renewed (milliseconds). */
  readonly renewAtMs?: number;
}

/** What is known of the world when a render starts; what it misses it asks for. */
export interface RenderAnswers {
  /** Lookups that were answered; `{}` stands for "not there". */
  readonly lookups: readonly { readonly request: LookupRequest; readonly answer: Json }[];
  readonly remotes?: readonly { readonly request: RemoteRequest; readonly answer: RemoteAnswer }[];
  /** null: there is no cluster, and Helm's own list counts. */
  readonly capabilities?: ClusterCapabilities | null;
  readonly generated?: GeneratedValues;
  /** The clock of certificates: when they begin and whether they are about to end. */
  readonly nowMs: number;
}

/** The world of one application, asked with its own rights. */
export interface RenderWorld {
  /** Names the application and its rights: keys caches. */
  readonly id: string;
  /** Milliseconds. */
  now(): number;
  /** null without a cluster. @throws EngineError Cluster* */
  capabilities(signal?: AbortSignal): Promise<ClusterCapabilities | null>;
  /** @throws EngineError Cluster*; what cannot be read is never "not there" */
  lookup(request: LookupRequest, signal?: AbortSignal): Promise<Json>;
  generated(signal?: AbortSignal): Promise<GeneratedValues>;
  /** Keeps what was made. @returns what is kept now: another process may have been first */
  keep(made: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<GeneratedValues>;
  /** By host, for chart repositories. */
  chartCredentials(signal?: AbortSignal): Promise<Readonly<Record<string, Credentials>>>;
}

/** How charts that lie elsewhere are fetched. */
export interface ChartAccess {
  /** Folder of the cache. */
  readonly cacheFolder: string;
  /** Nothing is fetched from another host. */
  readonly allowedHosts: readonly string[];
  readonly credentials: Readonly<Record<string, Credentials>>;
}

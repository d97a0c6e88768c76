import type { Json } from './json.ts';
import type { RenderSettings } from './manifest.ts';

/** `namespace/name` of an Application; the identity of everything that belongs to it. */
export interface ApplicationName {
  readonly namespace: string;
  readonly name: string;
}

/** Which commit of a repository: exactly one kind. `head` is the remote's own default branch. */
export type GitRef =
  | { readonly kind: 'head' }
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'tag'; readonly name: string }
  | { readonly kind: 'semver'; readonly range: string }
  | { readonly kind: 'commit'; readonly id: string };

export interface GitSource {
  /** https, http, ssh, file URL or a local path; never with credentials in it. */
  readonly url: string;
  readonly ref: GitRef;
  /** Folder inside the repository, normalised; '' is the root. */
  readonly path: string;
  /** Name of a Secret in the application's namespace: `username`+`password`, or `token`. */
  readonly credentialsSecret?: string;
  /** Commits have to be signed: the one that is applied (`head`), or each one since the last applied one (`range`). */
  readonly verify?: {
    /** Name of a Secret in the application's namespace with the trusted public keys. */
    readonly secret: string;
    readonly mode: 'head' | 'range';
  };
}

export interface Destination {
  /** `in-cluster`, or the name of a configured cluster. */
  readonly cluster: string;
  /** For namespaced objects that name none. */
  readonly namespace: string;
  /** Impersonated on every path: reads, dry-runs, writes, prune. */
  readonly serviceAccountName?: string;
}

/** How much a sync may delete at once: a number of objects, or a share of the inventory in percent. */
export type DeletionBudget =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export interface SyncRules {
  readonly mode: 'automatic' | 'manual';
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly maxDeletions: DeletionBudget;
  /** A field of another manager: `fail` names it, `force` takes it. */
  readonly conflicts: 'fail' | 'force';
  /** An immutable field changed: `fail` says so, `replace` deletes and creates (never Namespace, CRD, PV, PVC). */
  readonly immutable: 'fail' | 'replace';
  /** Objects that another tool's marks claim (Argo CD, Flux, Helm): take them over, or refuse by name. */
  readonly adopt: boolean;
  /** Create the destination namespace when it is absent and not rendered. */
  readonly createNamespace: boolean;
  /** How long the objects of one wave may take to become healthy. */
  readonly waveTimeoutMs: number;
}

export interface IgnoreRule {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  /** JSON pointers below the object; `*` stands for any list item or key. */
  readonly paths: readonly string[];
  /** Fields that these managers own are not ours to compare. */
  readonly managers: readonly string[];
}

/** What a person declares, resolved: durations in milliseconds, defaults filled in. */
export interface Application {
  readonly name: ApplicationName;
  readonly source: { readonly git: GitSource };
  readonly intervalMs: number;
  readonly render: RenderSettings;
  readonly destination: Destination;
  readonly sync: SyncRules;
  readonly dependsOn: readonly ApplicationName[];
  readonly ignore: readonly IgnoreRule[];
  /** Rules of health as written, tried before all others; empty means none. */
  readonly healthRules: readonly Json[];
  readonly historyLimit: number;
  readonly suspended: boolean;
  /** On deletion of the Application: prune what it owns, or leave it. */
  readonly deletionPolicy: 'prune' | 'orphan';
}

/** Our names in a cluster. */
export const FIELD_MANAGER = 'evenkeel';
export const APPLICATION_LABEL = 'evenkeel.dev/application';

export function formatApplicationName(name: ApplicationName): string {
  return `${name.namespace}/${name.name}`;
}

import type { KubeObject, ObjectKey } from './object-key.ts';
import type { RenderQuestions } from './render-world.ts';
import type { Trace } from './snapshot.ts';

/** Where a manifest comes from, for messages: a path in the repository and, where it is known, a line (1-based). */
export interface Origin {
  readonly path: string;
  readonly line?: number;
}

/** When a hook runs. `pre` and `post` stand around the sync; `delete` and `fail` hooks run only in those cases. */
export type HookPhase = 'pre' | 'sync' | 'post' | 'fail' | 'preDelete' | 'postDelete' | 'skip';

/** One rendered object. */
export interface Manifest {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  readonly origin: Origin;
}

export interface ManifestSet {
  /** In the order of the renderer; keys are unique. */
  readonly manifests: readonly Manifest[];
  /** SHA-256 over the manifests in key order, `sha256:<hex>`. */
  readonly digest: string;
}

/** One thing wrong with the input of a render; lists of them come complete. */
export interface RenderProblem {
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** The source line and a caret below it, where one can be shown. */
  readonly excerpt?: string;
  readonly remedy?: string;
}

/** How to render a path of a snapshot. Exactly what `spec.render` resolves to. */
export type RenderSettings =
  | { readonly kind: 'auto' }
  | { readonly kind: 'plain'; readonly recurse: boolean }
  | { readonly kind: 'kustomize' }
  | HelmSettings;

export interface HelmSettings {
  readonly kind: 'helm';
  readonly releaseName?: string;
  readonly namespace?: string;
  /** Paths relative to the chart's folder; later ones win. */
  readonly valueFiles?: readonly string[];
  /** Inline values, above the files. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The `--set` family. However they are mixed, `set-json` counts first, then `set`, `set-string`, `set-file` and `set-literal`; flags of one name in the order given. */
  readonly set?: readonly HelmSet[];
  readonly includeCrds?: boolean;
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
  readonly isUpgrade?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  /** Secrets of the application's namespace for hosts of chart repositories (`host` or `host:port`). */
  readonly repositoryCredentials?: readonly { readonly host: string; readonly secretName: string }[];
  /** Changes what the templates rendered. */
  readonly postRender?: HelmPostRender;
}

/** The fields of a kustomization that change objects, as Kustomize reads them; the engine checks what is in them. */
export interface HelmPostRender {
  readonly patches?: readonly Readonly<Record<string, unknown>>[];
  readonly images?: readonly Readonly<Record<string, unknown>>[];
  readonly replicas?: readonly Readonly<Record<string, unknown>>[];
  readonly labels?: readonly Readonly<Record<string, unknown>>[];
  readonly commonAnnotations?: Readonly<Record<string, unknown>>;
}

export interface HelmSet {
  readonly flag: 'set' | 'set-string' | 'set-json' | 'set-literal' | 'set-file';
  readonly text: string;
}

/** What a render is asked for: everything that it depends on beside the snapshot's own bytes. */
export interface RenderRequest {
  readonly path: string;
  readonly settings: RenderSettings;
  /** Namespace for namespaced objects that name none; also the default release namespace. */
  readonly namespace: string;
  /** Name of the application: the default release name. */
  readonly application: string;
  readonly limits: RenderLimits;
  /** Whether something of the application was applied before: what `.Release` says when the settings do not. */
  readonly isUpgrade?: boolean;
}

export interface RenderLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  readonly fileBytes: number;
  readonly depth: number;
  readonly documents: number;
}

export const DEFAULT_RENDER_LIMITS: RenderLimits = {
  timeMs: 60_000,
  memoryBytes: 1024 * 1024 * 1024,
  outputBytes: 64 * 1024 * 1024,
  fileBytes: 16 * 1024 * 1024,
  depth: 64,
  documents: 50_000,
};

export type RenderResult =
  | {
      readonly kind: 'rendered';
      readonly set: ManifestSet;
      readonly trace: Trace;
      readonly warnings: readonly string[];
      readonly asked?: RenderQuestions;
    }
  | {
      readonly kind: 'failed';
      readonly problems: readonly RenderProblem[];
      readonly trace: Trace;
      readonly asked?: RenderQuestions;
    };

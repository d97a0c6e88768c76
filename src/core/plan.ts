import type { ObjectDiff } from './diff.ts';
import type { EngineError } from './errors.ts';
import type { HookPhase, Manifest } from './manifest.ts';
import type { ObjectKey } from './object-key.ts';

/** A named guard that stopped a plan or a step, and how to lift it. */
export interface Refusal {
  readonly guard:
    | 'EmptyRender'
    | 'DeletionBudget'
    | 'ForeignOwner'
    | 'ProtectedKind'
    | 'UnknownState'
    | 'UnknownKind'
    | 'DependencyCycle'
    | 'ImmutableField'
    | 'NamespaceTerminating';
  /** `plan`: nothing may be applied. `step`: these objects are left alone, the rest goes on. */
  readonly scope: 'plan' | 'step';
  readonly message: string;
  readonly keys: readonly ObjectKey[];
  /** What a person can do or say to go on. */
  readonly override: string;
}

export type StepAction = 'create' | 'update' | 'adopt' | 'recreate' | 'unchanged' | 'delete' | 'hook';

/** One object in a plan. */
export interface Step {
  readonly key: ObjectKey;
  readonly action: StepAction;
  readonly diff: ObjectDiff;
  /** Absent for `delete`. */
  readonly manifest?: Manifest;
  readonly hook?: { readonly phase: HookPhase; readonly deletePolicies: readonly string[]; readonly weight: number };
  /** Take conflicting fields; delete and create for an immutable change. From the application's rules or the object's own annotations. */
  readonly force?: boolean;
  readonly replace?: boolean;
  /** Why, in a few words, where the action alone does not tell. */
  readonly reason?: string;
}

/** Steps that may run in parallel; the next wave starts when this one is done and healthy. */
export interface Wave {
  readonly name: string;
  readonly phase: 'pre' | 'sync' | 'post' | 'prune';
  readonly number: number;
  readonly steps: readonly Step[];
  /** Whether the objects must be healthy before the next wave. */
  readonly waitForHealth: boolean;
  /** A failed step ends the sync after this wave. Where it does not, what needs the failed object fails by itself and nothing else does. */
  readonly failureStops: boolean;
}

export interface Plan {
  readonly application: string;
  readonly commitId: string;
  readonly manifestDigest: string;
  readonly waves: readonly Wave[];
  readonly refusals: readonly Refusal[];
  /** Objects that keep their place in the inventory though nothing is done to them, with the reason. */
  readonly kept: readonly { readonly key: ObjectKey; readonly reason: string }[];
  /** What will be owned once this plan is under way: written to the cluster before the first effect. */
  readonly inventory: readonly ObjectKey[];
  /** Objects of other applications that are rendered here; their owner hands them over instead of deleting them. */
  readonly claims: readonly ObjectKey[];
  /** Hooks that run only when the sync fails. */
  readonly failHooks: readonly Step[];
  /** True facts that stop nothing: unreadable annotations and the like. */
  readonly warnings: readonly string[];
  readonly counts: PlanCounts;
  /** `sha256:<hex>` over everything that the apply depends on: objects, live versions, order, deletions. */
  readonly digest: string;
}

export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly adopt: number;
  readonly recreate: number;
  readonly delete: number;
  readonly unchanged: number;
  readonly hooks: number;
}

export type StepResult = 'created' | 'configured' | 'unchanged' | 'deleted' | 'skipped' | 'failed';

export interface StepOutcome {
  readonly key: ObjectKey;
  readonly result: StepResult;
  /** Why it was skipped. */
  readonly reason?: string;
  readonly error?: EngineError;
  readonly durationMs: number;
}

export interface ApplyReport {
  readonly outcomes: readonly StepOutcome[];
  /** Everything that an apply can say at once: sorted by key. */
  readonly failed: readonly StepOutcome[];
  /** Number of mutating requests that were sent (dry-runs not counted). */
  readonly writes: number;
  readonly cancelled: boolean;
}

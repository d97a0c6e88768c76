import type { ObjectKey } from './object-key.ts';

/** A commit that must not be applied again by itself: it was rejected, or a person rolled it back. */
export interface HeldCommit {
  readonly commitId: string;
  readonly reason: 'rolledBack' | 'rejected';
  readonly by: string;
  /** RFC 3339. */
  readonly since: string;
}

/** What is applied now: a commit's own render, or a stored set that a rollback pinned. */
export interface CurrentRevision {
  readonly number: number;
  readonly commitId: string;
  readonly manifestDigest: string;
  /** Whether every step and every wave's health was reached. */
  readonly complete: boolean;
}

/** How far the hooks of a rendered set are. */
export interface HookProgress {
  readonly manifestDigest: string;
  /** They ran to the end. */
  readonly done: readonly ObjectKey[];
  /** They were started, and nobody saw their end: the object with this uid is the run. */
  readonly running?: readonly { readonly key: ObjectKey; readonly uid: string }[];
}

/**
 * What must survive of one application; everything else can be observed or rendered again. Stored in one ConfigMap in the
 * Application's namespace, written with a resourceVersion precondition before the effect that it announces.
 */
export interface ApplicationState {
  /** Objects that we own, or may own since an intended write; a key leaves only when its absence was observed. */
  readonly inventory: readonly ObjectKey[];
  readonly held: readonly HeldCommit[];
  readonly current?: CurrentRevision;
  /** A rollback in force: this rendered set is desired until a commit arrives that is not held. */
  readonly pinned?: { readonly number: number; readonly commitId: string; readonly manifestDigest: string };
  readonly hooks?: HookProgress;
  /** Objects of another application that this one renders: their owner hands them over instead of deleting them. */
  readonly claims: readonly ObjectKey[];
}

export const EMPTY_STATE: ApplicationState = { inventory: [], held: [], claims: [] };

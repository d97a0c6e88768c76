import type { PlanCounts } from './plan.ts';
import type { Verification } from './snapshot.ts';

export type RevisionOutcome = 'synced' | 'failed' | 'refused' | 'rolledBack' | 'cancelled';

/** A line of history: what was decided, by whom, and what came of it. Never secret text. */
export interface Revision {
  /** Deterministic: a repeated pass writes the same id and so nothing new. */
  readonly id: string;
  /** Counts up per application, from 1. */
  readonly number: number;
  readonly application: string;
  readonly commitId: string;
  readonly commitSubject: string;
  readonly author: string;
  /** By whom the commit was signed, when signatures are checked. */
  readonly signedBy?: Verification;
  /** Digest of the rendered set; also its address in the store. */
  readonly renderedDigest: string;
  readonly planDigest: string;
  readonly counts: PlanCounts;
  readonly outcome: RevisionOutcome;
  readonly health?: string;
  /** `commit`, `webhook`, `person NAME`, `self-heal`, `rollback to N`. */
  readonly trigger: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly message?: string;
}

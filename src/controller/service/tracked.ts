import { formatApplicationName, type Application, type ApplicationName } from '../../core/application.ts';
import { labelOf } from '../../core/application-label.ts';
import type { EngineError } from '../../core/errors.ts';
import type { HealthStatus } from '../../core/health.ts';
import type { KubeObject, ObjectKey } from '../../core/object-key.ts';
import type { PlanCounts, Refusal } from '../../core/plan.ts';
import type { JobReason } from '../../core/ports.ts';
import type { Trace } from '../../core/snapshot.ts';

/** A pass under way. While it waits for health it holds no worker. */
export interface RunningPass {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  /** Resolves when it first waits for something. */
  readonly waits: Promise<void>;
  waiting: boolean;
  /** Resolves when it knows its commit, or ends without one. */
  readonly resolved: Promise<void>;
  /** The commit that it is about, as soon as that is known. */
  commitId: string | undefined;
  /** Something newer came (a commit by its id, or a person's wish): it ends as soon as it waits. */
  supersededBy: string | undefined;
  /** It looked at the health of everything at its end. */
  judged: boolean;
}

/** A commit does not supersede the pass that is about it already. */
export function isSuperseded(pass: RunningPass | undefined): boolean {
  return pass?.supersededBy !== undefined && pass.supersededBy !== pass.commitId;
}

export type SyncState = 'Synced' | 'OutOfSync' | 'Syncing' | 'Failed' | 'Blocked' | 'Suspended' | 'Unknown';

/** What the last pass found; the status says it. */
export interface Findings {
  readonly sync: SyncState;
  /** CamelCase, for the condition. */
  readonly reason: string;
  readonly message: string;
  readonly error?: EngineError;
  readonly commitId?: string;
  readonly subject?: string;
  readonly number?: number;
  /** What a sync would do; absent when nothing. */
  readonly plan?: { readonly digest: string; readonly counts: PlanCounts };
  readonly refusals: readonly Refusal[];
  /** Per object, cut. */
  readonly problems: readonly string[];
}

export interface HealthSummary {
  readonly status: HealthStatus;
  readonly reason: string;
  readonly message: string;
  readonly problems: readonly string[];
}

export interface HistoryLine {
  readonly number: number;
  readonly commit: string;
  readonly subject: string;
  readonly outcome: string;
  readonly trigger: string;
  readonly finishedAt: string;
}

/** Everything that this process keeps of one Application. All of it can be found out again. */
export interface Tracked {
  readonly name: ApplicationName;
  /** `namespace/name`. */
  readonly id: string;
  /** Value of our label. */
  readonly label: string;
  object: KubeObject;
  application: Application | undefined;
  /** Why the object cannot be understood. */
  problem: EngineError | undefined;
  /** It has to be looked at, and why. */
  wanted: JobReason | undefined;
  /** Not before this time (monotonic). */
  notBeforeMs: number;
  wantedAtMs: number;
  pass: RunningPass | undefined;
  lastPassMs: number | undefined;
  /** Passes in a row that did not get everything done. */
  failures: number;
  /** What the last complete pass was made from: it holds for every commit in which the trace holds. */
  settled: { readonly commitId: string; readonly trace: Trace; readonly generation: number } | undefined;
  /** Rendered set that was applied completely last. */
  completeDigest: string | undefined;
  /** Changes seen during a pass that may be its own: key → version of the object then. */
  readonly suspects: Map<string, string>;
  /** Who last took fields of an object from us: key → manager. */
  readonly meddlers: Map<string, string>;
  inventory: readonly ObjectKey[];
  findings: Findings | undefined;
  /** The failure that was told last. */
  complaint: string | undefined;
  health: HealthSummary | undefined;
  /** Since when it is not healthy (monotonic). */
  troubledSinceMs: number | undefined;
  blockedBy: readonly string[];
  history: readonly HistoryLine[];
}

export function isDeleting(tracked: Tracked): boolean {
  return typeof tracked.object.metadata['deletionTimestamp'] === 'string';
}

export function generationOf(object: KubeObject): number {
  const { generation } = object.metadata;
  return typeof generation === 'number' ? generation : 0;
}

/** Synced and healthy: what others may build on. */
export function isReady(tracked: Tracked): boolean {
  return tracked.findings?.sync === 'Synced' && tracked.health?.status === 'healthy';
}

/** An Application as it is when it is first seen: nothing was looked at, nothing is wanted. */
export function untouched(name: ApplicationName, object: KubeObject): Tracked {
  return {
    name,
    id: formatApplicationName(name),
    label: labelOf(name),
    object,
    application: undefined,
    problem: undefined,
    wanted: undefined,
    notBeforeMs: 0,
    wantedAtMs: 0,
    pass: undefined,
    lastPassMs: undefined,
    failures: 0,
    settled: undefined,
    completeDigest: undefined,
    suspects: new Map(),
    meddlers: new Map(),
    inventory: [],
    findings: undefined,
    complaint: undefined,
    health: undefined,
    troubledSinceMs: undefined,
    blockedBy: [],
    history: [],
  };
}

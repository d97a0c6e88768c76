import type { ObjectKey } from '../core/object-key.ts';
import type { ApplyReport, StepOutcome, Wave } from '../core/plan.ts';
import type { Clock, Cluster, Logger } from '../core/ports.ts';
import type { ApplicationState } from '../core/state.ts';
import type { StoredState } from './state-store.ts';

export interface WaveHealth {
  readonly healthy: boolean;
  /** Why not, for people: one line per object. */
  readonly problems: readonly { readonly key: ObjectKey; readonly message: string }[];
}

/** What the applier needs from the world; layer 3 builds it. */
export interface ApplyDeps {
  /** Acts as the application. */
  readonly cluster: Cluster;
  /** Holds the state ConfigMap; acts as the engine. */
  readonly home: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves when every object is healthy, or when that will not come in time. */
  readonly awaitHealthy: (keys: readonly ObjectKey[], timeoutMs: number, signal: AbortSignal) => Promise<WaveHealth>;
  /** Throws when this process may not write any more. */
  readonly gate?: () => void;
  readonly onProgress?: (event: ApplyEvent) => void;
}

export type ApplyEvent =
  | { readonly kind: 'waveStarted'; readonly wave: Wave; readonly index: number; readonly count: number }
  | { readonly kind: 'stepDone'; readonly wave: Wave; readonly outcome: StepOutcome }
  | { readonly kind: 'waveWaiting'; readonly wave: Wave }
  | { readonly kind: 'waveDone'; readonly wave: Wave; readonly failed: number };

export interface ApplyOptions {
  readonly waveTimeoutMs: number;
  readonly signal: AbortSignal;
  /** What a decision changes in the state beside the inventory (a pin, held commits); written before the first effect. */
  readonly changeState?: (state: ApplicationState) => ApplicationState;
  /** The number and commit that this plan becomes; written into the state at the end. */
  readonly revision: { readonly number: number; readonly commitId: string };
}

export interface ApplyResult {
  readonly report: ApplyReport;
  readonly stored: StoredState;
  /** Every step succeeded and every wave that had to wait was healthy. */
  readonly complete: boolean;
}

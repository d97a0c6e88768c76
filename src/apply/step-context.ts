import type { Clock, Cluster } from '../core/ports.ts';

/** What carrying out one step needs. */
export interface StepContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called before each mutating request; throws when writing is over (another leader, a newer plan). */
  readonly gate: () => void;
  readonly countWrite: () => void;
}

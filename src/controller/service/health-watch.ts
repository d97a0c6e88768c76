import { HEALTH_STATUSES, type HealthStatus, type ObjectHealth } from '../../core/health.ts';
import { messageOf } from '../../core/errors.ts';
import { describeKey } from '../../core/object-key.ts';
import type { Clock, Logger } from '../../core/ports.ts';
import type { Engine } from '../engine.ts';
import { observeHealth } from '../observe-health.ts';
import type { HealthSummary, Tracked } from './tracked.ts';

export interface HealthWatchOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onHealth: (tracked: Tracked, before: HealthSummary | undefined) => void;
}

/** Changes of an application's objects within this time are judged together. */
const BURST_MS = 150;
const PARALLEL = 4;
/** The worst first. `suspended` is what a person wanted. */
const SEVERITY: readonly HealthStatus[] = ['missing', 'degraded', 'unknown', 'progressing', 'suspended', 'healthy'];
const MAX_PROBLEMS = 10;

/** Judges what applications own when it changes, from memory, without a pass over them. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #dirty = new Set<Tracked>();
  #running = false;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  changed(tracked: Tracked): void {
    this.#dirty.add(tracked);
    if (this.#running || this.#options.signal.aborted) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      while (this.#dirty.size > 0 && !signal.aborted) {
        await clock.sleep(BURST_MS, signal);
        const batch = [...this.#dirty];
        this.#dirty.clear();
        let next = 0;
        const work = async (): Promise<void> => {
          for (let tracked = batch[next++]; tracked !== undefined; tracked = batch[next++]) await this.judge(tracked);
        };
        await Promise.all(Array.from({ length: Math.min(PARALLEL, batch.length) }, work));
      }
    } catch {
      // Only the sleep throws: the term is over.
    } finally {
      this.#running = false;
    }
  }

  /** Looks at one application now. */
  async judge(tracked: Tracked): Promise<void> {
    const { engine, signal, logger } = this.#options;
    const { application } = tracked;
    if (application === undefined || (tracked.lastPassMs === undefined && tracked.health === undefined)) return;
    // Nothing was ever applied: there is nothing to judge.
    if (tracked.inventory.length === 0 && tracked.findings?.number === undefined) return;
    try {
      const objects = await observeHealth(application, tracked.inventory, engine, signal);
      if (!signal.aborted) this.take(tracked, objects);
    } catch (thrown) {
      logger.debug({ application: tracked.id, error: messageOf(thrown) }, 'health could not be judged');
    }
  }

  /** Somebody looked at all objects of an application: what that says of it. */
  take(tracked: Tracked, objects: readonly ObjectHealth[]): void {
    const { clock, onHealth } = this.#options;
    const before = tracked.health;
    tracked.health = summarize(objects);
    const troubled = tracked.health.status !== 'healthy' && tracked.health.status !== 'suspended';
    if (!troubled) tracked.troubledSinceMs = undefined;
    else tracked.troubledSinceMs ??= clock.monotonic();
    onHealth(tracked, before);
  }
}

/** The worst verdict of all, with a line for each object that is not well. */
function summarize(objects: readonly ObjectHealth[]): HealthSummary {
  let worst: ObjectHealth | undefined;
  const problems: string[] = [];
  for (const entry of objects) {
    const { status } = entry.health;
    if (worst === undefined || rank(status) < rank(worst.health.status)) worst = entry;
    if (status !== 'healthy' && status !== 'suspended' && problems.length < MAX_PROBLEMS)
      problems.push(`${describeKey(entry.key)}: ${entry.health.reason}: ${entry.health.message}`);
  }
  if (worst === undefined) return { status: 'healthy', reason: 'Healthy', message: 'it owns no objects', problems: [] };
  const { status, reason, message } = worst.health;
  return { status, reason: reason || 'Unknown', message: `${describeKey(worst.key)}: ${message || reason}`, problems };
}

function rank(status: HealthStatus): number {
  const index = SEVERITY.indexOf(status);
  return index < 0 ? HEALTH_STATUSES.length : index;
}

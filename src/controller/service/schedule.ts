import { EngineError, messageOf } from '../../core/errors.ts';
import { JOB_PRIORITIES, type Clock, type JobQueue, type JobReason, type Logger } from '../../core/ports.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { isSuperseded, type Tracked } from './tracked.ts';

export interface ScheduleOptions {
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly metrics?: Metrics;
}

export interface WantOptions {
  /** A pass that waits for health is left for this: a commit by its id, or a `request`. */
  readonly supersede?: string;
  readonly delayMs?: number;
}

/** A job that nobody took for so long is asked for again: the queue may have lost it. */
const LOST_MS = 20_000;
const RETRY_BASE_MS = 1000;
const RETRY_CAP_MS = 300_000;

/**
 * Who shall be looked at, why and when. What is wanted stands in {@link Tracked}; the queue only orders it, and may lose or repeat jobs
 * without harm.
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  #closed = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** From now on nothing is wanted any more. */
  close(): void {
    this.#closed = true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Looks at an application as soon as there is a worker (or after `delayMs`). */
  want(tracked: Tracked, reason: JobReason, options: WantOptions = {}): void {
    const { queue, clock, metrics, logger } = this.#options;
    if (this.#closed) return;
    const delayMs = options.delayMs ?? 0;
    const nowMs = clock.monotonic();
    const dueMs = nowMs + delayMs;
    const sooner = tracked.wanted === undefined || dueMs < tracked.notBeforeMs;
    const stronger = tracked.wanted === undefined || JOB_PRIORITIES[reason] < JOB_PRIORITIES[tracked.wanted];
    if (stronger) tracked.wanted = reason;
    if (sooner) tracked.notBeforeMs = dueMs;
    tracked.wantedAtMs = nowMs;
    if (tracked.pass !== undefined) {
      // What waits for health is left for what is newer; what writes is not interrupted.
      if (options.supersede !== undefined) {
        tracked.pass.supersededBy = options.supersede;
        if (tracked.pass.waiting && isSuperseded(tracked.pass)) tracked.pass.stop.abort(superseded(tracked));
      }
      return;
    }
    if (!sooner && !stronger) return;
    metrics?.enqueued(reason);
    queue.add({ application: tracked.name, reason }, { delayMs }).catch((thrown: unknown) => {
      logger.warn({ application: tracked.id, error: messageOf(thrown) }, 'job not taken; it is asked for again');
    });
  }

  /** What a job is about now: undefined when it was asked for twice, or by a queue that remembers an earlier term, or too early. */
  due(tracked: Tracked): JobReason | undefined {
    if (this.#closed || tracked.pass !== undefined) return undefined;
    return tracked.notBeforeMs > this.#options.clock.monotonic() + 5 ? undefined : tracked.wanted;
  }

  /** Wants it after a pause that grows with each failure in a row. */
  retry(tracked: Tracked): void {
    const wholeMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(20, tracked.failures));
    tracked.failures += 1;
    this.want(tracked, 'timer', { delayMs: Math.round(wholeMs * (0.5 + this.#options.random() / 2)) });
  }

  /** Asks the queue for what was wanted while a pass was under way. */
  resume(tracked: Tracked): void {
    const { wanted } = tracked;
    if (wanted === undefined) return;
    tracked.wanted = undefined;
    this.want(tracked, wanted, { delayMs: Math.max(0, tracked.notBeforeMs - this.#options.clock.monotonic()) });
  }

  /** Asks again for what the queue seems to have lost. */
  findLost(tracked: Tracked): void {
    const { wanted } = tracked;
    if (wanted === undefined || tracked.pass !== undefined) return;
    if (this.#options.clock.monotonic() - Math.max(tracked.notBeforeMs, tracked.wantedAtMs) <= LOST_MS) return;
    tracked.wanted = undefined;
    this.want(tracked, wanted);
  }
}

export function superseded(tracked: Tracked): EngineError {
  return new EngineError('Cancelled', `sync of application ${tracked.id} was left (Superseded): something newer came`);
}

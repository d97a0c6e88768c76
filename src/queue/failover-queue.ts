import { isEngineError, messageOf } from '../core/errors.ts';
import type { Job, JobQueue, Logger } from '../core/ports.ts';
import { jobKey } from './job-data.ts';
import type { RemoteQueue } from './redis-queue.ts';

export interface FailoverOptions {
  readonly remote: RemoteQueue;
  readonly local: JobQueue;
  readonly logger?: Logger;
  /** Called when work goes to the local queue (true), and when it goes to Redis again. */
  readonly onDegraded?: (degraded: boolean) => void;
}

/**
 * Redis while it is there, this process while it is not. What waits in Redis meanwhile is still there afterwards or is asked for again by
 * the timers. An application runs at most once in this process, whichever queue its job came from.
 */
export function openFailoverQueue(options: FailoverOptions): JobQueue {
  return new FailoverQueue(options);
}

class FailoverQueue implements JobQueue {
  readonly #options: FailoverOptions;
  readonly #running = new Map<string, Promise<void>>();
  #degraded = false;

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  async add(job: Job, options: { readonly delayMs?: number } = {}): Promise<void> {
    const { remote, local } = this.#options;
    // While it is known to be away nobody waits for it.
    if (!this.#degraded || remote.available) {
      try {
        await remote.add(job, options);
        this.#setDegraded(false, '');
        return;
      } catch (thrown) {
        if (!isEngineError(thrown, 'QueueUnavailable')) throw thrown;
        this.#setDegraded(true, messageOf(thrown));
      }
    }
    await local.add(job, options);
  }

  consume(handler: (job: Job, signal: AbortSignal) => Promise<void>, options: { readonly concurrency: number }): void {
    const exclusive = async (job: Job, signal: AbortSignal): Promise<void> => {
      const key = jobKey(job.application);
      for (let before = this.#running.get(key); before !== undefined; before = this.#running.get(key)) {
        await before.catch(() => undefined);
      }
      const run = handler(job, signal);
      this.#running.set(key, run);
      try {
        await run;
      } finally {
        this.#running.delete(key);
      }
    };
    this.#options.remote.consume(exclusive, options);
    this.#options.local.consume(exclusive, options);
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all([this.#options.remote.close(timeoutMs), this.#options.local.close(timeoutMs)]);
  }

  #setDegraded(degraded: boolean, why: string): void {
    if (this.#degraded === degraded) return;
    this.#degraded = degraded;
    if (degraded) this.#options.logger?.warn({ why }, 'queue in Redis is away; this process goes on by itself');
    else this.#options.logger?.info({}, 'queue in Redis is back');
    this.#options.onDegraded?.(degraded);
  }
}

import { EngineError, messageOf } from '../core/errors.ts';
import type { Clock, Job, JobQueue, Logger } from '../core/ports.ts';
import { DEFAULT_RETRY, Failures, type RetryTimes } from './failures.ts';
import { FairLine } from './fair-line.ts';
import { jobKey, strongerReason } from './job-data.ts';

export interface LocalQueueOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly retry?: RetryTimes;
}

type Handler = (job: Job, signal: AbortSignal) => Promise<void>;

interface Later {
  readonly job: Job;
  readonly dueMs: number;
  readonly retry: boolean;
}

/** How long handlers may take to notice that they were told to stop. */
const ABORT_GRACE_MS = 1000;

/**
 * The queue of one process. Per application at most one job runs, one waits and one waits for its time (the earliest wins); a job that is
 * added without delay while one runs follows it. Nothing survives the process: whoever uses it asks for everything again at start.
 */
export function openLocalQueue(options: LocalQueueOptions): JobQueue {
  return new LocalQueue(options);
}

class LocalQueue implements JobQueue {
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #failures: Failures;
  readonly #line = new FairLine();
  readonly #later = new Map<string, Later>();
  readonly #running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  #handler: Handler | undefined;
  #concurrency = 0;
  #closed = false;
  #alarm: { readonly atMs: number; readonly stop: AbortController } | undefined;

  constructor(options: LocalQueueOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#failures = new Failures(options.retry ?? DEFAULT_RETRY, options.random ?? Math.random);
  }

  add(job: Job, options: { readonly delayMs?: number } = {}): Promise<void> {
    if (this.#closed) {
      return Promise.reject(
        new EngineError(
          'QueueUnavailable',
          `job for ${jobKey(job.application)} was not taken (QueueClosed): the queue is closed`,
        ),
      );
    }
    const delayMs = options.delayMs ?? 0;
    if (delayMs > 0) this.#addLater(job, delayMs, false);
    else {
      this.#line.add(job);
      this.#pump();
    }
    return Promise.resolve();
  }

  consume(handler: Handler, options: { readonly concurrency: number }): void {
    this.#handler = handler;
    this.#concurrency = Math.max(1, options.concurrency);
    this.#pump();
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    this.#alarm?.stop.abort();
    this.#later.clear();
    const all = Promise.all([...this.#running.values()].map(async ({ done }) => done));
    if (await this.#endsWithin(all, timeoutMs)) return;
    for (const { stop } of this.#running.values())
      stop.abort(new EngineError('Cancelled', 'the queue was closed (Closed)'));
    await this.#endsWithin(all, ABORT_GRACE_MS);
  }

  #pump(): void {
    const handler = this.#handler;
    if (handler === undefined) return;
    while (!this.#closed && this.#running.size < this.#concurrency) {
      const job = this.#line.take((key) => !this.#running.has(key));
      if (job === undefined) return;
      const key = jobKey(job.application);
      const stop = new AbortController();
      this.#running.set(key, { stop, done: this.#run(handler, job, key, stop.signal) });
    }
  }

  async #run(handler: Handler, job: Job, key: string, signal: AbortSignal): Promise<void> {
    try {
      // Not before the caller is done: an add returns at once, whatever its job does.
      await Promise.resolve();
      await handler(job, signal);
      if (this.#failures.succeeded(key) && this.#later.get(key)?.retry === true) this.#later.delete(key);
    } catch (thrown) {
      const delayMs = this.#failures.failed(key);
      this.#logger?.warn(
        { application: key, error: messageOf(thrown), retryMs: delayMs },
        'job failed and is tried again',
      );
      if (!this.#closed) this.#addLater(job, delayMs, true);
    } finally {
      this.#running.delete(key);
      this.#pump();
    }
  }

  #addLater(job: Job, delayMs: number, retry: boolean): void {
    const key = jobKey(job.application);
    const dueMs = this.#clock.monotonic() + delayMs;
    const present = this.#later.get(key);
    if (present === undefined) this.#later.set(key, { job, dueMs, retry });
    else {
      this.#later.set(key, {
        job: { application: job.application, reason: strongerReason(present.job.reason, job.reason) },
        dueMs: Math.min(present.dueMs, dueMs),
        retry: present.retry && retry,
      });
    }
    this.#setAlarm(dueMs);
  }

  #setAlarm(atMs: number): void {
    if (this.#alarm !== undefined && this.#alarm.atMs <= atMs) return;
    this.#alarm?.stop.abort();
    const stop = new AbortController();
    this.#alarm = { atMs, stop };
    this.#clock.sleep(Math.max(0, atMs - this.#clock.monotonic()), stop.signal).then(
      () => this.#ring(),
      () => undefined,
    );
  }

  #ring(): void {
    this.#alarm = undefined;
    const nowMs = this.#clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [key, { job, dueMs }] of this.#later) {
      if (dueMs <= nowMs) {
        this.#later.delete(key);
        this.#line.add(job);
      } else nextMs = Math.min(nextMs, dueMs);
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#setAlarm(nextMs);
    this.#pump();
  }

  async #endsWithin(all: Promise<unknown>, timeoutMs: number): Promise<boolean> {
    const stop = new AbortController();
    const ended = await Promise.race([
      all.then(() => true),
      this.#clock.sleep(timeoutMs, stop.signal).then(
        () => false,
        () => false,
      ),
    ]);
    stop.abort();
    return ended;
  }
}

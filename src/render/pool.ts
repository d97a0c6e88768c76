import { availableParallelism } from 'node:os';
import { EngineError } from '../core/errors.ts';
import type { RenderResult } from '../core/manifest.ts';
import type { PoolJob } from './pool-job.ts';
import { type JobOutcome, WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';
import { readResult } from './render-job.ts';

export interface RenderPoolOptions extends WorkerProcessOptions {
  /** Renders at the same time. Default: one a core. */
  readonly size?: number;
  /** Renders that may wait. */
  readonly queueLimit?: number;
  /** A process is replaced after so many renders. Default 2000. */
  readonly rendersPerWorker?: number;
  /** After so long without a render, one process stays and the others give their memory back. Default 30 s. */
  readonly restMs?: number;
  /**
   * Another process is started when the renders that wait would have to wait so long. Default 3000 ms: most renders take some milliseconds,
   * and a process takes half a second of computing and tens of MiB before its first.
   */
  readonly growMs?: number;
}

interface Waiting {
  readonly job: PoolJob;
  readonly signal: AbortSignal | undefined;
  readonly sinceMs: number;
  settle(outcome: JobOutcome): void;
}

/**
 * Renders in child processes that are kept between renders. A render that takes too long, too much memory or brings its process down
 * costs that process and nothing else: the next render gets a new one.
 */
export class RenderPool {
  readonly #options: RenderPoolOptions;
  readonly #size: number;
  readonly #queue: Waiting[] = [];
  readonly #idle: WorkerProcess[] = [];
  readonly #busy = new Set<WorkerProcess>();
  #closed = false;
  #rest: NodeJS.Timeout | undefined;
  #grow: NodeJS.Timeout | undefined;
  /** When the newest process came up; undefined while it has not. */
  #readyMs: number | undefined;
  /** How long the last renders took, the newest most. */
  #usualMs = 0;

  constructor(options: RenderPoolOptions) {
    this.#options = options;
    this.#size = Math.max(1, options.size ?? availableParallelism());
  }

  /**
   * @throws EngineError of the render; RenderLimit (time, memory), RenderCrashed (the process died, the queue is full), Cancelled
   */
  async render(job: PoolJob, signal?: AbortSignal): Promise<RenderResult> {
    if (this.#closed) throw cancelled('the renderer is closed');
    if (signal?.aborted === true) throw cancelled('it is not wanted any more');
    const limit = this.#options.queueLimit ?? 1000;
    if (this.#queue.length >= limit) {
      throw new EngineError('RenderCrashed', `render is refused (RenderCrashed): ${limit} renders are waiting already`);
    }
    const outcome = await this.#enqueue(job, signal);
    if ('error' in outcome) throw outcome.error;
    return readResult(outcome.json);
  }

  /** Ends all processes; renders that wait or run are cancelled. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#rest);
    clearTimeout(this.#grow);
    for (const waiting of this.#queue.splice(0)) waiting.settle({ error: cancelled('the renderer is closed') });
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((worker) => worker.stop()));
  }

  #enqueue(job: PoolJob, signal: AbortSignal | undefined): Promise<JobOutcome> {
    return new Promise((resolve) => {
      const onAbort = (): void => {
        const index = this.#queue.indexOf(waiting);
        // A running one hears of it from its worker.
        if (index < 0) return;
        this.#queue.splice(index, 1);
        resolve({ error: cancelled('it is not wanted any more') });
      };
      const waiting: Waiting = {
        job,
        signal,
        sinceMs: performance.now(),
        settle: (outcome) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    clearTimeout(this.#grow);
    while (!this.#closed && this.#busy.size < this.#size) {
      const [next] = this.#queue;
      if (next === undefined) return;
      const worker = this.#restingWorker() ?? this.#startWorker(next);
      if (worker === undefined) return;
      const waiting = this.#queue.shift() ?? next;
      this.#busy.add(worker);
      const beganMs = performance.now();
      void worker.run(waiting.job, waiting.signal).then((outcome) => {
        this.#usualMs += (performance.now() - Math.max(beganMs, this.#readyMs ?? beganMs) - this.#usualMs) / 4;
        this.#busy.delete(worker);
        this.#keepOrStop(worker);
        waiting.settle(outcome);
        this.#next();
      });
    }
  }

  #restingWorker(): WorkerProcess | undefined {
    let worker = this.#idle.pop();
    while (worker !== undefined && !worker.isAlive) worker = this.#idle.pop();
    return worker;
  }

  /** A new process, or undefined: its turn comes soon. */
  #startWorker(next: Waiting): WorkerProcess | undefined {
    if (this.#busy.size > 0) {
      // Until the one that starts is up, nobody can say that it is not enough.
      if (this.#readyMs === undefined) return undefined;
      const growMs = this.#options.growMs ?? 3000;
      const leftMs = Math.max(next.sinceMs, this.#readyMs) + growMs - performance.now();
      const expectedMs = (this.#usualMs * this.#queue.length) / this.#busy.size;
      if (leftMs > 0 && expectedMs < growMs) {
        this.#grow = setTimeout(() => this.#next(), leftMs + 1).unref();
        return undefined;
      }
    }
    this.#readyMs = undefined;
    const worker = new WorkerProcess(this.#options);
    void worker.ready.then(() => {
      this.#readyMs = performance.now();
      this.#next();
    });
    return worker;
  }

  #keepOrStop(worker: WorkerProcess): void {
    const used = worker.renders >= (this.#options.rendersPerWorker ?? 2000);
    if (!worker.isAlive || used || worker.isSwollen || this.#closed) void worker.stop();
    else this.#idle.push(worker);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#shrink(), this.#options.restMs ?? 30_000).unref();
  }

  /** One is kept warm: starting a process takes longer than most renders. */
  #shrink(): void {
    for (const worker of this.#idle.splice(0, this.#idle.length - 1)) void worker.stop();
  }
}

function cancelled(cause: string): EngineError {
  return new EngineError('Cancelled', `render was cancelled (Cancelled): ${cause}`);
}

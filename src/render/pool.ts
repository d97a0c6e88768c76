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
  /** A process is replaced after so many renders. */
  readonly rendersPerWorker?: number;
  /** After so long without a render, one process stays and the others give their memory back. Default 30 s. */
  readonly restMs?: number;
}

interface Waiting {
  readonly job: PoolJob;
  readonly signal: AbortSignal | undefined;
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
    while (!this.#closed && this.#queue.length > 0 && this.#busy.size < this.#size) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      const worker = this.#restingWorker() ?? new WorkerProcess(this.#options);
      this.#busy.add(worker);
      void worker.run(waiting.job, waiting.signal).then((outcome) => {
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

  #keepOrStop(worker: WorkerProcess): void {
    const used = worker.renders >= (this.#options.rendersPerWorker ?? 500);
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

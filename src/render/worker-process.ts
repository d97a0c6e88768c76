import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EngineError } from '../core/errors.ts';
import type { PoolJob } from './pool-job.ts';
import { isErrorCode, type RenderJob, type RenderMessage } from './render-job.ts';

/**
 * Helm lets a template include itself a thousand times; Node's own stack ends at some 700 of them. The system gives a process 8 MiB, twice
 * as much as this: whatever is nested deeper ends with an error and not with the process.
 */
export const STACK_KILOBYTES = 3900;

export interface WorkerProcessOptions {
  /** The compiled entry of a render process; it calls `serveRenders`. */
  readonly workerPath: string;
  /** Memory of one process: its JavaScript heap, and (with half as much again for everything else) all of it. */
  readonly memoryBytes: number;
  /** How long a process may take to start. */
  readonly startTimeoutMs?: number;
  /** What a process may take from a render's start beyond the render's own time limit, for its start and the answer. */
  readonly graceMs?: number;
}

export type JobOutcome = { readonly json: string } | { readonly error: EngineError };

const STDERR_KEPT = 8192;
const MEMORY_POLL_MS = 200;

/** One child process and the render that it works on. */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  /** Whether it came up. */
  readonly ready: Promise<boolean>;
  readonly #exited: Promise<void>;
  #alive = true;
  #stderr = '';
  #rssBytes = 0;
  #jobs = 0;
  /** Settles the render that runs. */
  #settle: ((outcome: JobOutcome) => void) | undefined;
  /** Why the process is being killed, when it is us who do it. */
  #verdict: EngineError | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    const heapMegabytes = Math.max(64, Math.floor(options.memoryBytes / (1024 * 1024)));
    this.#child = fork(options.workerPath, [], {
      // Nothing of our environment: no secret, no NODE_OPTIONS.
      env: { TZ: 'UTC' },
      execArgv: [
        `--max-old-space-size=${heapMegabytes}`,
        // Room for what is new and mostly dies at once; what lives longer is moved out of it.
        '--max-semi-space-size=4',
        `--stack-size=${STACK_KILOBYTES}`,
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: false,
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    let markReady: (ready: boolean) => void = () => undefined;
    this.ready = new Promise((resolve) => {
      markReady = resolve;
    });
    this.#exited = new Promise((resolve) => {
      const onEnd = (): void => {
        this.#alive = false;
        markReady(false);
        this.#settle?.({ error: this.#verdict ?? this.#describeDeath() });
        resolve();
      };
      this.#child.once('exit', onEnd);
      this.#child.once('error', onEnd);
    });
    this.#child.on('message', (message: RenderMessage) => {
      if (message.kind === 'ready') markReady(true);
      else this.#take(message);
    });
    this.#rest();
  }

  get isAlive(): boolean {
    return this.#alive && this.#verdict === undefined;
  }

  get renders(): number {
    return this.#jobs;
  }

  /** It holds so much memory that a new process is the better start for the next render. */
  get isSwollen(): boolean {
    return this.#rssBytes > this.#options.memoryBytes * 0.75;
  }

  /** Runs one render; never rejects. One at a time. */
  async run(job: PoolJob, signal: AbortSignal | undefined): Promise<JobOutcome> {
    const { limits } = job.request;
    const timers: NodeJS.Timeout[] = [];
    const outcome = new Promise<JobOutcome>((resolve) => {
      this.#settle = resolve;
      if (!this.#alive) resolve({ error: this.#verdict ?? this.#describeDeath() });
    });
    const onAbort = (): void => {
      this.#kill(new EngineError('Cancelled', 'render was cancelled (Cancelled): it is not wanted any more'));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    this.#child.ref();
    this.#child.channel?.ref();
    const startTimeoutMs = this.#options.startTimeoutMs ?? 30_000;
    const starting = setTimeout(() => {
      this.#kill(
        new EngineError(
          'RenderCrashed',
          `render process did not start (RenderCrashed): not ready after ${startTimeoutMs} ms`,
        ),
      );
    }, startTimeoutMs);
    timers.push(starting);
    if (await this.ready) {
      clearTimeout(starting);
      const allowedMs = limits.timeMs + (this.#options.graceMs ?? 1000);
      timers.push(setTimeout(() => this.#kill(limitError(`it takes longer than ${limits.timeMs} ms`)), allowedMs));
      const memoryBytes = Math.min(limits.memoryBytes, this.#options.memoryBytes) * 1.5;
      timers.push(setInterval(() => this.#checkMemory(memoryBytes), MEMORY_POLL_MS));
      const message: RenderJob = { id: ++this.#jobs, ...job };
      this.#child.send(message, (error) => {
        if (error !== null && this.#alive)
          this.#kill(
            new EngineError('RenderCrashed', `render process cannot be reached (RenderCrashed): ${error.message}`),
          );
      });
    }
    const result = await outcome;
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    this.#settle = undefined;
    this.#rest();
    return result;
  }

  async stop(): Promise<void> {
    if (!this.#alive) return;
    this.#kill(
      this.#verdict ?? new EngineError('Cancelled', 'render was cancelled (Cancelled): the renderer is closed'),
    );
    // A resting process keeps nobody alive, and then nobody would be left to see its end.
    this.#child.ref();
    await this.#exited;
  }

  #take(message: Exclude<RenderMessage, { kind: 'ready' }>): void {
    if (message.id !== this.#jobs || this.#verdict !== undefined) return;
    this.#rssBytes = message.rssBytes;
    if (message.kind === 'result') {
      this.#settle?.({ json: message.json });
      return;
    }
    const code = isErrorCode(message.code) ? message.code : 'RenderCrashed';
    this.#settle?.({
      error: new EngineError(code, message.message, message.remedy === undefined ? {} : { remedy: message.remedy }),
    });
  }

  #kill(verdict: EngineError): void {
    this.#verdict ??= verdict;
    this.#child.kill('SIGKILL');
  }

  /** Buffers are no part of the heap limit, so the process is watched from outside where the system tells its size. */
  #checkMemory(limitBytes: number): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
      if (pages * 4096 > limitBytes)
        this.#kill(limitError(`it needs more than ${Math.round(limitBytes / 1048576)} MiB of memory`));
    } catch {
      // No such file: another system, or the process has just ended.
    }
  }

  #describeDeath(): EngineError {
    if (/heap out of memory|Reached heap limit|Allocation failed/.test(this.#stderr)) {
      return limitError(`it needs more than ${Math.round(this.#options.memoryBytes / 1048576)} MiB of memory`);
    }
    const { exitCode, signalCode } = this.#child;
    const how = signalCode === null ? `it ended with code ${exitCode ?? 'unknown'}` : `it ended by ${signalCode}`;
    return new EngineError('RenderCrashed', `render process died (RenderCrashed): ${how}`);
  }

  /** A resting process does not keep ours alive. */
  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    (this.#child.stderr as { unref?: () => void } | null)?.unref?.();
  }
}

function limitError(cause: string): EngineError {
  return new EngineError('RenderLimit', `render was stopped (RenderLimit): ${cause}`, {
    remedy: 'make what is rendered smaller, or raise the limits of the renderer',
  });
}

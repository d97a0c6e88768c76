import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { EngineError, type ErrorCode } from '../core/errors.ts';
import { createInProcessRunner, type FetchJob, type FetchOutcome, type FetchRunner } from './fetch-job.ts';

export type WorkerAnswer =
  | { readonly kind: 'done'; readonly outcome: FetchOutcome }
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly remedy?: string;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'crashed'; readonly message: string };

export interface WorkerOptions {
  /** Downloads at the same time; default 2. */
  readonly workers?: number;
  /** A worker without work is ended after this time; default 5 s: it holds some 20 MiB, and commits are minutes apart. */
  readonly idleMs?: number;
  /** The compiled worker; default: the file beside this one. */
  readonly script?: URL;
}

const COMPILED_WORKER = new URL('./fetch-worker.js', import.meta.url);

/** Workers in the compiled package; in this process where the sources themselves run (tests), because a worker needs compiled code. */
export function createDefaultRunner(): FetchRunner {
  return existsSync(COMPILED_WORKER) ? createWorkerRunner() : createInProcessRunner();
}

interface Slot {
  readonly worker: Worker;
  idleTimer: NodeJS.Timeout | undefined;
}

/**
 * Runs downloads in worker threads: indexing a pack would stall this one. Workers start when needed, are used again, and end when idle, so
 * that their memory goes back. A job that is cancelled or takes too long ends its worker.
 */
export function createWorkerRunner(options: WorkerOptions = {}): FetchRunner {
  const limit = options.workers ?? 2;
  const idleMs = options.idleMs ?? 5000;
  const script = options.script ?? COMPILED_WORKER;
  const idle: Slot[] = [];
  const waiting: (() => void)[] = [];
  const busy = new Set<Slot>();
  let closed = false;

  const end = async (slot: Slot): Promise<void> => {
    clearTimeout(slot.idleTimer);
    busy.delete(slot);
    if (idle.includes(slot)) idle.splice(idle.indexOf(slot), 1);
    await slot.worker.terminate();
  };
  const rest = (slot: Slot): void => {
    busy.delete(slot);
    idle.push(slot);
    slot.worker.unref();
    slot.idleTimer = setTimeout(() => void end(slot), idleMs).unref();
  };
  const take = (): Slot => {
    const slot = idle.pop() ?? {
      worker: new Worker(script, { env: {}, name: 'evenkeel-fetch' }),
      idleTimer: undefined,
    };
    clearTimeout(slot.idleTimer);
    slot.worker.ref();
    busy.add(slot);
    return slot;
  };

  const runIn = (slot: Slot, job: FetchJob, signal: AbortSignal): Promise<FetchOutcome> =>
    new Promise((resolve, reject) => {
      // The worker has a time limit of its own; this one counts when it hangs in a computation.
      const overdue = setTimeout(() => give(stopped('it did not end in time'), true), job.timeoutMs + 60_000).unref();
      const onAbort = (): void =>
        give(new EngineError('Cancelled', 'fetch was cancelled (Cancelled): it is not needed any more'), true);
      const onMessage = (answer: WorkerAnswer): void => {
        if (answer.kind === 'done') give(answer.outcome, false);
        else if (answer.kind === 'crashed') give(stopped(answer.message), true);
        else
          give(
            new EngineError(answer.code, answer.message, {
              data: answer.data,
              ...(answer.remedy === undefined ? {} : { remedy: answer.remedy }),
            }),
            false,
          );
      };
      const onError = (error: Error): void => give(stopped(error.message), true);
      const onExit = (): void => give(stopped('its worker ended'), true);
      function give(result: FetchOutcome | Error, isBroken: boolean): void {
        clearTimeout(overdue);
        signal.removeEventListener('abort', onAbort);
        slot.worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if (isBroken) {
          // An error that comes after the last listener is gone would end this process.
          slot.worker.on('error', () => {});
          void end(slot);
        } else rest(slot);
        if (result instanceof Error) reject(result);
        else resolve(result);
      }
      signal.addEventListener('abort', onAbort, { once: true });
      slot.worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      if (signal.aborted) onAbort();
      else slot.worker.postMessage(job);
    });

  return {
    async run(job, signal) {
      while (busy.size >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
      if (closed || signal.aborted)
        throw new EngineError('Cancelled', 'fetch was cancelled (Cancelled): it is not needed any more');
      try {
        return await runIn(take(), job, signal);
      } finally {
        waiting.shift()?.();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...idle, ...busy].map(end));
      for (const wake of waiting.splice(0)) wake();
    },
  };
}

function stopped(cause: string): EngineError {
  return new EngineError('SourceUnreachable', `fetch was stopped (SourceUnreachable): ${cause}`, {
    remedy: 'the last good revision stays in use; the fetch is tried again',
  });
}

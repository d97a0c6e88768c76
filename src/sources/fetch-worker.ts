import { type MessagePort, parentPort } from 'node:worker_threads';
import { isEngineError, messageOf } from '../core/errors.ts';
import { type FetchJob, runFetchJob } from './fetch-job.ts';
import type { WorkerAnswer } from './fetch-workers.ts';

/** The other side of {@link createWorkerRunner}: one job at a time. */
function serve(port: MessagePort): void {
  port.on('message', (job: FetchJob) => {
    // The pool ends a worker whose job is cancelled, so that a job in here needs no signal of its own.
    runFetchJob(job, new AbortController().signal).then(
      (outcome) => port.postMessage({ kind: 'done', outcome } satisfies WorkerAnswer),
      (thrown: unknown) =>
        port.postMessage(
          (isEngineError(thrown)
            ? {
                kind: 'failed',
                code: thrown.code,
                message: thrown.message,
                data: thrown.data,
                ...(thrown.remedy === undefined ? {} : { remedy: thrown.remedy }),
              }
            : { kind: 'crashed', message: messageOf(thrown) }) satisfies WorkerAnswer,
        ),
    );
  });
}

if (parentPort !== null) serve(parentPort);

import type { Snapshot } from '../core/snapshot.ts';
import { ParseCache } from './kustomize/cache.ts';
import { describeFailure, type RenderJob, type RenderMessage, writeResult } from './render-job.ts';
import { renderSnapshot } from './render-snapshot.ts';

/** The ends of the channel to the parent; `process` has them. */
export interface ParentChannel {
  on(event: 'message', listener: (job: RenderJob) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  send?: ((message: RenderMessage) => unknown) | undefined;
  exit(code: number): void;
}

export interface WorkerOptions {
  readonly openSnapshot: (gitDir: string, commitId: string) => Snapshot;
  readonly rssBytes: () => number;
}

/**
 * The inside of a render process: takes one job at a time and answers it. The entry of the process passes how a snapshot is opened,
 * since that is the matter of another stage. It ends with its parent.
 */
export function serveRenders(parent: ParentChannel, options: WorkerOptions): void {
  const parses = new ParseCache();
  parent.on('message', (job) => {
    parent.send?.(answer(job, options, parses));
  });
  parent.on('disconnect', () => {
    parent.exit(0);
  });
  parent.send?.({ kind: 'ready' });
}

function answer(job: RenderJob, options: WorkerOptions, parses: ParseCache): RenderMessage {
  try {
    const snapshot = options.openSnapshot(job.gitDir, job.commitId);
    const json = writeResult(renderSnapshot(snapshot, job.request, { parses }));
    return { kind: 'result', id: job.id, json, rssBytes: options.rssBytes() };
  } catch (thrown) {
    return { kind: 'error', id: job.id, ...describeFailure(thrown), rssBytes: options.rssBytes() };
  }
}

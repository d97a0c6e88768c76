import type { RenderResult } from '../core/manifest.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { renderWithFetched } from './fetched-charts.ts';
import { BuildCache } from './kustomize/cache.ts';
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
  const builds = new BuildCache();
  parent.on('message', (job) => {
    void answer(job, options, builds).then((message) => parent.send?.(message));
  });
  parent.on('disconnect', () => {
    parent.exit(0);
  });
  parent.send?.({ kind: 'ready' });
}

async function render(
  snapshot: Snapshot,
  job: RenderJob,
  builds: BuildCache,
  { openSnapshot }: WorkerOptions,
): Promise<RenderResult> {
  const { request, answers, charts, baseHosts } = job;
  const tools = {
    builds,
    ...(baseHosts === undefined ? {} : { bases: { allowedHosts: baseHosts, openSnapshot } }),
    ...(answers === undefined ? {} : { answers }),
  };
  if (charts === undefined) return renderSnapshot(snapshot, request, tools);
  const { result, warnings } = await renderWithFetched(snapshot, charts, (fetched) =>
    renderSnapshot(snapshot, request, { ...tools, charts: fetched }),
  );
  return result.kind === 'failed' ? result : { ...result, warnings: [...warnings, ...result.warnings] };
}

async function answer(job: RenderJob, options: WorkerOptions, builds: BuildCache): Promise<RenderMessage> {
  try {
    const snapshot = options.openSnapshot(job.gitDir, job.commitId);
    const json = writeResult(await render(snapshot, job, builds, options));
    return { kind: 'result', id: job.id, json, rssBytes: options.rssBytes() };
  } catch (thrown) {
    return { kind: 'error', id: job.id, ...describeFailure(thrown), rssBytes: options.rssBytes() };
  }
}

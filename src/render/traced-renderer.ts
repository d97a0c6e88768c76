import type { RenderRequest, RenderResult } from '../core/manifest.ts';
import type { FetchedCommit, Renderer, TraceChecker } from '../core/ports.ts';
import type { PoolJob } from './pool-job.ts';
import { digestRequest } from './request-digest.ts';
import type { TraceCache } from './trace-cache.ts';

/** What runs renders: the pool of processes. */
export interface JobRunner {
  render(job: PoolJob, signal?: AbortSignal): Promise<RenderResult>;
  close(): Promise<void>;
}

/** Renders in a pool of processes, unless nothing that an earlier render of the same request read has changed since. */
export class TracedRenderer implements Renderer {
  readonly #pool: JobRunner;
  readonly #cache: TraceCache;
  readonly #checker: TraceChecker;

  constructor(parts: { readonly pool: JobRunner; readonly cache: TraceCache; readonly checker: TraceChecker }) {
    this.#pool = parts.pool;
    this.#cache = parts.cache;
    this.#checker = parts.checker;
  }

  async render(
    fetched: FetchedCommit,
    request: RenderRequest,
    signal?: AbortSignal,
  ): Promise<RenderResult & { readonly reused?: boolean }> {
    const key = digestRequest(request);
    const known = await this.#cache.find(key, (trace) => this.#checker.holds(fetched, trace));
    if (known !== undefined) return { ...known, reused: true };
    const result = await this.#pool.render({ gitDir: fetched.gitDir, commitId: fetched.commit.id, request }, signal);
    this.#cache.put(key, result);
    return result;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

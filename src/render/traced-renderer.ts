import type { RenderRequest, RenderResult } from '../core/manifest.ts';
import type { FetchedCommit, Renderer, TraceChecker } from '../core/ports.ts';
import type { RenderPool } from './pool.ts';
import { digestRequest } from './request-digest.ts';
import type { TraceCache } from './trace-cache.ts';

/** Renders in a pool of processes, unless nothing that an earlier render of the same request read has changed since. */
export class TracedRenderer implements Renderer {
  readonly #pool: RenderPool;
  readonly #cache: TraceCache;
  readonly #checker: TraceChecker;

  constructor(parts: { readonly pool: RenderPool; readonly cache: TraceCache; readonly checker: TraceChecker }) {
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

import type { RenderRequest, RenderResult } from '../core/manifest.ts';
import type { FetchedCommit, Renderer, TraceChecker } from '../core/ports.ts';
import type { ChartAccess, RemoteFetcher, RenderWorld } from '../core/render-world.ts';
import type { Trace } from '../core/snapshot.ts';
import type { PoolJob } from './pool-job.ts';
import { factsHold, renderInRounds, type WorldFacts } from './render-rounds.ts';
import { digestRequest } from './request-digest.ts';
import type { TraceCache } from './trace-cache.ts';

/** What runs renders: the pool of processes. */
export interface JobRunner {
  render(job: PoolJob, signal?: AbortSignal): Promise<RenderResult>;
  close(): Promise<void>;
}

export interface TracedRendererParts {
  readonly pool: JobRunner;
  readonly cache: TraceCache;
  readonly checker: TraceChecker;
  /** How charts that lie elsewhere are fetched; absent: they are not. */
  readonly charts?: Omit<ChartAccess, 'credentials'>;
  /** How bases that lie elsewhere are fetched; absent: they are not. */
  readonly bases?: BaseAccess;
}

export interface BaseAccess {
  readonly allowedHosts: readonly string[];
  readonly fetcher: RemoteFetcher;
}

/** Renders in a pool of processes, unless nothing that an earlier render of the same request read has changed since. */
export class TracedRenderer implements Renderer {
  readonly #pool: JobRunner;
  readonly #cache: TraceCache;
  readonly #checker: TraceChecker;
  readonly #charts: TracedRendererParts['charts'];
  readonly #bases: BaseAccess | undefined;

  constructor(parts: TracedRendererParts) {
    this.#pool = parts.pool;
    this.#cache = parts.cache;
    this.#checker = parts.checker;
    this.#charts = parts.charts;
    this.#bases = parts.bases;
  }

  async render(
    fetched: FetchedCommit,
    request: RenderRequest,
    signal?: AbortSignal,
    world?: RenderWorld,
  ): Promise<RenderResult & { readonly reused?: boolean }> {
    // What one application was told is no other's to know.
    const keyOf = (wanted: RenderRequest): string => `${digestRequest(wanted)} ${world?.id ?? ''}`;
    // Whether it is an upgrade is a matter of charts alone; what is found out to be none is kept without that.
    const { isUpgrade: _forCharts, ...neutral } = request;
    const keys = request.settings.kind === 'auto' ? [keyOf(neutral), keyOf(request)] : [keyOf(request)];
    for (const key of new Set(keys)) {
      const known = await this.#cache.find(
        key,
        async (trace, facts) =>
          (await this.#checker.holds(fetched, trace)) &&
          (facts === undefined ||
            world === undefined ||
            (await factsHold(facts, { world, remotes: this.#bases?.fetcher, signal }))),
      );
      if (known !== undefined) return { ...known, reused: true };
    }
    const keep = (result: RenderResult, facts?: WorldFacts): void => {
      this.#cache.put((readsChart(result.trace) ? keys.at(-1) : keys[0]) ?? '', result, facts);
    };
    const credentials = (await world?.chartCredentials(signal)) ?? {};
    const job = {
      gitDir: fetched.gitDir,
      commitId: fetched.commit.id,
      request,
      ...(this.#charts === undefined ? {} : { charts: { ...this.#charts, credentials } }),
      ...(this.#bases === undefined ? {} : { baseHosts: this.#bases.allowedHosts }),
    };
    if (world === undefined) {
      const result = await this.#pool.render(job, signal);
      keep(result);
      return result;
    }
    const { result, facts } = await renderInRounds((answers) => this.#pool.render({ ...job, answers }, signal), {
      world,
      remotes: this.#bases?.fetcher,
      signal,
    });
    const { asked: _settled, ...rest } = result;
    keep(rest, facts);
    return rest;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#pool.close(), this.#bases?.fetcher.close()]);
  }
}

/** A folder or an archive; also one that a kustomization names. */
function readsChart(trace: Trace): boolean {
  return Object.entries(trace).some(([path, id]) => /(?:^|\/)Chart\.yaml$|\.tgz$/.test(path) && id.startsWith('file'));
}

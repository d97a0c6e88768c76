import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_RENDER_LIMITS } from '../core/manifest.ts';
import type { Renderer } from '../core/ports.ts';
import type { ChartAccess } from '../core/render-world.ts';
import { RenderPool } from '../render/pool.ts';
import { TraceCache } from '../render/trace-cache.ts';
import { type BaseAccess, type JobRunner, TracedRenderer } from '../render/traced-renderer.ts';
import { gitTraceChecker } from '../sources/trace.ts';

export interface RendererOptions {
  /** Renders at the same time; default: one a core. */
  readonly processes?: number;
  /** How charts that lie elsewhere are fetched. */
  readonly charts: Omit<ChartAccess, 'credentials'>;
  /** How bases that lie elsewhere are fetched; the renderer closes the fetcher. Absent: they are refused. */
  readonly bases?: BaseAccess;
  /** Told of every render that a process did; one that was remembered is none. */
  readonly onRender?: (facts: RenderFacts) => void;
}

export interface RenderFacts {
  /** plain, kustomize, helm; auto when the repository decides. */
  readonly renderer: string;
  /** An error is what no repository can cause: a limit, a crash. */
  readonly result: 'rendered' | 'failed' | 'error';
  readonly durationMs: number;
}

/** The renderer of the service and the command line: a pool of processes behind a cache that knows what each render read. */
export function createRenderer(options: RendererOptions): Renderer {
  const pool = new RenderPool({
    workerPath: workerPath(),
    memoryBytes: DEFAULT_RENDER_LIMITS.memoryBytes,
    ...(options.processes === undefined ? {} : { size: options.processes }),
  });
  return new TracedRenderer({
    pool: options.onRender === undefined ? pool : told(pool, options.onRender),
    cache: new TraceCache(),
    charts: options.charts,
    ...(options.bases === undefined ? {} : { bases: options.bases }),
    checker: gitTraceChecker,
  });
}

function told(pool: JobRunner, onRender: (facts: RenderFacts) => void): JobRunner {
  return {
    render: async (job, signal) => {
      const beganMs = performance.now();
      let result: RenderFacts['result'] = 'error';
      try {
        const rendered = await pool.render(job, signal);
        result = rendered.kind;
        return rendered;
      } finally {
        onRender({ renderer: job.request.settings.kind, result, durationMs: performance.now() - beganMs });
      }
    },
    close: async () => pool.close(),
  };
}

/** Node 20 runs no TypeScript: from the sources (tests) the compiled entry is taken. */
function workerPath(): string {
  const beside = fileURLToPath(new URL('./render-worker.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/controller/render-worker.js', import.meta.url));
}

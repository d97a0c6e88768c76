import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_RENDER_LIMITS } from '../core/manifest.ts';
import type { Renderer } from '../core/ports.ts';
import { RenderPool } from '../render/pool.ts';
import { TraceCache } from '../render/trace-cache.ts';
import { TracedRenderer } from '../render/traced-renderer.ts';
import { gitTraceChecker } from '../sources/trace.ts';

export interface RendererOptions {
  /** Renders at the same time; default: one a core. */
  readonly processes?: number;
}

/** The renderer of the service and the command line: a pool of processes behind a cache that knows what each render read. */
export function createRenderer(options: RendererOptions = {}): Renderer {
  return new TracedRenderer({
    pool: new RenderPool({
      workerPath: workerPath(),
      memoryBytes: DEFAULT_RENDER_LIMITS.memoryBytes,
      ...(options.processes === undefined ? {} : { size: options.processes }),
    }),
    cache: new TraceCache(),
    checker: gitTraceChecker,
  });
}

/** Node 20 runs no TypeScript: from the sources (tests) the compiled entry is taken. */
function workerPath(): string {
  const beside = fileURLToPath(new URL('./render-worker.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/controller/render-worker.js', import.meta.url));
}

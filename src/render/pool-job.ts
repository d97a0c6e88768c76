import type { RenderRequest } from '../core/manifest.ts';

/** One render for a process of the pool: where the commit is, and what to make of it. */
export interface PoolJob {
  readonly gitDir: string;
  readonly commitId: string;
  readonly request: RenderRequest;
}

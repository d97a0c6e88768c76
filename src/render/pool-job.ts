import type { RenderRequest } from '../core/manifest.ts';
import type { ChartAccess, RenderAnswers } from '../core/render-world.ts';

/** One render for a process of the pool: where the commit is, and what to make of it. */
export interface PoolJob {
  readonly gitDir: string;
  readonly commitId: string;
  readonly request: RenderRequest;
  /** What is known of the world; absent: there is none. */
  readonly answers?: RenderAnswers;
  /** How charts that lie elsewhere are fetched; absent: they are not. */
  readonly charts?: ChartAccess;
  /** Hosts that bases and files may be asked for of; absent: nothing is asked for. */
  readonly baseHosts?: readonly string[];
}

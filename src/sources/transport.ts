import type { RemoteRefs } from './remote.ts';

export interface FetchOrder {
  readonly gitDir: string;
  readonly wants: readonly string[];
  readonly haves: readonly string[];
  /** So many commits; all history that is missing when left out. */
  readonly depth?: number;
  /** Commits that must be complete afterwards. */
  readonly expected: readonly string[];
}

/** One repository on another machine, as one identity. */
export interface Transport {
  readonly host: string;
  /** Refs that begin with a prefix: one request when nothing has to be learnt first. @throws EngineError Source* */
  list(prefixes: readonly string[], signal: AbortSignal): Promise<RemoteRefs>;
  /** Brings objects into a bare repository on disk. @throws EngineError Source*, RenderLimit */
  fetch(order: FetchOrder, signal: AbortSignal): Promise<void>;
}

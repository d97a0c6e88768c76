import { LRUCache } from 'lru-cache';
import type { RenderResult } from '../core/manifest.ts';
import type { Trace } from '../core/snapshot.ts';
import { readResult, writeResult } from './render-job.ts';
import type { WorldFacts } from './render-rounds.ts';

export interface TraceCacheOptions {
  /** Of all results together, as text. */
  readonly maxBytes?: number;
  /** Results kept for one request: going back and forth between commits finds them again. */
  readonly resultsPerRequest?: number;
}

interface Kept {
  readonly trace: Trace;
  readonly facts: WorldFacts | undefined;
  readonly json: string;
}

/**
 * Results by what they depend on: the request, and the object ids of everything that was read or looked for in vain. A result, also a
 * failed one, holds for every commit in which all of these ids are the same, so a commit costs only the renders that it touches. Kept in
 * memory, as text: a result that is given away can be changed by whoever gets it, and rendered Secrets never reach a disk.
 */
export class TraceCache {
  readonly #results: LRUCache<string, readonly Kept[]>;
  readonly #perRequest: number;

  constructor(options: TraceCacheOptions = {}) {
    this.#perRequest = options.resultsPerRequest ?? 3;
    this.#results = new LRUCache({
      maxSize: options.maxBytes ?? 256 * 1024 * 1024,
      sizeCalculation: (kept) => 1 + kept.reduce((size, { json }) => size + json.length, 0),
    });
  }

  /** The newest result of a request whose trace, and what it knew of the world, holds. */
  async find(
    request: string,
    holds: (trace: Trace, facts: WorldFacts | undefined) => Promise<boolean>,
  ): Promise<RenderResult | undefined> {
    for (const { trace, facts, json } of this.#results.get(request) ?? []) {
      if (await holds(trace, facts)) return readResult(json);
    }
    return undefined;
  }

  put(request: string, result: RenderResult, facts?: WorldFacts): void {
    const others = (this.#results.get(request) ?? []).filter(({ trace }) => !sameTrace(trace, result.trace));
    const kept = { trace: result.trace, facts, json: writeResult(result) };
    this.#results.set(request, [kept, ...others].slice(0, this.#perRequest));
  }
}

function sameTrace(left: Trace, right: Trace): boolean {
  const paths = Object.keys(left);
  return paths.length === Object.keys(right).length && paths.every((path) => left[path] === right[path]);
}

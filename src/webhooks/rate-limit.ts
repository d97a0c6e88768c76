import { LRUCache } from 'lru-cache';
import { atMost } from '../core/cache-room.ts';
import type { Clock } from '../core/ports.ts';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by key; memory is bounded by forgetting the keys that were quiet longest. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #buckets = new LRUCache<string, Bucket>(atMost(10_000));

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Whether a token is left, without taking it. */
  allows(key: string): boolean {
    return this.#filled(key).tokens >= 1;
  }

  /** Takes a token; false when none is left. */
  take(key: string): boolean {
    const bucket = this.#filled(key);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #filled(key: string): Bucket {
    const nowMs = this.#clock.monotonic();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: this.#rate.burst, atMs: nowMs };
      this.#buckets.set(key, bucket);
    }
    const earned = ((nowMs - bucket.atMs) * this.#rate.perSecond) / 1000;
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + earned);
    bucket.atMs = nowMs;
    return bucket;
  }
}

export interface RetryTimes {
  readonly baseMs: number;
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryTimes = { baseMs: 1000, capMs: 300_000 };

/**
 * How often in a row each application failed in this process, and how long to wait before it is tried again: doubled each time, up to a
 * cap, of which at least half is waited, so that many failures at once do not come back at once.
 */
export class Failures {
  readonly #times: RetryTimes;
  readonly #random: () => number;
  readonly #counts = new Map<string, number>();

  constructor(times: RetryTimes, random: () => number) {
    this.#times = times;
    this.#random = random;
  }

  failed(key: string): number {
    const before = this.#counts.get(key) ?? 0;
    this.#counts.set(key, before + 1);
    const wholeMs = Math.min(this.#times.capMs, this.#times.baseMs * 2 ** Math.min(before, 30));
    return Math.round(wholeMs * (0.5 + this.#random() / 2));
  }

  /** True when it had failed before. */
  succeeded(key: string): boolean {
    return this.#counts.delete(key);
  }
}

interface Waiter {
  readonly start: () => void;
}

/**
 * How many requests may be under way at once. Grows by one per round of successes and halves when the server says that it is busy
 * (429 from priority and fairness), so that many clients share a server fairly. First come, first served.
 */
export class ConcurrencyLimiter {
  readonly #max: number;
  readonly #monotonic: () => number;
  readonly #waiting: Waiter[] = [];
  #limit: number;
  #inFlight = 0;
  #lastCutMs = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly initial: number; readonly max: number; readonly monotonic: () => number }) {
    this.#max = options.max;
    this.#limit = Math.min(options.initial, options.max);
    this.#monotonic = options.monotonic;
  }

  /** The present limit, a whole number of at least 1. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Takes a place. Undefined when there was a free one; otherwise resolves when there is, or rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#inFlight < this.limit) {
      this.#inFlight += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const waiter: Waiter = {
        start: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** Gives a place back and says how the server answered. One overload counts once a second, however many requests saw it. */
  release(outcome: 'ok' | 'busy' | 'failed'): void {
    this.#inFlight -= 1;
    if (outcome === 'ok') this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
    else if (outcome === 'busy') {
      const now = this.#monotonic();
      if (now - this.#lastCutMs >= 1000) {
        this.#lastCutMs = now;
        this.#limit = Math.max(1, this.#limit / 2);
      }
    }
    while (this.#waiting.length > 0 && this.#inFlight < this.limit) {
      this.#inFlight += 1;
      this.#waiting.shift()?.start();
    }
  }
}

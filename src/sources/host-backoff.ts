import { EngineError } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

interface Failure {
  readonly error: EngineError;
  readonly count: number;
  readonly untilMs: number;
}

/**
 * Keeps away from what failed: a host that cannot be reached, a repository that denies us. While it is held, the last error is given
 * again without a request; the time doubles with each failure up to five minutes, with jitter, and a host's own Retry-After counts.
 */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #failures = new Map<string, Failure>();

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** @throws EngineError the last failure, while its time is not over */
  check(key: string): void {
    const failure = this.#failures.get(key);
    if (failure === undefined) return;
    const retryInMs = failure.untilMs - this.#clock.monotonic();
    if (retryInMs <= 0) return;
    const { code, message, remedy, data } = failure.error;
    throw new EngineError(code, message, {
      cause: failure.error,
      data: { ...data, retryInMs },
      ...(remedy === undefined ? {} : { remedy }),
    });
  }

  failed(key: string, error: EngineError): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const grown = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(count - 1, 20));
    const asked = typeof error.data.retryAfterMs === 'number' ? error.data.retryAfterMs : 0;
    const waitMs = Math.max(asked, grown * (0.5 + this.#random() / 2));
    this.#failures.set(key, { error, count, untilMs: this.#clock.monotonic() + waitMs });
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}

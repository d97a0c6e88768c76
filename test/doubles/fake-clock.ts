import type { Clock } from '../../src/core/ports.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/**
 * A clock that moves only when told. With `auto`, a sleep moves it at once by itself and is noted in `slept`; otherwise `advance` wakes
 * the sleepers in order, letting what they do happen before the next one.
 */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  readonly #auto: boolean;
  readonly #sleepers: Sleeper[] = [];
  #wallMs: number;
  #monotonicMs = 0;

  constructor(options: { readonly auto?: boolean; readonly nowMs?: number } = {}) {
    this.#auto = options.auto ?? false;
    this.#wallMs = options.nowMs ?? Date.UTC(2026, 0, 1);
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    if (this.#auto) {
      this.jump(ms);
      await Promise.resolve();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#remove(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        atMs: this.#monotonicMs + ms,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Moves time without waking anybody: the process was stopped. */
  jump(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }

  /** Moves time and wakes who sleeps until then, in order of time. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (;;) {
      const next = [...this.#sleepers].sort((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#remove(next);
      this.jump(Math.max(0, next.atMs - this.#monotonicMs));
      next.wake();
      await settle();
    }
    this.jump(untilMs - this.#monotonicMs);
    await settle();
  }

  #remove(sleeper: Sleeper): void {
    const index = this.#sleepers.indexOf(sleeper);
    if (index >= 0) this.#sleepers.splice(index, 1);
  }
}

/** Lets promises that are ready run, several deep. */
async function settle(): Promise<void> {
  for (let round = 0; round < 4; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

import type { Clock } from '../../core/ports.ts';

/** Changes come in bursts; whoever waits looks once for all of a burst. */
const BURST_MS = 50;

/** Wakes those who wait for something to change in one application. */
export class ChangeSignals {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  changed(label: string): void {
    const waiting = this.#waiting.get(label);
    if (waiting === undefined) return;
    this.#waiting.delete(label);
    for (const tell of waiting) tell();
  }

  /** Resolves a moment after the next change, or after `maxMs`; rejects when the signal is aborted. */
  async wait(label: string, maxMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const set = this.#waiting.get(label) ?? new Set();
    set.add(tell);
    this.#waiting.set(label, set);
    const timeout = this.#clock.sleep(maxMs, stop.signal).catch(() => undefined);
    try {
      await Promise.race([told.then(async () => this.#clock.sleep(Math.min(BURST_MS, maxMs), stop.signal)), timeout]);
      signal.throwIfAborted();
    } finally {
      signal.removeEventListener('abort', onAbort);
      set.delete(tell);
      if (set.size === 0 && this.#waiting.get(label) === set) this.#waiting.delete(label);
      stop.abort();
    }
  }
}

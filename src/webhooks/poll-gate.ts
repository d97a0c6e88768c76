import { messageOf } from '../core/errors.ts';
import type { Clock, Logger } from '../core/ports.ts';

export interface PollGateOptions {
  /** A further poll waits until deliveries pause for so long; default 300 ms. */
  readonly quietMs?: number;
  /** … but not longer than this; default 10 s. */
  readonly maxWaitMs?: number;
}

interface State {
  /** Deliveries so far. */
  count: number;
  /** A delivery came since the last poll began. */
  isPending: boolean;
}

/**
 * Turns deliveries into polls: the first one polls at once; those that come during the poll or right after it share one more poll, made
 * when they pause. So a flood costs two polls, and a repository that is quiet costs no memory.
 */
export class PollGate {
  readonly #poll: (repositoryUrl: string) => unknown;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #quietMs: number;
  readonly #maxWaitMs: number;
  readonly #states = new Map<string, State>();
  readonly #stop = new AbortController();

  constructor(poll: (repositoryUrl: string) => unknown, clock: Clock, logger: Logger, options: PollGateOptions = {}) {
    this.#poll = poll;
    this.#clock = clock;
    this.#logger = logger;
    this.#quietMs = options.quietMs ?? 300;
    this.#maxWaitMs = options.maxWaitMs ?? 10_000;
  }

  /** Repositories that are polled or waited for now. */
  get size(): number {
    return this.#states.size;
  }

  /** Never waits and never throws. */
  trigger(identity: string, repositoryUrl: string): void {
    const state = this.#states.get(identity);
    if (state !== undefined) {
      state.count++;
      state.isPending = true;
      return;
    }
    const first: State = { count: 1, isPending: true };
    this.#states.set(identity, first);
    void this.#run(identity, repositoryUrl, first);
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(identity: string, repositoryUrl: string, state: State): Promise<void> {
    try {
      while (state.isPending && !this.#stop.signal.aborted) {
        state.isPending = false;
        try {
          await this.#poll(repositoryUrl);
        } catch (thrown) {
          // The timer polls again anyway; the sender is told nothing.
          this.#logger.warn({ repository: identity, error: messageOf(thrown) }, 'webhook poll failed');
        }
        await this.#pause(state);
      }
    } finally {
      this.#states.delete(identity);
    }
  }

  async #pause(state: State): Promise<void> {
    const untilMs = this.#clock.monotonic() + this.#maxWaitMs;
    let before: number;
    do {
      before = state.count;
      try {
        await this.#clock.sleep(this.#quietMs, this.#stop.signal);
      } catch {
        return;
      }
    } while (state.count !== before && this.#clock.monotonic() < untilMs);
  }
}

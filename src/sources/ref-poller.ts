import type { Clock } from '../core/ports.ts';
import type { RemoteRefs } from './remote.ts';

export interface Poll {
  readonly refs: RemoteRefs;
  readonly prefixes: readonly string[];
  /** Monotonic time at which it was asked. */
  readonly startedAtMs: number;
  /** How often {@link RefPoller.expire} had been called by then. */
  readonly epoch: number;
}

const INTEREST_MS = 3_600_000;
const MAX_PREFIXES = 100;

/**
 * The polls of one repository for all who need one of its refs. What was asked lately is listed again in the same request; a caller is
 * served by the last answer when that is young enough, else by the request that runs or by the one after it: never more than one runs and
 * one waits.
 */
export class RefPoller {
  readonly #clock: Clock;
  readonly #list: (prefixes: readonly string[]) => Promise<RemoteRefs>;
  readonly #interests = new Map<string, number>();
  #last: Poll | undefined;
  #running: (Omit<Poll, 'refs'> & { readonly poll: Promise<Poll> }) | undefined;
  #waiting: Promise<Poll> | undefined;
  #epoch = 0;

  constructor(clock: Clock, list: (prefixes: readonly string[]) => Promise<RemoteRefs>) {
    this.#clock = clock;
    this.#list = list;
  }

  /** Answers from before now do not count any more. */
  expire(): void {
    this.#epoch++;
  }

  /** Refs that were asked at most `maxAgeMs` ago. @throws what the request throws */
  poll(prefix: string, maxAgeMs: number): Promise<Poll> {
    const nowMs = this.#clock.monotonic();
    this.#interests.delete(prefix);
    this.#interests.set(prefix, nowMs);
    const serves = (one: Omit<Poll, 'refs'>): boolean =>
      one.startedAtMs >= nowMs - maxAgeMs && one.epoch === this.#epoch && covers(one.prefixes, prefix);
    if (this.#last !== undefined && serves(this.#last)) return Promise.resolve(this.#last);
    if (this.#running !== undefined && serves(this.#running)) return this.#running.poll;
    this.#waiting ??= this.#startNext();
    return this.#waiting;
  }

  async #startNext(): Promise<Poll> {
    await this.#running?.poll.catch(() => {});
    // Callers of the same moment come along: their refs are in the list before it is sent.
    await new Promise((resolve) => setImmediate(resolve));
    this.#waiting = undefined;
    const startedAtMs = this.#clock.monotonic();
    const prefixes = this.#prefixes(startedAtMs);
    const epoch = this.#epoch;
    const poll = this.#list(prefixes).then((refs): Poll => ({ refs, prefixes, startedAtMs, epoch }));
    const running = { startedAtMs, prefixes, epoch, poll };
    this.#running = running;
    try {
      this.#last = await poll;
      return this.#last;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  #prefixes(nowMs: number): readonly string[] {
    for (const [prefix, usedAtMs] of this.#interests)
      if (nowMs - usedAtMs > INTEREST_MS) this.#interests.delete(prefix);
    const all = [...this.#interests.keys()].sort();
    const short = all.filter((prefix, index) => !covers(all.slice(0, index), prefix));
    if (short.length <= MAX_PREFIXES) return short;
    return [...new Set(short.map((prefix) => /^refs\/(?:heads|tags)\//.exec(prefix)?.[0] ?? prefix))];
  }
}

function covers(prefixes: readonly string[], wanted: string): boolean {
  return prefixes.some((prefix) => wanted.startsWith(prefix));
}

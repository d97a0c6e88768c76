import { messageOf } from '../core/errors.ts';
import type { Clock, Logger } from '../core/ports.ts';

export interface WatchdogOptions {
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** How often a heartbeat is put into the queue. */
  readonly everyMs: number;
  /** A consumer that took nothing for this long, with free hands and jobs waiting, is dead, whatever it says of itself. */
  readonly deadAfterMs: number;
  beat(): Promise<void>;
  /** Jobs that wait now. @throws when the queue cannot be asked: then nothing is known, and nothing is done */
  waiting(): Promise<number>;
  hasFreeHands(): boolean;
  /** Another consumer in place of the dead one. */
  revive(): Promise<void>;
  /** It was replaced this often in a row and still takes nothing: only a new process can help. */
  givenUp(times: number): void;
}

const REVIVALS = 3;

/** Notices a consumer that went silent, which after an outage of its server says that it runs and takes nothing for ever. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #takenAtMs: number;
  #revivals = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#takenAtMs = options.clock.monotonic();
    this.#running = this.#run();
  }

  /** A job was taken: the consumer lives. */
  taken(): void {
    this.#takenAtMs = this.#options.clock.monotonic();
    this.#revivals = 0;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, everyMs, logger } = this.#options;
    for (;;) {
      try {
        await clock.sleep(everyMs, this.#stop.signal);
      } catch {
        return;
      }
      try {
        await this.#look();
      } catch (thrown) {
        // No answer: the time without a job does not count against the consumer.
        this.#takenAtMs = clock.monotonic();
        logger?.debug({ error: messageOf(thrown) }, 'queue could not be asked');
      }
      if (this.#stop.signal.aborted) return;
    }
  }

  async #look(): Promise<void> {
    const { clock, deadAfterMs, logger } = this.#options;
    await this.#options.beat();
    const waiting = await this.#options.waiting();
    const silentMs = clock.monotonic() - this.#takenAtMs;
    if (waiting === 0 || !this.#options.hasFreeHands() || silentMs < deadAfterMs) return;
    if (this.#revivals >= REVIVALS) {
      this.#options.givenUp(this.#revivals);
      return;
    }
    this.#revivals += 1;
    logger?.error(
      { waiting, silentMs: Math.round(silentMs), revival: this.#revivals },
      'queue consumer takes nothing and is replaced',
    );
    this.#takenAtMs = clock.monotonic();
    await this.#options.revive();
  }
}

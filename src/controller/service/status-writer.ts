import { setMaxListeners } from 'node:events';
import { isEngineError, messageOf } from '../../core/errors.ts';
import { own, stringAt } from '../../core/json.ts';
import type { Clock, Cluster, Logger } from '../../core/ports.ts';
import { APPLICATION_KIND } from '../../config/application-crd.ts';
import type { SourceState } from './repository-polls.ts';
import { buildStatus, smallStatus, statusPatch } from './status.ts';
import type { Tracked } from './tracked.ts';

export interface StatusWriterOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sourceOf: (tracked: Tracked) => SourceState;
  /** The answer to a write, and news for whoever listens. */
  readonly onWritten: (tracked: Tracked, object: Tracked['object']) => void;
}

const PARALLEL = 8;
/** That it is being applied is said only when that takes a while. */
const SYNCING_MS = 3000;
/** With many at once (a first install) each such write would make all of them slower. */
const CROWDED_SYNCING_MS = 15_000;
const CROWD = 8;
/** What was just applied is mostly healthy a moment later: then both are one write. */
const SETTLING_MS = 1000;
/** How far it is on its way to healthy changes often, and is said seldom. */
const PROGRESS_MS = 5000;
const RETRY_MS = 2000;

/** Writes statuses when they say something new, one write at a time per application. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  /** When each is due (monotonic). */
  readonly #due = new Map<Tracked, number>();
  readonly #writing = new Map<Tracked, Promise<void>>();
  readonly #stop = new AbortController();
  #alarmMs = Number.POSITIVE_INFINITY;
  #alarm: AbortController | undefined;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stop.signal);
  }

  /** What is known of it may have changed. */
  update(tracked: Tracked): void {
    if (this.#stop.signal.aborted) return;
    const dueMs = this.#options.clock.monotonic() + patience(tracked, this.#due.size >= CROWD);
    const before = this.#due.get(tracked);
    // A transition that lasts is told in the end: its time is not put off by further changes.
    this.#due.set(tracked, before === undefined ? dueMs : Math.min(before, dueMs));
    this.#pump();
  }

  forget(tracked: Tracked): void {
    this.#due.delete(tracked);
  }

  /** Ends; what is due now is written first, within `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    for (const tracked of this.#due.keys()) this.#due.set(tracked, 0);
    this.#pump();
    const stop = new AbortController();
    const idle = (async (): Promise<void> => {
      while (this.#writing.size > 0) await Promise.allSettled(this.#writing.values());
    })();
    await Promise.race([idle, this.#options.clock.sleep(timeoutMs, stop.signal).catch(() => undefined)]);
    stop.abort();
    this.#stop.abort();
    this.#alarm?.abort();
  }

  #pump(): void {
    const nowMs = this.#options.clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [tracked, dueMs] of this.#due) {
      if (this.#stop.signal.aborted || this.#writing.size >= PARALLEL) return;
      if (this.#writing.has(tracked)) continue;
      if (dueMs > nowMs) {
        nextMs = Math.min(nextMs, dueMs);
        continue;
      }
      this.#due.delete(tracked);
      this.#writing.set(
        tracked,
        this.#write(tracked).finally(() => {
          this.#writing.delete(tracked);
          this.#pump();
        }),
      );
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#setAlarm(nextMs);
  }

  #setAlarm(atMs: number): void {
    if (this.#alarm !== undefined && this.#alarmMs <= atMs) return;
    this.#alarm?.abort();
    const stop = new AbortController();
    this.#alarm = stop;
    this.#alarmMs = atMs;
    const { clock } = this.#options;
    clock.sleep(Math.max(1, atMs - clock.monotonic()), stop.signal).then(
      () => {
        this.#alarm = undefined;
        this.#pump();
      },
      () => undefined,
    );
  }

  async #write(tracked: Tracked): Promise<void> {
    const { clock, logger } = this.#options;
    const nowIso = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const status = buildStatus(tracked, this.#options.sourceOf(tracked), nowIso);
    const patch = statusPatch(own(tracked.object, 'status'), status);
    if (patch === undefined) return;
    try {
      await this.#send(tracked, patch);
    } catch (thrown) {
      if (isEngineError(thrown, 'ObjectNotFound') || isEngineError(thrown, 'Cancelled')) return;
      logger.warn({ application: tracked.id, error: messageOf(thrown) }, 'status not written');
      if (isEngineError(thrown, 'ClusterRejected')) {
        const small = statusPatch(own(tracked.object, 'status'), {
          ...smallStatus(status),
        });
        if (small !== undefined) await this.#send(tracked, small).catch(() => undefined);
        return;
      }
      if (isEngineError(thrown) && thrown.retry === 'backoff' && !this.#stop.signal.aborted)
        this.#due.set(tracked, Math.max(this.#due.get(tracked) ?? 0, clock.monotonic() + RETRY_MS));
    }
  }

  async #send(tracked: Tracked, patch: object): Promise<void> {
    const written = await this.#options.cluster.patch(
      APPLICATION_KIND,
      tracked.name,
      { type: 'merge', body: { status: { ...patch } } },
      { subresource: 'status', signal: this.#stop.signal },
    );
    this.#options.onWritten(tracked, written);
  }
}

/** Milliseconds for which news may wait, because they will be old soon. */
function patience({ findings, health, object }: Tracked, crowded: boolean): number {
  if (findings?.sync === 'Syncing') return crowded ? CROWDED_SYNCING_MS : SYNCING_MS;
  if (health?.status !== 'progressing') return 0;
  const told =
    stringAt(object, 'status', 'sync') === findings?.sync && stringAt(object, 'status', 'health') === 'Progressing';
  return told ? PROGRESS_MS : SETTLING_MS;
}

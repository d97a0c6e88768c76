import { formatApplicationName, type ApplicationName } from '../../core/application.ts';
import { messageOf } from '../../core/errors.ts';
import type { KubeObject } from '../../core/object-key.ts';
import type { Clock, HistoryStore, Logger } from '../../core/ports.ts';
import type { Revision } from '../../core/revision.ts';

export interface DeferredHistoryOptions {
  readonly store: HistoryStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Writes that wait at most; the oldest are left out first. */
  readonly limit?: number;
  /** Called for each write that was left out, and when the store refuses. */
  readonly onFailed?: () => void;
}

type Write =
  | { readonly kind: 'append'; readonly revision: Revision }
  | { readonly kind: 'rendered'; readonly digest: string; readonly objects: readonly KubeObject[] }
  | { readonly kind: 'trim'; readonly application: ApplicationName; readonly keep: number };

/** Writes that are sent together. */
const BATCH = 64;
const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 15_000;

/**
 * A history that nobody waits for: writes happen behind the syncs, some at a time, and are kept (up to a limit) while the store is away.
 * What was not written yet is read from here.
 */
export class DeferredHistory implements HistoryStore {
  readonly #options: DeferredHistoryOptions;
  readonly #writes: Write[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #lost = 0;

  constructor(options: DeferredHistoryOptions) {
    this.#options = options;
  }

  append(revision: Revision): Promise<void> {
    this.#add({ kind: 'append', revision });
    return Promise.resolve();
  }

  putRendered(digest: string, objects: readonly KubeObject[]): Promise<void> {
    this.#add({ kind: 'rendered', digest, objects });
    return Promise.resolve();
  }

  trim(application: ApplicationName, keep: number): Promise<void> {
    this.#add({ kind: 'trim', application, keep });
    return Promise.resolve();
  }

  async list(application: ApplicationName, limit: number): Promise<readonly Revision[]> {
    const id = `${application.namespace}/${application.name}`;
    const waiting = this.#writes.flatMap((write) =>
      write.kind === 'append' && write.revision.application === id ? [write.revision] : [],
    );
    const stored = await this.#options.store.list(application, limit);
    const known = new Set(stored.map((revision) => revision.id));
    const fresh = waiting.filter((revision) => !known.has(revision.id)).reverse();
    return [...fresh, ...stored].slice(0, limit);
  }

  async getRendered(digest: string): Promise<readonly KubeObject[] | undefined> {
    for (const write of this.#writes) if (write.kind === 'rendered' && write.digest === digest) return write.objects;
    return this.#options.store.getRendered(digest);
  }

  /** Writes what waits, for at most five seconds. */
  async close(): Promise<void> {
    const stop = new AbortController();
    await Promise.race([this.#running, this.#options.clock.sleep(5000, stop.signal).catch(() => undefined)]);
    stop.abort();
    this.#stop.abort();
    await this.#options.store.close();
  }

  #add(write: Write): void {
    if (this.#stop.signal.aborted) return;
    this.#writes.push(write);
    if (this.#writes.length > (this.#options.limit ?? 10_000)) {
      this.#writes.shift();
      this.#lost += 1;
      this.#options.onFailed?.();
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const { clock, logger, store } = this.#options;
    // Not before the caller is done.
    await new Promise<void>((resolve) => setImmediate(resolve));
    let failures = 0;
    while (this.#writes.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#writes.slice(0, BATCH);
      try {
        await perform(store, batch);
        if (failures > 0) logger.info({ waiting: this.#writes.length, lost: this.#lost }, 'history is written again');
        failures = 0;
        const done = new Set(batch);
        // Meanwhile the oldest may have been left out, so the batch need not stand at the front whole.
        while (this.#writes[0] !== undefined && done.has(this.#writes[0])) this.#writes.shift();
      } catch (thrown) {
        if (failures === 0) logger.warn({ error: messageOf(thrown) }, 'history is not written; it is tried again');
        this.#options.onFailed?.();
        const waitMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(10, failures));
        failures += 1;
        await clock.sleep(waitMs, this.#stop.signal).catch(() => undefined);
      }
    }
  }
}

/** All of a batch, in the order that keeps what a line points to. Each write may be repeated: it is the same one again. */
async function perform(store: HistoryStore, batch: readonly Write[]): Promise<void> {
  await Promise.all(
    batch.map(async (write) =>
      write.kind === 'rendered' ? store.putRendered(write.digest, write.objects) : undefined,
    ),
  );
  await Promise.all(batch.map(async (write) => (write.kind === 'append' ? store.append(write.revision) : undefined)));
  const trims = new Map(
    batch.flatMap((write) =>
      write.kind === 'trim' ? [[formatApplicationName(write.application), write] as const] : [],
    ),
  );
  await Promise.all([...trims.values()].map(async ({ application, keep }) => store.trim(application, keep)));
}

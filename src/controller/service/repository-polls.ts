import type { Application, GitSource } from '../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import type { Credentials } from '../../core/credentials.ts';
import type { Clock, FetchedCommit, Logger, SourceReader } from '../../core/ports.ts';
import { repositoryIdentity } from '../../core/repository-identity.ts';

export interface RepositoryPollsOptions {
  readonly sources: SourceReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly credentialsOf: (application: Application, signal: AbortSignal) => Promise<Credentials | undefined>;
  /** The source of these applications points to another commit than before. */
  readonly onCommit: (members: readonly string[], fetched: FetchedCommit, webhook: boolean) => Promise<void>;
  /** The source went bad or good again. */
  readonly onState: (members: readonly string[]) => void;
  readonly onPoll?: (result: 'unchanged' | 'changed' | 'failed') => void;
}

/** What is known of the source that some applications share. */
export interface SourceState {
  readonly commitId?: string;
  readonly error?: EngineError;
}

/** Applications with one repository, one ref and one secret: one poll serves them all. */
interface Group {
  readonly key: string;
  readonly identity: string | undefined;
  readonly members: Map<string, Application>;
  readonly stop: AbortController;
  head: FetchedCommit | undefined;
  error: EngineError | undefined;
  /** Polls in a row that failed in a way that may pass by itself. */
  failures: number;
  /** Ends the pause of the group: it is another now. */
  wake: AbortController;
  /** The interval that the present pause was made of. */
  pauseOfMs: number;
  /** When the newest poll began (monotonic). */
  polledMs: number;
  /** A poll for new members is on its way. */
  soon: Promise<void> | undefined;
  running: Promise<void> | undefined;
  next: Promise<void> | undefined;
}

/** A poll that failed is tried again after this time, then twice that, up to the interval. */
const RETRY_BASE_MS = 5000;

/** Applications that are declared one after the other within this time share a poll. */
const NEW_MEMBERS_MS = 1000;

/** Asks repositories for new commits: every interval once for all applications of a source, and at once when a webhook says so. */
export class RepositoryPolls {
  readonly #options: RepositoryPollsOptions;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<string, Group>();
  #closed = false;

  constructor(options: RepositoryPollsOptions) {
    this.#options = options;
  }

  /** An application is there, or has another source now. */
  set(id: string, application: Application): void {
    if (this.#closed) return;
    const key = groupKey(application);
    const present = this.#groupOf.get(id);
    if (present !== undefined && present.key !== key) this.remove(id);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = {
        key,
        identity: repositoryIdentity(application.source.git.url),
        members: new Map(),
        stop: new AbortController(),
        head: undefined,
        error: undefined,
        failures: 0,
        wake: new AbortController(),
        pauseOfMs: Number.POSITIVE_INFINITY,
        polledMs: Number.NEGATIVE_INFINITY,
        soon: undefined,
        running: undefined,
        next: undefined,
      };
      this.#groups.set(key, group);
      group.members.set(id, application);
      void this.#run(group);
    }
    group.members.set(id, application);
    this.#groupOf.set(id, group);
    // Whoever declares a new application has often just pushed it: what was known before may lack its folder.
    if (present?.key !== key && group.head !== undefined) this.#pollSoon(group);
    // Its pause was made of the longer interval.
    if (group.head !== undefined && application.intervalMs < group.pauseOfMs) this.#wake(group);
  }

  remove(id: string): void {
    const group = this.#groupOf.get(id);
    if (group === undefined) return;
    this.#groupOf.delete(id);
    group.members.delete(id);
    if (group.members.size > 0) return;
    group.stop.abort();
    this.#groups.delete(group.key);
  }

  stateOf(id: string): SourceState {
    const group = this.#groupOf.get(id);
    return {
      ...(group?.head === undefined ? {} : { commitId: group.head.commit.id }),
      ...(group?.error === undefined ? {} : { error: group.error }),
    };
  }

  /** Polls what names a repository, whatever the spelling of its URL. */
  async pollRepository(url: string): Promise<void> {
    const identity = repositoryIdentity(url);
    const groups = [...this.#groups.values()].filter((group) => group.identity === identity);
    await Promise.all(groups.map(async (group) => this.#pollNow(group)));
  }

  /** Polls the source of one application. */
  async pollApplication(id: string): Promise<void> {
    const group = this.#groupOf.get(id);
    if (group !== undefined) await this.#pollNow(group);
  }

  close(): void {
    this.#closed = true;
    for (const group of this.#groups.values()) group.stop.abort();
    this.#groups.clear();
    this.#groupOf.clear();
  }

  async #run(group: Group): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = group.stop;
    await this.#poll(group, Number.POSITIVE_INFINITY, false);
    while (!signal.aborted) {
      const intervalMs = Math.min(...[...group.members.values()].map((application) => application.intervalMs));
      if (!Number.isFinite(intervalMs)) return;
      const { wake, failures } = group;
      const retryMs = RETRY_BASE_MS * 2 ** Math.min(10, failures - 1);
      group.pauseOfMs = intervalMs;
      const pauseMs = failures === 0 ? intervalMs : Math.min(intervalMs, retryMs);
      await clock
        .sleep(pauseMs * (0.9 + random() * 0.2), AbortSignal.any([signal, wake.signal]))
        .catch(() => undefined);
      if (signal.aborted) return;
      if (wake.signal.aborted) continue;
      // Groups of one repository (several branches) share an answer that is younger than half of the interval.
      await this.#poll(group, failures === 0 ? intervalMs / 2 : 0, false);
    }
  }

  #pollSoon(group: Group): void {
    const { clock } = this.#options;
    const waitMs = Math.max(0, group.polledMs + NEW_MEMBERS_MS - clock.monotonic());
    group.soon ??= clock
      .sleep(waitMs, group.stop.signal)
      .then(async () => {
        group.soon = undefined;
        await this.#pollNow(group);
      })
      .catch(() => undefined);
  }

  /** One poll runs and one waits, whoever asks. */
  async #pollNow(group: Group): Promise<void> {
    if (group.running === undefined) {
      await this.#poll(group, 0, true);
      return;
    }
    group.next ??= group.running.then(async () => {
      group.next = undefined;
      await this.#poll(group, 0, true);
    });
    await group.next;
  }

  async #poll(group: Group, maxAgeMs: number, webhook: boolean): Promise<void> {
    group.polledMs = this.#options.clock.monotonic();
    const run = this.#pollOnce(group, maxAgeMs, webhook).finally(() => {
      if (group.running === run) group.running = undefined;
    });
    group.running = run;
    await run;
  }

  /** A poll that a webhook asked for failed: the next one comes sooner than the interval says. */
  #wake(group: Group): void {
    const { wake } = group;
    group.wake = new AbortController();
    wake.abort();
  }

  async #pollOnce(group: Group, maxAgeMs: number, webhook: boolean): Promise<void> {
    const [application] = group.members.values();
    const { signal } = group.stop;
    if (application === undefined || signal.aborted) return;
    const { sources, onPoll, onState, onCommit } = this.#options;
    try {
      const credentials = await this.#options.credentialsOf(application, signal);
      // Whether a member's own folder exists is that member's matter.
      const source: GitSource = { ...application.source.git, path: '' };
      const fetched = await sources.resolve(source, {
        maxAgeMs,
        signal,
        ...(credentials === undefined ? {} : { credentials }),
      });
      const changed = group.head?.commit.id !== fetched.commit.id;
      const recovered = group.error !== undefined;
      group.head = fetched;
      group.error = undefined;
      group.failures = 0;
      onPoll?.(changed ? 'changed' : 'unchanged');
      if (recovered) onState([...group.members.keys()]);
      if (changed) await onCommit([...group.members.keys()], fetched, webhook);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = isEngineError(thrown)
        ? thrown
        : new EngineError('SourceUnreachable', `repository could not be asked (Internal): ${messageOf(thrown)}`, {
            cause: thrown,
          });
      const news = group.error?.message !== error.message;
      group.error = error;
      group.failures = error.retry === 'backoff' ? group.failures + 1 : 0;
      if (webhook && group.failures > 0) this.#wake(group);
      onPoll?.('failed');
      if (!news) return;
      this.#options.logger.warn({ error: error.message, code: error.code }, 'repository could not be polled');
      onState([...group.members.keys()]);
    }
  }
}

function groupKey(application: Application): string {
  const { url, ref, credentialsSecret } = application.source.git;
  return JSON.stringify([
    url,
    ref,
    credentialsSecret === undefined ? '' : `${application.name.namespace}/${credentialsSecret}`,
  ]);
}

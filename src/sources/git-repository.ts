import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { GitRef } from '../core/application.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { Clock, Logger } from '../core/ports.ts';
import type { DiskRepository, GrowthLimits, TrackedRef } from './disk-repository.ts';
import { isAncestor } from './history-walk.ts';
import type { Backoff } from './host-backoff.ts';
import { type Chosen, chooseRef, prefixOf, type RemoteRefs, refNotFound } from './remote.ts';
import { refKey } from './ref-name.ts';
import { RefPoller } from './ref-poller.ts';
import type { Transport } from './transport.ts';

export interface RepositoryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backoff: Backoff;
  readonly growth: GrowthLimits;
  readonly listTimeoutMs: number;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
}

/** A commit on disk that a ref points to. */
export interface Arrived {
  readonly commitId: string;
  readonly gitDir: string;
  readonly description: string;
  readonly forced: boolean;
}

/** Git's own number for a depth without end. */
const WHOLE_HISTORY = 2 ** 31 - 1;

/** One repository on another machine as one identity: polls, and brings what is new to disk. */
export class RemoteRepository {
  readonly #shown: string;
  readonly #identity: string;
  readonly #transport: Transport;
  readonly #disk: { readonly repository: DiskRepository; readonly lock: Lock };
  readonly #deps: RepositoryDeps;
  readonly #poller: RefPoller;
  readonly #jitter: number;
  #chosen = new WeakMap<RemoteRefs, Map<string, Chosen | undefined>>();
  #candidates: { readonly prefix: string; readonly remote: RemoteRefs; readonly atMs: number } | undefined;

  constructor(
    names: { readonly shown: string; readonly identity: string },
    transport: Transport,
    disk: { readonly repository: DiskRepository; readonly lock: Lock },
    deps: RepositoryDeps,
  ) {
    this.#shown = names.shown;
    this.#identity = names.identity;
    this.#transport = transport;
    this.#disk = disk;
    this.#deps = deps;
    this.#poller = new RefPoller(deps.clock, (prefixes) => this.#list(prefixes));
    // Repositories of one interval drift apart by up to a tenth of it, each by its own amount.
    this.#jitter = 1 - (createHash('sha1').update(names.identity).digest()[0] ?? 0) / 2560;
    setMaxListeners(0, deps.signal);
  }

  expire(): void {
    this.#poller.expire();
  }

  /** @throws EngineError Source* */
  async resolve(
    ref: GitRef,
    { maxAgeMs = 0, wholeHistory = false }: { readonly maxAgeMs?: number; readonly wholeHistory?: boolean } = {},
  ): Promise<Arrived> {
    const { refs } = await this.#poller.poll(prefixOf(ref), maxAgeMs * this.#jitter);
    const chosen = this.#choose(ref, refs);
    if (chosen === undefined) throw refNotFound(ref, this.#shown, await this.#similar(ref));
    const key = refKey(ref);
    let gitDir = this.#disk.repository.find(chosen.id);
    const before = this.#disk.repository.tracked(key);
    if (gitDir === undefined || before?.id !== chosen.id) {
      await this.#disk.lock.run(() => this.#bring(ref, key, chosen));
      gitDir = this.#disk.repository.find(chosen.id);
    }
    if (wholeHistory && this.#disk.repository.isShallow()) {
      await this.#disk.lock.run(() => this.#deepen(chosen));
      gitDir = this.#disk.repository.find(chosen.id);
    }
    if (gitDir === undefined) throw this.#vanished(chosen);
    const forced = this.#disk.repository.tracked(key)?.forced ?? false;
    return { commitId: chosen.id, gitDir, description: chosen.description, forced };
  }

  async #list(prefixes: readonly string[]): Promise<RemoteRefs> {
    const { backoff, signal, listTimeoutMs } = this.#deps;
    backoff.check(this.#transport.host);
    backoff.check(this.#identity);
    try {
      const refs = await this.#transport.list(prefixes, AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]));
      backoff.succeeded(this.#transport.host);
      backoff.succeeded(this.#identity);
      return refs;
    } catch (thrown) {
      this.#noteFailure(thrown);
      throw thrown;
    }
  }

  /** A host that cannot be reached is left alone for all its repositories; one that denies us, for this repository only. */
  #noteFailure(thrown: unknown): void {
    if (!isEngineError(thrown) || thrown.code === 'Cancelled') return;
    this.#deps.backoff.failed(thrown.code === 'SourceUnreachable' ? this.#transport.host : this.#identity, thrown);
    this.#deps.logger.warn(
      { repository: this.#shown, code: thrown.code, error: thrown.message },
      'repository poll failed',
    );
  }

  #choose(ref: GitRef, refs: RemoteRefs): Chosen | undefined {
    let memory = this.#chosen.get(refs);
    if (memory === undefined) {
      memory = new Map();
      this.#chosen.set(refs, memory);
    }
    const key = refKey(ref);
    if (!memory.has(key)) memory.set(key, chooseRef(ref, refs));
    return memory.get(key);
  }

  /** Runs alone for this repository on disk. */
  async #bring(ref: GitRef, key: string, chosen: Chosen): Promise<void> {
    const disk = this.#disk.repository;
    const { clock, signal, growth, logger } = this.#deps;
    const before = disk.tracked(key);
    if (disk.find(chosen.id) === undefined) {
      this.#deps.backoff.check(this.#transport.host);
      const startedMs = clock.monotonic();
      try {
        if (disk.isOvergrown(growth)) await this.#cloneAnew(chosen);
        else await this.#fetch(chosen, before);
      } catch (thrown) {
        const isGone = isEngineError(thrown, 'SourceRefNotFound') && ref.kind === 'commit';
        if (!isGone) {
          this.#noteFailure(thrown);
          throw thrown;
        }
        await this.#fetchHistory(chosen);
      }
      if (signal.aborted) throw new EngineError('Cancelled', 'fetch was cancelled (Cancelled): the source is closed');
      logger.info(
        { repository: this.#shown, ref: key, commit: chosen.id, ms: clock.monotonic() - startedMs },
        'commit fetched',
      );
    }
    if (disk.find(chosen.id) === undefined) throw this.#vanished(chosen);
    if (before?.id === chosen.id) return;
    const forced =
      before !== undefined && ref.kind !== 'semver' && ref.kind !== 'commit' && this.#isForced(before.id, chosen.id);
    if (forced) logger.warn({ repository: this.#shown, ref: key, from: before?.id, to: chosen.id }, 'ref was forced');
    disk.track(key, { id: chosen.id, forced, fetchedAtMs: clock.now() });
  }

  /** A ref that was fetched before brings what is new and its history; a ref seen first brings one commit. */
  async #fetch(chosen: Chosen, before: TrackedRef | undefined): Promise<void> {
    const disk = this.#disk.repository;
    const haves = disk.haves();
    const order = { gitDir: disk.gitDir, wants: [chosen.want], haves, expected: [chosen.id] };
    const isKnown = before !== undefined && haves.includes(before.id);
    if (!isKnown) return this.#transport.fetch({ ...order, depth: 1 }, this.#deps.signal);
    try {
      await this.#transport.fetch(order, this.#deps.signal);
    } catch (thrown) {
      // After a force-push the missing history can be all of it: then the new commit alone has to do.
      if (!isEngineError(thrown, 'RenderLimit')) throw thrown;
      await this.#transport.fetch({ ...order, depth: 1 }, this.#deps.signal);
    }
  }

  /** Brings what depth left out. Runs alone for this repository on disk. */
  async #deepen(chosen: Chosen): Promise<void> {
    const disk = this.#disk.repository;
    const order = { gitDir: disk.gitDir, wants: [chosen.want], haves: disk.haves(), expected: [chosen.id] };
    this.#deps.backoff.check(this.#transport.host);
    try {
      await this.#transport.fetch({ ...order, depth: WHOLE_HISTORY }, this.#deps.signal);
    } catch (thrown) {
      this.#noteFailure(thrown);
      throw thrown;
    }
  }

  async #cloneAnew(chosen: Chosen): Promise<void> {
    const disk = this.#disk.repository;
    const generation = disk.renew();
    try {
      await this.#transport.fetch(
        { gitDir: disk.gitDir, wants: [chosen.want], haves: [], expected: [chosen.id], depth: 1 },
        this.#deps.signal,
      );
      generation.settle();
    } catch (thrown) {
      generation.restore();
      throw thrown;
    }
  }

  /** A host that gives no single commit gives branches: the commit is looked for in the whole history of them. */
  async #fetchHistory(chosen: Chosen): Promise<void> {
    const { signal, listTimeoutMs } = this.#deps;
    const disk = this.#disk.repository;
    const remote = await this.#transport.list(
      ['refs/heads/', 'refs/tags/'],
      AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]),
    );
    const wants = [...new Set([...remote.refs.values()].map(({ id }) => id))].slice(0, 2000);
    if (wants.length === 0) throw this.#vanished(chosen);
    await this.#transport.fetch({ gitDir: disk.gitDir, wants, haves: [], expected: [], depth: WHOLE_HISTORY }, signal);
  }

  #isForced(older: string, newer: string): boolean {
    const store = this.#disk.repository.store;
    return store.has(newer) && isAncestor(store, older, newer) === false;
  }

  /** Other names of the kind, for the message: asked once in ten minutes, and only when a ref is missing. */
  async #similar(ref: GitRef): Promise<RemoteRefs> {
    const prefix = ref.kind === 'tag' || ref.kind === 'semver' ? 'refs/tags/' : 'refs/heads/';
    const nowMs = this.#deps.clock.monotonic();
    if (this.#candidates?.prefix !== prefix || nowMs - this.#candidates.atMs > 600_000) {
      try {
        this.#candidates = { prefix, remote: await this.#list([prefix]), atMs: nowMs };
      } catch {
        return { refs: new Map() };
      }
    }
    return this.#candidates.remote;
  }

  #vanished(chosen: Chosen): EngineError {
    return new EngineError(
      'SourceRefNotFound',
      `${chosen.description} of ${this.#shown} was not found (SourceRefNotFound): the host does not give commit ${chosen.id}`,
      { remedy: 'check that the commit is on a branch or tag of the repository' },
    );
  }
}

/** One after another. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(action: () => Promise<T>): Promise<T> {
    const next = this.#last.then(action, action);
    this.#last = next.catch(() => {});
    return next;
  }
}

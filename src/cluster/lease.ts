import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import { numberAt, stringAt } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Clock, Cluster, Logger } from '../core/ports.ts';
import { backoffMs } from './backoff.ts';

export interface LeaseOptions {
  /** A cluster of its own, without a write gate: the lease must be written before anything may be. */
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly namespace: string;
  readonly name: string;
  /** Unique for each process: pod name and a random part. */
  readonly identity: string;
  /** Others may take over when nothing was renewed for this long. */
  readonly durationMs?: number;
  /** The leader itself stops when it could not renew for this long; shorter than `durationMs` by more than any pause between check and write. */
  readonly renewDeadlineMs?: number;
  readonly retryMs?: number;
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** What a leader holds. The signal is aborted the moment leadership is lost or given up. */
export interface Leadership {
  readonly signal: AbortSignal;
  /** Counts terms over all replicas (`leaseTransitions`). */
  readonly term: number;
}

export interface Election {
  /** Resolves when this process leads; rejects when the election is closed. */
  lead(signal?: AbortSignal): Promise<Leadership>;
  /** The present leadership, if any. */
  current(): Leadership | undefined;
  /** The write gate: gives the signal that ends a write, or throws when this process does not lead now. @throws EngineError Cancelled */
  gate(): AbortSignal;
  /** Stops leading at once, gives the lease back, and ends. */
  close(): Promise<void>;
}

const LEASE = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' } as const;

interface Term extends Leadership {
  readonly stop: AbortController;
  /** On the monotonic clock: when leadership ends unless it is renewed. */
  deadlineMs: number;
}

/**
 * Leader election by a Lease. Only the monotonic clock of this process counts: a foreign lease is taken when its record did not change
 * here for its duration, the own one ends `renewDeadlineMs` after the last renewal was *sent*. Clocks of other machines are never compared.
 */
export function startElection(options: LeaseOptions): Election {
  return new LeaseElection(options);
}

class LeaseElection implements Election {
  readonly #options: LeaseOptions;
  readonly #durationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryMs: number;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<(term: Term | undefined) => void>();
  readonly #running: Promise<void>;
  #term: Term | undefined;
  /** The last record seen and when it was first seen. */
  #seen: { readonly record: string; readonly sinceMs: number } | undefined;
  /** The lease as this process wrote it last: as long as nobody else writes, a renewal is one request. */
  #held: KubeObject | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#durationMs = options.durationMs ?? 15_000;
    this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryMs = options.retryMs ?? 2000;
    if (this.#renewDeadlineMs >= this.#durationMs || this.#retryMs >= this.#renewDeadlineMs) {
      throw new EngineError(
        'ConfigInvalid',
        'leader election is set up wrongly (LeaseInvalid): retry must be shorter than the renew deadline, and that shorter than the duration',
      );
    }
    this.#running = this.#run();
  }

  current(): Term | undefined {
    const term = this.#term;
    if (term === undefined) return undefined;
    if (this.#options.clock.monotonic() < term.deadlineMs) return term;
    // The process was stopped beyond the deadline and no timer had its turn yet.
    this.#lose('the lease ran out');
    return undefined;
  }

  gate(): AbortSignal {
    const term = this.current();
    if (term === undefined) throw notLeading();
    return term.signal;
  }

  async lead(signal?: AbortSignal): Promise<Leadership> {
    const term = this.current();
    if (term !== undefined) return term;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(onTerm);
        reject(isEngineError(signal?.reason) ? signal.reason : notLeading());
      };
      const onTerm = (found: Term | undefined): void => {
        signal?.removeEventListener('abort', stop);
        if (found === undefined) reject(notLeading());
        else resolve(found);
      };
      if (this.#closing.signal.aborted || signal?.aborted === true) {
        stop();
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.add(onTerm);
    });
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return this.#running;
    const led = this.#term !== undefined;
    this.#lose('the election is closed');
    this.#closing.abort();
    for (const tell of this.#waiting) tell(undefined);
    this.#waiting.clear();
    await this.#running;
    if (led) await this.#release();
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options;
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const term = this.current();
      const limitMs = term === undefined ? this.#renewDeadlineMs : Math.max(1, term.deadlineMs - clock.monotonic());
      try {
        await this.#tryOnce(limitMs);
        failures = 0;
      } catch (thrown) {
        failures += 1;
        if (!this.#closing.signal.aborted) {
          logger?.warn(
            { lease: this.#options.name, error: messageOf(thrown), leading: this.#term !== undefined },
            'lease could not be read or written',
          );
        }
      }
      const extraMs =
        failures === 0
          ? 0
          : backoffMs(0, {
              baseMs: this.#retryMs / 2,
              capMs: this.#retryMs,
              random: this.#options.random ?? Math.random,
            });
      await this.#wait(this.#retryMs + extraMs);
    }
  }

  /** Sleeps until the next try, or ends the term when its deadline comes first. */
  async #wait(ms: number): Promise<void> {
    const { clock } = this.#options;
    const term = this.#term;
    const leftMs = term === undefined ? ms : term.deadlineMs - clock.monotonic();
    await clock.sleep(Math.max(0, Math.min(ms, leftMs)), this.#closing.signal).catch(() => undefined);
    this.current();
  }

  async #tryOnce(limitMs: number): Promise<void> {
    const { cluster, clock, namespace, name, identity } = this.#options;
    const stop = new AbortController();
    const limit = clock.sleep(limitMs, stop.signal).then(
      () => {
        this.current();
        stop.abort(
          new EngineError(
            'ClusterUnreachable',
            `Lease ${namespace}/${name} could not be renewed (Timeout): no answer in time`,
          ),
        );
      },
      () => undefined,
    );
    const onClose = (): void => stop.abort();
    this.#closing.signal.addEventListener('abort', onClose, { once: true });
    try {
      if (await this.#renewed(stop.signal)) return;
      const live = await cluster.get(LEASE, { namespace, name }, stop.signal);
      if (live.state === 'unknown') throw live.error;
      const sentMs = clock.monotonic();
      if (live.state === 'absent') {
        this.#leads(await cluster.create(this.#record(undefined), { signal: stop.signal }), sentMs);
        return;
      }
      const holder = stringAt(live.object, 'spec', 'holderIdentity') ?? '';
      const record = `${live.object.metadata.uid ?? ''} ${live.object.metadata.resourceVersion ?? ''}`;
      if (this.#seen?.record !== record) this.#seen = { record, sinceMs: sentMs };
      if (holder !== '' && holder !== identity) {
        if (this.#term !== undefined) this.#lose(`${holder} holds the lease`);
        const theirsMs = (numberAt(live.object, 'spec', 'leaseDurationSeconds') ?? this.#durationMs / 1000) * 1000;
        if (sentMs - this.#seen.sinceMs < theirsMs) return;
      }
      this.#leads(await cluster.replace(this.#record(live.object), { signal: stop.signal }), sentMs);
    } catch (thrown) {
      // Somebody else was faster: that is an election, not a failure.
      if (isEngineError(thrown, 'ObjectConflict')) return;
      throw thrown;
    } finally {
      this.#closing.signal.removeEventListener('abort', onClose);
      stop.abort();
      await limit;
    }
  }

  /** Writes over what this process wrote last. False: it does not lead, or the lease was changed and has to be read. */
  async #renewed(signal: AbortSignal): Promise<boolean> {
    const { cluster, clock } = this.#options;
    const held = this.#held;
    if (held === undefined || this.#term === undefined) return false;
    const sentMs = clock.monotonic();
    try {
      this.#leads(await cluster.replace(this.#record(held), { signal }), sentMs);
      return true;
    } catch (thrown) {
      if (!isEngineError(thrown, 'ObjectConflict') && !isEngineError(thrown, 'ObjectNotFound')) throw thrown;
      this.#held = undefined;
      return false;
    }
  }

  #leads(written: KubeObject, sentMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#held = written;
    const deadlineMs = sentMs + this.#renewDeadlineMs;
    this.#seen = { record: `${written.metadata.uid ?? ''} ${written.metadata.resourceVersion ?? ''}`, sinceMs: sentMs };
    if (this.#term !== undefined) {
      this.#term.deadlineMs = deadlineMs;
      return;
    }
    const stop = new AbortController();
    const term: Term = {
      signal: stop.signal,
      stop,
      deadlineMs,
      term: numberAt(written, 'spec', 'leaseTransitions') ?? 0,
    };
    this.#term = term;
    this.#options.logger?.info(
      { lease: this.#options.name, identity: this.#options.identity, term: term.term },
      'this process leads',
    );
    for (const tell of this.#waiting) tell(term);
    this.#waiting.clear();
  }

  #lose(why: string): void {
    const term = this.#term;
    if (term === undefined) return;
    this.#term = undefined;
    this.#held = undefined;
    term.stop.abort(new EngineError('Cancelled', `write is not allowed (LeadershipLost): ${why}`));
    this.#options.logger?.warn(
      { lease: this.#options.name, identity: this.#options.identity, why },
      'this process leads no longer',
    );
  }

  async #release(): Promise<void> {
    const { cluster, namespace, name, identity, clock } = this.#options;
    const stop = new AbortController();
    const limit = clock.sleep(2000, stop.signal).then(
      () => stop.abort(),
      () => undefined,
    );
    try {
      const live = await cluster.get(LEASE, { namespace, name }, stop.signal);
      if (live.state !== 'present' || stringAt(live.object, 'spec', 'holderIdentity') !== identity) return;
      await cluster.replace(
        { ...live.object, spec: { ...(live.object['spec'] as object), holderIdentity: '', leaseDurationSeconds: 1 } },
        { signal: stop.signal },
      );
    } catch (thrown) {
      this.#options.logger?.debug(
        { lease: name, error: messageOf(thrown) },
        'lease could not be given back; it runs out by itself',
      );
    } finally {
      stop.abort();
      await limit;
    }
  }

  #record(live: KubeObject | undefined): KubeObject {
    const { namespace, name, identity, clock } = this.#options;
    const nowText = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const holder = stringAt(live, 'spec', 'holderIdentity') ?? '';
    const renews = holder === identity && this.#term !== undefined;
    const transitions = numberAt(live, 'spec', 'leaseTransitions') ?? -1;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: live === undefined ? { namespace, name } : live.metadata,
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(this.#durationMs / 1000),
        acquireTime: renews ? (stringAt(live, 'spec', 'acquireTime') ?? nowText) : nowText,
        renewTime: nowText,
        leaseTransitions: renews ? transitions : transitions + 1,
      },
    };
  }
}

function notLeading(): EngineError {
  return new EngineError('Cancelled', 'write is not allowed (NotLeading): another replica leads', {
    data: { reason: 'NotLeading' },
  });
}

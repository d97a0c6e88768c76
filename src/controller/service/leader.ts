import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { describeKey, formatKey, type KubeObject, type ObjectKey } from '../../core/object-key.ts';
import {
  JOB_PRIORITIES,
  type Clock,
  type FetchedCommit,
  type Job,
  type JobQueue,
  type JobReason,
  type Logger,
  type TraceChecker,
} from '../../core/ports.ts';
import { otherManagers, managedEntries } from '../../diff/ownership.ts';
import { APPLICATION_KIND } from '../../config/application-crd.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Engine } from '../engine.ts';
import type { ApplicationView } from './application-view.ts';
import { ChangeSignals } from './change-signals.ts';
import { dependentsOf, findCircle, openDependencies } from './dependencies.ts';
import { Fights } from './fights.ts';
import { ensureFinalizer, finalize, hasFinalizer } from './finalize.ts';
import { HealthWatch } from './health-watch.ts';
import type { KubeEvents } from './kube-events.ts';
import type { LiveChange, LiveView } from './live-view.ts';
import { fightId, runPass, type PassResult } from './pass.ts';
import type { RelatedCache } from './related-cache.ts';
import { RepositoryPolls } from './repository-polls.ts';
import { readRequests, ROLLBACK, SYNC, type Requests } from './requests.ts';
import { versionOf } from './resource-version.ts';
import { StatusWriter } from './status-writer.ts';
import { generationOf, isDeleting, isReady, type RunningPass, type Tracked } from './tracked.ts';

export interface LeaderOptions {
  readonly engine: Engine;
  readonly applications: ApplicationView;
  readonly view: LiveView;
  readonly related: RelatedCache;
  readonly traces: TraceChecker;
  /** A queue for this term alone; the leader closes it. */
  readonly queue: JobQueue;
  readonly events: KubeEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly metrics?: Metrics;
  /** Ends the term: everything stops at once. */
  readonly signal: AbortSignal;
  /** Throws when this process may not write any more. */
  readonly gate: () => void;
  /** Passes at the same time; those that wait for health do not count. */
  readonly concurrency: number;
  /** Every application is looked at in full at least so often, whatever the watches say. */
  readonly resyncMs: number;
  /** Told after an application's status was written. */
  readonly onStatus: (tracked: Tracked) => void;
}

const SWEEP_MS = 10_000;
/** A job that nobody took for so long is asked for again: the queue may have lost it. */
const LOST_MS = 20_000;
const RETRY_BASE_MS = 1000;
const RETRY_CAP_MS = 300_000;
const FINALIZE_AGAIN_MS = 1000;
/** Traces are checked in slices, so that timers and sockets have their turn. */
const SLICE = 100;
/** Pods are looked at only for what has been in trouble for a moment: most things pass by themselves. */
const RELATED_AFTER_MS = 3000;

/** What the process does that leads: looks at applications when something about them changes, and carries out what Git says. */
export class Leader {
  readonly #options: LeaderOptions;
  readonly #polls: RepositoryPolls;
  readonly #status: StatusWriter;
  readonly #health: HealthWatch;
  readonly #signals: ChangeSignals;
  readonly #fights = new Fights();
  readonly #passes = new Set<Promise<void>>();
  /** Values of the refresh annotation that were acted upon. */
  readonly #refreshed = new Map<string, string>();
  #closing = false;

  constructor(options: LeaderOptions) {
    this.#options = options;
    const { engine, clock, logger, signal, random } = options;
    this.#signals = new ChangeSignals(clock);
    this.#polls = new RepositoryPolls({
      sources: engine.sources,
      clock,
      logger,
      random,
      credentialsOf: async (application, pollSignal) => engine.credentialsOf(application, pollSignal),
      onCommit: async (members, fetched, webhook) => this.#onCommit(members, fetched, webhook),
      onState: (members) => {
        for (const id of members) this.#updateStatus(options.applications.get(id));
      },
      onPoll: (result) => options.metrics?.polled(result),
    });
    this.#status = new StatusWriter({
      cluster: engine.home,
      clock,
      logger,
      sourceOf: (tracked) => this.#polls.stateOf(tracked.id),
      onWritten: (tracked, object) => {
        options.applications.observe(object);
        options.onStatus(tracked);
      },
    });
    this.#health = new HealthWatch({
      engine: this.#quiet(),
      clock,
      logger,
      signal,
      onHealth: (tracked, before) => {
        if (before?.status !== tracked.health?.status && tracked.health?.status === 'healthy')
          this.#becameReady(tracked);
        this.#updateStatus(tracked);
      },
    });
  }

  /** Takes over: looks at every application once, and from then on at what changes. */
  start(): void {
    const { applications, queue, concurrency, signal } = this.#options;
    for (const tracked of applications.all()) this.#begin(tracked);
    queue.consume(async (job, jobSignal) => this.#handle(job, jobSignal), { concurrency });
    void this.#sweep();
    signal.addEventListener('abort', () => this.#abortPasses(signal.reason), { once: true });
  }

  onApplication(tracked: Tracked, change: 'added' | 'spec' | 'annotations'): void {
    if (this.#closing) return;
    if (change === 'added') {
      this.#begin(tracked);
      return;
    }
    if (change === 'spec') {
      if (tracked.application !== undefined && !isDeleting(tracked)) this.#polls.set(tracked.id, tracked.application);
      this.#want(tracked, 'person', { supersede: true });
      return;
    }
    const requests = readRequests(tracked.object);
    if (requests.refresh !== undefined && this.#refreshed.get(tracked.id) !== requests.refresh) {
      this.#refreshed.set(tracked.id, requests.refresh);
      void this.#refresh(tracked);
    }
    const asked = requests.sync !== undefined || requests.rollback !== undefined;
    if (asked || (requests.approve !== undefined && requests.approve === tracked.findings?.plan?.digest))
      this.#want(tracked, 'person', { supersede: true });
  }

  onRemoved(tracked: Tracked): void {
    this.#polls.remove(tracked.id);
    this.#status.forget(tracked);
    this.#refreshed.delete(tracked.id);
    tracked.pass?.stop.abort(new EngineError('Cancelled', `application ${tracked.id} is gone (Deleted)`));
    for (const other of dependentsOf(tracked, this.#options.applications)) this.#want(other, 'timer');
  }

  /** An object with our label changed. */
  onLive(change: LiveChange): void {
    this.#options.metrics?.watchEvent();
    const tracked = this.#options.applications.byLabel(change.label);
    if (tracked === undefined || this.#closing) return;
    this.#signals.changed(change.label);
    this.#health.changed(tracked);
    if (change.kind === 'status') return;
    const id = formatKey(change.key);
    if (change.object !== undefined) this.#rememberMeddler(tracked, id, change.object);
    // It may be the doing of the pass itself: that is known when the answer to its write is there.
    if (tracked.pass !== undefined)
      tracked.suspects.set(id, change.object === undefined ? '' : versionOf(change.object));
    else if (tracked.lastPassMs !== undefined && this.#owns(tracked, id)) this.#want(tracked, 'drift');
  }

  /** A write of ours was answered. */
  onWritten(label: string, key: ObjectKey, object: KubeObject): void {
    const tracked = this.#options.applications.byLabel(label);
    if (tracked === undefined) return;
    const id = formatKey(key);
    if (tracked.suspects.get(id) === versionOf(object)) tracked.suspects.delete(id);
    this.#signals.changed(label);
  }

  /** A webhook named a repository. */
  async pollRepository(url: string): Promise<void> {
    await this.#polls.pollRepository(url);
  }

  /** Stops in order: takes no more work, leaves what waits, lets writes end, says what it knows. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    const { clock, queue } = this.#options;
    this.#polls.close();
    for (const tracked of this.#options.applications.all()) {
      if (tracked.pass?.waiting === true) tracked.pass.stop.abort(stopped());
    }
    const stop = new AbortController();
    const limit = clock.sleep(timeoutMs * 0.6, stop.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled([...this.#passes, queue.close(timeoutMs * 0.5)]), limit]);
    this.#abortPasses(stopped());
    await Promise.race([Promise.allSettled(this.#passes), clock.sleep(1000, stop.signal).catch(() => undefined)]);
    await this.#status.close(this.#options.signal.aborted ? 0 : timeoutMs * 0.2);
    stop.abort();
  }

  #abortPasses(reason: unknown): void {
    for (const tracked of this.#options.applications.all()) tracked.pass?.stop.abort(reason);
  }

  #begin(tracked: Tracked): void {
    tracked.settled = undefined;
    tracked.wanted = undefined;
    tracked.pass = undefined;
    tracked.lastPassMs = undefined;
    tracked.failures = 0;
    tracked.findings = undefined;
    tracked.complaint = undefined;
    tracked.health = undefined;
    tracked.suspects.clear();
    const { refresh } = readRequests(tracked.object);
    if (refresh !== undefined) this.#refreshed.set(tracked.id, refresh);
    if (tracked.application !== undefined && !isDeleting(tracked)) this.#polls.set(tracked.id, tracked.application);
    this.#want(tracked, 'timer');
  }

  async #refresh(tracked: Tracked): Promise<void> {
    await this.#polls.pollApplication(tracked.id).catch(() => undefined);
    this.#want(tracked, 'webhook');
  }

  /** Looks at an application as soon as there is a worker (or after `delayMs`). */
  #want(
    tracked: Tracked,
    reason: JobReason,
    options: { readonly supersede?: boolean; readonly delayMs?: number } = {},
  ): void {
    const { queue, clock, metrics, logger } = this.#options;
    if (this.#closing) return;
    const delayMs = options.delayMs ?? 0;
    const nowMs = clock.monotonic();
    const dueMs = nowMs + delayMs;
    const sooner = tracked.wanted === undefined || dueMs < tracked.notBeforeMs;
    const stronger = tracked.wanted === undefined || JOB_PRIORITIES[reason] < JOB_PRIORITIES[tracked.wanted];
    if (stronger) tracked.wanted = reason;
    if (sooner) tracked.notBeforeMs = dueMs;
    tracked.wantedAtMs = nowMs;
    if (tracked.pass !== undefined) {
      // What waits for health is left for what is newer; what writes is not interrupted.
      if (options.supersede === true) {
        tracked.pass.superseded = true;
        if (tracked.pass.waiting) tracked.pass.stop.abort(superseded(tracked));
      }
      return;
    }
    if (!sooner && !stronger) return;
    metrics?.enqueued(reason);
    queue.add({ application: tracked.name, reason }, { delayMs }).catch((thrown: unknown) => {
      logger.warn({ application: tracked.id, error: messageOf(thrown) }, 'job not taken; it is asked for again');
    });
  }

  async #handle(job: Job, signal: AbortSignal): Promise<void> {
    const tracked = this.#options.applications.get(`${job.application.namespace}/${job.application.name}`);
    // Asked for twice, or by a queue that remembers an earlier term.
    if (tracked?.wanted === undefined || this.#closing || tracked.pass !== undefined) return;
    if (tracked.notBeforeMs > this.#options.clock.monotonic() + 5) return;
    const pass = this.#startPass(tracked, tracked.wanted);
    const onAbort = (): void => pass.stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    // From when it waits on, it needs no worker any more.
    await Promise.race([pass.done, pass.waits]);
    signal.removeEventListener('abort', onAbort);
  }

  #startPass(tracked: Tracked, reason: JobReason): RunningPass {
    const stop = new AbortController();
    let tellWaits = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      tellWaits = resolve;
    });
    tracked.wanted = undefined;
    const run = Promise.resolve().then(async () => this.#pass(tracked, reason, stop.signal, tellWaits));
    const pass: RunningPass = {
      stop,
      waiting: false,
      superseded: false,
      waits,
      done: run
        .catch((thrown: unknown) => {
          this.#options.logger.error({ application: tracked.id, error: messageOf(thrown) }, 'pass failed');
        })
        .finally(() => {
          tracked.pass = undefined;
          tracked.lastPassMs = this.#options.clock.monotonic();
          this.#passes.delete(pass.done);
          this.#afterPass(tracked);
        }),
    };
    tracked.pass = pass;
    this.#passes.add(pass.done);
    return pass;
  }

  async #pass(tracked: Tracked, reason: JobReason, signal: AbortSignal, tellWaits: () => void): Promise<void> {
    const { application, problem } = tracked;
    const { clock, metrics } = this.#options;
    if (isDeleting(tracked)) {
      await this.#finalize(tracked, signal);
      return;
    }
    if (problem !== undefined || application === undefined) {
      this.#updateStatus(tracked);
      return;
    }
    if (application.suspended) {
      tracked.findings = {
        ...(tracked.findings ?? { refusals: [], problems: [] }),
        sync: 'Suspended',
        reason: 'Suspended',
        message: 'it is left as it is until spec.suspend is false',
      };
      this.#updateStatus(tracked);
      return;
    }
    const circle = findCircle(tracked, this.#options.applications);
    if (circle !== undefined) {
      this.#fail(tracked, circleError(circle));
      return;
    }
    const beganMs = clock.monotonic();
    const requests = readRequests(tracked.object);
    try {
      await ensureFinalizer(tracked, this.#options.engine);
      if (requests.rollback !== undefined) await this.#answered(tracked, ROLLBACK);
    } catch (thrown) {
      if (signal.aborted || isEngineError(thrown, 'ObjectNotFound')) return;
      // Somebody else wrote the object: its event comes, and with it the next look.
      this.#retry(tracked);
      return;
    }
    const result = await runPass(tracked, application, {
      engine: this.#waitingEngine(tracked, tellWaits),
      signal,
      reason,
      requests,
      fights: this.#fights,
      gate: this.#options.gate,
      openDependencies: () => openDependencies(tracked, this.#options.applications),
      onSyncing: () => {
        tracked.findings = {
          ...(tracked.findings ?? { refusals: [], problems: [] }),
          sync: 'Syncing',
          reason: 'Syncing',
          message: 'what Git says is being applied',
        };
        this.#updateStatus(tracked);
      },
    });
    if (signal.aborted && result.reconciled === undefined) return;
    if (requests.sync !== undefined) await this.#answered(tracked, SYNC).catch(() => undefined);
    this.#take(tracked, result, requests);
    metrics?.reconciled(outcomeOf(result), clock.monotonic() - beganMs);
  }

  /** What a pass found becomes what is known. */
  #take(tracked: Tracked, result: PassResult, requests: Requests): void {
    const { logger, events, metrics } = this.#options;
    const { reconciled, findings } = result;
    const wasReady = isReady(tracked);
    const before = tracked.findings;
    tracked.findings = findings;
    tracked.blockedBy = result.blockedBy;
    tracked.settled = result.settled;
    if (reconciled !== undefined) {
      tracked.inventory = reconciled.stored.state.inventory;
      if (reconciled.complete) tracked.completeDigest = reconciled.plan.manifestDigest;
      for (const outcome of reconciled.report.outcomes) metrics?.stepped(outcome.result);
      if (result.healed)
        this.#noteHealed(
          tracked,
          reconciled.report.outcomes
            .filter(({ result: done }) => done === 'configured' || done === 'created')
            .map(({ key }) => key),
        );
    }
    if (result.line !== undefined) {
      const [newest] = tracked.history;
      const same =
        newest?.number === result.line.number &&
        newest.commit === result.line.commit &&
        newest.outcome === result.line.outcome;
      // The same again (a failure that stays) is no news, and no write.
      if (!same) tracked.history = [result.line, ...tracked.history].slice(0, 10);
      if (findings.sync === 'Synced' && !result.healed)
        events.say(
          tracked,
          'Normal',
          'Synced',
          `${findings.message}${findings.subject === undefined ? '' : `: ${findings.subject}`}`,
        );
    }
    if (findings.sync === 'Failed' && findings.message !== tracked.complaint) {
      logger.warn(
        { application: tracked.id, reason: findings.reason, error: findings.message },
        'application not synced',
      );
      events.say(tracked, 'Warning', findings.reason, findings.message);
    } else if (findings.reason === 'Fight') {
      events.say(tracked, 'Warning', 'Fight', this.#describeFight(tracked) ?? findings.message);
      tracked.findings = { ...findings, message: this.#describeFight(tracked) ?? findings.message };
    } else if (
      findings.reason !== before?.reason &&
      (findings.reason === 'WaitsForApproval' || findings.reason === 'PartlyRefused')
    )
      events.say(tracked, 'Normal', findings.reason, findings.message);
    tracked.complaint = findings.sync === 'Failed' ? findings.message : undefined;
    if (result.retryMs === undefined) tracked.failures = 0;
    else if (result.retryMs > 0) this.#want(tracked, 'drift', { delayMs: result.retryMs });
    else this.#retry(tracked);
    // Somebody asked while this pass was already on its way.
    const now = readRequests(tracked.object);
    if (now.approve !== requests.approve && now.approve === tracked.findings.plan?.digest)
      this.#want(tracked, 'person');
    if (!wasReady && isReady(tracked)) this.#becameReady(tracked);
  }

  #afterPass(tracked: Tracked): void {
    if (this.#closing || this.#options.signal.aborted) return;
    const suspects = [...tracked.suspects.keys()].filter((id) => this.#owns(tracked, id));
    tracked.suspects.clear();
    if (suspects.length > 0) this.#want(tracked, 'drift');
    this.#health.changed(tracked);
    this.#updateStatus(tracked);
    const { wanted } = tracked;
    if (wanted === undefined) return;
    // Asked for while it was under way.
    tracked.wanted = undefined;
    this.#want(tracked, wanted, { delayMs: Math.max(0, tracked.notBeforeMs - this.#options.clock.monotonic()) });
  }

  #noteHealed(tracked: Tracked, keys: readonly ObjectKey[]): void {
    const nowMs = this.#options.clock.monotonic();
    for (const key of keys) {
      const id = formatKey(key);
      this.#fights.corrected(fightId(tracked, id), nowMs);
      const meddler = tracked.meddlers.get(id);
      this.#options.events.say(
        tracked,
        'Normal',
        'DriftCorrected',
        `${describeKey(key)} was put back to what Git says${meddler === undefined ? '' : `: ${meddler} had changed it`}`,
      );
    }
  }

  #describeFight(tracked: Tracked): string | undefined {
    const nowMs = this.#options.clock.monotonic();
    for (const key of tracked.inventory) {
      const id = formatKey(key);
      if (!this.#fights.isFight(fightId(tracked, id), nowMs)) continue;
      const who = tracked.meddlers.get(id) ?? 'somebody';
      return `${describeKey(key)} is changed by ${who} again and again: it is put back less often`;
    }
    return undefined;
  }

  #rememberMeddler(tracked: Tracked, id: string, object: KubeObject): void {
    const manager = otherManagers(managedEntries(object)).at(-1);
    if (manager !== undefined) tracked.meddlers.set(id, manager);
    if (tracked.meddlers.size > 1000) tracked.meddlers.clear();
  }

  #owns(tracked: Tracked, id: string): boolean {
    return tracked.inventory.some((key) => formatKey(key) === id);
  }

  #retry(tracked: Tracked): void {
    const wholeMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(20, tracked.failures));
    tracked.failures += 1;
    this.#want(tracked, 'timer', { delayMs: Math.round(wholeMs * (0.5 + this.#options.random() / 2)) });
  }

  #fail(tracked: Tracked, error: EngineError): void {
    const news = tracked.findings?.message !== error.message;
    tracked.findings = {
      refusals: [],
      problems: [],
      sync: 'Failed',
      reason: error.code,
      message: error.message,
      error,
    };
    if (news) this.#options.events.say(tracked, 'Warning', error.code, error.message);
    this.#updateStatus(tracked);
  }

  async #finalize(tracked: Tracked, signal: AbortSignal): Promise<void> {
    this.#polls.remove(tracked.id);
    if (!hasFinalizer(tracked)) return;
    const { engine, view, events, gate } = this.#options;
    try {
      const result = await finalize(tracked, tracked.application, engine, view.keysOf(tracked.label), { signal, gate });
      tracked.findings = { refusals: [], problems: [], sync: 'Syncing', reason: 'Deleting', message: result.message };
      if (!result.done) this.#want(tracked, 'person', { delayMs: FINALIZE_AGAIN_MS });
      else if (result.left.length > 0) {
        const names = result.left.slice(0, 10).map(describeKey).join(', ');
        events.say(tracked, 'Warning', 'ObjectsLeft', `the Application is deleted, these stay: ${names}`);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = isEngineError(thrown)
        ? thrown
        : new EngineError('ApplyFailed', messageOf(thrown), { cause: thrown });
      this.#fail(tracked, error);
      this.#retry(tracked);
    }
  }

  /** Removes a request that was carried out, unless it was replaced by another one meanwhile. */
  async #answered(tracked: Tracked, annotation: string): Promise<void> {
    const value = tracked.object.metadata.annotations?.[annotation];
    if (typeof value !== 'string') return;
    const path = `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const written = await this.#options.engine.home.patch(APPLICATION_KIND, tracked.name, {
      type: 'json',
      body: [
        { op: 'test', path, value },
        { op: 'remove', path },
      ],
    });
    this.#options.applications.observe(written);
  }

  #updateStatus(tracked: Tracked | undefined): void {
    if (tracked === undefined || this.#options.signal.aborted) return;
    this.#status.update(tracked);
  }

  /** Those who wait for it may go on. */
  #becameReady(tracked: Tracked): void {
    if (!isReady(tracked)) return;
    for (const other of dependentsOf(tracked, this.#options.applications))
      if (other.blockedBy.length > 0) this.#want(other, 'timer');
  }

  /** A repository has a new commit: only those are looked at for which something that they read has changed. */
  async #onCommit(members: readonly string[], fetched: FetchedCommit, webhook: boolean): Promise<void> {
    const { applications, traces, logger } = this.#options;
    let count = 0;
    let touched = 0;
    for (const id of members) {
      const tracked = applications.get(id);
      if (tracked === undefined || this.#closing) continue;
      if (tracked.settled?.commitId === fetched.commit.id) continue;
      if (++count % SLICE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      const { settled } = tracked;
      if (settled !== undefined && settled.generation === generationOf(tracked.object)) {
        const holds = await traces.holds(fetched, settled.trace).catch(() => false);
        if (holds) {
          if (tracked.settled === settled) tracked.settled = { ...settled, commitId: fetched.commit.id };
          continue;
        }
      }
      touched += 1;
      this.#want(tracked, webhook ? 'webhook' : 'timer', { supersede: true });
    }
    logger.info({ commit: fetched.commit.id, applications: members.length, touched }, 'new commit');
  }

  /** The engine for a pass: waiting frees the worker. */
  #waitingEngine(tracked: Tracked, tellWaits: () => void): Engine {
    return {
      ...this.#quiet(),
      untilChange: async (_application, _keys, maxMs, signal) => {
        if (tracked.pass !== undefined) tracked.pass.waiting = true;
        tellWaits();
        if (tracked.pass?.superseded === true) tracked.pass.stop.abort(superseded(tracked));
        try {
          await this.#signals.wait(tracked.label, maxMs, signal);
        } finally {
          if (tracked.pass !== undefined) tracked.pass.waiting = false;
        }
      },
    };
  }

  /** The engine with pods looked at late and seldom. */
  #quiet(): Engine {
    const { engine, related, applications, clock } = this.#options;
    return {
      ...engine,
      relatedOf: async (application, namespaces) => {
        const tracked = applications.get(`${application.name.namespace}/${application.name.name}`);
        const sinceMs = tracked?.troubledSinceMs;
        if (sinceMs === undefined || clock.monotonic() - sinceMs < RELATED_AFTER_MS) return [];
        return related.list(engine.clusterOf(application), namespaces);
      },
    };
  }

  /** What no event asks for: lost jobs, what failed, what is troubled, and once in a while everything. */
  async #sweep(): Promise<void> {
    const { clock, signal, applications, random, resyncMs, metrics, view } = this.#options;
    const resyncAfter = new Map<Tracked, number>();
    for (;;) {
      try {
        await clock.sleep(SWEEP_MS, signal);
      } catch {
        return;
      }
      if (this.#closing) return;
      const nowMs = clock.monotonic();
      const counts = new Map<string, { sync: string; health: string; count: number }>();
      for (const tracked of applications.all()) {
        this.#countState(tracked, counts);
        if (tracked.pass !== undefined) continue;
        if (tracked.wanted !== undefined) {
          if (nowMs - Math.max(tracked.notBeforeMs, tracked.wantedAtMs) > LOST_MS) this.#again(tracked);
          continue;
        }
        const lastMs = tracked.lastPassMs ?? 0;
        const intervalMs = tracked.application?.intervalMs ?? Number.POSITIVE_INFINITY;
        const open = tracked.settled === undefined && tracked.application?.suspended !== true;
        let dueMs = resyncAfter.get(tracked);
        if (dueMs === undefined) {
          dueMs = nowMs + resyncMs * (0.75 + random() / 2);
          resyncAfter.set(tracked, dueMs);
        }
        if (nowMs >= dueMs) resyncAfter.delete(tracked);
        if (nowMs >= dueMs || (open && nowMs - lastMs > intervalMs)) this.#want(tracked, 'timer');
        else if (tracked.troubledSinceMs !== undefined) this.#health.changed(tracked);
      }
      for (const tracked of resyncAfter.keys())
        if (applications.get(tracked.id) !== tracked) resyncAfter.delete(tracked);
      metrics?.setApplications([...counts.values()]);
      metrics?.setStaleWatches(view.staleCount);
    }
  }

  #countState(tracked: Tracked, counts: Map<string, { sync: string; health: string; count: number }>): void {
    const sync = SYNC_METRIC[tracked.findings?.sync ?? 'Unknown'] ?? 'unknown';
    const health = tracked.health?.status ?? 'unknown';
    const entry = counts.get(`${sync} ${health}`) ?? { sync, health, count: 0 };
    entry.count += 1;
    counts.set(`${sync} ${health}`, entry);
  }

  #again(tracked: Tracked): void {
    const reason = tracked.wanted ?? 'timer';
    tracked.wanted = undefined;
    this.#want(tracked, reason);
  }
}

const SYNC_METRIC: Readonly<Record<string, string>> = {
  Synced: 'synced',
  OutOfSync: 'outOfSync',
  Blocked: 'outOfSync',
  Failed: 'outOfSync',
  Suspended: 'suspended',
};

function outcomeOf(result: PassResult): string {
  const { sync, reason } = result.findings;
  if (sync === 'Synced') return result.line === undefined ? 'unchanged' : 'synced';
  if (sync === 'Blocked' || reason === 'WaitsForApproval' || reason === 'Fight') return 'waiting';
  if (reason === 'PlanRefused' || reason === 'PartlyRefused') return 'refused';
  return reason === 'Superseded' ? 'cancelled' : 'failed';
}

function circleError(circle: readonly string[]): EngineError {
  return new EngineError(
    'ConfigInvalid',
    `applications depend on each other in a circle (DependencyCycle): ${circle.join(' → ')}`,
    { remedy: 'remove one of the spec.dependsOn entries' },
  );
}

function superseded(tracked: Tracked): EngineError {
  return new EngineError('Cancelled', `sync of application ${tracked.id} was left (Superseded): something newer came`);
}

function stopped(): EngineError {
  return new EngineError('Cancelled', 'the controller stops (Stopped)');
}

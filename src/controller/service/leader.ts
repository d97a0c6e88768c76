import { EngineError } from '../../core/errors.ts';
import { formatKey, type KubeObject, type ObjectKey } from '../../core/object-key.ts';
import type { Clock, JobQueue, Logger, TraceChecker } from '../../core/ports.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { Engine } from '../engine.ts';
import type { ApplicationView } from './application-view.ts';
import { ChangeSignals } from './change-signals.ts';
import { noteChange, noteWritten, takeSuspects } from './drift.ts';
import { Fights } from './fights.ts';
import { HealthWatch } from './health-watch.ts';
import type { KubeEvents } from './kube-events.ts';
import type { LiveChange, LiveView } from './live-view.ts';
import { wantTouched } from './new-commit.ts';
import { Outcomes } from './outcomes.ts';
import { Passes } from './passes.ts';
import type { RelatedCache } from './related-cache.ts';
import { RepositoryPolls } from './repository-polls.ts';
import { readRequests } from './requests.ts';
import { Schedule } from './schedule.ts';
import { StatusWriter } from './status-writer.ts';
import { sweep } from './sweep.ts';
import { quietEngine } from './term-engine.ts';
import { isDeleting, isReady, type Tracked } from './tracked.ts';

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
  readonly tracing: Tracing;
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

/**
 * What the process does that leads: looks at applications when something about them changes, and carries out what Git says. This class
 * says which event asks for what; how it is done stands beside it.
 */
export class Leader {
  readonly #options: LeaderOptions;
  readonly #schedule: Schedule;
  readonly #passes: Passes;
  readonly #polls: RepositoryPolls;
  readonly #status: StatusWriter;
  readonly #health: HealthWatch;
  readonly #signals: ChangeSignals;
  /** Values of the refresh annotation that were acted upon. */
  readonly #refreshed = new Map<string, string>();

  constructor(options: LeaderOptions) {
    this.#options = options;
    const { applications, view, events, clock, logger, random, signal, metrics, gate } = options;
    const common = { clock, logger, ...(metrics === undefined ? {} : { metrics }) };
    const engine = quietEngine(options.engine, options);
    const fights = new Fights();
    this.#signals = new ChangeSignals(clock);
    this.#schedule = new Schedule({ ...common, queue: options.queue, random });
    this.#polls = this.#createPolls();
    this.#status = new StatusWriter({
      cluster: engine.home,
      clock,
      logger,
      sourceOf: (tracked) => this.#polls.stateOf(tracked.id),
      onWritten: (tracked, object) => {
        applications.observe(object);
        options.onStatus(tracked);
      },
    });
    this.#health = new HealthWatch({
      engine,
      clock,
      logger,
      signal,
      onHealth: (tracked, before) => {
        if (before?.status !== 'healthy') this.#becameReady(tracked);
        this.#updateStatus(tracked);
      },
    });
    this.#passes = new Passes({
      ...common,
      tracing: options.tracing,
      engine,
      applications,
      view,
      signals: this.#signals,
      schedule: this.#schedule,
      outcomes: new Outcomes({
        ...common,
        schedule: this.#schedule,
        fights,
        events,
        onJudged: (tracked, health) => this.#health.take(tracked, health),
        onReady: (tracked) => this.#becameReady(tracked),
      }),
      fights,
      events,
      gate,
      onFindings: (tracked) => this.#updateStatus(tracked),
      onCircle: (tracked) => this.#wakeDependents(tracked),
      onDeleting: (tracked) => this.#polls.remove(tracked.id),
      onEnd: (tracked, judged) => this.#afterPass(tracked, judged),
    });
  }

  /** Takes over: looks at every application once, and from then on at what changes. */
  start(): void {
    const { queue, concurrency, signal, applications } = this.#options;
    for (const tracked of applications.all()) this.#begin(tracked);
    queue.consume(async (job, jobSignal) => this.#passes.handle(job, jobSignal), { concurrency });
    void sweep({ ...this.#options, schedule: this.#schedule, judge: (tracked) => this.#health.changed(tracked) });
    signal.addEventListener('abort', () => this.#passes.abort(signal.reason), { once: true });
  }

  onApplication(tracked: Tracked, change: 'added' | 'spec' | 'annotations'): void {
    if (this.#schedule.closed) return;
    if (change !== 'annotations') this.#wakeDependents(tracked);
    if (change === 'added') {
      this.#begin(tracked);
      return;
    }
    if (change === 'spec') {
      if (tracked.application !== undefined && !isDeleting(tracked)) this.#polls.set(tracked.id, tracked.application);
      this.#schedule.want(tracked, 'person', { supersede: 'request' });
      return;
    }
    const requests = readRequests(tracked.object);
    if (requests.refresh !== undefined && this.#refreshed.get(tracked.id) !== requests.refresh) {
      this.#refreshed.set(tracked.id, requests.refresh);
      void this.#refresh(tracked);
    }
    const asked = requests.sync !== undefined || requests.rollback !== undefined;
    if (asked || (requests.approve !== undefined && requests.approve === tracked.findings?.plan?.digest))
      this.#schedule.want(tracked, 'person', { supersede: 'request' });
  }

  onRemoved(tracked: Tracked): void {
    this.#polls.remove(tracked.id);
    this.#status.forget(tracked);
    this.#refreshed.delete(tracked.id);
    tracked.pass?.stop.abort(new EngineError('Cancelled', `application ${tracked.id} is gone (Deleted)`));
    for (const other of this.#options.applications.dependentsOf(tracked.id)) this.#schedule.want(other, 'timer');
  }

  /** An object with our label changed. */
  onLive(change: LiveChange): void {
    this.#options.metrics?.watchEvent();
    const tracked = this.#options.applications.byLabel(change.label);
    if (tracked === undefined || this.#schedule.closed) return;
    this.#signals.changed(change.label);
    this.#health.changed(tracked);
    if (noteChange(tracked, change)) this.#schedule.want(tracked, 'drift');
  }

  /** A write of ours was answered. */
  onWritten(label: string, key: ObjectKey, object: KubeObject): void {
    const tracked = this.#options.applications.byLabel(label);
    if (tracked === undefined) return;
    noteWritten(tracked, formatKey(key), object);
    this.#signals.changed(label);
  }

  /** A webhook named a repository. */
  async pollRepository(url: string): Promise<void> {
    await this.#polls.pollRepository(url);
  }

  /** Stops in order: takes no more work, leaves what waits, lets writes end, says what it knows. */
  async close(timeoutMs: number): Promise<void> {
    this.#schedule.close();
    const { clock, queue } = this.#options;
    this.#polls.close();
    this.#passes.abort(stopped(), 'waiting');
    const stop = new AbortController();
    const limit = clock.sleep(timeoutMs * 0.6, stop.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled([this.#passes.ended(), queue.close(timeoutMs * 0.5)]), limit]);
    this.#passes.abort(stopped());
    await Promise.race([this.#passes.ended(), clock.sleep(1000, stop.signal).catch(() => undefined)]);
    await this.#status.close(this.#options.signal.aborted ? 0 : timeoutMs * 0.2);
    stop.abort();
  }

  #createPolls(): RepositoryPolls {
    const { engine, applications, traces, clock, logger, random, metrics } = this.#options;
    return new RepositoryPolls({
      sources: engine.sources,
      clock,
      logger,
      random,
      credentialsOf: async (application, signal) => engine.credentialsOf(application, signal),
      onCommit: async (members, fetched, webhook) =>
        wantTouched(members, fetched, webhook, { applications, schedule: this.#schedule, traces, logger }),
      onState: (members) => {
        for (const id of members) this.#updateStatus(applications.get(id));
      },
      onPoll: (result) => metrics?.polled(result),
    });
  }

  /** Nothing that an earlier term knew is trusted. */
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
    this.#schedule.want(tracked, 'timer');
  }

  async #refresh(tracked: Tracked): Promise<void> {
    await this.#polls.pollApplication(tracked.id).catch(() => undefined);
    this.#schedule.want(tracked, 'webhook');
  }

  #afterPass(tracked: Tracked, judged: boolean): void {
    if (this.#schedule.closed || this.#options.signal.aborted) return;
    if (takeSuspects(tracked)) this.#schedule.want(tracked, 'drift');
    if (!judged) this.#health.changed(tracked);
    this.#updateStatus(tracked);
    this.#schedule.resume(tracked);
  }

  #updateStatus(tracked: Tracked | undefined): void {
    if (tracked === undefined || this.#options.signal.aborted) return;
    this.#status.update(tracked);
  }

  /** Those who wait for it may go on. */
  #becameReady(tracked: Tracked): void {
    if (isReady(tracked)) this.#wakeDependents(tracked);
  }

  /** Something about it is another: what it means for those who wait for it is found out by them. */
  #wakeDependents(tracked: Tracked): void {
    for (const other of this.#options.applications.dependentsOf(tracked.id))
      if (other.blockedBy.length > 0) this.#schedule.want(other, 'timer');
  }
}

function stopped(): EngineError {
  return new EngineError('Cancelled', 'the controller stops (Stopped)');
}

import type { Application } from '../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../core/errors.ts';
import { describeKey } from '../../core/object-key.ts';
import type { Clock, Job, JobReason, Logger } from '../../core/ports.ts';
import { APPLICATION_KIND } from '../../config/application-crd.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { Engine } from '../engine.ts';
import type { ApplicationView } from './application-view.ts';
import type { ChangeSignals } from './change-signals.ts';
import { findCircle, openDependencies } from './dependencies.ts';
import type { Fights } from './fights.ts';
import { ensureFinalizer, finalize, hasFinalizer } from './finalize.ts';
import type { KubeEvents } from './kube-events.ts';
import type { LiveView } from './live-view.ts';
import { outcomeOf, type Outcomes } from './outcomes.ts';
import { runPass, type PassOptions } from './pass.ts';
import { readRequests, ROLLBACK, SYNC } from './requests.ts';
import type { Schedule } from './schedule.ts';
import { tracedEngine, waitingEngine } from './term-engine.ts';
import { isDeleting, type Findings, type RunningPass, type Tracked } from './tracked.ts';

export interface PassesOptions {
  /** Already the one of the term. */
  readonly engine: Engine;
  readonly applications: ApplicationView;
  readonly view: LiveView;
  readonly signals: ChangeSignals;
  readonly schedule: Schedule;
  readonly outcomes: Outcomes;
  readonly fights: Fights;
  readonly events: KubeEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly tracing: Tracing;
  /** Throws when this process may not write any more. */
  readonly gate: () => void;
  /** What is known of it changed in the middle of a pass. */
  readonly onFindings: (tracked: Tracked) => void;
  /** It was found to wait for itself. */
  readonly onCircle: (tracked: Tracked) => void;
  /** An application that is being deleted needs its source no more. */
  readonly onDeleting: (tracked: Tracked) => void;
  /** `judged`: with the health of everything that it owns. */
  readonly onEnd: (tracked: Tracked, judged: boolean) => void;
}

/** How a pass is ended, and whom it tells how far it is. */
interface Course {
  readonly signal: AbortSignal;
  readonly tellWaits: () => void;
  readonly tellResolved: () => void;
}

const FINALIZE_AGAIN_MS = 1000;

/** Runs passes: at most one per application; one that waits for health holds no worker. */
export class Passes {
  readonly #options: PassesOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: PassesOptions) {
    this.#options = options;
  }

  /** Takes a job of the queue; resolves when it needs its worker no more. */
  async handle(job: Job, signal: AbortSignal): Promise<void> {
    const { applications, schedule } = this.#options;
    const tracked = applications.get(`${job.application.namespace}/${job.application.name}`);
    if (tracked === undefined) return;
    const reason = schedule.due(tracked);
    if (reason === undefined) return;
    const pass = this.#start(tracked, reason);
    const onAbort = (): void => {
      pass.stop.abort(signal.reason);
      // The queue lost the job, not the wish.
      schedule.want(tracked, reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // From when it waits on, it needs no worker any more.
    await Promise.race([pass.done, pass.waits]);
    signal.removeEventListener('abort', onAbort);
  }

  /** Ends all of them, or only those that wait. */
  abort(reason: unknown, which: 'all' | 'waiting' = 'all'): void {
    for (const { pass } of this.#options.applications.all()) {
      if (pass !== undefined && (which === 'all' || pass.waiting)) pass.stop.abort(reason);
    }
  }

  /** Resolves when those that run now have ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #start(tracked: Tracked, reason: JobReason): RunningPass {
    const stop = new AbortController();
    let tellWaits = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      tellWaits = resolve;
    });
    let tellResolved = (): void => undefined;
    const resolved = new Promise<void>((resolve) => {
      tellResolved = resolve;
    });
    tracked.wanted = undefined;
    const run = Promise.resolve().then(async () =>
      this.#run(tracked, reason, { signal: stop.signal, tellWaits, tellResolved }),
    );
    const pass: RunningPass = {
      stop,
      waiting: false,
      commitId: undefined,
      supersededBy: undefined,
      judged: false,
      waits,
      resolved,
      done: run
        .catch((thrown: unknown) => {
          this.#options.logger.error({ application: tracked.id, error: messageOf(thrown) }, 'pass failed');
        })
        .finally(() => {
          tracked.pass = undefined;
          tellResolved();
          tracked.lastPassMs = this.#options.clock.monotonic();
          this.#running.delete(pass.done);
          this.#options.onEnd(tracked, pass.judged);
        }),
    };
    tracked.pass = pass;
    this.#running.add(pass.done);
    return pass;
  }

  async #run(tracked: Tracked, reason: JobReason, course: Course): Promise<void> {
    const { application } = tracked;
    const { applications } = this.#options;
    if (isDeleting(tracked)) {
      await this.#finalize(tracked, course.signal);
      return;
    }
    // The status says what is wrong with it.
    if (tracked.problem !== undefined || application === undefined) return;
    if (application.suspended) {
      tracked.findings = changed(tracked, 'Suspended', 'it is left as it is until spec.suspend is false');
      return;
    }
    const circle = findCircle(tracked, applications);
    if (circle !== undefined) this.#block(tracked, circle);
    else await this.#reconcile(tracked, application, reason, course);
  }

  /** It waits for itself. Every other member of the circle is told when the first one finds it. */
  #block(tracked: Tracked, circle: readonly string[]): void {
    const error = circleError(circle);
    const news = tracked.findings?.message !== error.message;
    this.#options.outcomes.fail(tracked, error);
    tracked.blockedBy = [`${circle[1] ?? tracked.id}: DependencyCycle`];
    if (news) this.#options.onCircle(tracked);
  }

  async #reconcile(
    tracked: Tracked,
    application: Application,
    reason: JobReason,
    { signal, tellWaits, tellResolved }: Course,
  ): Promise<void> {
    const { engine, applications, clock, schedule, outcomes, metrics, tracing, onFindings } = this.#options;
    const beganMs = clock.monotonic();
    const requests = readRequests(tracked.object);
    try {
      const finalized = await ensureFinalizer(tracked, engine);
      if (finalized !== undefined) applications.observe(finalized);
      if (requests.rollback !== undefined) await this.#answered(tracked, ROLLBACK);
    } catch (thrown) {
      if (signal.aborted || isEngineError(thrown, 'ObjectNotFound')) return;
      // Somebody else wrote the object: its event comes, and with it the next look.
      schedule.retry(tracked);
      return;
    }
    const options: PassOptions = {
      engine: waitingEngine(tracedEngine(engine, tracing), tracked, {
        signals: this.#options.signals,
        view: this.#options.view,
        tellWaits,
        tellResolved,
      }),
      signal,
      reason,
      requests,
      fights: this.#options.fights,
      gate: this.#options.gate,
      openDependencies: () => openDependencies(tracked, applications),
      onSyncing: () => {
        tracked.findings = changed(tracked, 'Syncing', 'what Git says is being applied');
        onFindings(tracked);
      },
    };
    const attributes = { 'evenkeel.application': tracked.id, 'evenkeel.reason': reason };
    const result = await tracing.span('reconcile', attributes, async (note) => {
      const found = await runPass(tracked, application, options);
      note({ 'evenkeel.outcome': outcomeOf(found), 'evenkeel.commit': found.findings.commitId ?? '' });
      return found;
    });
    if (signal.aborted && result.reconciled === undefined) return;
    if (requests.sync !== undefined) await this.#answered(tracked, SYNC).catch(() => undefined);
    outcomes.take(tracked, result, requests);
    metrics?.reconciled(outcomeOf(result), clock.monotonic() - beganMs);
  }

  async #finalize(tracked: Tracked, signal: AbortSignal): Promise<void> {
    const { engine, view, events, gate, schedule, outcomes, onDeleting } = this.#options;
    onDeleting(tracked);
    if (!hasFinalizer(tracked)) return;
    try {
      const result = await finalize(tracked, tracked.application, engine, view.keysOf(tracked.label), { signal, gate });
      tracked.findings = { refusals: [], problems: [], sync: 'Syncing', reason: 'Deleting', message: result.message };
      if (!result.done) schedule.want(tracked, 'person', { delayMs: FINALIZE_AGAIN_MS });
      else if (result.left.length > 0) {
        const names = result.left.slice(0, 10).map(describeKey).join(', ');
        events.say(tracked, 'Warning', 'ObjectsLeft', `the Application is deleted, these stay: ${names}`);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = isEngineError(thrown)
        ? thrown
        : new EngineError('ApplyFailed', messageOf(thrown), { cause: thrown });
      outcomes.fail(tracked, error);
      schedule.retry(tracked);
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
}

/** What was known, in another state. */
function changed(tracked: Tracked, sync: 'Suspended' | 'Syncing', message: string): Findings {
  return { ...(tracked.findings ?? { refusals: [], problems: [] }), sync, reason: sync, message };
}

function circleError(circle: readonly string[]): EngineError {
  return new EngineError(
    'ConfigInvalid',
    `applications depend on each other in a circle (DependencyCycle): ${circle.join(' → ')}`,
    { remedy: 'remove one of the spec.dependsOn entries' },
  );
}

import { setMaxListeners } from 'node:events';
import { EngineError } from '../core/errors.ts';
import { compareKeys, describeKey, formatKey, type ObjectKey } from '../core/object-key.ts';
import type { Plan, Step, StepOutcome, Wave } from '../core/plan.ts';
import type { ApplicationState, HookProgress } from '../core/state.ts';
import { applyStep } from './apply-step.ts';
import type { StepContext } from './step-context.ts';
import { runHook } from './run-hook.ts';
import type { ApplyDeps, ApplyOptions, ApplyResult } from './apply-plan-ports.ts';
import { writeState, type StoredState } from './state-store.ts';
import { mapBounded } from './map-bounded.ts';

/** Steps of a wave that run at once; the client below slows down by itself when the server says so. */
const PARALLEL_STEPS = 32;

/**
 * Carries a plan out. The intended inventory is in the cluster before the first object is written; a key leaves it only after its
 * absence was observed. All errors of a wave are collected; a failed numbered wave, a failed hook or a missing health stops what
 * comes after, and nothing is pruned in a failed sync.
 *
 * @throws EngineError PlanRefused when the plan may not be applied at all, StateMoved when another process is at work
 */
export async function applyPlan(
  plan: Plan,
  stored: StoredState,
  deps: ApplyDeps,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const stop = plan.refusals.find((refusal) => refusal.scope === 'plan');
  if (stop !== undefined) {
    throw new EngineError(
      'PlanRefused',
      `application ${plan.application} is not synced (${stop.guard}): ${stop.message}`,
      { remedy: stop.override },
    );
  }
  // Every request of a wave listens to the same signal.
  setMaxListeners(0, options.signal);
  const run = new Run(plan, stored, deps, options);
  return run.execute();
}

class Run {
  readonly #plan: Plan;
  readonly #deps: ApplyDeps;
  readonly #options: ApplyOptions;
  readonly #outcomes: StepOutcome[] = [];
  #stored: StoredState;
  #lastWrite: Promise<void> = Promise.resolve();
  #writes = 0;
  #stopped: string | undefined;

  constructor(plan: Plan, stored: StoredState, deps: ApplyDeps, options: ApplyOptions) {
    this.#plan = plan;
    this.#stored = stored;
    this.#deps = deps;
    this.#options = options;
  }

  async execute(): Promise<ApplyResult> {
    const effective = this.#plan.waves.some(hasEffect);
    await this.#announce(effective);
    for (const [index, wave] of this.#plan.waves.entries()) await this.#runWave(wave, index);
    const failed = this.#stopped !== undefined || this.#outcomes.some((outcome) => outcome.result === 'failed');
    if (failed && !this.#options.signal.aborted) await this.#runFailHooks();
    const complete = !failed && !this.#options.signal.aborted;
    await this.#settle(complete);
    const outcomes = this.#outcomes.toSorted((a, b) => compareKeys(a.key, b.key));
    return {
      report: {
        outcomes,
        failed: outcomes.filter((outcome) => outcome.result === 'failed'),
        writes: this.#writes,
        cancelled: this.#options.signal.aborted,
      },
      stored: this.#stored,
      complete,
    };
  }

  /** Writes the intended inventory before the first effect. A plan without effect on anything writes nothing at all. */
  async #announce(effective: boolean): Promise<void> {
    const { state } = this.#stored;
    const decided = this.#options.changeState?.(state) ?? state;
    const inventory = effective ? unionKeys(this.#plan.inventory, state.inventory) : state.inventory;
    const grows = !sameKeys(inventory, state.inventory) || !sameKeys(this.#plan.claims, state.claims);
    if (!effective && decided === state && !grows) return;
    await this.#write(() => ({
      ...decided,
      inventory,
      claims: this.#plan.claims,
      ...(effective && decided.current !== undefined ? { current: { ...decided.current, complete: false } } : {}),
    }));
  }

  async #runWave(wave: Wave, index: number): Promise<void> {
    if (this.#stopped !== undefined || this.#options.signal.aborted) {
      const reason = this.#options.signal.aborted ? 'cancelled' : (this.#stopped ?? '');
      for (const step of wave.steps)
        this.#outcomes.push({
          key: step.key,
          result: step.action === 'unchanged' ? 'unchanged' : 'skipped',
          reason,
          durationMs: 0,
        });
      return;
    }
    const effect = hasEffect(wave);
    if (effect) {
      const effective = this.#plan.waves.filter(hasEffect);
      const position = { index: effective.indexOf(wave), count: effective.length };
      this.#deps.onProgress?.({ kind: 'waveStarted', wave, ...position });
    }
    const context = this.#context();
    const outcomes = await mapBounded(wave.steps, PARALLEL_STEPS, async (step) => {
      const outcome =
        wave.phase === 'pre' || wave.phase === 'post'
          ? await this.#hook(step, context)
          : await applyStep(step, context);
      this.#outcomes.push(outcome);
      if (outcome.result !== 'unchanged') this.#deps.onProgress?.({ kind: 'stepDone', wave, outcome });
      return outcome;
    });
    const failed = outcomes.filter((outcome) => outcome.result === 'failed').length;
    if (effect) this.#refreshAfterDefinitions(wave);
    if (failed > 0 && wave.failureStops) {
      this.#stopped = `${wave.name} failed`;
    } else if (wave.waitForHealth && wave.phase === 'sync' && this.#workAfter(index)) {
      const failedIds = new Set(outcomes.flatMap(({ key, result }) => (result === 'failed' ? [formatKey(key)] : [])));
      await this.#wait(wave, failedIds);
    }
    // An earlier part of the same numbered wave failed: nothing after that wave may run.
    if (
      this.#stopped === undefined &&
      this.#lastOfNumber(index) &&
      this.#outcomes.some((outcome) => outcome.result === 'failed')
    ) {
      this.#stopped = `wave ${wave.number} failed`;
    }
    if (effect) this.#deps.onProgress?.({ kind: 'waveDone', wave, failed });
  }

  async #hook(step: Step, context: StepContext): Promise<StepOutcome> {
    const id = formatKey(step.key);
    const uid = this.#hooks(this.#stored.state).running?.find(({ key }) => formatKey(key) === id)?.uid;
    const outcome = await runHook(step, context, this.#deps.awaitHealthy, this.#options.waveTimeoutMs, {
      ...(uid === undefined ? {} : { startedUid: uid }),
      onStarted: async (started) => this.#noteHook(step.key, { uid: started, done: false }),
    });
    // Whoever takes over after a hook that was left running goes on with it.
    if (outcome.result === 'skipped') return outcome;
    const known = this.#hooks(this.#stored.state).running?.some(({ key }) => formatKey(key) === id) === true;
    // A hook that ran (a migration) must not run again when this process dies before the end; one that failed runs anew.
    if (outcome.result !== 'failed' || known) await this.#noteHook(step.key, { done: outcome.result !== 'failed' });
    return outcome;
  }

  /** What the state knows of the hooks of this very rendered set. */
  #hooks({ hooks }: ApplicationState): HookProgress {
    const { manifestDigest } = this.#plan;
    return hooks?.manifestDigest === manifestDigest ? hooks : { manifestDigest, done: [] };
  }

  async #noteHook(key: ObjectKey, { uid, done }: { readonly uid?: string; readonly done: boolean }): Promise<void> {
    await this.#write((state) => {
      const before = this.#hooks(state);
      const others = (before.running ?? []).filter((entry) => formatKey(entry.key) !== formatKey(key));
      return {
        ...state,
        hooks: {
          manifestDigest: before.manifestDigest,
          done: done ? [...before.done, key] : before.done,
          running: uid === undefined ? others : [...others, { key, uid }],
        },
      };
    });
  }

  async #runFailHooks(): Promise<void> {
    const context = this.#context();
    for (const step of this.#plan.failHooks) {
      this.#outcomes.push(await runHook(step, context, this.#deps.awaitHealthy, this.#options.waveTimeoutMs));
    }
  }

  async #wait(wave: Wave, without: ReadonlySet<string>): Promise<void> {
    this.#deps.onProgress?.({ kind: 'waveWaiting', wave });
    // Definitions that were there before hold nobody up; what needs a broken one fails by itself.
    const keys = wave.steps
      .filter((step) => wave.failureStops || step.action !== 'unchanged')
      .map((step) => step.key)
      .filter((key) => !without.has(formatKey(key)));
    const health = await this.#deps.awaitHealthy(keys, this.#options.waveTimeoutMs, this.#options.signal);
    if (health.healthy || this.#options.signal.aborted) return;
    if (wave.failureStops) this.#stopped = `${wave.name} did not become healthy`;
    for (const problem of health.problems) {
      const outcome: StepOutcome = {
        key: problem.key,
        result: 'failed',
        durationMs: this.#options.waveTimeoutMs,
        error: new EngineError(
          'NotHealthyInTime',
          `${describeKey(problem.key)} is not healthy (WaveTimeout): ${problem.message}`,
          {
            remedy: `what follows it waits for it; see evenkeel explain ${this.#plan.application}`,
          },
        ),
      };
      this.#outcomes.push(outcome);
      this.#deps.onProgress?.({ kind: 'stepDone', wave, outcome });
    }
  }

  /** New kinds are known to the server once their definitions are applied; the next look asks discovery anew. */
  #refreshAfterDefinitions(wave: Wave): void {
    const definitions = wave.steps.some(
      (step) => step.key.kind === 'CustomResourceDefinition' && step.action !== 'unchanged',
    );
    if (definitions) this.#deps.cluster.refresh();
  }

  /** What was deleted and is really gone leaves the inventory; the revision becomes current. */
  async #settle(complete: boolean): Promise<void> {
    const deleted = this.#plan.waves.flatMap((wave) =>
      wave.phase === 'prune' ? wave.steps.map((step) => step.key) : [],
    );
    const { state } = this.#stored;
    const wanted = new Set(this.#plan.inventory.map(formatKey));
    const candidates = state.inventory.filter(
      (key) => !wanted.has(formatKey(key)) || deleted.some((gone) => formatKey(gone) === formatKey(key)),
    );
    const gone = new Set(complete || deleted.length > 0 ? await this.#observeAbsence(candidates) : []);
    const handedOver = new Set(complete ? candidates.map(formatKey).filter((id) => !wanted.has(id)) : []);
    const inventory = state.inventory.filter((key) => {
      const id = formatKey(key);
      return !gone.has(id) && !handedOver.has(id);
    });
    const { number, commitId } = this.#options.revision;
    const current = { number, commitId, manifestDigest: this.#plan.manifestDigest, complete };
    const next: ApplicationState = { ...state, inventory, current };
    // Another commit with the same render is the same revision: nothing is worth a write.
    const { current: before } = state;
    const same =
      sameKeys(inventory, state.inventory) &&
      before?.manifestDigest === current.manifestDigest &&
      before.complete === complete;
    if (!same) await this.#write(() => next);
  }

  async #observeAbsence(keys: readonly ObjectKey[]): Promise<string[]> {
    const found = await mapBounded(keys, PARALLEL_STEPS, async (key) => {
      try {
        const live = await this.#deps.cluster.get({ group: key.group, version: '', kind: key.kind }, key);
        return live.state === 'absent' ? formatKey(key) : undefined;
      } catch {
        // Not being able to look is no absence: the key stays, the next pass looks again.
        return undefined;
      }
    });
    return found.filter((id) => id !== undefined);
  }

  /** One after the other: hooks of a wave run together, and each write needs the version of the one before it. */
  async #write(change: (state: ApplicationState) => ApplicationState): Promise<void> {
    const write = this.#lastWrite.then(async () => {
      this.#deps.gate?.();
      this.#stored = await writeState(this.#deps.home, this.#stored, { state: change(this.#stored.state) });
    });
    this.#lastWrite = write.catch(() => undefined);
    await write;
  }

  #context(): StepContext {
    return {
      cluster: this.#deps.cluster,
      clock: this.#deps.clock,
      signal: this.#options.signal,
      gate: () => {
        this.#options.signal.throwIfAborted();
        this.#deps.gate?.();
      },
      countWrite: () => {
        this.#writes += 1;
      },
    };
  }

  #lastOfNumber(index: number): boolean {
    const wave = this.#plan.waves[index];
    const next = this.#plan.waves[index + 1];
    return wave?.phase === 'sync' && (next === undefined || next.phase !== 'sync' || next.number !== wave.number);
  }

  #workAfter(index: number): boolean {
    return this.#plan.waves.slice(index + 1).some(hasEffect);
  }
}

function hasEffect(wave: Wave): boolean {
  return wave.steps.some((step) => step.action !== 'unchanged');
}

function unionKeys(left: readonly ObjectKey[], right: readonly ObjectKey[]): ObjectKey[] {
  return [...new Map([...left, ...right].map((key) => [formatKey(key), key])).values()].sort(compareKeys);
}

function sameKeys(left: readonly ObjectKey[], right: readonly ObjectKey[]): boolean {
  if (left.length !== right.length) return false;
  const ids = new Set(left.map(formatKey));
  return right.every((key) => ids.has(formatKey(key)));
}

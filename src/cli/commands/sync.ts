import { formatDuration } from '../../config/duration.ts';
import { EngineError, isEngineError } from '../../core/errors.ts';
import { describeKey } from '../../core/object-key.ts';
import type { ObjectHealth } from '../../core/health.ts';
import { withoutSubject } from '../../core/subject.ts';
import { awaitHealthy } from '../../controller/observe-health.ts';
import { reconcile, type Reconciled } from '../../controller/reconcile.ts';
import { registerApplication } from '../applications.ts';
import { openApplication, type CommandContext } from '../context.ts';
import { formatData, healthDocument, outcomeDocument, planDocument } from '../output/print-data.ts';
import { formatObjectHealth } from '../output/print-health.ts';
import { formatCounts } from '../output/print-plan.ts';
import { formatProgress } from '../output/print-progress.ts';
import { safeLine } from '../output/style.ts';
import { overridesOf, printPlan, type OverrideOptions } from './plan.ts';

export interface SyncOptions extends OverrideOptions {
  readonly file?: string;
  /** Digest of the plan that was reviewed. */
  readonly plan?: string;
  readonly wait: boolean;
  readonly timeoutMs: number;
}

/**
 * `evenkeel sync APP`: applies the plan and waits until everything is healthy. Exit 4 when it does not become healthy in time, 8 when
 * an object could not be applied, 7 when a guard stopped it.
 */
export async function syncCommand(context: CommandContext, name: string, options: SyncOptions): Promise<number> {
  const { application, document } = await openApplication(context, name, options.file);
  const engine = await context.engine();
  if (options.file !== undefined) await registerApplication(engine.home, application, document);
  const reconciled = await syncTogether(context, () =>
    reconcile(application, engine, {
      signal: context.signal,
      trigger: `person ${context.person}`,
      overrides: overridesOf(options),
      dryRunChanges: true,
      ...(options.plan === undefined ? {} : { approvedDigest: options.plan }),
      onPlan: (prepared) => {
        if (context.format === 'text') printPlan(context, prepared);
      },
      onProgress: (event) => {
        const line = context.format === 'text' ? formatProgress(event, context.terminal.errStyle) : undefined;
        if (line !== undefined) context.terminal.err(line);
      },
    }),
  );
  return finishSync(context, reconciled, options);
}

/** Failures that the end repeats; all of them stand above. */
const MOST_FAILURES = 10;
const MOST_TRIES = 5;
const PAUSE_MS = 1_000;

/** A controller may be at work on the same application: its write wins, and we look again at what is left to do. */
export async function syncTogether<T>(context: CommandContext, pass: () => Promise<T>): Promise<T> {
  const { clock } = await context.engine();
  for (let tries = 1; ; tries++) {
    try {
      return await pass();
    } catch (thrown) {
      if (!isEngineError(thrown, 'StateMoved') || tries >= MOST_TRIES) throw thrown;
      context.terminal.err('another process is syncing it too: looking again');
      await clock.sleep(PAUSE_MS, context.signal);
    }
  }
}

/** Waits for health, prints what came of it, and chooses the exit code. Shared with rollback. */
export async function finishSync(
  context: CommandContext,
  reconciled: Reconciled,
  options: { readonly wait: boolean; readonly timeoutMs: number; readonly why?: string },
): Promise<number> {
  const { application } = reconciled.prepared;
  const engine = await context.engine();
  let health: readonly ObjectHealth[] = reconciled.health;
  let inTime = true;
  if (reconciled.complete && options.wait && !isHealthy(health)) {
    const keys = reconciled.stored.state.inventory;
    const verdict = await awaitHealthy(application, keys, options.timeoutMs, engine, context.signal, {
      onHealth: (seen) => {
        health = seen;
      },
    });
    inTime = verdict.healthy;
  }
  const waiting = health.filter(({ health: { status } }) => status !== 'healthy' && status !== 'suspended');
  const why = options.why ?? `evenkeel explain ${reconciled.plan.application}`;
  printResult(context, reconciled, waiting, options.timeoutMs, why);
  if (reconciled.report.cancelled || context.signal.aborted) return new EngineError('Cancelled', '').exitCode;
  const failed = reconciled.report.failed[0];
  if (failed !== undefined) return failed.error?.exitCode ?? new EngineError('ApplyFailed', '').exitCode;
  if (!reconciled.complete) return new EngineError('ApplyFailed', '').exitCode;
  if (reconciled.plan.refusals.length > 0) return new EngineError('PlanRefused', '').exitCode;
  if (!inTime && options.wait) return new EngineError('NotHealthyInTime', '').exitCode;
  // What was asked for is not there: the last trusted commit is, and it is healthy.
  const { sourceProblem } = reconciled.prepared.revision;
  return isEngineError(sourceProblem, 'SourceUnverified') ? sourceProblem.exitCode : 0;
}

function isHealthy(health: readonly ObjectHealth[]): boolean {
  return health.every(({ health: { status } }) => status === 'healthy' || status === 'suspended');
}

function printResult(
  context: CommandContext,
  reconciled: Reconciled,
  waiting: readonly ObjectHealth[],
  timeoutMs: number,
  why: string,
): void {
  const { terminal } = context;
  if (context.format !== 'text') {
    terminal.out(
      formatData(
        {
          plan: planDocument(reconciled.plan),
          revision: reconciled.stored.state.current?.number,
          complete: reconciled.complete,
          writes: reconciled.report.writes,
          outcomes: reconciled.report.outcomes.filter(({ result }) => result !== 'unchanged').map(outcomeDocument),
          notHealthy: waiting.map(healthDocument),
        },
        context.format,
      ),
    );
    return;
  }
  const { style } = terminal;
  const { report, plan, stored } = reconciled;
  const revision = stored.state.current === undefined ? '' : ` revision ${stored.state.current.number},`;
  if (report.failed.length > 0) {
    terminal.out(
      `${style.red('✗')} ${plan.application}:${revision} ${report.failed.length} of ${report.outcomes.length} objects failed\n`,
    );
    for (const { key, error } of report.failed.slice(0, MOST_FAILURES)) {
      const subject = describeKey(key);
      terminal.out(`    ${subject}  ${safeLine(withoutSubject(error?.message ?? 'no reason given', subject), 300)}\n`);
    }
    const more = report.failed.length - MOST_FAILURES;
    if (more > 0) terminal.out(`    and ${more} more\n`);
    terminal.out(`  ${style.dim(`why: ${why}`)}\n`);
    return;
  }
  if (report.cancelled) {
    terminal.out(`${style.yellow('·')} ${plan.application}: cancelled; run sync again to go on\n`);
    return;
  }
  if (waiting.length > 0) {
    terminal.out(
      `${style.yellow('◌')} ${plan.application}:${revision} applied, not healthy${timeoutMs > 0 ? ` after ${formatDuration(timeoutMs)}` : ''}\n`,
    );
    for (const entry of waiting) terminal.out(`    ${formatObjectHealth(entry, style)}\n`);
    terminal.out(`  ${style.dim(`why: ${why}`)}\n`);
    return;
  }
  if (plan.refusals.length > 0) {
    terminal.out(`${style.yellow('◌')} ${plan.application}:${revision} ${formatCounts(plan)}; the rest is healthy\n`);
    terminal.out(`  ${style.dim(`why: ${why}`)}\n`);
    return;
  }
  terminal.out(
    `${style.green('✔')} ${plan.application}:${revision} ${formatCounts(plan)}, healthy (${report.writes} ${report.writes === 1 ? 'write' : 'writes'})\n`,
  );
}

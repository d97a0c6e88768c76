import { formatApplicationName, type Application } from '../core/application.ts';
import { isEngineError, messageOf } from '../core/errors.ts';
import type { ApplyEvent } from '../apply/apply-plan-ports.ts';
import { isEmptyPlan } from '../plan/build-plan.ts';
import type { Engine } from '../controller/engine.ts';
import type { Prepared } from '../controller/prepare.ts';
import { reconcile, type Reconciled } from '../controller/reconcile.ts';
import { parseRepositoryUrl } from '../sources/repository-url.ts';

export interface LoopEvents {
  /** A pass found something to do. */
  readonly onPlan?: (prepared: Prepared) => void;
  readonly onProgress?: (application: Application, event: ApplyEvent) => void;
  readonly onReconciled?: (result: Reconciled) => void;
  /** The same failure is told once, until it changes or ends. */
  readonly onFailure?: (application: Application, error: unknown) => void;
  readonly onRecovered?: (application: Application) => void;
}

/**
 * Looks at a set of applications again and again, one at a time; their Git hosts are asked at their own intervals. What one application
 * does wrong never stops another.
 */
export async function runLoop(
  listApplications: () => Promise<readonly Application[]>,
  engine: Engine,
  events: LoopEvents,
  options: { readonly signal: AbortSignal; readonly intervalMs: number },
): Promise<void> {
  const failures = new Map<string, string>();
  while (!options.signal.aborted) {
    await engine.clock.sleep(options.intervalMs, options.signal).catch(() => undefined);
    if (options.signal.aborted) return;
    let applications: readonly Application[];
    try {
      applications = await listApplications();
    } catch (thrown) {
      engine.logger.warn({ error: messageOf(thrown) }, 'applications not listed');
      continue;
    }
    for (const application of applications) {
      if (options.signal.aborted) return;
      if (application.suspended || application.sync.mode === 'manual') continue;
      await lookOnce(application, engine, events, failures, options.signal);
    }
  }
}

/** @returns whether its repository lies on this machine */
export function isLocal(application: Application): boolean {
  return parseRepositoryUrl(application.source.git.url).kind === 'local';
}

async function lookOnce(
  application: Application,
  engine: Engine,
  events: LoopEvents,
  failures: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const name = formatApplicationName(application.name);
  try {
    const result = await reconcile(application, engine, {
      signal,
      trigger: 'commit',
      // A folder of this machine may be asked at every look, a host only as often as the application says.
      maxAgeMs: isLocal(application) ? 0 : application.intervalMs,
      onPlan: (prepared) => {
        if (!isEmptyPlan(prepared.plan)) events.onPlan?.(prepared);
      },
      onProgress: (event) => events.onProgress?.(application, event),
    });
    if (!isEmptyPlan(result.plan)) events.onReconciled?.(result);
    // What is there was looked after; that the newest commit is not trusted has to be told all the same.
    const { sourceProblem } = result.prepared.revision;
    if (isEngineError(sourceProblem, 'SourceUnverified')) throw sourceProblem;
    if (failures.delete(name)) events.onRecovered?.(application);
  } catch (thrown) {
    if (signal.aborted) return;
    const text = isEngineError(thrown) ? `${thrown.code} ${thrown.message}` : messageOf(thrown);
    if (failures.get(name) === text) return;
    failures.set(name, text);
    events.onFailure?.(application, thrown);
  }
}

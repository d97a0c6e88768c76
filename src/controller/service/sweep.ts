import type { Clock } from '../../core/ports.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ApplicationView } from './application-view.ts';
import type { LiveView } from './live-view.ts';
import type { Schedule } from './schedule.ts';
import type { Tracked } from './tracked.ts';

export interface SweepOptions {
  readonly applications: ApplicationView;
  readonly view: LiveView;
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly random: () => number;
  readonly metrics?: Metrics;
  readonly signal: AbortSignal;
  /** Every application is looked at in full at least so often, whatever the watches say. */
  readonly resyncMs: number;
  /** Judges the health of what is troubled. */
  readonly judge: (tracked: Tracked) => void;
}

const SWEEP_MS = 10_000;

/** Looks for what no event asks for until the term ends: lost jobs, what failed, what is troubled, and once in a while everything. */
export async function sweep(options: SweepOptions): Promise<void> {
  const { clock, signal, applications, schedule, metrics, view } = options;
  const resyncAt = new Map<Tracked, number>();
  for (;;) {
    try {
      await clock.sleep(SWEEP_MS, signal);
    } catch {
      return;
    }
    if (schedule.closed) return;
    const counts = new Map<string, StateCount>();
    for (const tracked of applications.all()) {
      countState(tracked, counts);
      if (tracked.pass !== undefined) continue;
      if (tracked.wanted !== undefined) schedule.findLost(tracked);
      else if (isDue(tracked, resyncAt, options)) schedule.want(tracked, 'timer');
      else if (tracked.troubledSinceMs !== undefined) options.judge(tracked);
    }
    for (const tracked of resyncAt.keys()) if (applications.get(tracked.id) !== tracked) resyncAt.delete(tracked);
    metrics?.setApplications([...counts.values()]);
    metrics?.setStaleWatches(view.staleCount);
  }
}

/**
 * After an interval what did not get done is tried again, and what nobody may watch here (Secrets, or all with the least rights) is
 * looked at; what is watched comes by itself, and once in a while all the same.
 */
function isDue(
  tracked: Tracked,
  resyncAt: Map<Tracked, number>,
  { clock, random, resyncMs, view }: SweepOptions,
): boolean {
  const nowMs = clock.monotonic();
  const lastMs = tracked.lastPassMs ?? 0;
  const intervalMs = tracked.application?.intervalMs ?? Number.POSITIVE_INFINITY;
  const open = tracked.settled === undefined || !tracked.inventory.every((key) => view.sees(key));
  const overdue = open && tracked.application?.suspended !== true && nowMs - lastMs > intervalMs;
  let dueMs = resyncAt.get(tracked);
  if (dueMs === undefined) {
    dueMs = nowMs + resyncMs * (0.75 + random() / 2);
    resyncAt.set(tracked, dueMs);
  }
  if (nowMs >= dueMs) resyncAt.delete(tracked);
  return nowMs >= dueMs || overdue;
}

interface StateCount {
  readonly sync: string;
  readonly health: string;
  count: number;
}

function countState(tracked: Tracked, counts: Map<string, StateCount>): void {
  const sync = SYNC_METRIC[tracked.findings?.sync ?? 'Unknown'] ?? 'unknown';
  const health = tracked.health?.status ?? 'unknown';
  const entry = counts.get(`${sync} ${health}`) ?? { sync, health, count: 0 };
  entry.count += 1;
  counts.set(`${sync} ${health}`, entry);
}

const SYNC_METRIC: Readonly<Record<string, string>> = {
  Synced: 'synced',
  OutOfSync: 'outOfSync',
  Blocked: 'outOfSync',
  Failed: 'outOfSync',
  Suspended: 'suspended',
};

import type { FetchedCommit, Logger, TraceChecker } from '../../core/ports.ts';
import type { ApplicationView } from './application-view.ts';
import type { Schedule } from './schedule.ts';
import { generationOf, type Tracked } from './tracked.ts';

export interface NewCommitOptions {
  readonly applications: ApplicationView;
  readonly schedule: Schedule;
  readonly traces: TraceChecker;
  readonly logger: Logger;
}

/** Traces are checked in slices, so that timers and sockets have their turn. */
const SLICE = 100;

/**
 * A repository has a new commit: only those are looked at for which something that they read has changed. A pass that does not know yet
 * which commit it is about (it asked together with us) is waited for: mostly it is this one.
 */
export async function wantTouched(
  members: readonly string[],
  fetched: FetchedCommit,
  webhook: boolean,
  { applications, schedule, traces, logger }: NewCommitOptions,
): Promise<void> {
  let count = 0;
  let touched = 0;
  const commitId = fetched.commit.id;
  const look = async (id: string): Promise<void> => {
    const tracked = applications.get(id);
    if (tracked === undefined || schedule.closed) return;
    if (tracked.settled?.commitId === commitId || tracked.pass?.commitId === commitId) return;
    if (await stillSettled(tracked, fetched, traces)) return;
    touched += 1;
    schedule.want(tracked, webhook ? 'webhook' : 'timer', { supersede: commitId });
  };
  for (const id of members) {
    if (++count % SLICE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    const pass = applications.get(id)?.pass;
    if (pass === undefined || pass.commitId !== undefined) await look(id);
    else void pass.resolved.then(async () => look(id));
  }
  logger.info({ commit: commitId, applications: members.length, touched }, 'new commit');
}

/** Whether nothing that the last complete pass read is another in the new commit; then it holds for that commit too. */
async function stillSettled(tracked: Tracked, fetched: FetchedCommit, traces: TraceChecker): Promise<boolean> {
  const { settled } = tracked;
  if (settled === undefined || settled.generation !== generationOf(tracked.object)) return false;
  if (!(await traces.holds(fetched, settled.trace).catch(() => false))) return false;
  if (tracked.settled === settled) tracked.settled = { ...settled, commitId: fetched.commit.id };
  return true;
}

import { numberAt, own, stringAt, type Json } from '../core/json.ts';
import { readJson } from '../core/json-text.ts';
import type { PlanCounts } from '../core/plan.ts';
import type { Revision, RevisionOutcome } from '../core/revision.ts';

const OUTCOMES: ReadonlySet<string> = new Set([
  'synced',
  'failed',
  'refused',
  'rolledBack',
  'cancelled',
] satisfies RevisionOutcome[]);
const COUNTS = [
  'create',
  'update',
  'adopt',
  'recreate',
  'delete',
  'unchanged',
  'hooks',
] as const satisfies readonly (keyof PlanCounts)[];
const MAX_MESSAGE = 4000;

/** One line of JSON for a revision. */
export function writeRevision(revision: Revision): string {
  const message = revision.message;
  return JSON.stringify(
    message !== undefined && message.length > MAX_MESSAGE
      ? { ...revision, message: `${message.slice(0, MAX_MESSAGE)}…` }
      : revision,
  );
}

/** A revision out of a line; undefined when it is torn, or no revision. What it holds beyond the known fields is dropped. */
export function readRevision(line: string): Revision | undefined {
  let value: Json;
  try {
    value = readJson(line);
  } catch {
    return undefined;
  }
  const text = (name: string): string => stringAt(value, name) ?? '';
  const id = text('id');
  const number = numberAt(value, 'number');
  const application = text('application');
  const outcome = text('outcome');
  if (id === '' || application === '' || number === undefined || !OUTCOMES.has(outcome)) return undefined;
  const counts = own(value, 'counts');
  const health = stringAt(value, 'health');
  const message = stringAt(value, 'message');
  const key = stringAt(value, 'signedBy', 'key');
  const signedBy = key === undefined ? undefined : { signer: stringAt(value, 'signedBy', 'signer') ?? '', key };
  return {
    id,
    number,
    application,
    commitId: text('commitId'),
    commitSubject: text('commitSubject'),
    author: text('author'),
    ...(signedBy === undefined ? {} : { signedBy }),
    renderedDigest: text('renderedDigest'),
    planDigest: text('planDigest'),
    counts: Object.fromEntries(COUNTS.map((name) => [name, numberAt(counts, name) ?? 0])) as unknown as PlanCounts,
    outcome: outcome as RevisionOutcome,
    ...(health === undefined ? {} : { health }),
    trigger: text('trigger'),
    startedAt: text('startedAt'),
    finishedAt: text('finishedAt'),
    ...(message === undefined ? {} : { message }),
  };
}

/** How many of `revisions` (newest first) stay: at most `keep`, none that ended before `oldestMs`, but always the newest one. */
export function keptCount(revisions: readonly Revision[], keep: number, oldestMs: number | undefined): number {
  const byCount = Math.max(1, Math.min(keep, revisions.length));
  if (oldestMs === undefined) return Math.min(byCount, revisions.length);
  const firstOld = revisions.findIndex((revision, index) => {
    const endedMs = Date.parse(revision.finishedAt);
    return index > 0 && endedMs < oldestMs;
  });
  return Math.min(firstOld < 0 ? revisions.length : firstOld, byCount, revisions.length);
}

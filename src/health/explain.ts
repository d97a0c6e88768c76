import type { Health, HealthCause, HealthStatus, ObjectHealth } from '../core/health.ts';
import { describeKey, formatKey, type ObjectKey } from '../core/object-key.ts';
import { aggregateHealth } from './aggregate.ts';
import { parseTime } from './times.ts';

/** One object in the answer to "why is it not done yet?". */
export interface ExplainLink {
  readonly key: ObjectKey;
  /** Undefined for an object that is named, but not part of what was judged. */
  readonly health: Health | undefined;
  readonly sinceMs: number | undefined;
  /** How long it has been so. */
  readonly forMs: number | undefined;
  /** When waiting turns into failure. */
  readonly untilMs: number | undefined;
  /** How long until then; negative when it is past. */
  readonly leftMs: number | undefined;
  /** What this one waits for; empty at the root of the trouble. */
  readonly waitsFor: readonly ExplainLink[];
}

export interface Explanation {
  readonly done: boolean;
  readonly status: HealthStatus;
  readonly cause: HealthCause | undefined;
  /** One sentence. */
  readonly summary: string;
  /** What is not done, each with what it waits for, the worst first; at most `limit`. */
  readonly chains: readonly ExplainLink[];
  /** How many more there are. */
  readonly more: number;
  /** What to do, without repetition, the most urgent first. */
  readonly remedies: readonly string[];
  /** The earliest deadline of all. */
  readonly deadlineMs: number | undefined;
}

const DEPTH_LIMIT = 10;

/**
 * What waits for what, since when, until when, and what to do. An object that another one waits for is shown below that one and not again
 * by itself; circles are cut.
 */
export function explainHealth(objects: readonly ObjectHealth[], now: number, limit: number = 10): Explanation {
  const whole = aggregateHealth(objects);
  const byKey = new Map(objects.map((entry) => [formatKey(entry.key), entry.health]));
  const awaited = new Set(whole.problems.flatMap(({ health }) => (health.blockedBy ?? []).map(formatKey)));
  const heads = whole.problems.filter(({ key }) => !awaited.has(formatKey(key)));
  // In a circle everyone is awaited: then all of them are heads.
  const tops = (heads.length === 0 ? whole.problems : heads).filter(
    ({ health }) => health.status !== 'suspended' || whole.status === 'suspended',
  );
  const chains = tops.slice(0, limit).map(({ key }) => link(key, byKey, now, new Set()));
  const deadlines = whole.problems.flatMap(({ health }) => parseTime(health.deadline) ?? []);
  return {
    done: whole.status === 'healthy',
    status: whole.status,
    cause: whole.cause,
    summary: summarize(whole.status, chains[0], whole.message),
    chains,
    more: Math.max(0, tops.length - chains.length),
    remedies: [...new Set(whole.problems.flatMap(({ health }) => health.remedy ?? []))].slice(0, limit),
    deadlineMs: deadlines.length === 0 ? undefined : Math.min(...deadlines),
  };
}

function link(key: ObjectKey, byKey: ReadonlyMap<string, Health>, now: number, path: ReadonlySet<string>): ExplainLink {
  const id = formatKey(key);
  const health = byKey.get(id);
  const sinceMs = parseTime(health?.since);
  const untilMs = parseTime(health?.deadline);
  const seen = new Set([...path, id]);
  const next =
    seen.size >= DEPTH_LIMIT ? [] : (health?.blockedBy ?? []).filter((blocker) => !seen.has(formatKey(blocker)));
  return {
    key,
    health,
    sinceMs,
    forMs: sinceMs === undefined ? undefined : Math.max(0, now - sinceMs),
    untilMs,
    leftMs: untilMs === undefined ? undefined : untilMs - now,
    waitsFor: next.slice(0, 10).map((blocker) => link(blocker, byKey, now, seen)),
  };
}

function summarize(status: HealthStatus, first: ExplainLink | undefined, message: string): string {
  if (first === undefined) return message;
  let root = first;
  while (root.waitsFor[0] !== undefined) root = root.waitsFor[0];
  if (root === first) return message;
  const cause = root.health === undefined ? 'which is not there or was not looked at' : root.health.message;
  return `${describeKey(first.key)} is ${status} because of ${describeKey(root.key)}: ${cause}`;
}

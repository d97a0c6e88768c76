import { stringAt } from '../core/json.ts';
import type { Health } from '../core/health.ts';
import { type Condition, conditionsOf } from './conditions.ts';
import { isFresh, isStale } from './observed.ts';
import { describeDuration, formatTime, parseTime } from './times.ts';
import { asReason, verdict } from './verdict.ts';

/** How long a condition may be False before waiting counts as failure, for kinds that nobody wrote rules for. */
const DEADLINE_MS = 10 * 60_000;

/** Conditions that say "it works", in the order in which they are believed. */
const GOOD = ['Ready', 'Available', 'Healthy', 'Succeeded', 'Programmed', 'Accepted', 'Established', 'Synced'];
/** Conditions that say "it does not work" when they are True. */
const BAD = ['Stalled', 'Failed', 'Failure', 'Degraded', 'Error', 'Invalid', 'ReconcileError'];
const BUSY = ['Reconciling', 'Progressing', 'Updating', 'Creating'];

const PHASES: Readonly<Record<string, 'healthy' | 'degraded' | 'progressing' | 'suspended'>> = {
  active: 'healthy',
  available: 'healthy',
  bound: 'healthy',
  complete: 'healthy',
  completed: 'healthy',
  healthy: 'healthy',
  ready: 'healthy',
  running: 'healthy',
  succeeded: 'healthy',
  success: 'healthy',
  synced: 'healthy',
  degraded: 'degraded',
  error: 'degraded',
  failed: 'degraded',
  failure: 'degraded',
  invalid: 'degraded',
  unhealthy: 'degraded',
  paused: 'suspended',
  stopped: 'suspended',
  suspended: 'suspended',
};

/**
 * The rule for kinds without rules of their own, by the conventions of the API: generations, then Reconciling, Stalled and their
 * like, then a positive condition (True, else progressing until the deadline), then a phase. A kind that has a status but none of these is
 * healthy; one without any status is healthy too, because most kinds that nobody wrote rules for have none (`NoStatus`).
 */
export function assessGeneric(object: unknown, now: number): Health {
  if (isStale(object))
    return verdict('progressing', 'NotObserved', 'the controller has not seen the latest change yet');
  const conditions = conditionsOf(object);
  const generation = generationOf(object);
  const stale = conditions.find(
    (c) =>
      POSITIVE.has(c.type) &&
      c.observedGeneration !== undefined &&
      generation !== undefined &&
      c.observedGeneration < generation,
  );
  if (stale !== undefined) {
    return verdict('progressing', 'NotObserved', `condition ${stale.type} speaks of an older generation`, {
      since: timeOf(stale),
    });
  }
  const reconciling = trueOf(conditions, ['Reconciling']);
  if (reconciling !== undefined) return fromCondition('progressing', reconciling);
  const bad = trueOf(conditions, BAD);
  if (bad !== undefined) return fromCondition('degraded', bad);
  const good = GOOD.map((type) => conditions.find((condition) => condition.type === type)).find(
    (condition) => condition !== undefined,
  );
  if (good !== undefined) return good.status === 'True' ? fromCondition('healthy', good) : waiting(good, now);
  const busy = trueOf(conditions, BUSY);
  if (busy !== undefined) return fromCondition('progressing', busy);
  return byPhase(object);
}

const POSITIVE = new Set(GOOD);

function generationOf(object: unknown): number | undefined {
  const metadata =
    typeof object === 'object' && object !== null && Object.hasOwn(object, 'metadata')
      ? (object as { metadata?: unknown }).metadata
      : undefined;
  const value =
    typeof metadata === 'object' && metadata !== null && Object.hasOwn(metadata, 'generation')
      ? (metadata as { generation?: unknown }).generation
      : undefined;
  return typeof value === 'number' ? value : undefined;
}

function trueOf(conditions: readonly Condition[], types: readonly string[]): Condition | undefined {
  return conditions.find((condition) => condition.status === 'True' && types.includes(condition.type));
}

function timeOf(condition: Condition): string | undefined {
  return parseTime(condition.since) === undefined ? undefined : condition.since;
}

function textOf(condition: Condition): string {
  if (condition.message !== undefined && condition.message.trim() !== '') return condition.message;
  return `condition ${condition.type} is ${condition.status}`;
}

function fromCondition(status: 'healthy' | 'progressing' | 'degraded', condition: Condition): Health {
  const cause = status === 'degraded' ? 'release' : undefined;
  return verdict(status, asReason(condition.reason, condition.type), textOf(condition), {
    since: timeOf(condition),
    cause,
  });
}

function waiting(condition: Condition, now: number): Health {
  const began = parseTime(condition.since);
  const reason = asReason(condition.reason, condition.status === 'False' ? `Not${condition.type}` : 'Waiting');
  if (condition.status !== 'False' || began === undefined) {
    return verdict('progressing', reason, textOf(condition), { since: timeOf(condition) });
  }
  if (now >= began + DEADLINE_MS) {
    const message = `${textOf(condition)} (${condition.type} is False since ${describeDuration(now - began)})`;
    return verdict('degraded', reason, message, { since: condition.since, cause: 'release' });
  }
  return verdict('progressing', reason, textOf(condition), {
    since: condition.since,
    deadline: formatTime(began + DEADLINE_MS),
  });
}

function byPhase(object: unknown): Health {
  if (isFresh(object)) return verdict('healthy', 'NoStatus', 'it has no status to wait for');
  const phase = stringAt(object, 'status', 'phase') ?? stringAt(object, 'status', 'state');
  if (phase === undefined) return verdict('healthy', 'Current', 'its status names no condition to wait for');
  const status = Object.hasOwn(PHASES, phase.toLowerCase())
    ? (PHASES[phase.toLowerCase()] ?? 'progressing')
    : 'progressing';
  const message = stringAt(object, 'status', 'message') ?? `its phase is ${phase}`;
  return verdict(status, asReason(phase, 'Phase'), message, { cause: status === 'degraded' ? 'release' : undefined });
}

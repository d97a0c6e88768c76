import { ERRORS } from '../../core/errors.ts';
import { isJsonObject, jsonEqual, listAt, own, stringAt, type Json, type JsonObject } from '../../core/json.ts';
import { redactText } from '../../telemetry/redact.ts';
import { stateNameOf } from '../../apply/state-store.ts';
import type { SourceState } from './repository-polls.ts';
import { generationOf, isDeleting, type Findings, type HealthSummary, type Tracked } from './tracked.ts';

const MAX_MESSAGE = 1000;
const MAX_LINES = 10;
const MAX_LINE = 300;

type ConditionStatus = 'True' | 'False' | 'Unknown';

interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/**
 * What the status of an Application shall say, small whatever happens. Times that only say when something was looked at are not in it:
 * a pass that finds nothing new writes nothing.
 */
export function buildStatus(tracked: Tracked, source: SourceState, nowIso: string): JsonObject {
  const conditions = buildConditions(tracked, source);
  const { findings, health } = tracked;
  const problems = [...(findings?.problems ?? []), ...(health?.problems ?? [])].slice(0, MAX_LINES).map(line);
  const refusals = (findings?.refusals ?? []).slice(0, MAX_LINES);
  const generation = generationOf(tracked.object);
  return {
    observedGeneration: generation,
    conditions: conditions.map((condition) => dated(condition, tracked.object, generation, nowIso)),
    sync: tracked.problem === undefined ? (findings?.sync ?? 'Unknown') : 'Failed',
    health: healthWord(tracked, health),
    ...(findings?.commitId === undefined
      ? {}
      : { revision: findings.commitId.slice(0, 12), commit: findings.commitId }),
    ...(findings?.subject === undefined || findings.subject === '' ? {} : { subject: line(findings.subject) }),
    ...(findings?.number === undefined ? {} : { number: findings.number }),
    objects: tracked.inventory.length,
    inventory: stateNameOf(tracked.name),
    ...(findings?.plan === undefined ? {} : { plan: planOf(findings.plan) }),
    ...(refusals.length === 0
      ? {}
      : { refusals: refusals.map((refusal) => line(`${refusal.guard}: ${refusal.message} (${refusal.override})`)) }),
    ...(problems.length === 0 ? {} : { problems }),
    ...(tracked.blockedBy.length === 0 ? {} : { blockedBy: tracked.blockedBy.slice(0, 64).map(line) }),
    ...(tracked.history.length === 0 ? {} : { history: tracked.history.slice(0, 10).map((entry) => ({ ...entry })) }),
  };
}

/** The least that can be said when the whole does not fit. */
export function smallStatus(status: JsonObject): JsonObject {
  return { observedGeneration: status['observedGeneration'], conditions: status['conditions'] };
}

/** A merge patch that makes `before` into `after`; undefined when there is nothing to write. */
export function statusPatch(before: Json | undefined, after: JsonObject): JsonObject | undefined {
  const old = isJsonObject(before) ? before : {};
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(after)) {
    const value = after[key];
    if (value === undefined || jsonEqual(own(old, key), value)) continue;
    patch[key] = isJsonObject(value) ? withNulls(own(old, key), value) : value;
  }
  for (const key of Object.keys(old)) if (!Object.hasOwn(after, key)) patch[key] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function withNulls(before: Json | undefined, after: JsonObject): JsonObject {
  if (!isJsonObject(before)) return after;
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return gone.length === 0 ? after : { ...after, ...Object.fromEntries(gone.map((key) => [key, null])) };
}

function buildConditions(tracked: Tracked, source: SourceState): Condition[] {
  const { findings, health, problem, application } = tracked;
  if (problem !== undefined) {
    const message = text(problem.message, problem.remedy);
    return [
      { type: 'Ready', status: 'False', reason: 'InvalidSpec', message },
      { type: 'Synced', status: 'Unknown', reason: 'InvalidSpec', message: 'its specification cannot be understood' },
      { type: 'Healthy', status: 'Unknown', reason: 'InvalidSpec', message: 'its specification cannot be understood' },
      { type: 'Stalled', status: 'True', reason: 'InvalidSpec', message },
    ];
  }
  const synced = syncedCondition(findings);
  const healthy = healthyCondition(tracked, health);
  const sourceReady = sourceCondition(findings, source, application?.suspended === true);
  const stalled = stalledCondition(findings);
  return [readyCondition(tracked, synced, healthy, sourceReady), synced, healthy, sourceReady, stalled];
}

function readyCondition(tracked: Tracked, synced: Condition, healthy: Condition, source: Condition): Condition {
  const type = 'Ready';
  if (isDeleting(tracked)) return { type, status: 'False', reason: 'Deleting', message: synced.message };
  if (synced.status !== 'True') {
    const status = synced.reason === 'Pending' || synced.reason === 'Syncing' ? 'Unknown' : synced.status;
    return { type, status, reason: synced.reason, message: synced.message };
  }
  if (healthy.status !== 'True')
    return { type, status: healthy.status, reason: healthy.reason, message: healthy.message };
  // An old commit that runs well is ready; that nothing newer can be seen is said by SourceReady.
  const note = source.status === 'False' ? `; ${source.message}` : '';
  return { type, status: 'True', reason: 'Ready', message: text(`${synced.message}${note}`) };
}

function syncedCondition(findings: Findings | undefined): Condition {
  const type = 'Synced';
  if (findings === undefined)
    return { type, status: 'Unknown', reason: 'Pending', message: 'it was not looked at yet' };
  const message = text(findings.message, findings.error?.remedy);
  switch (findings.sync) {
    case 'Synced':
      return { type, status: 'True', reason: findings.reason, message };
    case 'Unknown':
    case 'Syncing':
    case 'Suspended':
      return { type, status: 'Unknown', reason: findings.reason, message };
    default:
      return { type, status: 'False', reason: findings.reason, message };
  }
}

function healthyCondition(tracked: Tracked, health: HealthSummary | undefined): Condition {
  const type = 'Healthy';
  if (health === undefined) return { type, status: 'Unknown', reason: 'Pending', message: 'nothing was looked at yet' };
  const message = text(health.message);
  if (health.status === 'healthy')
    return { type, status: 'True', reason: 'Healthy', message: healthyMessage(tracked.inventory.length) };
  const status = health.status === 'progressing' || health.status === 'unknown' ? 'Unknown' : 'False';
  return { type, status, reason: health.reason, message };
}

function sourceCondition(findings: Findings | undefined, source: SourceState, suspended: boolean): Condition {
  const type = 'SourceReady';
  const failed =
    source.error ??
    (findings?.error !== undefined && ERRORS[findings.error.code].stage === 'sources' ? findings.error : undefined);
  if (failed !== undefined)
    return { type, status: 'False', reason: failed.code, message: text(failed.message, failed.remedy) };
  if (source.commitId === undefined)
    return suspended
      ? { type, status: 'Unknown', reason: 'Suspended', message: 'it is suspended' }
      : { type, status: 'Unknown', reason: 'Pending', message: 'the repository was not asked yet' };
  // The newest commit is not named: it would be a write for each commit that changes nothing here.
  return { type, status: 'True', reason: 'Fetched', message: 'the repository answers' };
}

function stalledCondition(findings: Findings | undefined): Condition {
  const type = 'Stalled';
  const error = findings?.error;
  if (error !== undefined && findings?.sync === 'Failed' && error.retry !== 'backoff')
    return { type, status: 'True', reason: error.code, message: text(error.message, error.remedy) };
  return { type, status: 'False', reason: 'Progressing', message: 'it goes on by itself' };
}

function healthWord(tracked: Tracked, health: HealthSummary | undefined): string {
  if (tracked.problem !== undefined || health === undefined) return 'Unknown';
  return `${health.status.slice(0, 1).toUpperCase()}${health.status.slice(1)}`;
}

function planOf(plan: NonNullable<Findings['plan']>): JsonObject {
  const { create, update, adopt, recreate, delete: deletions, hooks } = plan.counts;
  return { digest: plan.digest, create, update, adopt, recreate, delete: deletions, hooks };
}

/** lastTransitionTime changes with the status alone, as the API conventions say. */
function dated(condition: Condition, object: Tracked['object'], generation: number, nowIso: string): JsonObject {
  const before = listAt(object, 'status', 'conditions').find((item) => stringAt(item, 'type') === condition.type);
  const since = stringAt(before, 'status') === condition.status ? stringAt(before, 'lastTransitionTime') : undefined;
  return {
    type: condition.type,
    status: condition.status,
    observedGeneration: generation,
    lastTransitionTime: since ?? nowIso,
    reason: /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/.test(condition.reason) ? condition.reason : 'Unknown',
    message: condition.message,
  };
}

function text(message: string, remedy?: string): string {
  const whole = remedy === undefined ? message : `${message}; ${remedy}`;
  const clean = redactText(whole).replaceAll(/[\u0000-\u001f\u007f]/g, ' ');
  return clean.length <= MAX_MESSAGE ? clean : `${clean.slice(0, MAX_MESSAGE - 1)}…`;
}

function line(message: string): string {
  const clean = redactText(message).replaceAll(/[\u0000-\u001f\u007f]/g, ' ');
  return clean.length <= MAX_LINE ? clean : `${clean.slice(0, MAX_LINE - 1)}…`;
}

function healthyMessage(count: number): string {
  if (count === 0) return 'it owns no objects';
  return count === 1 ? '1 object is healthy' : `${count} objects are healthy`;
}

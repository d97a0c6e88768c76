import { isJsonObject, own, stringAt, type Json, type JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../core/object-key.ts';
import { NO_OVERRIDES, type PlanOverrides } from '../../plan/guards.ts';

/** Annotations by which people ask for something; `kubectl annotate` and the HTTP API both write them. */
export const REFRESH = 'evenkeel.dev/refresh';
export const SYNC = 'evenkeel.dev/sync';
export const ROLLBACK = 'evenkeel.dev/rollback';
const APPROVE = 'evenkeel.dev/approve';

const MAX_TEXT = 4096;

export interface SyncRequest {
  readonly by: string;
  readonly overrides: PlanOverrides;
  /** Apply only the plan with this digest. */
  readonly plan?: string;
}

export interface RollbackRequest {
  readonly by: string;
  readonly to?: number;
  readonly overrides: PlanOverrides;
}

/** What people ask of one application now. */
export interface Requests {
  /** Any value: a new one asks the repository at once. */
  readonly refresh?: string;
  readonly sync?: SyncRequest;
  readonly rollback?: RollbackRequest;
  /** Digest of the plan that may be applied. */
  readonly approve?: string;
}

/**
 * Reads what people ask for. A sync is any text (who asks), or JSON: `{"by", "plan", "retry", "allowEmpty", "allowDeletions",
 * "confirmDelete": […], "adopt"}`; a rollback is a revision's number, `previous`, or JSON with `to`. Text that is none of it asks for nothing.
 */
export function readRequests(object: KubeObject): Requests {
  const annotations = own(object.metadata, 'annotations');
  const text = (name: string): string | undefined => {
    const value = stringAt(annotations, name);
    return value === undefined || value.length > MAX_TEXT ? undefined : value;
  };
  const refresh = text(REFRESH);
  const sync = text(SYNC);
  const rollback = text(ROLLBACK);
  const approve = text(APPROVE);
  const wantedRollback = rollback === undefined ? undefined : readRollback(rollback);
  return {
    ...(refresh === undefined ? {} : { refresh }),
    ...(sync === undefined ? {} : { sync: readSync(sync) }),
    ...(wantedRollback === undefined ? {} : { rollback: wantedRollback }),
    ...(approve === undefined ? {} : { approve: approve.trim() }),
  };
}

function readSync(text: string): SyncRequest {
  const value = parse(text);
  if (value === undefined) return { by: cut(text.trim()) || 'unknown', overrides: NO_OVERRIDES };
  const plan = stringAt(value, 'plan');
  return {
    by: cut(stringAt(value, 'by') ?? 'unknown'),
    overrides: readOverrides(value),
    ...(plan === undefined ? {} : { plan }),
  };
}

function readRollback(text: string): RollbackRequest | undefined {
  const value = parse(text);
  if (value === undefined) {
    const word = text.trim();
    if (word === 'previous') return { by: 'unknown', overrides: NO_OVERRIDES };
    return /^\d{1,9}$/.test(word) ? { by: 'unknown', to: Number(word), overrides: NO_OVERRIDES } : undefined;
  }
  const to = own(value, 'to');
  if (to !== undefined && !(typeof to === 'number' && Number.isSafeInteger(to) && to > 0)) return undefined;
  return {
    by: cut(stringAt(value, 'by') ?? 'unknown'),
    overrides: readOverrides(value),
    ...(typeof to === 'number' ? { to } : {}),
  };
}

function readOverrides(value: JsonObject): PlanOverrides {
  const confirm = own(value, 'confirmDelete');
  return {
    allowEmpty: own(value, 'allowEmpty') === true,
    allowDeletions: own(value, 'allowDeletions') === true,
    confirmDeletions: Array.isArray(confirm)
      ? confirm.filter((item: Json): item is string => typeof item === 'string').slice(0, 100)
      : [],
    retryHeld: own(value, 'retry') === true,
    adopt: own(value, 'adopt') === true,
  };
}

function parse(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 200);
}

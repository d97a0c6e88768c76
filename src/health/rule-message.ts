import type { HealthStatus } from '../core/health.ts';
import { isJsonObject, type Json, own } from '../core/json.ts';
import { conditionsOf } from './conditions.ts';
import type { Scope } from './match.ts';
import { compilePath, valueAt } from './paths.ts';

/** Fills the places of a message. */
export type MessageText = (scope: Scope) => string;

/**
 * A text with `{path}` places, read from what matched, else from the object; `{message}`, `{reason}` and `{value}` stand for the condition or the
 * value that matched.
 */
export function compileText(template: string): MessageText {
  const parts = template.split(/\{([^{}]+)\}/);
  if (parts.length === 1) return () => template;
  const readers = parts.map((part, index): MessageText => {
    if (index % 2 === 0) return () => part;
    if (part === 'value') return (scope) => show(scope.found?.value);
    const path = compilePath(part);
    if (part === 'message' || part === 'reason')
      return (scope) => scope.found?.condition?.[part] ?? show(valueAt(scope.found?.item, path));
    return (scope) => show(valueAt(scope.found?.item, path)) || show(valueAt(scope.object, path));
  });
  // What a controller left out leaves no colon behind.
  return (scope) =>
    readers
      .map((read) => read(scope))
      .join('')
      .trim()
      .replace(/^:\s*|\s*:$/g, '');
}

function show(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.slice(0, 5).map(show).join(', ');
  return typeof value === 'object' ? '' : value.toString();
}

const DEFAULT_MESSAGE: Readonly<Record<HealthStatus, string>> = {
  healthy: 'ready',
  progressing: 'its controller is still at work on it',
  degraded: 'its controller reports a failure',
  suspended: 'it was paused on purpose',
  missing: 'what it stands for does not exist',
  unknown: 'its state cannot be told from its status',
};

/** The rule's own words; else those of the condition that matched, of the status, of the value that matched, or what can be told from the rest. */
export function messageOf(text: MessageText | undefined, status: HealthStatus, scope: Scope, reason: string): string {
  const own = text?.(scope) ?? '';
  if (own !== '') return own;
  const { found } = scope;
  const condition = found?.condition;
  if (condition !== undefined) {
    if (condition.message !== undefined && condition.message.trim() !== '') return condition.message;
    return describe(condition);
  }
  const told = statusText(scope.object);
  if (told !== undefined) return told;
  const value = typeof found?.value === 'string' ? found.value : '';
  if (value !== '') return `its state is ${value === reason ? value : `'${value}'`}`;
  return (status === 'progressing' ? waitsFor(scope.object) : undefined) ?? DEFAULT_MESSAGE[status];
}

function describe({ type, status, reason }: { type: string; status: string; reason: string | undefined }): string {
  return `condition ${type} is ${status}${reason === undefined || reason === '' ? '' : ` (${reason})`}`;
}

/** The texts that controllers without conditions write. */
function statusText(object: unknown): string | undefined {
  const status = own(object, 'status');
  for (const key of ['message', 'reason', 'errorMessage', 'error', 'failureMessage', 'phaseReason', 'description']) {
    const value = own(status, key);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}

const POSITIVE = new Set(['Ready', 'Available', 'Healthy', 'Synced', 'Reconciled', 'Programmed', 'Accepted']);
const STATES = ['phase', 'state', 'currentState', 'status', 'health'];

/** Why something that no rule knows is not done: a condition that is not True yet, or the name of its state. */
function waitsFor(object: unknown): string | undefined {
  const open = conditionsOf(object).find(({ type, status }) => POSITIVE.has(type) && status !== 'True');
  if (open !== undefined) return (open.message ?? '').trim() === '' ? describe(open) : `${open.type}: ${open.message}`;
  const status = own(object, 'status');
  if (!isJsonObject(status)) return undefined;
  for (const key of STATES) {
    const value = own(status, key);
    if (typeof value === 'string' && value.trim() !== '') return `its ${key} is ${value}`;
  }
  return undefined;
}

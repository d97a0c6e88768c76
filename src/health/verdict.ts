import type { Health, HealthCause, HealthStatus } from '../core/health.ts';
import type { ObjectKey } from '../core/object-key.ts';

export interface VerdictDetails {
  readonly cause?: HealthCause | undefined;
  readonly blockedBy?: readonly ObjectKey[] | undefined;
  readonly deadline?: string | undefined;
  readonly since?: string | undefined;
  readonly remedy?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
}

const MESSAGE_LIMIT = 600;

/** A verdict without the details that are undefined or empty. The message becomes one line of at most 600 characters. */
export function verdict(status: HealthStatus, reason: string, message: string, details: VerdictDetails = {}): Health {
  return {
    status,
    reason,
    message: oneLine(message),
    ...(details.cause === undefined ? {} : { cause: details.cause }),
    ...(details.blockedBy === undefined || details.blockedBy.length === 0 ? {} : { blockedBy: details.blockedBy }),
    ...(details.deadline === undefined ? {} : { deadline: details.deadline }),
    ...(details.since === undefined ? {} : { since: details.since }),
    ...(details.remedy === undefined ? {} : { remedy: details.remedy }),
    ...(details.warnings === undefined || details.warnings.length === 0 ? {} : { warnings: details.warnings }),
  };
}

/** The same verdict with other details; those given as undefined stay as they were. */
export function amend(health: Health, details: VerdictDetails & { readonly message?: string | undefined }): Health {
  return verdict(health.status, health.reason, details.message ?? health.message, {
    cause: details.cause ?? health.cause,
    blockedBy: details.blockedBy ?? health.blockedBy,
    deadline: details.deadline ?? health.deadline,
    since: details.since ?? health.since,
    remedy: details.remedy ?? health.remedy,
    warnings: details.warnings ?? health.warnings,
  });
}

/** Control characters and line breaks become spaces; a long text is cut, never in the middle of a surrogate pair. */
export function oneLine(text: string, limit: number = MESSAGE_LIMIT): string {
  const flat = SIMPLE.test(text)
    ? text
    : text
        .slice(0, limit * 4)
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .trim();
  if (flat.length <= limit) return flat;
  const cut = flat.slice(0, limit - 1);
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const SIMPLE = /^[!-~](?:[ -~]*[!-~])?$/;

/** A reason as machines read it: CamelCase letters and digits; anything else from a status is made so. */
export function asReason(text: string | undefined, fallback: string): string {
  if (text === undefined || text === '') return fallback;
  if (/^[A-Za-z][A-Za-z0-9]{0,79}$/.test(text)) return upperFirst(text);
  const words = text
    .slice(0, 200)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const joined = words.slice(0, 8).map(upperFirst).join('').slice(0, 80);
  return /^[A-Za-z]/.test(joined) ? joined : fallback;
}

function upperFirst(word: string): string {
  const lower = /^[A-Z0-9_]+$/.test(word) && word.length > 3 ? word.toLowerCase() : word;
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

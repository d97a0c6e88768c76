import { EngineError, type ErrorCode } from '../core/errors.ts';
import type { ApiStatus, StatusCause } from './api-status.ts';
import { cleanText, safeCause, safeMessage } from './error-text.ts';
import { isImmutableRefusal } from './immutable-fields.ts';

/** What a request was about, for messages and for the rules that depend on the kind. */
export interface RequestSubject {
  /** `Deployment shop/web`, `the list of Pods`, `discovery`. */
  readonly subject: string;
  /** `could not be applied`. */
  readonly failed: string;
  readonly group: string;
  readonly kind: string;
  /** The name in the path; '' for collections. */
  readonly name: string;
}

/** A field of another manager that stands in the way. */
export interface ConflictingField {
  readonly manager: string;
  readonly field: string;
}

/**
 * The answer of an API server as a typed error. The code follows from the HTTP status, `Status.reason` and the structured causes, never
 * from free text. `data`: status, reason, causes ({reason, field, message}), conflicts ({manager, field}) for FieldConflict.
 */
export function apiError(status: ApiStatus, about: RequestSubject): EngineError {
  const secret = about.kind === 'Secret';
  const code = codeOf(status, about);
  const reason = status.reason === '' ? `HTTP ${status.code}` : status.reason;
  const conflicts = code === 'FieldConflict' ? conflictsOf(status.causes) : undefined;
  const message = conflicts === undefined ? whyOf(safeMessage(status, secret), about) : describeConflicts(conflicts);
  const remedy = remedyOf(code, status, conflicts);
  return new EngineError(code, `${about.subject} ${about.failed} (${reason})${message === '' ? '' : `: ${message}`}`, {
    ...(remedy === undefined ? {} : { remedy }),
    data: {
      status: status.code,
      reason: status.reason,
      ...(status.name === '' ? {} : { detailsName: status.name, detailsKind: status.kind, detailsGroup: status.group }),
      ...(status.causes.length === 0
        ? {}
        : {
            causes: status.causes.slice(0, 100).map((cause) => ({
              reason: cause.reason,
              field: cleanText(cause.field, 200),
              message: safeCause(cause, secret),
            })),
          }),
      ...(conflicts === undefined ? {} : { conflicts }),
      ...(status.retryAfterSeconds === undefined ? {} : { retryAfterMs: status.retryAfterSeconds * 1000 }),
    },
  });
}

/** A server's messages begin with the object and its verdict, which the subject and the reason say already. */
function whyOf(message: string, about: RequestSubject): string {
  const [, name, why] = /^\S+ "([^"]{1,256})" is (?:invalid|forbidden): ([^]+)$/.exec(message) ?? [];
  return name === about.name && why !== undefined ? why : message;
}

/** Whether a 404 says that this very object is not there (a proxy, or a kind that is gone, answers 404 too). */
export function saysObjectAbsent(status: ApiStatus, name: string, plural: string): boolean {
  return (
    status.code === 404 &&
    status.structured &&
    status.reason === 'NotFound' &&
    status.name === name &&
    // "namespaces not found" about another kind says that its namespace is missing, which a read never answers.
    (status.kind !== 'namespaces' || plural === 'namespaces')
  );
}

/** An apply whose object does not fit the kind is answered with 500 and no reason at all; only the wording tells it from a failure of the server. */
const UNREADABLE_OBJECT =
  /^failed to (?:create typed|convert) (?:patch|new|live)? ?object|: field not declared in schema$/;

function codeOf(status: ApiStatus, about: RequestSubject): ErrorCode {
  switch (status.code) {
    case 401:
      return 'ClusterDenied';
    case 403:
      return status.causes.some((cause) => cause.reason === 'NamespaceTerminating')
        ? 'ClusterRejected'
        : 'ClusterDenied';
    case 404:
      return status.structured && status.name !== '' ? 'ObjectNotFound' : 'KindUnknown';
    case 409:
      return status.causes.some((cause) => cause.reason === 'FieldManagerConflict')
        ? 'FieldConflict'
        : 'ObjectConflict';
    case 410:
      return 'WatchExpired';
    case 422:
      return isImmutableRefusal(status, about) ? 'FieldImmutable' : 'ClusterRejected';
    case 408:
    case 429:
      return 'ClusterBusy';
    case 500:
      return status.reason === '' && UNREADABLE_OBJECT.test(status.message) ? 'ClusterRejected' : 'ClusterBusy';
    default:
      return status.code >= 500 ? 'ClusterBusy' : 'ClusterRejected';
  }
}

/** The manager's name stands only in the text of the cause: `conflict with "NAME" using apps/v1`. The name is shown, nothing is decided by it. */
function conflictsOf(causes: readonly StatusCause[]): readonly ConflictingField[] {
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => ({
      manager: cleanText(/^conflict with "([^"]{1,256})"/.exec(cause.message)?.[1] ?? 'another manager', 128),
      field: cleanText(cause.field, 200),
    }));
}

function describeConflicts(conflicts: readonly ConflictingField[]): string {
  const byManager = new Map<string, string[]>();
  for (const { manager, field } of conflicts) {
    const fields = byManager.get(manager) ?? [];
    fields.push(field);
    byManager.set(manager, fields);
  }
  const parts = [...byManager].map(([manager, fields]) => {
    const shown = fields.slice(0, 5).join(', ');
    return `${manager} owns ${fields.length > 5 ? `${shown} and ${fields.length - 5} more` : shown}`;
  });
  return cleanText(parts.join('; '), 1000);
}

function remedyOf(
  code: ErrorCode,
  status: ApiStatus,
  conflicts: readonly ConflictingField[] | undefined,
): string | undefined {
  if (status.code === 401) return 'check the credentials of the kubeconfig: the server does not accept them';
  switch (code) {
    case 'ClusterDenied':
      return 'grant the verb to this identity, or read what the admission rule asks for';
    case 'FieldConflict':
      return `remove the field from Git, let ${conflicts?.[0]?.manager ?? 'the other manager'} give it up, or set conflicts: force`;
    case 'FieldImmutable':
      return 'restore the old value, or let the object be replaced with immutable: replace';
    case 'KindUnknown':
      return 'install the CRD or the API that serves this kind';
    case 'ClusterBusy':
      return 'the server is overloaded or one of its webhooks is down; this is tried again';
    default:
      return undefined;
  }
}

import type { JsonObject, MutableJson, MutableJsonObject } from '../core/json.ts';

/** One field that is wrong, as a Status carries it. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** An answer other than success: becomes a `Status` object. Reasons and messages are those of the API server. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toJson(): JsonObject {
    const status: MutableJsonObject = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
    };
    if (this.reason !== '') status['reason'] = this.reason;
    if (this.details !== undefined) status['details'] = JSON.parse(JSON.stringify(this.details)) as MutableJson;
    status['code'] = this.code;
    return status;
  }
}

/** Which resource an error speaks of. */
export interface Subject {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

function qualified(name: string, group: string): string {
  return group === '' ? name : `${name}.${group}`;
}

function detailsOf(subject: Subject, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(subject.group === '' ? {} : { group: subject.group }),
    kind: subject.plural,
  };
}

export function notFound(subject: Subject, name: string): ApiError {
  const text = `${qualified(subject.plural, subject.group)} ${JSON.stringify(name)} not found`;
  return new ApiError(404, 'NotFound', text, detailsOf(subject, name));
}

export function pathNotFound(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(subject: Subject, name: string): ApiError {
  const text = `${qualified(subject.plural, subject.group)} ${JSON.stringify(name)} already exists`;
  return new ApiError(409, 'AlreadyExists', text, detailsOf(subject, name));
}

export function conflict(subject: Subject, name: string, why: string): ApiError {
  const text = `Operation cannot be fulfilled on ${qualified(subject.plural, subject.group)} ${JSON.stringify(name)}: ${why}`;
  return new ApiError(409, 'Conflict', text, detailsOf(subject, name));
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(subject: Subject, name: string, why: string): ApiError {
  const what =
    name === ''
      ? qualified(subject.plural, subject.group)
      : `${qualified(subject.plural, subject.group)} ${JSON.stringify(name)}`;
  return new ApiError(403, 'Forbidden', `${what} is forbidden: ${why}`, detailsOf(subject, name));
}

/** A field that validation refuses; `value` is Go's text of the value, where the kind of problem shows one. */
export interface FieldProblem {
  readonly field: string;
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong'
    | 'FieldValueTypeInvalid'
    | 'FieldValueTooMany'
    | 'FieldValueNotFound';
  readonly message: string;
}

export function invalid(subject: Subject, name: string, problems: readonly FieldProblem[]): ApiError {
  const texts = [...new Set(problems.map((problem) => `${problem.field}: ${problem.message}`))];
  const all = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  return new ApiError(
    422,
    'Invalid',
    `${qualified(subject.kind, subject.group)} ${JSON.stringify(name)} is invalid: ${all}`,
    {
      ...(name === '' ? {} : { name }),
      ...(subject.group === '' ? {} : { group: subject.group }),
      kind: subject.kind,
      causes: problems.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: '', message }],
  });
}

export function methodNotAllowed(method: string): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    `the server does not allow this method on the requested resource (${method})`,
    {},
  );
}

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

export function unsupportedMediaType(message: string): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** Something that the real API server does and the sandbox does not. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `the embedded API server does not support ${what}`);
}

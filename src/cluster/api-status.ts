import { isJsonObject, listAt, numberAt, stringAt } from '../core/json.ts';
import { readJson } from '../core/json-text.ts';

/** One cause of a failed request as the API server lists it. */
export interface StatusCause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** A `v1.Status` answer, reduced to what the engine reads. Absent fields are ''. */
export interface ApiStatus {
  /** The HTTP status. */
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** Of the object that the server speaks of; '' when it speaks of none. */
  readonly name: string;
  readonly group: string;
  /** The server writes the plural here. */
  readonly kind: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds: number | undefined;
  /** Whether a Status object was sent at all; a proxy or another server answers otherwise. */
  readonly structured: boolean;
}

/** Reads the body of a failed answer; anything that is no Status becomes one with the text as its message. Never throws. */
export function parseStatus(code: number, body: string): ApiStatus {
  let value: unknown;
  try {
    value = readJson(body);
  } catch {
    value = undefined;
  }
  return statusOf(code, value, body);
}

/** The same for an already parsed value (the ERROR event of a watch). */
export function statusOf(code: number, value: unknown, text = ''): ApiStatus {
  if (!isJsonObject(value) || stringAt(value, 'kind') !== 'Status') {
    const message = text.startsWith('<') ? 'the answer is a web page, not a Kubernetes status' : text;
    return {
      code,
      reason: '',
      message,
      name: '',
      group: '',
      kind: '',
      causes: [],
      retryAfterSeconds: undefined,
      structured: false,
    };
  }
  return {
    code: numberAt(value, 'code') ?? code,
    reason: stringAt(value, 'reason') ?? '',
    message: stringAt(value, 'message') ?? '',
    name: stringAt(value, 'details', 'name') ?? '',
    group: stringAt(value, 'details', 'group') ?? '',
    kind: stringAt(value, 'details', 'kind') ?? '',
    causes: listAt(value, 'details', 'causes').map((cause) => ({
      reason: stringAt(cause, 'reason') ?? '',
      field: stringAt(cause, 'field') ?? '',
      message: stringAt(cause, 'message') ?? '',
    })),
    retryAfterSeconds: numberAt(value, 'details', 'retryAfterSeconds'),
    structured: true,
  };
}

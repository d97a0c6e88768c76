import type { ApiStatus, StatusCause } from './api-status.ts';

const CAUSE_LENGTH = 300;
const MESSAGE_LENGTH = 1000;

/** What validation says without quoting what it looked at; anything else about a Secret may hold its data. */
const HARMLESS =
  /(?:(?<=: )\.[\w.[\]"=-]{1,200}: field not declared in schema|field is immutable(?: when `immutable` is set)?|may not change once set|Required value|Too long: [\w\s]{1,60}|Not found|conflict with "[^"\n]{1,128}"(?: with subresource "\w+")?(?: using \S{1,80})?(?: at [\dTZ:+-]{1,40})?|exceeded quota: [\w.-]{1,253}(?:, [\w./=:, ]{1,400})?)$/;

/**
 * The server's message as people may see it: one line, cut, control characters out, dumps of whole objects cut off. Of a Secret nothing is
 * quoted but what cannot hold its data.
 */
export function safeMessage(status: ApiStatus, secret: boolean): string {
  if (secret) return secretMessage(status);
  const text =
    status.causes.length > 0 && status.message.length > MESSAGE_LENGTH
      ? status.causes.map((cause) => `${cause.field}: ${safeCause(cause, false)}`).join('; ')
      : firstLine(status.message);
  return cut(text, MESSAGE_LENGTH);
}

/** One cause, likewise. */
export function safeCause(cause: StatusCause, secret: boolean): string {
  if (secret) return harmless(cause.message) ?? 'details are withheld because the object is a Secret';
  return cut(firstLine(cause.message), CAUSE_LENGTH);
}

/** Any text from outside on one line without control characters. */
export function cleanText(text: string, length: number): string {
  return cut(text.replaceAll(/\s*[\r\n]\s*/g, ' '), length);
}

function secretMessage(status: ApiStatus): string {
  if (status.causes.length > 0) {
    return cut(
      status.causes.map((cause) => `${fieldOnly(cause.field)}: ${safeCause(cause, true)}`).join('; '),
      MESSAGE_LENGTH,
    );
  }
  if (
    status.reason === 'Forbidden' &&
    /^secrets "[^"\s]{1,253}" is forbidden: User "[^"\s]{1,500}" cannot \w{1,40} resource "secrets"/.test(
      status.message,
    )
  ) {
    return cut(firstLine(status.message), MESSAGE_LENGTH);
  }
  if (status.reason === 'NotFound' || status.reason === 'AlreadyExists' || status.reason === 'Conflict') {
    return `the server answers ${status.reason} for "${cut(status.name, 253)}"`;
  }
  return harmless(status.message) ?? 'details are withheld because the object is a Secret';
}

function fieldOnly(field: string): string {
  return cut(firstLine(field), 200);
}

function harmless(message: string): string | undefined {
  const match = HARMLESS.exec(firstLine(message));
  return match === null ? undefined : match[0];
}

/** Validation of pods and claims appends dumps of both objects after the first line. */
function firstLine(text: string): string {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text : text.slice(0, end);
}

function cut(text: string, length: number): string {
  const printable = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
  return printable.length > length ? `${printable.slice(0, length)}…` : printable;
}

import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import { cleanText } from './error-text.ts';

/** Whether the server can have seen a request that failed: a write is sent again only when it cannot. */
export type Sent = 'no' | 'maybe';

const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|UNABLE_TO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;

export interface NetworkFailure {
  readonly error: EngineError;
  readonly sent: Sent;
  /** Whether another try can help. */
  readonly transient: boolean;
}

/** Types what undici or Node threw while a request was under way. */
export function networkFailure(
  thrown: unknown,
  about: { readonly subject: string; readonly failed: string; readonly server: string },
): NetworkFailure {
  if (isEngineError(thrown)) return { error: thrown, sent: 'no', transient: false };
  const code = codeOf(thrown);
  const tls = TLS_CODE.test(code);
  const sent: Sent = NEVER_SENT.has(code) || tls ? 'no' : 'maybe';
  const reason = tls ? 'TlsFailed' : code.includes('TIMEOUT') ? 'Timeout' : code === '' ? 'ConnectionFailed' : code;
  return {
    error: new EngineError(
      'ClusterUnreachable',
      `${about.subject} ${about.failed} (${reason}): ${about.server}: ${cleanText(causeText(thrown), 300)}`,
      { cause: thrown, remedy: remedyOf(code, tls), data: { reason, sent } },
    ),
    sent,
    transient: !tls,
  };
}

export function timeoutError(
  about: { readonly subject: string; readonly failed: string; readonly server: string },
  timeoutMs: number,
): EngineError {
  return new EngineError(
    'ClusterUnreachable',
    `${about.subject} ${about.failed} (Timeout): ${about.server} did not answer within ${timeoutMs} ms`,
    {
      remedy: 'check that the API server is up and not overloaded',
      data: { reason: 'Timeout', sent: 'maybe' },
    },
  );
}

/** What an aborted signal stands for: its own typed reason, or Cancelled. */
export function abortError(
  signal: AbortSignal | undefined,
  about: { readonly subject: string; readonly failed: string },
): EngineError {
  const reason: unknown = signal?.reason;
  if (isEngineError(reason)) return reason;
  return new EngineError('Cancelled', `${about.subject} ${about.failed} (Cancelled): the request was stopped`, {
    cause: reason,
  });
}

function codeOf(thrown: unknown): string {
  for (let error: unknown = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (error instanceof AggregateError && error.errors.length > 0) {
      const inner = codeOf(error.errors[0]);
      if (inner !== '') return inner;
    }
    const code = (error as { readonly code?: unknown }).code;
    if (typeof code === 'string' && code !== '') return code;
  }
  return '';
}

function causeText(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  const text = messageOf(thrown);
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? messageOf(thrown.cause) : '';
  return cause === '' || cause === text ? text : `${text}: ${cause}`;
}

function remedyOf(code: string, tls: boolean): string {
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED')
    return 'compare the clock of this machine with the dates of the certificate';
  if (tls) return 'check certificate-authority and tls-server-name of the kubeconfig';
  return 'check the server address of the kubeconfig and that the API server is up';
}

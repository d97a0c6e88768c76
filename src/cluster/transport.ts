import { Agent, ProxyAgent, type Dispatcher } from 'undici';

import { EngineError } from '../core/errors.ts';
import type { Clock, Logger } from '../core/ports.ts';
import { parseStatus, type ApiStatus } from './api-status.ts';
import { backoffMs, retryAfterMs } from './backoff.ts';
import { ConcurrencyLimiter } from './concurrency-limiter.ts';
import type { AuthMaterial, ClusterConnection } from './connection.ts';
import { exchange, ExchangeStopped } from './exchange.ts';
import { abortError, networkFailure, timeoutError } from './network-errors.ts';

/** When a request may be sent again after it may have been seen: reads and idempotent writes yes, others only when surely unseen. */
export type RetryRule = 'idempotent' | 'unsent';

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly signal?: AbortSignal | undefined;
  /** For one attempt, answer and body together. */
  readonly timeoutMs?: number;
  readonly retry: RetryRule;
  readonly subject: string;
  readonly failed: string;
  /** Called before every attempt; throws when this process may not write any more. Its signal ends the request. */
  readonly gate?: (() => AbortSignal | undefined) | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface StreamResponse extends Omit<TransportResponse, 'text'> {
  readonly body: AsyncIterable<Uint8Array> & { destroy(error?: Error): void };
}

/** What happened to one attempt, for metrics. */
export interface RequestReport {
  readonly method: string;
  readonly path: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
  readonly attempt: number;
}

export interface TransportOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly logger?: Logger | undefined;
  /** Connections, and so requests under way, to this server at most. */
  readonly maxConnections?: number;
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  readonly maxResponseBytes?: number;
  readonly userAgent?: string;
  readonly onRequest?: ((report: RequestReport) => void) | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const RETRY_BASE_MS = 200;
const RETRY_CAP_MS = 10_000;
const RETRY_AFTER_CAP_MS = 60_000;
const RETRIED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * HTTP to one API server as one identity: a bounded keep-alive pool, credentials, limits, time-outs and retries. Answers of any status
 * come back as values; what never answered throws.
 */
export class Transport {
  readonly connection: ClusterConnection;
  readonly #origin: string;
  readonly #basePath: string;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #logger: Logger | undefined;
  readonly #limiter: ConcurrencyLimiter;
  readonly #maxConnections: number;
  readonly #timeoutMs: number;
  readonly #maxAttempts: number;
  readonly #maxResponseBytes: number;
  readonly #userAgent: string;
  readonly #onRequest: ((report: RequestReport) => void) | undefined;
  readonly #closing = new AbortController();
  #pool: Dispatcher | undefined;
  #streams: Dispatcher | undefined;
  #certificate: AuthMaterial['clientCertificate'];

  constructor(connection: ClusterConnection, options: TransportOptions) {
    const url = new URL(connection.server);
    this.connection = connection;
    this.#origin = url.origin;
    this.#basePath = url.pathname === '/' ? '' : url.pathname;
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
    this.#logger = options.logger;
    this.#maxConnections = options.maxConnections ?? 32;
    this.#limiter = new ConcurrencyLimiter({
      initial: this.#maxConnections,
      max: this.#maxConnections,
      monotonic: () => options.clock.monotonic(),
    });
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#maxAttempts = options.maxAttempts ?? 6;
    this.#maxResponseBytes = options.maxResponseBytes ?? 256 * 1024 * 1024;
    this.#userAgent = options.userAgent ?? 'evenkeel';
    this.#onRequest = options.onRequest;
  }

  /** The present number of requests that may be under way; falls when the server says that it is busy. */
  get concurrency(): number {
    return this.#limiter.limit;
  }

  /** Sends a request until it has a final answer. @throws EngineError ClusterUnreachable, ClusterDenied, Cancelled, or what the gate throws */
  async send(request: TransportRequest): Promise<TransportResponse> {
    let refreshed = false;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request, attempt);
      if (outcome.kind === 'answer') {
        const { response, material } = outcome;
        if (response.status === 401 && !refreshed && this.connection.credentials.reject(material)) {
          refreshed = true;
          continue;
        }
        const waitMs = this.#waitAfterAnswer(request, response, attempt);
        if (waitMs === undefined) return response;
        await this.#pause(request, waitMs, attempt, `HTTP ${response.status}`);
        continue;
      }
      const { failure } = outcome;
      const again =
        failure.transient && (failure.sent === 'no' || request.retry === 'idempotent') && attempt < this.#maxAttempts;
      if (!again) throw failure.error;
      const waitMs = backoffMs(attempt - 1, { baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS, random: this.#random });
      await this.#pause(request, waitMs, attempt, String(failure.error.data['reason']));
    }
  }

  /** Opens a stream (a watch). Its connections do not count against the limit; no retries. @throws EngineError */
  async stream(
    request: Omit<TransportRequest, 'retry' | 'body' | 'gate'> & { readonly idleMs: number },
  ): Promise<StreamResponse> {
    const about = { subject: request.subject, failed: request.failed, server: this.connection.server };
    if (this.#closing.signal.aborted) throw this.#closedError(request);
    const startedMs = this.#clock.monotonic();
    let status = 0;
    try {
      for (let refreshed = false; ; refreshed = true) {
        const material = await this.#material();
        const response = await this.#dispatcher('stream', material).request({
          origin: this.#origin,
          path: this.#basePath + request.path,
          method: request.method,
          headers: this.#headers(request, material),
          headersTimeout: request.timeoutMs ?? this.#timeoutMs,
          bodyTimeout: request.idleMs,
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        });
        status = response.statusCode;
        if (status === 401 && !refreshed && this.connection.credentials.reject(material)) {
          await response.body.dump();
          continue;
        }
        return { status, headers: response.headers, body: response.body };
      }
    } catch (thrown) {
      if (request.signal?.aborted === true) throw abortError(request.signal, about);
      throw networkFailure(thrown, about).error;
    } finally {
      this.#report(request, status, startedMs, 1);
    }
  }

  /** Stops everything that is under way. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const pools = [this.#pool, this.#streams];
    this.#pool = undefined;
    this.#streams = undefined;
    await Promise.all(pools.map(async (pool) => pool?.destroy()));
  }

  async #attempt(
    request: TransportRequest,
    attempt: number,
  ): Promise<
    | { readonly kind: 'answer'; readonly response: TransportResponse; readonly material: AuthMaterial }
    | { readonly kind: 'failure'; readonly failure: ReturnType<typeof networkFailure> }
  > {
    const about = { subject: request.subject, failed: request.failed, server: this.connection.server };
    if (this.#closing.signal.aborted) throw this.#closedError(request);
    if (isAborted(request.signal)) throw abortError(request.signal, about);
    const place = this.#limiter.acquire(request.signal);
    if (place !== undefined) {
      try {
        await place;
      } catch {
        throw abortError(request.signal, about);
      }
    }
    let outcome: 'ok' | 'busy' | 'failed' = 'failed';
    let status = 0;
    const startedMs = this.#clock.monotonic();
    const timeoutMs = request.timeoutMs ?? this.#timeoutMs;
    let gateSignal: AbortSignal | undefined;
    try {
      const found = this.connection.credentials.current();
      const material = found instanceof Promise ? await found : found;
      // The gate comes last before the wire: whoever lost the lease meanwhile must not send.
      gateSignal = request.gate?.();
      if (isAborted(request.signal) || isAborted(gateSignal)) throw new ExchangeStopped('signal');
      const response = await exchange(this.#dispatcher('pool', material), {
        origin: this.#origin,
        path: this.#basePath + request.path,
        method: request.method,
        headers: this.#headers(request, material),
        body: request.body,
        timeoutMs,
        maxResponseBytes: this.#maxResponseBytes,
        signals: [request.signal, gateSignal],
      });
      status = response.status;
      outcome = status === 429 ? 'busy' : 'ok';
      return { kind: 'answer', response, material };
    } catch (thrown) {
      if (isAborted(gateSignal)) throw abortError(gateSignal, about);
      if (isAborted(request.signal)) throw abortError(request.signal, about);
      if (this.#closing.signal.aborted) throw this.#closedError(request);
      if (thrown instanceof ExchangeStopped)
        return { kind: 'failure', failure: { error: timeoutError(about, timeoutMs), sent: 'maybe', transient: true } };
      return { kind: 'failure', failure: networkFailure(thrown, about) };
    } finally {
      this.#limiter.release(outcome);
      this.#report(request, status, startedMs, attempt);
    }
  }

  /** How long to wait before the request is sent again, or undefined when the answer is final. */
  #waitAfterAnswer(request: TransportRequest, response: TransportResponse, attempt: number): number | undefined {
    if (attempt >= this.#maxAttempts) return undefined;
    const header = response.headers['retry-after'];
    const asked = retryAfterMs(
      typeof header === 'string' ? header : header?.[0],
      this.#clock.now(),
      RETRY_AFTER_CAP_MS,
    );
    const jitter = backoffMs(attempt - 1, { baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS, random: this.#random });
    // 429 was not processed: any request may come again. The others may have been.
    if (response.status === 429) return (asked ?? 0) + jitter;
    if (request.retry !== 'idempotent') return undefined;
    if (RETRIED_STATUSES.has(response.status)) return (asked ?? 0) + jitter;
    if (response.status >= 500 && (request.method === 'GET' || asked !== undefined)) return (asked ?? 0) + jitter;
    return undefined;
  }

  async #pause(request: TransportRequest, waitMs: number, attempt: number, reason: string): Promise<void> {
    this.#logger?.debug(
      { method: request.method, path: request.path, attempt, reason, waitMs: Math.round(waitMs) },
      'request is tried again',
    );
    const signals = [request.signal, this.#closing.signal].filter((signal) => signal !== undefined);
    try {
      await this.#clock.sleep(waitMs, signals.length === 1 ? signals[0] : AbortSignal.any(signals));
    } catch {
      if (this.#closing.signal.aborted) throw this.#closedError(request);
      throw abortError(request.signal, request);
    }
  }

  async #material(): Promise<AuthMaterial> {
    return this.connection.credentials.current();
  }

  #headers(
    request: Pick<TransportRequest, 'accept' | 'contentType' | 'headers'>,
    material: AuthMaterial,
  ): Record<string, string | string[]> {
    const headers: Record<string, string | readonly string[]> = {
      accept: request.accept ?? 'application/json',
      'user-agent': this.#userAgent,
      ...material.headers,
    };
    if (request.headers !== undefined) {
      // Who is impersonated by a request takes nothing over from whom the kubeconfig impersonates, groups least of all.
      if (request.headers['impersonate-user'] !== undefined) delete headers['impersonate-group'];
      Object.assign(headers, request.headers);
    }
    if (request.contentType !== undefined) headers['content-type'] = request.contentType;
    return headers as Record<string, string | string[]>;
  }

  #dispatcher(use: 'pool' | 'stream', material: AuthMaterial): Dispatcher {
    const certificate = material.clientCertificate;
    if (certificate?.cert !== this.#certificate?.cert) {
      // An exec plug-in handed out another certificate: new connections, the old ones end when their requests have.
      void this.#pool?.close();
      void this.#streams?.close();
      this.#pool = undefined;
      this.#streams = undefined;
      this.#certificate = certificate;
    }
    if (use === 'pool') return (this.#pool ??= this.#open(this.#maxConnections));
    return (this.#streams ??= this.#open(undefined));
  }

  #open(connections: number | undefined): Dispatcher {
    const { tls, proxyUrl } = this.connection;
    const secure = {
      rejectUnauthorized: !tls.insecure,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      ...(this.#certificate ?? {
        ...(tls.cert === undefined ? {} : { cert: tls.cert }),
        ...(tls.key === undefined ? {} : { key: tls.key }),
      }),
    };
    const limits = {
      ...(connections === undefined ? {} : { connections }),
      keepAliveTimeout: 30_000,
      connectTimeout: 10_000,
    };
    return proxyUrl === undefined
      ? new Agent({ ...limits, connect: { ...secure, keepAlive: true, keepAliveInitialDelay: 30_000 } })
      : new ProxyAgent({ ...limits, uri: proxyUrl, requestTls: secure });
  }

  #closedError(request: { readonly subject: string; readonly failed: string }): EngineError {
    return new EngineError('Cancelled', `${request.subject} ${request.failed} (Closed): the client was closed`);
  }

  #report(
    request: Pick<TransportRequest, 'method' | 'path'>,
    status: number,
    startedMs: number,
    attempt: number,
  ): void {
    this.#onRequest?.({
      method: request.method,
      path: request.path,
      status,
      durationMs: this.#clock.monotonic() - startedMs,
      attempt,
    });
  }
}

/** A function, because a signal may change between two looks, which the compiler does not know of a property. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** The Status of an answer that is no success. */
export function statusFrom(response: TransportResponse): ApiStatus {
  return parseStatus(response.status, response.text);
}

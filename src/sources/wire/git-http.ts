import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { EngineError, messageOf } from '../../core/errors.ts';
import type { Credentials } from '../../core/credentials.ts';
import { printable } from '../printable.ts';

/** How the network is reached. Plain data: it travels to the fetch worker. */
export interface NetworkOptions {
  /** Certificates (PEM) that are trusted beside the system's. Checks are never switched off. */
  readonly caCertificates?: string;
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  /** Until a connection stands; default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Longest silence: until the headers come, and between two parts of an answer; default 30 s. */
  readonly silenceTimeoutMs?: number;
  /** An answer slower than this over one silence time is given up; default 1,000 bytes per second. */
  readonly minBytesPerSecond?: number;
  /** Where an answer may send us; default: anywhere that the rules of redirects allow. */
  readonly redirects?: 'same-host';
}

export interface GitRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface GitResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Requests of one Git host. Redirects are not followed here; see discovery. */
export class GitHttp {
  readonly #dispatcher: Dispatcher;
  readonly #silenceMs: number;
  readonly #minBytesPerSecond: number;
  readonly redirects: NetworkOptions['redirects'];

  constructor(options: NetworkOptions = {}) {
    const connect = {
      timeout: options.connectTimeoutMs ?? 10_000,
      ...(options.caCertificates === undefined ? {} : { ca: options.caCertificates }),
    };
    const settings = { connect, connections: 4, keepAliveTimeout: 10_000 };
    const isProxied = options.httpProxy !== undefined || options.httpsProxy !== undefined;
    this.#dispatcher = isProxied
      ? new EnvHttpProxyAgent({
          ...settings,
          httpProxy: options.httpProxy ?? '',
          httpsProxy: options.httpsProxy ?? '',
          noProxy: options.noProxy ?? '',
        })
      : new Agent(settings);
    this.redirects = options.redirects;
    this.#silenceMs = options.silenceTimeoutMs ?? 30_000;
    this.#minBytesPerSecond = options.minBytesPerSecond ?? 1000;
  }

  /** @throws EngineError SourceUnreachable */
  async send(request: GitRequest): Promise<GitResponse> {
    const host = hostOf(request.url);
    try {
      const answer = await this.#dispatcher.request({
        origin: new URL(request.url).origin,
        path: pathOf(request.url),
        method: request.method,
        headers: { 'user-agent': 'evenkeel', ...request.headers },
        body: request.body ?? null,
        signal: request.signal,
        headersTimeout: this.#silenceMs,
        bodyTimeout: this.#silenceMs,
      });
      const headers: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>;
      for (const [name, value] of Object.entries(answer.headers))
        headers[name] = Array.isArray(value) ? value[0] : value;
      if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
        answer.body.destroy();
        throw unreachable(host, 'the answer is compressed, which was not asked for');
      }
      return { status: answer.statusCode, headers, body: this.#guarded(answer.body, host) };
    } catch (thrown) {
      throw asUnreachable(thrown, host);
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  /** The body, with errors of ours, given up when it only drips. */
  async *#guarded(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
    let since = performance.now();
    let received = 0;
    try {
      for await (const chunk of body) {
        received += chunk.byteLength;
        const passedMs = performance.now() - since;
        if (passedMs > this.#silenceMs) {
          if ((received * 1000) / passedMs < this.#minBytesPerSecond)
            throw unreachable(host, `the answer is slower than ${this.#minBytesPerSecond} bytes per second`);
          since = performance.now();
          received = 0;
        }
        yield chunk;
      }
    } catch (thrown) {
      throw asUnreachable(thrown, host);
    }
  }
}

/** Reads a body to its end and forgets it, so that the connection can be used again; at most a little. */
export async function drain(body: AsyncIterable<Uint8Array>, maxBytes = 64 * 1024): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    parts.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, maxBytes);
}

export type AuthScheme = 'basic' | 'bearer';

/**
 * The Authorization header for credentials. A token alone goes as a password with the user name that most hosts accept; a host that
 * asks for it gets it as a bearer token.
 */
export function authorization(credentials: Credentials, scheme: AuthScheme, host: string): string | undefined {
  const secret = credentials.token ?? credentials.password;
  if (secret === undefined) return undefined;
  if (scheme === 'bearer') return `Bearer ${secret}`;
  const fallback = host === 'bitbucket.org' ? 'x-token-auth' : 'x-access-token';
  const user = credentials.username ?? (credentials.token === undefined ? '' : fallback);
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

/** Host and port of a URL, for messages and for back-off. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

export function unreachable(host: string, cause: string, data: Readonly<Record<string, unknown>> = {}): EngineError {
  return new EngineError('SourceUnreachable', `Git host ${host} cannot be used (SourceUnreachable): ${cause}`, {
    remedy: 'check the URL and the network; the last good revision stays in use',
    data: { host, ...data },
  });
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNRESET: 'it cut the connection',
  UND_ERR_SOCKET: 'it cut the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time (connect)',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of an answer',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of its answer are too large',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; give the certificate of its authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is not trusted; give the certificate of its authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified; give the certificate of its authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function asUnreachable(thrown: unknown, host: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'TimeoutError') return unreachable(host, 'it took longer than the time limit');
  if (name === 'AbortError')
    return new EngineError('Cancelled', `request to ${host} was cancelled (Cancelled): it is not needed any more`);
  const own: unknown = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const code = typeof own === 'string' ? own : '';
  const cause = Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined;
  return unreachable(host, cause ?? printable(messageOf(thrown)), { cause: code });
}

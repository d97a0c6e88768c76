import type { Dispatcher } from 'undici';
import { EngineError, isEngineError, messageOf } from '../../../core/errors.ts';
import type { Credentials } from '../../../core/credentials.ts';
import { CHART_HOSTS, checkHost, type HostPolicy, shown } from './host-policy.ts';

export interface DownloadOptions {
  readonly allowedHosts: readonly string[];
  /** Asked with the host (and port) that is about to be called; never for a host that a redirect led to. */
  readonly credentials?: (host: string) => Credentials | undefined;
  readonly dispatcher?: Dispatcher;
  readonly signal?: AbortSignal;
  /** What is fetched; default: charts. */
  readonly policy?: HostPolicy;
  /** For one request, with its body. */
  readonly timeoutMs?: number;
}

export interface Download {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

export interface DownloadRequest {
  readonly accept?: string;
  /** Instead of what `credentials` says. */
  readonly authorization?: string;
  readonly maxBytes: number;
  /** Answers other than 2xx that the caller wants to see. */
  readonly expected?: readonly number[];
}

const MAX_REDIRECTS = 5;
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * One GET. Every host on the way must be allowed; a redirect takes no credentials along, not even to the same host under another
 * name; a body that is longer than `maxBytes` is cut off and refused.
 * @throws EngineError SourceDenied, SourceUnreachable, SourceRefused
 */
export async function download(url: URL, wanted: DownloadRequest, options: DownloadOptions): Promise<Download> {
  let current = url;
  const { what } = options.policy ?? CHART_HOSTS;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    checkHost(current, options.allowedHosts, options.policy);
    const mayAuthorize = current.origin === url.origin;
    const answer = await send(current, wanted, mayAuthorize, options);
    const location = answer.headers['location'];
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) {
      return checkStatus(answer, wanted, what);
    }
    const next = resolveUrl(location, current, what);
    if (current.protocol === 'https:' && next.protocol !== 'https:') {
      throw new EngineError(
        'SourceDenied',
        `${what} ${shown(url)} is denied (SourceDenied): it redirects from https to ${next.protocol}//`,
      );
    }
    current = next;
  }
  throw new EngineError(
    'SourceUnreachable',
    `${what} ${shown(url)} cannot be read (SourceUnreachable): more than ${MAX_REDIRECTS} redirects`,
  );
}

async function send(
  url: URL,
  wanted: DownloadRequest,
  mayAuthorize: boolean,
  options: DownloadOptions,
): Promise<Download> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  const authorization = mayAuthorize ? (wanted.authorization ?? basic(options.credentials?.(url.host))) : undefined;
  // Loaded with the first download: most renders need none.
  const { request } = await import('undici');
  try {
    const answer = await request(url, {
      method: 'GET',
      signal,
      headers: {
        'user-agent': 'evenkeel',
        ...(wanted.accept === undefined ? {} : { accept: wanted.accept }),
        ...(authorization === undefined ? {} : { authorization }),
      },
      ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
    });
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    );
    const bytes = await readBody(answer.body, Number(headers['content-length'] ?? 0), wanted.maxBytes, url);
    return { status: answer.statusCode, headers, bytes, url };
  } catch (thrown) {
    if (isEngineError(thrown)) throw thrown;
    options.signal?.throwIfAborted();
    const cause = timeout.aborted ? `no answer in ${options.timeoutMs ?? DEFAULT_TIMEOUT_MS} ms` : messageOf(thrown);
    throw new EngineError(
      'SourceUnreachable',
      `${(options.policy ?? CHART_HOSTS).what} ${shown(url)} cannot be read (SourceUnreachable): ${cause}`,
      { cause: thrown },
    );
  }
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  length: number,
  maxBytes: number,
  url: URL,
): Promise<Uint8Array> {
  const refuse = (): never => {
    body.destroy();
    throw new EngineError(
      'SourceRefused',
      `answer of ${shown(url)} is refused (SourceRefused): it is longer than ${maxBytes} bytes`,
    );
  };
  if (length > maxBytes) refuse();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) refuse();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checkStatus(answer: Download, wanted: DownloadRequest, what: string): Download {
  if ((answer.status >= 200 && answer.status < 300) || wanted.expected?.includes(answer.status) === true) return answer;
  const code = answer.status === 401 || answer.status === 403 ? 'SourceDenied' : 'SourceUnreachable';
  throw new EngineError(code, `${what} ${shown(answer.url)} cannot be read (${code}): it answers ${answer.status}`, {
    ...(code === 'SourceDenied' ? { remedy: `configure credentials for host ${answer.url.host}` } : {}),
    data: { status: answer.status },
  });
}

function basic(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  if (credentials.token !== undefined) return `Bearer ${credentials.token}`;
  return basicAuthorization(credentials);
}

/** The header of user and password; undefined when there is no user. */
export function basicAuthorization(credentials: Credentials): string | undefined {
  if (credentials.username === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password ?? ''}`).toString('base64')}`;
}

function resolveUrl(location: string, base: URL, what: string): URL {
  try {
    return new URL(location, base);
  } catch {
    throw new EngineError(
      'SourceUnreachable',
      `${what} ${shown(base)} cannot be read (SourceUnreachable): it redirects to no URL`,
    );
  }
}

import { EngineError } from '../../core/errors.ts';
import type { Credentials } from '../../core/credentials.ts';
import type { RemoteRefs } from '../remote.ts';
import {
  type AuthScheme,
  authorization,
  drain,
  type GitHttp,
  type GitResponse,
  hostOf,
  type NetworkOptions,
  unreachable,
} from './git-http.ts';
import { readAdvertisement } from './advertisement.ts';

/** What was learnt of a repository's host: where it really is, and how it wants to be spoken to. Plain data. */
export interface Session {
  /** The URL of the repository after redirects. */
  readonly base: string;
  readonly version: 0 | 2;
  readonly capabilities: readonly string[];
  /** The Authorization header; undefined for another host than the one that the credentials are for. */
  readonly authorization?: string;
}

export interface Discovery {
  readonly session: Session;
  /** Protocol 0 lists all refs at once. */
  readonly refs?: RemoteRefs;
}

const MAX_REDIRECTS = 5;
const SUFFIX = '/info/refs?service=git-upload-pack';

/**
 * Asks a host what it speaks (one request, more with redirects or when it asks for another kind of credentials). Credentials go to the
 * host of the URL only: another host, port or scheme gets none.
 * @throws EngineError SourceUnreachable, SourceDenied, SourceRefused
 */
export async function discover(
  http: GitHttp,
  url: string,
  credentials: Credentials | undefined,
  signal: AbortSignal,
): Promise<Discovery> {
  const origin = new URL(url).origin;
  let scheme: AuthScheme = 'basic';
  let base = url;
  let redirects = 0;
  for (;;) {
    const trusted = new URL(base).origin === origin;
    const header = credentials === undefined || !trusted ? undefined : authorization(credentials, scheme, hostOf(url));
    const response = await http.send({
      method: 'GET',
      url: base + SUFFIX,
      headers: { 'git-protocol': 'version=2', ...(header === undefined ? {} : { authorization: header }) },
      signal,
    });
    if (response.status >= 300 && response.status < 400) {
      await drain(response.body);
      base = redirected(base, response.headers.location, http.redirects);
      if (++redirects > MAX_REDIRECTS) throw unreachable(hostOf(url), `it redirects more than ${MAX_REDIRECTS} times`);
      continue;
    }
    const wantsBearer = /^\s*bearer\b/i.test(response.headers['www-authenticate'] ?? '');
    if (response.status === 401 && wantsBearer && scheme === 'basic' && credentials?.token !== undefined && trusted) {
      await drain(response.body);
      scheme = 'bearer';
      continue;
    }
    await checkStatus(response, base, credentials !== undefined);
    const type = response.headers['content-type'] ?? '';
    if (!type.startsWith('application/x-git-upload-pack-advertisement')) {
      await drain(response.body);
      throw unreachable(hostOf(base), 'its answer does not come from a Git server (smart HTTP)');
    }
    const advertised = await readAdvertisement(response.body, hostOf(base));
    const session = {
      base,
      version: advertised.version,
      capabilities: advertised.capabilities,
      ...(header === undefined ? {} : { authorization: header }),
    };
    return advertised.refs === undefined ? { session } : { session, refs: advertised.refs };
  }
}

/** The new base of a redirect. Only http(s), never from https down to http, never from outside into this machine's own addresses. */
function redirected(base: string, location: string | undefined, redirects: NetworkOptions['redirects']): string {
  const host = hostOf(base);
  let target: URL;
  try {
    target = new URL(location ?? '', base + SUFFIX);
  } catch {
    throw unreachable(host, 'it redirects to something that is no URL');
  }
  const from = new URL(base);
  const refuse = (cause: string): EngineError =>
    new EngineError('SourceRefused', `a redirect of Git host ${host} is refused (SourceRefused): ${cause}`, {
      remedy: 'use the URL that the repository has now',
    });
  if (target.protocol !== 'https:' && target.protocol !== from.protocol) throw refuse('it leads to a weaker transport');
  if (redirects === 'same-host' && target.host !== from.host) throw refuse('it leads to another host');
  if (target.username !== '' || target.password !== '') throw refuse('it has credentials in it');
  if (isLocalAddress(target.hostname) && !isLocalAddress(from.hostname)) throw refuse('it leads to a local address');
  const full = `${target.origin}${target.pathname}${target.search}`;
  if (!full.endsWith(SUFFIX)) throw unreachable(host, 'it redirects to a page that is no Git repository');
  return full.slice(0, -SUFFIX.length);
}

function isLocalAddress(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    /^(?:127\.|0\.|169\.254\.)/.test(hostname) ||
    /^\[(?:::1?|::ffff:[^\]]*|fe[89ab][0-9a-f]:.*)\]$/i.test(hostname)
  );
}

/** Turns every status but 200 into an error that says what to do. The body is never shown: it may repeat what was sent. */
export async function checkStatus(response: GitResponse, url: string, withCredentials: boolean): Promise<void> {
  if (response.status === 200) return;
  await drain(response.body);
  const host = hostOf(url);
  const { status, headers } = response;
  const denied = (cause: string, remedy: string): EngineError =>
    new EngineError('SourceDenied', `repository ${url} cannot be read (SourceDenied): ${cause}`, {
      remedy,
      data: { host, status },
    });
  const retryAfterMs = parseRetryAfter(headers['retry-after']);
  const isLimit =
    status === 429 || (status === 403 && (retryAfterMs !== undefined || headers['x-ratelimit-remaining'] === '0'));
  if (isLimit)
    throw unreachable(host, 'it limits the rate of requests', {
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  if (status === 401 || status === 203)
    throw withCredentials
      ? denied('the credentials are wrong or have expired', 'renew the credentials')
      : denied('the host asks for credentials', 'give credentials (a token, or user name and password)');
  if (status === 403) throw denied('the credentials may not read it', 'allow the credentials to read this repository');
  if (status === 404 || status === 410)
    throw denied(
      'it does not exist, or these credentials may not see it',
      'check the URL and what the credentials may read',
    );
  throw unreachable(host, `it answers with status ${status}`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Seconds only; a date would need the host's clock. At most one hour. */
function parseRetryAfter(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,6}$/.test(text) ? Math.min(Number(text), 3600) * 1000 : undefined;
}

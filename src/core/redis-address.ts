import { EngineError } from './errors.ts';

/** Where a Redis is, in the words of ioredis, without a dependency on it. */
export interface RedisAddress {
  readonly host?: string;
  readonly port?: number;
  /** A Unix socket. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: { readonly servername?: string };
  readonly sentinels?: { readonly host: string; readonly port: number }[];
  /** Name of the master that the sentinels watch. */
  readonly name?: string;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  readonly enableTLSForSentinelMode?: boolean;
  readonly sentinelTLS?: Record<string, never>;
}

/**
 * Reads `REDIS_URL`: `redis://[user:password@]host[:6379][/db]`, `rediss://…` (TLS), `unix:///path/to/socket[?db=1]`,
 * `redis+sentinel://[user:password@]host[:26379],host…/MASTER[/db]` and `rediss+sentinel://…`; with sentinels the query may hold
 * `sentinelUsername` and `sentinelPassword`. @throws EngineError ConfigInvalid, never with the password in it
 */
export function parseRedisUrl(text: string): RedisAddress {
  const scheme = /^([a-z+]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'redis':
    case 'rediss':
      return single(text, scheme === 'rediss');
    case 'redis+sentinel':
    case 'rediss+sentinel':
      return sentinel(text, scheme === 'rediss+sentinel');
    case 'unix':
      return socket(text);
    default:
      throw invalid(`its scheme is none of redis, rediss, redis+sentinel, rediss+sentinel and unix`);
  }
}

/** How people see it: no credentials. */
export function describeRedis(address: RedisAddress): string {
  if (address.path !== undefined) return `unix:${address.path}`;
  if (address.sentinels !== undefined) {
    return `${address.name ?? ''} at ${address.sentinels.map((item) => `${item.host}:${item.port}`).join(',')}`;
  }
  return `${address.host ?? ''}:${address.port ?? 0}`;
}

function single(text: string, tls: boolean): RedisAddress {
  const url = parse(text);
  const host = unbracket(url.hostname);
  if (host === '') throw invalid('it names no host');
  return {
    host,
    port: url.port === '' ? 6379 : Number(url.port),
    ...credentials(url),
    ...database(url.pathname.slice(1)),
    ...(tls ? { tls: { servername: host } } : {}),
  };
}

function sentinel(text: string, tls: boolean): RedisAddress {
  const match = /^[a-z+]+:\/\/(?:([^@/]*)@)?([^/?#]+)\/([^/?#]+)(?:\/(\d+))?(\?[^#]*)?$/i.exec(text);
  const hosts = match?.[2];
  const name = match?.[3];
  if (match === null || hosts === undefined || name === undefined)
    throw invalid('it is not redis+sentinel://host,host/MASTER');
  const url = parse(`redis://${match[1] === undefined ? '' : `${match[1]}@`}x${match[5] ?? ''}`);
  const sentinels = hosts.split(',').map((item) => {
    const part = parse(`redis://${item}`);
    if (part.hostname === '') throw invalid('a sentinel has no host');
    return { host: unbracket(part.hostname), port: part.port === '' ? 26_379 : Number(part.port) };
  });
  const sentinelUsername = url.searchParams.get('sentinelUsername');
  const sentinelPassword = url.searchParams.get('sentinelPassword');
  return {
    sentinels,
    name: decode(name),
    ...credentials(url),
    ...database(match[4] ?? ''),
    ...(sentinelUsername === null ? {} : { sentinelUsername }),
    ...(sentinelPassword === null ? {} : { sentinelPassword }),
    ...(tls ? { tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  };
}

function socket(text: string): RedisAddress {
  const url = parse(text);
  if (url.pathname === '' || url.pathname === '/') throw invalid('it names no socket');
  return { path: decode(url.pathname), ...credentials(url), ...database(url.searchParams.get('db') ?? '') };
}

function credentials(url: URL): { readonly username?: string; readonly password?: string } {
  return {
    ...(url.username === '' ? {} : { username: decode(url.username) }),
    ...(url.password === '' ? {} : { password: decode(url.password) }),
  };
}

function database(text: string): { readonly db?: number } {
  if (text === '') return {};
  if (!/^\d{1,4}$/.test(text)) throw invalid('its database is no number');
  return { db: Number(text) };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid('it is no URL');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('it is wrongly percent-encoded');
  }
}

function unbracket(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

function invalid(why: string): EngineError {
  return new EngineError('ConfigInvalid', `REDIS_URL cannot be used (RedisUrlInvalid): ${why}`);
}

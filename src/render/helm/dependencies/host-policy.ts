import { EngineError } from '../../../core/errors.ts';
import { isAllowedHost } from '../../allowed-hosts.ts';

/** What is fetched, the setting that allows its hosts, and what helps otherwise: words for messages. */
export interface HostPolicy {
  readonly what: string;
  readonly setting: string;
  readonly otherwise: string;
}

export const CHART_HOSTS: HostPolicy = {
  what: 'chart repository',
  setting: '--allow-chart-host',
  otherwise: 'put the chart into charts/ of the repository',
};

/**
 * Whether something may be fetched from a place: `charts.example.com` and `*.example.com` allow https on the usual port, `host:8443`
 * another port, `http://host` plain HTTP. Nothing is allowed by default.
 * @throws EngineError SourceDenied, naming the host and the setting
 */
export function checkHost(
  url: URL,
  allowedHosts: readonly string[],
  { what, setting, otherwise }: HostPolicy = CHART_HOSTS,
): void {
  const isPlain = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !isPlain) {
    throw new EngineError(
      'SourceDenied',
      `${what} ${shown(url)} is denied (SourceDenied): ${url.protocol}// is not supported`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new EngineError('SourceDenied', `${what} ${shown(url)} is denied (SourceDenied): its URL holds credentials`, {
      remedy: 'take them out of the URL and configure them for the host',
    });
  }
  if (isAllowedHost(url, allowedHosts)) return;
  const entry = `${isPlain ? 'http://' : ''}${url.host}`;
  throw new EngineError(
    'SourceDenied',
    `${what} host ${url.host} is denied (SourceDenied): it is not allowed by ${setting}`,
    {
      remedy: `start it with ${setting} ${entry}, or ${otherwise}`,
      data: { host: url.host, setting },
    },
  );
}

/** A URL as messages may show it: without credentials and query. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

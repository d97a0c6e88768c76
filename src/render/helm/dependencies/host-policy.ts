import { EngineError } from '../../../core/errors.ts';

/** The setting that allows hosts, as messages name it. */
const SETTING = '--allow-chart-host';

/**
 * Whether charts may be fetched from a place: `charts.example.com` and `*.example.com` allow https on the usual port, `host:8443`
 * another port, `http://host` plain HTTP. Nothing is allowed by default.
 * @throws EngineError SourceDenied, naming the host and the setting
 */
export function checkHost(url: URL, allowedHosts: readonly string[]): void {
  const isPlain = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !isPlain) {
    throw new EngineError(
      'SourceDenied',
      `chart repository ${shown(url)} is denied (SourceDenied): ${url.protocol}// is not supported`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new EngineError(
      'SourceDenied',
      `chart repository ${shown(url)} is denied (SourceDenied): its URL holds credentials`,
      {
        remedy: 'take them out of the URL and configure them for the host',
      },
    );
  }
  if (allowedHosts.some((entry) => allows(entry, url, isPlain))) return;
  const entry = `${isPlain ? 'http://' : ''}${url.host}`;
  throw new EngineError(
    'SourceDenied',
    `chart repository host ${url.host} is denied (SourceDenied): it is not allowed by ${SETTING}`,
    {
      remedy: `start it with ${SETTING} ${entry}, or put the chart into charts/ of the repository`,
      data: { host: url.host, setting: SETTING },
    },
  );
}

function allows(entry: string, url: URL, isPlain: boolean): boolean {
  const allowsPlain = entry.startsWith('http://');
  if (allowsPlain !== isPlain) return false;
  const host = entry.replace(/^https?:\/\//, '').toLowerCase();
  if (host.startsWith('*.')) return url.host.endsWith(host.slice(1)) && url.host.length > host.length - 1;
  return url.host === host;
}

/** A URL as messages may show it: without credentials and query. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

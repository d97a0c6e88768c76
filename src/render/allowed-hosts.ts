/**
 * Whether an entry of an allow-list names the host of an address: `charts.example.com` and `*.example.com` allow https on the usual port,
 * `host:8443` another port, `http://host` plain HTTP.
 */
export function isAllowedHost(url: URL, allowedHosts: readonly string[]): boolean {
  const isPlain = url.protocol === 'http:';
  if (!isPlain && url.protocol !== 'https:') return false;
  return allowedHosts.some((entry) => allows(entry, url, isPlain));
}

function allows(entry: string, url: URL, isPlain: boolean): boolean {
  const allowsPlain = entry.startsWith('http://');
  if (allowsPlain !== isPlain) return false;
  const host = entry.replace(/^https?:\/\//, '').toLowerCase();
  if (host.startsWith('*.')) return url.host.endsWith(host.slice(1)) && url.host.length > host.length - 1;
  return url.host === host;
}

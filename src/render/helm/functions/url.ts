import { isIPv6 } from 'node:net';
import { GoError } from '../gotemplate/errors.ts';
import { quote } from '../gotemplate/quote.ts';
import { GoMap, type GoValue, typeOf } from '../gotemplate/values.ts';
import { dict, fail, fn, type FunctionGroup, nilDereference, str } from './define.ts';
import { escapeUrl, needsEscape, unescapeUrl } from './url-escape.ts';
import { orElse } from './json.ts';

/** urlParse and urlJoin: Go's net/url. All strings are byte strings. */

interface UserInfo {
  readonly name: string;
  readonly password: string | undefined;
}

interface Url {
  scheme: string;
  opaque: string;
  user: UserInfo | undefined;
  host: string;
  path: string;
  /** The path as it was written, where escaping it again would give another text. */
  rawPath: string;
  query: string;
  fragment: string;
}

function emptyUrl(): Url {
  return { scheme: '', opaque: '', user: undefined, host: '', path: '', rawPath: '', query: '', fragment: '' };
}

function userText({ name, password }: UserInfo): string {
  return escapeUrl(name, 'user') + (password === undefined ? '' : `:${escapeUrl(password, 'user')}`);
}

/** @throws GoError */
function parseUrl(text: string): Url {
  const hash = text.indexOf('#');
  const body = hash < 0 ? text : text.slice(0, hash);
  const wrap = (part: string, error: GoError): never => {
    throw new GoError(`parse ${quote(part)}: ${error.bytes}`, error);
  };
  const url = orElse(
    () => parseBody(body),
    (error) => wrap(body, error),
  );
  if (hash >= 0)
    url.fragment = orElse(
      () => unescapeUrl(text.slice(hash + 1), 'fragment'),
      (error) => wrap(text, error),
    );
  return url;
}

function splitScheme(text: string): { readonly scheme: string; readonly rest: string } {
  if (text.startsWith(':')) throw new GoError('missing protocol scheme');
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  return match === null
    ? { scheme: '', rest: text }
    : { scheme: (match[1] ?? '').toLowerCase(), rest: text.slice(match[0].length) };
}

function parseBody(text: string): Url {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new GoError('net/url: invalid control character in URL');
  const url = emptyUrl();
  if (text === '*') {
    url.path = '*';
    return url;
  }
  const { scheme, rest: afterScheme } = splitScheme(text);
  url.scheme = scheme;
  const mark = afterScheme.indexOf('?');
  let rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  url.query = mark < 0 ? '' : afterScheme.slice(mark + 1);
  if (!rest.startsWith('/')) {
    if (scheme !== '') {
      url.opaque = rest;
      return url;
    }
    if ((rest.split('/')[0] ?? '').includes(':')) throw new GoError('first path segment in URL cannot contain colon');
  }
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    readAuthority(url, slash < 0 ? rest.slice(2) : rest.slice(2, slash));
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  url.path = unescapeUrl(rest, 'path');
  if (escapeUrl(url.path, 'path') !== rest) url.rawPath = rest;
  return url;
}

function readAuthority(url: Url, authority: string): void {
  const at = authority.lastIndexOf('@');
  url.host = parseHost(url.scheme, authority.slice(at + 1));
  if (at < 0) return;
  const info = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(info)) throw new GoError('net/url: invalid userinfo');
  const colon = info.indexOf(':');
  url.user =
    colon < 0
      ? { name: unescapeUrl(info, 'user'), password: undefined }
      : { name: unescapeUrl(info.slice(0, colon), 'user'), password: unescapeUrl(info.slice(colon + 1), 'user') };
}

function checkPort(port: string): void {
  if (port !== '' && !/^:[0-9]*$/.test(port)) throw new GoError(`invalid port ${quote(port)} after host`);
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[');
  if (open > 0) throw new GoError('invalid IP-literal');
  if (open === 0) {
    const close = host.lastIndexOf(']');
    if (close < 0) throw new GoError("missing ']' in host");
    const port = host.slice(close + 1);
    checkPort(port);
    const name = host.slice(1, close);
    const zone = name.indexOf('%25');
    const address =
      zone < 0
        ? unescapeUrl(name, 'host')
        : unescapeUrl(name.slice(0, zone), 'host') + unescapeUrl(name.slice(zone), 'zone');
    if (!isIPv6(address))
      throw new GoError(
        /^[0-9.]+$/.test(address)
          ? 'invalid IP-literal'
          : `invalid host: ParseAddr(${quote(address)}): unable to parse IP`,
      );
    return `[${address}]${port}`;
  }
  const first = host.indexOf(':');
  if (first >= 0) checkPort(host.slice(scheme === 'http' || scheme === 'https' ? first : host.lastIndexOf(':')));
  return unescapeUrl(host, 'host');
}

function hostname(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon >= 0 && /^:[0-9]*$/.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
}

function escapedPath(url: Url): string {
  const isValid = Array.from(url.rawPath).every(
    (byte) => /[!$&'()*+,;=:@[\]%]/.test(byte) || !needsEscape(byte, 'path'),
  );
  if (url.rawPath !== '' && isValid) return url.rawPath;
  return url.path === '*' ? '*' : escapeUrl(url.path, 'path');
}

function urlText(url: Url): string {
  let text = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque !== '') text += url.opaque;
  else {
    if (url.scheme !== '' || url.host !== '' || url.user !== undefined) {
      if (url.host !== '' || url.path !== '' || url.user !== undefined) text += '//';
      if (url.user !== undefined) text += `${userText(url.user)}@`;
      text += escapeUrl(url.host, 'host');
    }
    const path = escapedPath(url);
    if (path !== '' && !path.startsWith('/') && url.host !== '') text += '/';
    if (text === '' && (path.split('/')[0] ?? '').includes(':')) text += './';
    text += path;
  }
  if (url.query !== '') text += `?${url.query}`;
  return url.fragment === '' ? text : `${text}#${escapeUrl(url.fragment, 'fragment')}`;
}

function urlParse(text: string): GoValue {
  const url = orElse(
    () => parseUrl(text),
    (error) => fail(`unable to parse url: ${error.bytes}`),
  );
  return new GoMap(
    new Map<string, GoValue>([
      ['scheme', url.scheme],
      ['host', url.host],
      ['hostname', hostname(url.host)],
      ['path', url.path],
      ['query', url.query],
      ['opaque', url.opaque],
      ['fragment', url.fragment],
      ['userinfo', url.user === undefined ? '' : userText(url.user)],
    ]),
  );
}

function textAt(from: GoMap, key: string): string {
  if (!from.entries.has(key)) return '';
  const value = from.entries.get(key);
  if (value === null || value === undefined) return nilDereference();
  if (typeof value === 'string') return value;
  return fail(`unable to parse ${key} key, must be of type string, but ${typeOf(value)?.kind ?? ''} found`);
}

function urlJoin(from: GoMap): string {
  const url = emptyUrl();
  url.scheme = textAt(from, 'scheme');
  url.host = textAt(from, 'host');
  url.path = textAt(from, 'path');
  url.query = textAt(from, 'query');
  url.opaque = textAt(from, 'opaque');
  url.fragment = textAt(from, 'fragment');
  const info = textAt(from, 'userinfo');
  if (info !== '')
    url.user = orElse(
      () => parseUrl(`proto://${info}@host`),
      (error) => fail(`unable to parse userinfo in dict: ${error.bytes}`),
    ).user;
  return urlText(url);
}

export const URL_FUNCTIONS: FunctionGroup = {
  urlParse: fn([str], urlParse),
  urlJoin: fn([dict], urlJoin),
};

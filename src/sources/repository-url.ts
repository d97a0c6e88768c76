import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../core/errors.ts';

/** Where a repository is, parsed and checked. `shown` is safe in messages; `key` is the same for spellings of one place. */
export type RepositoryUrl =
  | { readonly kind: 'http'; readonly url: string; readonly host: string; readonly shown: string; readonly key: string }
  | { readonly kind: 'ssh'; readonly url: string; readonly host: string; readonly shown: string; readonly key: string }
  | { readonly kind: 'local'; readonly path: string; readonly shown: string; readonly key: string };

const MAX_LENGTH = 2048;
/** `user@host:path`, as Git reads it: no slash before the first colon. */
const SCP = /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9][A-Za-z0-9._-]*):(?!\/\/)([^\0]+)$/;

/**
 * Parses the URL of a repository: https, http, ssh, file, `user@host:path` or a local path.
 * @throws EngineError SourceRefused: other transports (`ext::…`), control characters, names that a command could take for options,
 * credentials in it (they are not repeated in the message)
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  if (text === '' || text.length > MAX_LENGTH) throw refused('', 'it is empty or longer than 2048 characters');
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refused('', 'it has control characters');
  if (text.startsWith('-')) throw refused('', 'it begins with "-"');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (text.includes('::')) throw refused('', 'its transport is not supported');
    const scp = text.startsWith('/') || text.startsWith('.') ? null : SCP.exec(text);
    if (scp !== null) return parseSsh(text, scp[1], scp[2] ?? '', '', scp[3] ?? '');
    const path = resolve(text);
    return { kind: 'local', path, shown: text, key: `file://${path}` };
  }
  if (scheme === 'file') return parseFile(text);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused('', 'it is no URL');
  }
  if (scheme === 'ssh') {
    if (url.password !== '') throw refused(url.host, 'it has a password in it', 'give credentials by themselves');
    return parseSsh(
      text,
      url.username === '' ? undefined : decode(url.username),
      url.hostname,
      url.port,
      decode(url.pathname),
    );
  }
  if (scheme !== 'https' && scheme !== 'http')
    throw refused('', `its transport ${JSON.stringify(scheme)} is not supported`);
  if (url.username !== '' || url.password !== '')
    throw refused(
      url.host,
      'it has credentials in it',
      'take them out of the URL and give them as credentials (a Secret)',
    );
  if (url.search !== '' || url.hash !== '') throw refused(url.host, 'it has a query or a fragment');
  if (url.hostname === '' || url.pathname === '/' || url.pathname === '')
    throw refused(url.host, 'it names no repository');
  const path = url.pathname.replace(/\/+$/, '');
  const shown = `${url.protocol}//${url.host}${path}`;
  return { kind: 'http', url: shown, host: url.host, shown, key: shown };
}

function parseFile(text: string): RepositoryUrl {
  let path: string;
  try {
    path = fileURLToPath(text);
  } catch {
    throw refused('', 'it is no file URL of this machine');
  }
  if (!isAbsolute(path) || path.includes('\0')) throw refused('', 'it is no absolute path');
  const clean = resolve(path);
  return { kind: 'local', path: clean, shown: text, key: `file://${clean}` };
}

function parseSsh(text: string, user: string | undefined, host: string, port: string, path: string): RepositoryUrl {
  if (!/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])$/.test(host))
    throw refused('', 'its host is no name of a host');
  if (user !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(user))
    throw refused(host, 'its user is no name of a user');
  const names = path.replace(/^\/+/, '');
  if (names === '' || /[\u0000-\u001f\u007f]/.test(path) || names.startsWith('-'))
    throw refused(host, 'it names no repository');
  const shown = text;
  const isScp = !text.includes('://');
  const absolute = isScp && !path.startsWith('/') ? `/${path}` : path;
  const key = `ssh://${user === undefined ? '' : `${user}@`}${host.toLowerCase()}${port === '' ? '' : `:${port}`}${absolute.replace(/\/+$/, '')}`;
  return {
    kind: 'ssh',
    url: text,
    host: port === '' ? host.toLowerCase() : `${host.toLowerCase()}:${port}`,
    shown,
    key,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('', 'its percent-encoding is broken');
  }
}

function refused(host: string, cause: string, remedy = 'use https, ssh, a file URL or a local path'): EngineError {
  const subject = host === '' ? 'the repository URL' : `the repository URL of ${host}`;
  return new EngineError('SourceRefused', `${subject} is refused (SourceRefused): ${cause}`, { remedy });
}

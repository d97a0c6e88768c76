const MAX_LENGTH = 2048;
/** `user@host:path`, as Git reads it. */
const SCP = /^(?:[A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9._-]*):(?!\/\/)(.+)$/;

/**
 * One text for all spellings of one repository (https, ssh, `git@host:`, ports, with or without `.git`, upper or lower case): what a
 * webhook names is compared with what applications use. Undefined when it is no URL of a repository on another machine.
 */
export function repositoryIdentity(text: string): string | undefined {
  if (text.length > MAX_LENGTH || /[\u0000-\u0020\u007f]/.test(text) || text.startsWith('-') || text.includes('::'))
    return undefined;
  const scp = text.includes('://') || text.startsWith('/') || text.startsWith('.') ? null : SCP.exec(text);
  let host: string;
  let path: string;
  if (scp !== null) [host, path] = [scp[1] ?? '', scp[2] ?? ''];
  else {
    if (!/^(?:https?|ssh):\/\//i.test(text) || !URL.canParse(text)) return undefined;
    const url = new URL(text);
    [host, path] = [url.hostname, url.pathname];
  }
  const clean = path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '');
  return host === '' || clean === '' ? undefined : `${host}/${clean}`.toLowerCase();
}

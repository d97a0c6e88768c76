/** Where a base or a file on another host lies, as a kustomization writes it. */
export type RemoteAddress =
  | {
      readonly kind: 'repository';
      /** What Git is asked for: `https://github.com/org/repo`, `ssh://git@host/org/repo`. */
      readonly url: string;
      /** Folder within the repository; '' is its root. */
      readonly path: string;
      /** Branch, tag or commit; '' is the branch that the host names. */
      readonly ref: string;
      readonly timeoutMs: number | undefined;
    }
  | { readonly kind: 'file'; readonly url: string };

const SCHEMES = ['ssh://', 'https://', 'http://', 'file://'];
const FILE_NAME = /\.(?:ya?ml|json)$/i;

/** Whether a text is the address of a file where a file is needed. */
export function isFileAddress(text: string): boolean {
  return /^https?:/i.test(text);
}

/**
 * Reads what stands where a file or a folder may: undefined for a path of this repository. An address over http is a file when its name
 * ends like one and nothing in it marks a repository (`.git`, `_git/`, `//`, a query): the tool fetches it to find out.
 */
export function parseRemote(text: string): RemoteAddress | undefined {
  if (isFileAddress(text) && !hasRepositoryMark(text) && FILE_NAME.test(text)) return { kind: 'file', url: text };
  return parseRepository(text);
}

function hasRepositoryMark(text: string): boolean {
  const rest = text.replace(/^https?:\/*/i, '');
  return rest.includes('?') || rest.includes('//') || rest.includes('.git') || rest.includes('_git/');
}

/** The rules are those of Kustomize's repository addresses. Undefined for what it takes for a path. */
export function parseRepository(text: string): Extract<RemoteAddress, { kind: 'repository' }> | undefined {
  if (text.startsWith('/')) return undefined;
  const question = text.indexOf('?');
  const address = splitHost(question < 0 ? text : text.slice(0, question));
  if (address === undefined) return undefined;
  const query = new URLSearchParams(question < 0 ? '' : text.slice(question + 1));
  const { host, rest } = address;
  const [repository, folder] = splitRepository(rest, host.startsWith('file://'));
  if (repository === undefined || repository === '') return undefined;
  return {
    kind: 'repository',
    url: host + repository,
    path: folder.replace(/^\//, ''),
    ref: query.get('ref') || query.get('version') || '',
    timeoutMs: readTimeout(query.get('timeout') ?? ''),
  };
}

/** Scheme, user and host up to the separator, and what is behind it. */
function splitHost(text: string): { readonly host: string; readonly rest: string } | undefined {
  const plain = text.toLowerCase().startsWith('git::') ? text.slice(5) : text;
  const scheme = SCHEMES.find((one) => plain.toLowerCase().startsWith(one)) ?? '';
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(plain.slice(scheme.length))?.[0] ?? '';
  const behind = plain.slice(scheme.length + user.length);
  if (scheme === 'file://') return { host: scheme, rest: user + behind };
  const isGithub = /^github\.com[/:]/i.test(behind);
  const likeScp = scheme === '' && (user !== '' || isGithub);
  if (scheme === '' && !likeScp) return undefined;
  const slash = behind.indexOf('/');
  const colon = likeScp ? behind.indexOf(':') : -1;
  const end = colon > 0 && (slash < 0 || colon < slash) ? colon : slash;
  if (end < 0) return undefined;
  const rest = behind.slice(end + 1);
  if (!isGithub) return { host: scheme + user + behind.slice(0, end + 1), rest };
  return { host: scheme === 'ssh://' || user !== '' ? `${user}github.com:` : 'https://github.com/', rest };
}

/** The repository and the folder within it: parted at a mark, or after organisation and name. */
function splitRepository(rest: string, isWhole: boolean): readonly [repository: string | undefined, folder: string] {
  const marked = rest.indexOf('_git/');
  if (marked >= 0) {
    const [name = '', ...folder] = rest.slice(marked + 5).split('/');
    return [rest.slice(0, marked + 5) + name, folder.join('/')];
  }
  const double = rest.indexOf('//');
  if (double >= 0) return [rest.slice(0, double), rest.slice(double + 2)];
  const suffix = rest.indexOf('.git');
  if (suffix >= 0) return [rest.slice(0, suffix + 4), rest.slice(suffix + 4)];
  if (isWhole) return [rest, ''];
  const names = rest.split('/');
  return names.length < 2 ? [undefined, ''] : [names.slice(0, 2).join('/'), names.slice(2).join('/')];
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Whole seconds, or a duration as Go writes it. Undefined for what is neither, as for nothing. */
function readTimeout(text: string): number | undefined {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000 || undefined;
  if (!/^(?:[0-9]{1,9}(?:\.[0-9]+)?(?:h|ms|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/([0-9.]+)(h|ms|m|s)/g))
    total += Number(number) * (UNITS[unit] ?? 0);
  return total > 0 ? total : undefined;
}

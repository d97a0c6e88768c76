import { readSshKey, type SshKey } from './ssh-key.ts';
import { GIT_NAMESPACE } from './ssh-signature.ts';
import { decodeBase64, SshProblem } from './ssh-wire.ts';

/** Somebody whose SSH signatures count, by one line of a file. */
export interface SshSigner {
  /** Principals of the line, or the comment of the key. */
  readonly name: string;
  readonly key: SshKey;
  /** Patterns; absent: whatever was signed for. */
  readonly namespaces?: readonly string[];
  /** Seconds since the epoch. */
  readonly validAfter?: number;
  readonly validBefore?: number;
}

/** Reads `TYPE BASE64 [COMMENT]` lines, as in a `.pub` file. @throws SshProblem that names the line */
export function readPublicKeys(text: string): readonly SshSigner[] {
  return readLines(text, (line) => {
    const [type = '', coded = '', ...comment] = line.split(/[ \t]+/);
    const key = readKey(type, coded);
    return { name: comment.join(' '), key };
  });
}

/**
 * Reads the file of `gpg.ssh.allowedSignersFile`: `PRINCIPALS [OPTIONS] TYPE BASE64 [COMMENT]`, see ssh-keygen(1), ALLOWED SIGNERS. Times
 * without `Z` are read as UTC. Certificates (`cert-authority`) are refused by name.
 * @throws SshProblem that names the line
 */
export function readAllowedSigners(text: string): readonly SshSigner[] {
  return readLines(text, (line) => {
    const words = splitWords(line);
    const name = unquote(words[0] ?? '');
    const options = isKeyType(words[1] ?? '') ? '' : (words[1] ?? '');
    const [type = '', coded = ''] = words.slice(options === '' ? 1 : 2);
    return { name, ...readOptions(options), key: readKey(type, coded) };
  });
}

/** Why a key of a line does not count for a commit of this time; undefined when it does. */
export function refusalOf(signer: SshSigner, committedSeconds: number): string | undefined {
  const { namespaces, validAfter, validBefore } = signer;
  if (namespaces !== undefined && !matchesList(GIT_NAMESPACE, namespaces))
    return `the key is trusted for ${namespaces.join(',')} and not for "${GIT_NAMESPACE}"`;
  if (validAfter !== undefined && committedSeconds < validAfter)
    return `the key is trusted from ${isoDay(validAfter)} on, and the commit is of ${isoDay(committedSeconds)}`;
  if (validBefore !== undefined && committedSeconds > validBefore)
    return `the key expired on ${isoDay(validBefore)}, and the commit is of ${isoDay(committedSeconds)}`;
  return undefined;
}

function readLines(text: string, read: (line: string) => SshSigner): readonly SshSigner[] {
  const signers: SshSigner[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    try {
      signers.push(read(line));
    } catch (thrown) {
      throw thrown instanceof SshProblem ? new SshProblem(`line ${index + 1}: ${thrown.message}`) : thrown;
    }
  }
  return signers;
}

function readKey(type: string, coded: string): SshKey {
  if (type.includes('-cert-')) throw new SshProblem('certificates are not read; give the key itself');
  if (!isKeyType(type)) throw new SshProblem('it is no public key of OpenSSH');
  const key = readSshKey(decodeBase64(coded));
  if (key.type !== type) throw new SshProblem(`the key is of type ${key.type}, not ${type}`);
  return key;
}

function isKeyType(word: string): boolean {
  return /^(?:sk-)?(?:ssh|ecdsa)-[a-z0-9-]+(?:@openssh\.com)?$/.test(word);
}

/** Words apart by blanks; quotes keep a word together. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== '') words.push(word);
      word = '';
    } else word += character;
  }
  if (quoted) throw new SshProblem('a quote is not closed');
  if (word !== '') words.push(word);
  return words;
}

function unquote(word: string): string {
  return word.replaceAll('"', '');
}

function readOptions(text: string): Omit<SshSigner, 'name' | 'key'> {
  let options: Omit<SshSigner, 'name' | 'key'> = {};
  if (text === '') return options;
  for (const option of text.match(/(?:[^,"]|"[^"]*")+/g) ?? []) {
    const equals = option.indexOf('=');
    const name = (equals < 0 ? option : option.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? '' : unquote(option.slice(equals + 1));
    switch (name) {
      case 'namespaces':
        options = { ...options, namespaces: value.split(',') };
        break;
      case 'valid-after':
        options = { ...options, validAfter: readTime(value) };
        break;
      case 'valid-before':
        options = { ...options, validBefore: readTime(value) };
        break;
      case 'cert-authority':
        throw new SshProblem('cert-authority is not supported: give the keys themselves');
      default:
        // A file of another kind may be secret: nothing of it is repeated but a plain word.
        throw new SshProblem(/^[a-z-]{1,32}$/.test(name) ? `option ${name} is not known` : 'it has an unknown option');
    }
  }
  return options;
}

/** `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, with or without `Z`. */
function readTime(text: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z?$/.exec(text);
  if (match === null)
    throw new SshProblem(`${JSON.stringify(text.slice(0, 64))} is no time such as 20260131 or 202601311200Z`);
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  if (!digits.startsWith(text.replace('Z', ''))) throw new SshProblem(`${text} is no day of the calendar`);
  return ms / 1000;
}

/** A list of patterns with `*` and `?`; one with `!` before it excludes, wherever it stands. */
function matchesList(word: string, patterns: readonly string[]): boolean {
  const excluded = patterns.some((pattern) => pattern.startsWith('!') && matches(word, pattern.slice(1)));
  return !excluded && patterns.some((pattern) => !pattern.startsWith('!') && matches(word, pattern));
}

function matches(word: string, pattern: string): boolean {
  let [at, next, star, from] = [0, 0, -1, 0];
  while (at < word.length) {
    if (pattern[next] === '*') {
      star = next++;
      from = at;
    } else if (pattern[next] === '?' || pattern[next] === word[at]) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++from;
    } else return false;
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}

function isoDay(seconds: number): string {
  const ms = seconds * 1000;
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : `${seconds} s`;
}

import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { EngineError } from '../../core/errors.ts';
import { printable } from '../printable.ts';
import { readAllowedSigners, readPublicKeys, type SshSigner } from './allowed-signers.ts';
import { type KeyFile, type OpenPgpKeys, readOpenPgpKeys } from './openpgp-keys.ts';
import { SshProblem } from './ssh-wire.ts';

/** The keys whose signatures count. */
export interface TrustAnchor {
  /** Names exactly these keys. */
  readonly digest: string;
  readonly ssh: readonly SshSigner[];
  readonly openPgp?: OpenPgpKeys;
}

const MAX_BYTES = 1024 * 1024;
const MAX_KEYS = 1000;
const anchors = new LRUCache<string, TrustAnchor>({ max: 200 });

/**
 * Reads the files of a Secret: `*.pub` (public keys of OpenSSH), `allowed_signers` (Git's own format), `*.asc` and `*.gpg` (OpenPGP).
 * Nothing is left out silently: a file of another name, one that cannot be read and one without a key are refused, for a rule that is
 * not understood must not look like trust or like its absence.
 *
 * @param subject names the Secret, for messages
 * @throws EngineError SourceUnverified
 */
export async function readTrustAnchor(subject: string, files: Readonly<Record<string, Buffer>>): Promise<TrustAnchor> {
  const named = Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1));
  if (named.length === 0) throw refused(subject, 'it is empty');
  if (named.reduce((sum, [, data]) => sum + data.byteLength, 0) > MAX_BYTES)
    throw refused(subject, `it is larger than ${MAX_BYTES} bytes`);
  const hash = createHash('sha256');
  for (const [name, data] of named) hash.update(`${JSON.stringify(name)} ${data.byteLength}\n`).update(data);
  const digest = hash.digest('hex');
  const known = anchors.get(digest);
  if (known !== undefined) return known;
  const ssh: SshSigner[] = [];
  const openPgp: KeyFile[] = [];
  for (const [name, data] of named) {
    if (name.endsWith('.asc') || name.endsWith('.gpg')) openPgp.push({ name: `${subject} ${name}`, data });
    else ssh.push(...readSshFile(subject, name, data));
  }
  const keys = openPgp.length === 0 ? undefined : await readOpenPgpKeys(openPgp);
  if (ssh.length + (keys?.count ?? 0) > MAX_KEYS) throw refused(subject, `it has more than ${MAX_KEYS} keys`);
  const anchor: TrustAnchor = { digest, ssh, ...(keys === undefined ? {} : { openPgp: keys }) };
  anchors.set(digest, anchor);
  return anchor;
}

function readSshFile(subject: string, name: string, data: Buffer): readonly SshSigner[] {
  const where = JSON.stringify(printable(name));
  const read = name === 'allowed_signers' ? readAllowedSigners : name.endsWith('.pub') ? readPublicKeys : undefined;
  if (read === undefined) throw refused(subject, `key ${where} is neither *.pub, allowed_signers, *.asc nor *.gpg`);
  let signers: readonly SshSigner[];
  try {
    signers = read(data.toString('utf8'));
  } catch (thrown) {
    if (!(thrown instanceof SshProblem)) throw thrown;
    throw refused(subject, `key ${where} cannot be read: ${printable(thrown.message)}`);
  }
  if (signers.length === 0) throw refused(subject, `key ${where} names nobody`);
  return signers;
}

function refused(subject: string, cause: string): EngineError {
  return new EngineError('SourceUnverified', `${subject} with trusted keys is refused (Invalid): ${cause}`, {
    remedy: 'give public keys under names such as ada.pub, allowed_signers or team.asc',
  });
}

import { createHash } from 'node:crypto';
import { readSshKey, type SshKey } from './ssh-key.ts';
import { decodeBase64, SshProblem, SshReader, sshString } from './ssh-wire.ts';

const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
const MAGIC = 'SSHSIG';
/** What Git signs commits for; a signature that was made for something else does not count here. */
export const GIT_NAMESPACE = 'git';

/** A signature as `ssh-keygen -Y sign` writes it, with the key that claims it. */
export interface SshSignature {
  readonly key: SshKey;
  /** @throws SshProblem with the reason why it does not hold */
  verify(payload: Buffer): void;
}

export function isSshSignature(text: string): boolean {
  return text.startsWith(BEGIN);
}

/** Reads an armoured signature (OpenSSH's PROTOCOL.sshsig). @throws SshProblem */
export function readSshSignature(text: string): SshSignature {
  const body = text.trimEnd();
  if (!body.startsWith(BEGIN) || !body.endsWith(END)) throw new SshProblem('its signature is cut off');
  const reader = new SshReader(decodeBase64(body.slice(BEGIN.length, -END.length).replaceAll(/[\r\n]/g, '')));
  if (reader.bytes(MAGIC.length).toString('latin1') !== MAGIC) throw new SshProblem('its signature is none of SSH');
  const version = reader.uint32();
  if (version !== 1) throw new SshProblem(`its signature has version ${version}, only 1 is known`);
  const key = readSshKey(reader.string());
  const namespace = reader.text();
  const reserved = reader.string();
  const hash = reader.text();
  const signature = reader.string();
  reader.end();
  return {
    key,
    verify: (payload) => {
      if (namespace !== GIT_NAMESPACE)
        throw new SshProblem(`it was signed for ${JSON.stringify(namespace.slice(0, 64))}, not for "${GIT_NAMESPACE}"`);
      if (hash !== 'sha256' && hash !== 'sha512')
        throw new SshProblem(`its content is hashed with ${JSON.stringify(hash.slice(0, 64))}, not SHA-256 or SHA-512`);
      const digest = createHash(hash).update(payload).digest();
      const message = [MAGIC_BYTES, sshString(namespace), sshString(reserved), sshString(hash), sshString(digest)];
      key.verify(Buffer.concat(message), signature);
    },
  };
}

const MAGIC_BYTES = Buffer.from(MAGIC, 'latin1');

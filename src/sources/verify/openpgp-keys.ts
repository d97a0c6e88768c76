import type * as OpenPgp from 'openpgp';
import { EngineError, messageOf } from '../../core/errors.ts';
import { printable } from '../printable.ts';
import type { Verdict } from './verdict.ts';

/** OpenPGP keys whose signatures count. */
export interface OpenPgpKeys {
  readonly count: number;
  /** @param signature armoured; @param nowMs when the key has to be valid: now, as gpg has it, for a signature can be dated back */
  verify(payload: Buffer, signature: string, nowMs: number): Promise<Verdict>;
}

/** A file of a Secret. */
export interface KeyFile {
  readonly name: string;
  readonly data: Buffer;
}

const BLOCK = /-----BEGIN PGP PUBLIC KEY BLOCK-----[^]*?-----END PGP PUBLIC KEY BLOCK-----/g;

export function isOpenPgpSignature(text: string): boolean {
  return text.startsWith('-----BEGIN PGP SIGNATURE-----');
}

/**
 * Reads public keys, armoured or binary. The library is loaded here and not before: most installations have no OpenPGP key, and it may be
 * left out of an installation for its licence.
 * @throws EngineError SourceUnverified for a file that cannot be read, or when the library is not installed
 */
export async function readOpenPgpKeys(files: readonly KeyFile[]): Promise<OpenPgpKeys> {
  const library = await loadLibrary();
  const keys: OpenPgp.Key[] = [];
  for (const file of files) keys.push(...(await readFile(file, library)));
  return {
    count: keys.length,
    verify: async (payload, signature, nowMs) => verifyWith(keys, library, { payload, signature, nowMs }),
  };
}

async function loadLibrary(): Promise<typeof OpenPgp> {
  try {
    return await import('openpgp');
  } catch (thrown) {
    throw new EngineError(
      'SourceUnverified',
      'OpenPGP signatures cannot be checked (NotInstalled): the optional package openpgp is not there',
      { cause: thrown, remedy: 'install evenkeel with its optional dependencies, or sign with SSH keys' },
    );
  }
}

async function readFile({ name, data }: KeyFile, library: typeof OpenPgp): Promise<readonly OpenPgp.Key[]> {
  const refuse = (cause: string): EngineError =>
    new EngineError('SourceUnverified', `key file ${name} cannot be read (Invalid): ${cause}`, {
      remedy: 'export the public keys with gpg --armor --export',
    });
  let keys: OpenPgp.Key[];
  try {
    const text = data.toString('latin1');
    if (text.includes('-----BEGIN ')) {
      const blocks = text.match(BLOCK) ?? [];
      keys = (await Promise.all(blocks.map(async (armoredKeys) => library.readKeys({ armoredKeys })))).flat();
    } else keys = await library.readKeys({ binaryKeys: data });
  } catch (thrown) {
    throw refuse(printable(messageOf(thrown)));
  }
  if (keys.length === 0) throw refuse('no OpenPGP public key is in it');
  if (keys.some((key) => key.isPrivate())) throw refuse('a private key is in it, which must not be here');
  return keys;
}

async function verifyWith(
  keys: readonly OpenPgp.Key[],
  library: typeof OpenPgp,
  {
    payload,
    signature: armored,
    nowMs,
  }: { readonly payload: Buffer; readonly signature: string; readonly nowMs: number },
): Promise<Verdict> {
  const untrusted = (reason: string): Verdict => ({ kind: 'untrusted', reason });
  let signature: OpenPgp.Signature;
  try {
    signature = await library.readSignature({ armoredSignature: armored });
  } catch (thrown) {
    return untrusted(`its OpenPGP signature cannot be read: ${printable(messageOf(thrown))}`);
  }
  const [packet, ...others] = signature.packets;
  if (packet === undefined || others.length > 0) return untrusted('it does not carry exactly one OpenPGP signature');
  // Other types of signature cover something else than the content, or nothing at all.
  if (packet.signatureType !== library.enums.signature.binary)
    return untrusted('its OpenPGP signature is not one over a file');
  const id = packet.issuerKeyID;
  const known = keys.filter((key) => key.getKeys(id).length > 0);
  if (known.length === 0) return untrusted(`OpenPGP key ${id.toHex().toUpperCase()} is not among the trusted keys`);
  let reason = '';
  for (const key of known) {
    const fingerprint = (key.getKeys(id)[0] ?? key).getFingerprint().toUpperCase();
    try {
      await checkOne(key, library, { payload, signature, id, date: new Date(nowMs) });
      return { kind: 'trusted', by: { signer: printable(key.getUserIDs()[0] ?? ''), key: fingerprint } };
    } catch (thrown) {
      reason = `OpenPGP key ${fingerprint}: ${printable(messageOf(thrown))}`;
    }
  }
  return untrusted(reason);
}

interface Claim {
  readonly payload: Buffer;
  readonly signature: OpenPgp.Signature;
  readonly id: OpenPgp.KeyID;
  readonly date: Date;
}

/** Throws with the reason when the signature does not hold, or when the key is expired or revoked now. */
async function checkOne(key: OpenPgp.Key, library: typeof OpenPgp, claim: Claim): Promise<void> {
  const { payload, signature, id, date } = claim;
  const message = await library.createMessage({ binary: new Uint8Array(payload) });
  const { signatures } = await library.verify({ message, signature, verificationKeys: key, date, format: 'binary' });
  const [result] = signatures;
  if (result === undefined || signatures.length !== 1) throw new Error('it does not carry exactly one signature');
  await result.verified;
  await key.getSigningKey(id, date);
}

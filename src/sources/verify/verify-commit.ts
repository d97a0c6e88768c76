import { LRUCache } from 'lru-cache';
import type { ObjectStore } from '../objects/object-store.ts';
import { printable } from '../printable.ts';
import { refusalOf } from './allowed-signers.ts';
import { isOpenPgpSignature } from './openpgp-keys.ts';
import { splitSignedCommit } from './signed-commit.ts';
import { isSshSignature, readSshSignature } from './ssh-signature.ts';
import { SshProblem } from './ssh-wire.ts';
import type { TrustAnchor } from './trust-anchor.ts';
import type { Verdict } from './verdict.ts';

/** A key may expire: what was found holds for so long. */
const MEMORY_MS = 10 * 60_000;
const memory = new LRUCache<string, { readonly atMs: number; readonly verdict: Verdict }>({ max: 20_000 });

/**
 * Whether a commit is signed by one of the keys, and by whom.
 * @param nowMs wall clock; OpenPGP keys have to be valid at it. The times of allowed signers are compared with the commit's own time, as
 * Git does.
 * @throws EngineError SourceCorrupt when the commit cannot be read
 */
export async function verifyCommit(
  store: ObjectStore,
  commitId: string,
  anchor: TrustAnchor,
  nowMs: number,
): Promise<Verdict> {
  const key = `${anchor.digest} ${commitId}`;
  const known = memory.get(key);
  if (known !== undefined && nowMs >= known.atMs && nowMs - known.atMs < MEMORY_MS) return known.verdict;
  const verdict = await verifySignature(store.readTyped(commitId, 'commit'), anchor, nowMs);
  memory.set(key, { atMs: nowMs, verdict });
  return verdict;
}

/** As {@link verifyCommit}, of the content of a commit object. */
export async function verifySignature(data: Buffer, anchor: TrustAnchor, nowMs: number): Promise<Verdict> {
  const signed = splitSignedCommit(data);
  if (typeof signed === 'string') return { kind: 'untrusted', reason: signed };
  const { payload, signature, committedSeconds } = signed;
  if (isSshSignature(signature)) {
    try {
      return verifySsh(payload, signature, committedSeconds, anchor);
    } catch (thrown) {
      if (!(thrown instanceof SshProblem)) throw thrown;
      return { kind: 'untrusted', reason: printable(thrown.message) };
    }
  }
  if (!isOpenPgpSignature(signature))
    return { kind: 'untrusted', reason: 'its signature is neither of SSH nor of OpenPGP' };
  if (anchor.openPgp === undefined)
    return { kind: 'untrusted', reason: 'it has an OpenPGP signature, and no OpenPGP key is trusted' };
  return anchor.openPgp.verify(payload, signature, nowMs);
}

function verifySsh(payload: Buffer, text: string, committedSeconds: number, anchor: TrustAnchor): Verdict {
  const signature = readSshSignature(text);
  const { type, blob, fingerprint } = signature.key;
  const lines = anchor.ssh.filter(({ key }) => key.blob.equals(blob));
  const named = `${type} key ${fingerprint}`;
  if (lines.length === 0) return { kind: 'untrusted', reason: `${named} is not among the trusted keys` };
  const refusals = lines.map((line) => refusalOf(line, committedSeconds));
  const [refusal] = refusals;
  const signer = lines[refusals.indexOf(undefined)];
  if (signer === undefined) return { kind: 'untrusted', reason: `${named}: ${refusal}` };
  try {
    signature.verify(payload);
  } catch (thrown) {
    if (!(thrown instanceof SshProblem)) throw thrown;
    return { kind: 'untrusted', reason: `${named}: ${printable(thrown.message)}` };
  }
  return { kind: 'trusted', by: { signer: printable(signer.name), key: fingerprint } };
}

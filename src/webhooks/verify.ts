import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Proof } from './provider.ts';

/** Two texts become digests of one length under a key of this process: comparing them tells nothing of where they differ. */
const COMPARISON_KEY = randomBytes(32);

/** Stands for the secret that is not there, so that an unknown repository takes as long as a wrong signature. */
const NO_SECRET = randomBytes(32).toString('hex');

/**
 * Whether a delivery knows one of the secrets, in a time that depends on the size of the body and the number of secrets only. An empty
 * secret proves nothing.
 */
export function isProven(proof: Proof | undefined, rawBody: Uint8Array, secrets: readonly string[]): boolean {
  const usable = secrets.filter((secret) => secret !== '');
  const given = proof?.kind === 'token' ? proof.token : (proof?.hex ?? '');
  let proven = false;
  for (const secret of usable.length === 0 ? [NO_SECRET] : usable) {
    const expected = proof?.kind === 'token' ? secret : createHmac('sha256', secret).update(rawBody).digest('hex');
    const same = timingSafeEqual(digest(given), digest(expected));
    proven ||= same && proof !== undefined && usable.length > 0;
  }
  return proven;
}

function digest(text: string): Buffer {
  return createHmac('sha256', COMPARISON_KEY).update(text).digest();
}

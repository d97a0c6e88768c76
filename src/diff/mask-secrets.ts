import type { FieldChange } from '../core/diff.ts';
import { MANIFEST_COPIES } from '../core/manifest-copies.ts';

/**
 * Whether an object holds secret data, judged from the parsed object itself and never from what a caller says. A kind named Secret of
 * any group counts: too much masking is harmless.
 */
export function isSecret(object: { readonly kind: string }): boolean {
  return object.kind === 'Secret';
}

/** A change without its values where they are secret: that something changed is all that is said, not even the length. */
export function maskChange(change: FieldChange, secret: boolean): FieldChange {
  const masked =
    MANIFEST_COPIES.some((name) => change.path.includes(name)) ||
    (secret && /^(?:data|stringData)(?:$|[.[])/.test(change.path));
  return masked ? { path: change.path, op: change.op, masked: true } : change;
}

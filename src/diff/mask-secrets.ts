import type { FieldChange } from '../core/diff.ts';
import type { JsonObject, MutableJsonObject } from '../core/json.ts';
import { isJsonObject, own } from '../core/json.ts';
import type { KubeObject } from '../core/object-key.ts';

/** Annotations that repeat whole manifests, secret data included. */
const COPIES = ['kubectl.kubernetes.io/last-applied-configuration', 'kapp.k14s.io/original'];

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
    COPIES.some((name) => change.path.includes(name)) || (secret && /^(?:data|stringData)(?:$|[.[])/.test(change.path));
  return masked ? { path: change.path, op: change.op, masked: true } : change;
}

/** The object with its secret data taken out; its keys stay, their values are empty. For history, output and logs. */
export function withoutSecretData(object: KubeObject): KubeObject {
  const annotations = own(object.metadata, 'annotations');
  const copies = isJsonObject(annotations) && COPIES.some((name) => Object.hasOwn(annotations, name));
  if (!isSecret(object) && !copies) return object;
  const out: MutableJsonObject = { ...(object as JsonObject) } as MutableJsonObject;
  if (isSecret(object)) {
    for (const field of ['data', 'stringData']) {
      const data = own(object, field);
      if (isJsonObject(data)) out[field] = Object.fromEntries(Object.keys(data).map((key) => [key, '']));
    }
  }
  if (copies && isJsonObject(annotations)) {
    const kept = Object.fromEntries(Object.entries(annotations).filter(([name]) => !COPIES.includes(name)));
    out.metadata = { ...(object.metadata as MutableJsonObject), annotations: kept as MutableJsonObject };
  }
  return out as KubeObject;
}

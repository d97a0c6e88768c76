import type { Health } from '../core/health.ts';
import { own, stringAt } from '../core/json.ts';
import { isKubeObject, type KubeObject, parseApiVersion } from '../core/object-key.ts';
import { assess, type UserRules } from './assess.ts';
import { relate } from './related.ts';

/** One line of the answer of `health --jsonl`: what was judged, and the verdict. */
export interface SetVerdict extends Health {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Judges objects together: each one sees the others (its pods, ReplicaSets, events). One verdict for every input, in the same order; an input
 * that is not a Kubernetes object gets `unknown`. A `List` is one input: spread it before with {@link spreadLists}.
 */
export function assessSet(inputs: readonly unknown[], now: number, rules?: UserRules): readonly SetVerdict[] {
  const related = relate(inputs.filter(isKubeObject));
  return inputs.map((input) => {
    const apiVersion = own(input, 'apiVersion');
    return {
      group: typeof apiVersion === 'string' ? parseApiVersion(apiVersion).group : '',
      kind: stringAt(input, 'kind') ?? '',
      namespace: stringAt(input, 'metadata', 'namespace') ?? '',
      name: stringAt(input, 'metadata', 'name') ?? '',
      ...assess(input as KubeObject, related, now, rules),
    };
  });
}

/** `kubectl get -o json` prints a List: its items in its place. Lists inside of lists are not spread again. */
export function spreadLists(inputs: readonly unknown[]): readonly unknown[] {
  return inputs.flatMap((input) => {
    const items = own(input, 'items');
    return (stringAt(input, 'kind') ?? '').endsWith('List') && Array.isArray(items)
      ? (items as readonly unknown[])
      : [input];
  });
}

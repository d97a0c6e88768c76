import type { Health } from '../core/health.ts';
import { own, stringAt } from '../core/json.ts';
import { isKubeObject, type KubeObject, parseApiVersion } from '../core/object-key.ts';
import { assess, type UserRules } from './assess.ts';
import { relate } from './related.ts';
import { verdict } from './verdict.ts';

/** One line of the answer of `health --jsonl`: what was judged, and the verdict. */
export interface SetVerdict extends Health {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Judges objects together: each one sees the others (its pods, ReplicaSets, events), those inside of a `List` too. One verdict for every input, in
 * the same order; an input that is not a Kubernetes object gets `unknown`, and so does a `List`: spread it before with {@link spreadLists}.
 */
export function* assessEach(inputs: readonly unknown[], now: number, rules?: UserRules): Generator<SetVerdict> {
  const related = relate(spreadLists(inputs).filter(isKubeObject));
  for (const input of inputs) {
    const apiVersion = own(input, 'apiVersion');
    yield {
      group: typeof apiVersion === 'string' ? parseApiVersion(apiVersion).group : '',
      kind: stringAt(input, 'kind') ?? '',
      namespace: stringAt(input, 'metadata', 'namespace') ?? '',
      name: stringAt(input, 'metadata', 'name') ?? '',
      ...(isList(input)
        ? verdict('unknown', 'NotAnObject', 'this is a list; its items can be judged, one by one')
        : assess(input as KubeObject, related, now, rules)),
    };
  }
}

/** `kubectl get -o json` prints a List: its items in its place. Lists inside of lists are not spread again. */
export function spreadLists(inputs: readonly unknown[]): readonly unknown[] {
  return inputs.flatMap((input) => (isList(input) ? (own(input, 'items') as unknown as readonly unknown[]) : [input]));
}

function isList(input: unknown): boolean {
  return (stringAt(input, 'kind') ?? '').endsWith('List') && Array.isArray(own(input, 'items'));
}

import type { Live } from '../core/live.ts';
import { stringAt } from '../core/json.ts';
import { describeKey, formatKey, type KubeObject, type ObjectKey } from '../core/object-key.ts';
import type { Refusal, Step } from '../core/plan.ts';
import { readDirectives } from './annotations.ts';
import { confirmationOf, guardProtected } from './guards.ts';
import { isProtectedKind } from './kind-order.ts';

/** An object of the inventory that is no longer rendered. */
export interface Leftover {
  readonly key: ObjectKey;
  readonly live: Live;
  /** `namespace/name` of the application whose label it carries now. */
  readonly owner?: string;
  /** Whether our manager owns a field of it. */
  readonly managed: boolean;
  /** Another application that renders it and waits for it. */
  readonly claimedBy?: string;
}

interface PruneInput {
  readonly leftovers: readonly Leftover[];
  /** `namespace/name`. */
  readonly application: string;
  readonly enabled: boolean;
  /** Objects of this very sync cannot be applied: nothing is deleted beside them, it may be what replaces the leftovers. */
  readonly blocked: boolean;
  readonly confirmDeletions: readonly string[];
}

interface PrunePlan {
  readonly steps: readonly Step[];
  readonly refusals: readonly Refusal[];
  readonly kept: readonly { readonly key: ObjectKey; readonly reason: string }[];
  /** Kept objects that stay in the inventory. */
  readonly stillOwned: readonly ObjectKey[];
}

/**
 * Decides for each leftover: delete it, keep it as ours, or let it go. Only what was seen alive and is still ours is deleted; an
 * object that could not be read stays ours.
 */
export function planPrune(input: PruneInput): PrunePlan {
  const steps: Step[] = [];
  const refusals: Refusal[] = [];
  const kept: { key: ObjectKey; reason: string }[] = [];
  const stillOwned: ObjectKey[] = [];
  const keep = (key: ObjectKey, reason: string, owned: boolean): void => {
    kept.push({ key, reason });
    if (owned) stillOwned.push(key);
  };
  for (const leftover of input.leftovers) {
    const { key, live } = leftover;
    if (live.state === 'absent') continue;
    if (live.state === 'unknown') {
      keep(key, `could not be read (${live.error.code}); it stays in the inventory`, true);
      continue;
    }
    if (leftover.claimedBy !== undefined) {
      keep(key, `handed over to application ${leftover.claimedBy}, which renders it now`, false);
      continue;
    }
    if (leftover.owner !== undefined && leftover.owner !== input.application) {
      keep(key, `now belongs to application ${leftover.owner}`, false);
      continue;
    }
    if (leftover.owner === undefined && !leftover.managed) {
      keep(key, 'carries no mark of ours any more: somebody else took it over', false);
      continue;
    }
    const { prune } = readDirectives(live.object, false);
    if (prune === 'never') {
      keep(key, 'its annotations say that it must not be pruned', true);
      continue;
    }
    if (!input.enabled) {
      keep(key, 'sync.prune is off', true);
      continue;
    }
    const deleting = stringAt(live.object, 'metadata', 'deletionTimestamp');
    if (deleting !== undefined) {
      keep(key, `is being deleted since ${deleting}${finalizersOf(live.object)}`, true);
      continue;
    }
    if ((isProtectedKind(key) || prune === 'confirm') && !isConfirmed(key, input.confirmDeletions)) {
      const why = prune === 'confirm' ? 'asks for a confirmation' : 'its deletion would take data with it';
      refusals.push(guardProtected(key, why));
      keep(key, 'its deletion was not confirmed', true);
      continue;
    }
    if (input.blocked) {
      keep(key, 'nothing is pruned while other objects cannot be applied', true);
      continue;
    }
    steps.push({ key, action: 'delete', diff: deletionOf(key, live.object), reason: 'no longer in Git' });
  }
  return { steps, refusals, kept, stillOwned };
}

function deletionOf(key: ObjectKey, object: KubeObject): Step['diff'] {
  const uid = stringAt(object, 'metadata', 'uid');
  const resourceVersion = stringAt(object, 'metadata', 'resourceVersion');
  return {
    key,
    action: 'delete',
    changes: [],
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function finalizersOf(object: KubeObject): string {
  const { finalizers } = object.metadata;
  return Array.isArray(finalizers) && finalizers.length > 0 ? `, held by finalizers ${finalizers.join(', ')}` : '';
}

function isConfirmed(key: ObjectKey, confirmations: readonly string[]): boolean {
  return confirmations.some(
    (text) => text === confirmationOf(key) || text === formatKey(key) || text === describeKey(key),
  );
}

import type { DeletionBudget } from '../core/application.ts';
import { describeKey, type ObjectKey } from '../core/object-key.ts';
import type { Refusal } from '../core/plan.ts';

/** Words of a person that lift guards for one plan. */
export interface PlanOverrides {
  /** Prune everything although nothing was rendered. */
  readonly allowEmpty: boolean;
  /** Delete more than the budget allows. */
  readonly allowDeletions: boolean;
  /** Protected objects that may be deleted: `Kind/name`, or `Kind/namespace/name`. */
  readonly confirmDeletions: readonly string[];
  /** Apply a held commit again. */
  readonly retryHeld: boolean;
  /** Take over objects that another tool's marks claim. */
  readonly adopt: boolean;
}

export const NO_OVERRIDES: PlanOverrides = {
  allowEmpty: false,
  allowDeletions: false,
  confirmDeletions: [],
  retryHeld: false,
  adopt: false,
};

/** Rendering nothing where something is owned is far more often a mistake than a wish: the whole inventory would go. */
export function guardEmptyRender(
  rendered: number,
  inventory: readonly ObjectKey[],
  overrides: PlanOverrides,
): Refusal[] {
  if (rendered > 0 || inventory.length === 0 || overrides.allowEmpty) return [];
  return [
    {
      guard: 'EmptyRender',
      scope: 'plan',
      message: `nothing was rendered, and ${count(inventory.length, 'object')} would be deleted`,
      keys: inventory,
      override: 'sync with --allow-empty when everything shall really go',
    },
  ];
}

/**
 * @param owned number of objects in the inventory; a share is taken of it
 * @remarks One deletion is always within a share, or small applications could never delete.
 */
export function guardDeletionBudget(
  deletions: readonly ObjectKey[],
  owned: number,
  budget: DeletionBudget,
  overrides: PlanOverrides,
): Refusal[] {
  if (overrides.allowDeletions || overrides.allowEmpty || deletions.length === 0) return [];
  const allowed = budget.kind === 'count' ? budget.count : Math.max(1, Math.floor((owned * budget.percent) / 100));
  if (deletions.length <= allowed) return [];
  const limit = budget.kind === 'count' ? String(budget.count) : `${budget.percent}% of ${owned}`;
  return [
    {
      guard: 'DeletionBudget',
      scope: 'plan',
      message: `${count(deletions.length, 'object')} would be deleted, the budget allows ${allowed} (sync.maxDeletions: ${limit})`,
      keys: deletions,
      override: 'sync with --allow-deletions, or raise sync.maxDeletions',
    },
  ];
}

export function guardProtected(key: ObjectKey, why: string): Refusal {
  return {
    guard: 'ProtectedKind',
    scope: 'step',
    message: `${describeKey(key)} is no longer in Git and ${why}: it stays`,
    keys: [key],
    override: `sync with --confirm-delete ${confirmationOf(key)}, or keep it with the annotation evenkeel.dev/prune: never`,
  };
}

/** How a person names a protected object: `Kind/name` or `Kind/namespace/name`. */
export function confirmationOf(key: ObjectKey): string {
  return key.namespace === '' ? `${key.kind}/${key.name}` : `${key.kind}/${key.namespace}/${key.name}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

import { digestJson } from '../core/digest.ts';
import type { FieldChange } from '../core/diff.ts';
import type { Json } from '../core/json.ts';
import { formatKey } from '../core/object-key.ts';
import type { Plan, Step } from '../core/plan.ts';

/**
 * Names a plan: the same digest means the same objects, the same fields from the same values, the same order, the same deletions of
 * the same live objects, and the same refusals. A change in status alone (a pod became ready) does not move it.
 */
export function digestPlan(plan: Omit<Plan, 'digest'>): string {
  return digestJson({
    application: plan.application,
    manifests: plan.manifestDigest,
    waves: plan.waves.map((wave) => ({
      phase: wave.phase,
      number: wave.number,
      wait: wave.waitForHealth,
      steps: wave.steps.map(factsOf),
    })),
    refusals: plan.refusals.map((refusal) => [refusal.guard, refusal.scope, ...refusal.keys.map(formatKey)]),
    inventory: plan.inventory.map(formatKey),
  });
}

function factsOf(step: Step): Json {
  return {
    key: formatKey(step.key),
    action: step.action,
    force: step.force ?? false,
    replace: step.replace ?? false,
    changes: step.diff.changes.map(changeOf),
    // What is deleted or replaced is named by its uid: another object of that name is not what was reviewed.
    uid: step.action === 'delete' || step.action === 'recreate' ? (step.diff.uid ?? '') : '',
    managers: [...(step.diff.managers ?? [])],
  };
}

function changeOf(change: FieldChange): Json {
  return [change.path, change.op, change.before ?? null, change.after ?? null, change.masked ?? false];
}

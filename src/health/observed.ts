import { at, numberAt } from '../core/json.ts';
import { conditionsOf } from './conditions.ts';

/**
 * Whether the status speaks of an older spec: `status.observedGeneration`, or that of every condition that has one, is below
 * `metadata.generation`. A controller that writes none, or writes a text (older Argo Rollouts write a hash), says nothing about it. On deletion
 * the generation rises and most controllers write no more, so there it says nothing either.
 */
export function isStale(object: unknown): boolean {
  const generation = numberAt(object, 'metadata', 'generation');
  if (generation === undefined || at(object, 'metadata', 'deletionTimestamp') !== undefined) return false;
  const observed = at(object, 'status', 'observedGeneration');
  if (typeof observed === 'number') return observed < generation;
  let newest: number | undefined;
  for (const condition of conditionsOf(object)) {
    if (condition.observedGeneration !== undefined && condition.observedGeneration > (newest ?? -1))
      newest = condition.observedGeneration;
  }
  return newest !== undefined && newest < generation;
}

/** A status that holds nothing: absent, null or an empty object. */
export function isFresh(object: unknown): boolean {
  const status = at(object, 'status');
  if (status === undefined || status === null) return true;
  return typeof status === 'object' && !Array.isArray(status) && Object.keys(status).length === 0;
}

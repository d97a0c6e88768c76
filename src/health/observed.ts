import { at, numberAt } from '../core/json.ts';

/**
 * Whether the status speaks of an older spec: `status.observedGeneration` is a number below `metadata.generation`. A controller that
 * writes none, or writes a text (older Argo Rollouts write a hash), says nothing about it.
 */
export function isStale(object: unknown): boolean {
  const generation = numberAt(object, 'metadata', 'generation');
  const observed = at(object, 'status', 'observedGeneration');
  return generation !== undefined && typeof observed === 'number' && observed < generation;
}

/** A status that holds nothing: absent, null or an empty object. */
export function isFresh(object: unknown): boolean {
  const status = at(object, 'status');
  if (status === undefined || status === null) return true;
  return typeof status === 'object' && !Array.isArray(status) && Object.keys(status).length === 0;
}

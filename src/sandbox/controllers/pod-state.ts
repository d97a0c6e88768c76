import { own, type JsonObject } from '../../core/json.ts';
import { isDeleting, items, metaOf, textOf, type Stored } from '../object.ts';

/** The condition of a type, when it is there. */
export function conditionOf(object: JsonObject, type: string): JsonObject | undefined {
  return items(own(object, 'status'), 'conditions').find((entry) => entry['type'] === type);
}

export function phaseOf(object: JsonObject): string {
  return textOf(own(object, 'status'), 'phase');
}

export function isPodReady(pod: JsonObject): boolean {
  return conditionOf(pod, 'Ready')?.['status'] === 'True';
}

/** Counts for its owner: neither finished nor on its way out. */
export function isPodActive(pod: JsonObject): boolean {
  const phase = phaseOf(pod);
  return phase !== 'Succeeded' && phase !== 'Failed' && !isDeleting(pod);
}

/** When a pod becomes available (ready for that long), in milliseconds since 1970; undefined while it is not ready. */
export function availableAtMs(pod: JsonObject, minReadySeconds: number): number | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.['status'] !== 'True') return undefined;
  const since = Date.parse(textOf(ready, 'lastTransitionTime'));
  return (Number.isNaN(since) ? 0 : since) + minReadySeconds * 1000;
}

export interface PodCounts {
  readonly total: number;
  readonly ready: number;
  readonly available: number;
  readonly terminating: number;
  /** Until another pod becomes available just by time. */
  readonly nextMs: number | undefined;
}

export function countPods(pods: readonly Stored[], minReadySeconds: number, nowMs: number): PodCounts {
  let ready = 0;
  let available = 0;
  let total = 0;
  let terminating = 0;
  let nextMs: number | undefined;
  for (const pod of pods) {
    if (isDeleting(pod)) terminating++;
    if (!isPodActive(pod)) continue;
    total++;
    const at = availableAtMs(pod, minReadySeconds);
    if (at === undefined) continue;
    ready++;
    if (at <= nowMs || minReadySeconds === 0) available++;
    else nextMs = Math.min(nextMs ?? Infinity, at - nowMs);
  }
  return { total, ready, available, terminating, nextMs };
}

/** The reference to the object that controls this one. */
export function controllerOf(object: JsonObject): JsonObject | undefined {
  const owners = own(metaOf(object), 'ownerReferences');
  return Array.isArray(owners)
    ? (owners.find((owner) => own(owner, 'controller') === true) as JsonObject | undefined)
    : undefined;
}

export function specOf(object: JsonObject): JsonObject {
  const spec = own(object, 'spec');
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? (spec as JsonObject) : {};
}

export function numberIn(object: unknown, key: string, fallback = 0): number {
  const value = own(object, key);
  return typeof value === 'number' ? value : fallback;
}

/** `25%` or a number of a total, rounded as asked. */
export function resolveShare(value: unknown, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null;
  if (match === null) return 0;
  const share = (Number(match[1]) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}

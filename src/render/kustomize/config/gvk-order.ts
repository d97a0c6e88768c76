import type { Gvk } from '../resource-id.ts';

/** Kinds that come first, in this order: what others need stands before them. */
export const ORDER_FIRST: readonly string[] = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];

/** Kinds that come last. */
export const ORDER_LAST: readonly string[] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** Places of kinds: negative before all others, positive after them. */
export function kindPlaces(first: readonly string[], last: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [index, kind] of first.entries()) places.set(kind, index - first.length);
  for (const [index, kind] of last.entries()) places.set(kind, index + 1);
  return places;
}

const DEFAULT_PLACES = kindPlaces(ORDER_FIRST, ORDER_LAST);

/** A text by which kinds sort: group, version, kind, with marks for what is missing. */
export function gvkSortText(gvk: Gvk): string {
  return `${gvk.group || '~G'}_${gvk.version || '~V'}_${gvk.kind || '~K'}`;
}

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

export function compareGvk(left: Gvk, right: Gvk): number {
  const place = (DEFAULT_PLACES.get(left.kind) ?? 0) - (DEFAULT_PLACES.get(right.kind) ?? 0);
  return place === 0 ? compareText(gvkSortText(left), gvkSortText(right)) : place;
}

import type { KubeObject } from '../../core/object-key.ts';

/**
 * Which of two versions of one object is newer: positive when `left` is. kube-apiserver's versions are growing numbers (KEP-5504); for
 * any other text the answer is 0, and the caller takes what came last.
 */
export function compareVersions(left: string, right: string): number {
  if (left === right) return 0;
  if (!/^\d{1,30}$/.test(left) || !/^\d{1,30}$/.test(right)) return 0;
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}

export function versionOf(object: KubeObject): string {
  const version = object.metadata.resourceVersion;
  return typeof version === 'string' ? version : '';
}

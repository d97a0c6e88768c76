import type { Health } from '../../core/health.ts';
import { listAt, stringAt } from '../../core/json.ts';
import { type KubeObject, type ObjectKey, keyOf } from '../../core/object-key.ts';
import type { Related } from '../related.ts';
import { diagnosePod } from './diagnose-pod.ts';

/** The pods of a workload in a sentence: how many have the worst fault, and what it is. */
export interface PodSummary {
  readonly total: number;
  /** The worst diagnosis that is not healthy, of one pod that has it. */
  readonly worst: Health | undefined;
  /** How many pods have it. */
  readonly count: number;
  readonly example: ObjectKey | undefined;
  /** Warnings of healthy pods, with their number. */
  readonly warnings: readonly string[];
}

const RANK: Readonly<Record<Health['status'], number>> = {
  healthy: 0,
  suspended: 1,
  progressing: 2,
  missing: 3,
  unknown: 4,
  degraded: 5,
};

/** Pods of a workload by owner (through ReplicaSets and Jobs, two levels), else by selector when nobody says who owns what. */
export function podsOf(workload: KubeObject, related: Related): readonly KubeObject[] {
  const owned: KubeObject[] = [];
  for (const child of related.childrenOf(workload)) {
    if (child.kind === 'Pod') owned.push(child);
    else if (child.kind === 'ReplicaSet' || child.kind === 'Job' || child.kind === 'StatefulSet') {
      for (const grandchild of related.childrenOf(child)) if (grandchild.kind === 'Pod') owned.push(grandchild);
    }
  }
  if (owned.length > 0) return owned;
  const spec = workload['spec'];
  const selector =
    typeof spec === 'object' && spec !== null && !Array.isArray(spec) && Object.hasOwn(spec, 'selector')
      ? (spec as { selector?: unknown }).selector
      : undefined;
  const selected = related.selected('Pod', stringAt(workload, 'metadata', 'namespace') ?? '', selector);
  return selected.filter((pod) => listAt(pod, 'metadata', 'ownerReferences').length === 0);
}

/** Diagnoses every pod and groups by what is wrong; release before environment, then the larger group. */
export function summarizePods(pods: readonly KubeObject[], related: Related, now: number): PodSummary {
  const groups = new Map<string, { health: Health; count: number; example: ObjectKey }>();
  const warnings = new Map<string, number>();
  let total = 0;
  for (const pod of pods) {
    const health = diagnosePod(pod, related, now);
    if (health.reason !== 'Terminating' && health.reason !== 'Completed') total++;
    for (const warning of health.warnings ?? []) warnings.set(warning, (warnings.get(warning) ?? 0) + 1);
    if (health.status === 'healthy') continue;
    const key = `${health.status}/${health.reason}/${health.cause ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { health, count: 1, example: keyOf(pod) });
    else group.count++;
  }
  const worst = [...groups.values()].sort((a, b) => badness(b.health) - badness(a.health) || b.count - a.count)[0];
  return {
    total,
    worst: worst?.health,
    count: worst?.count ?? 0,
    example: worst?.example,
    warnings: [...warnings].slice(0, 5).map(([text, count]) => (count === 1 ? text : `${count} pods: ${text}`)),
  };
}

function badness(health: Health): number {
  if (health.reason === 'Terminating') return 0;
  return RANK[health.status] * 4 + (health.cause === 'release' ? 2 : health.cause === 'environment' ? 1 : 0);
}

/** `3 of 10 pods: ImagePullBackOff on container web, image …`. */
export function describePods(summary: PodSummary, wanted: number): string | undefined {
  if (summary.worst === undefined) return undefined;
  const of = Math.max(wanted, summary.total, summary.count);
  return `${summary.count} of ${of} ${of === 1 ? 'pod' : 'pods'}: ${summary.worst.message}`;
}

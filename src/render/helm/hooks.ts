import type { HookPhase } from '../../core/manifest.ts';

export type HookEvent =
  | 'pre-install'
  | 'post-install'
  | 'pre-delete'
  | 'post-delete'
  | 'pre-upgrade'
  | 'post-upgrade'
  | 'pre-rollback'
  | 'post-rollback'
  | 'test';

const EVENTS = new Map<string, HookEvent>([
  ['pre-install', 'pre-install'],
  ['post-install', 'post-install'],
  ['pre-delete', 'pre-delete'],
  ['post-delete', 'post-delete'],
  ['pre-upgrade', 'pre-upgrade'],
  ['post-upgrade', 'post-upgrade'],
  ['pre-rollback', 'pre-rollback'],
  ['post-rollback', 'post-rollback'],
  ['test', 'test'],
  ['test-success', 'test'],
]);

/** The events of a `helm.sh/hook` annotation; undefined when one of them is unknown, which makes Helm leave the object out. */
export function hookEvents(annotation: string): HookEvent[] | undefined {
  const events: HookEvent[] = [];
  for (const name of annotation.split(',')) {
    const event = EVENTS.get(name.trim().toLowerCase());
    if (event === undefined) return undefined;
    events.push(event);
  }
  return events;
}

/**
 * When a hook runs in a plan: before or after the sync, on deletion of the application, or not at all. An install event counts in
 * the first sync, an upgrade event in every later one; rollbacks are syncs of an older revision, so their events never fire by
 * themselves. A hook with events on both sides of the sync runs before it.
 */
export function hookPhase(events: readonly HookEvent[], isUpgrade: boolean): HookPhase {
  const now = isUpgrade ? 'upgrade' : 'install';
  if (events.includes(`pre-${now}`)) return 'pre';
  if (events.includes(`post-${now}`)) return 'post';
  if (events.includes('pre-delete')) return 'preDelete';
  if (events.includes('post-delete')) return 'postDelete';
  return 'skip';
}

/** `helm.sh/hook-weight`: hooks of one phase run from low to high; what is no whole number counts as 0. */
export function hookWeight(annotation: string | undefined): number {
  return annotation !== undefined && /^[+-]?\d{1,18}$/.test(annotation) ? Number(annotation) : 0;
}

/** `helm.sh/hook-delete-policy`: when the object of a hook goes. Without any, the one of the last run goes before the next. */
export type HookDeletePolicy = 'before-hook-creation' | 'hook-succeeded' | 'hook-failed';

export function hookDeletePolicies(annotation: string | undefined): HookDeletePolicy[] {
  const known: readonly HookDeletePolicy[] = ['before-hook-creation', 'hook-succeeded', 'hook-failed'];
  const named = new Set((annotation ?? '').split(',').map((name) => name.trim().toLowerCase()));
  const policies = known.filter((policy) => named.has(policy));
  return policies.length === 0 ? ['before-hook-creation'] : policies;
}

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

import { formatApplicationName } from '../../core/application.ts';
import type { ApplicationView } from './application-view.ts';
import { isDeleting, isReady, type Tracked } from './tracked.ts';

/** Why an application has to wait: one line for each other one that is not ready. */
export function openDependencies(tracked: Tracked, applications: ApplicationView): string[] {
  return (tracked.application?.dependsOn ?? []).flatMap((name) => {
    const id = formatApplicationName(name);
    const other = applications.get(id);
    if (other === undefined || isDeleting(other)) return [`${id}: does not exist`];
    if (isReady(other)) return [];
    const why = other.findings?.sync === 'Synced' ? (other.health?.reason ?? 'Pending') : other.findings?.reason;
    return [`${id}: ${why ?? 'Pending'}`];
  });
}

/** The circle that an application is part of, if any: `a → b → a`. Looks at each application once. */
export function findCircle(tracked: Tracked, applications: ApplicationView): string[] | undefined {
  const seen = new Set<string>();
  const open: { readonly id: string; readonly path: readonly string[] }[] = [{ id: tracked.id, path: [tracked.id] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const name of applications.get(next.id)?.application?.dependsOn ?? []) {
      const id = formatApplicationName(name);
      if (id === tracked.id) return [...next.path, id];
      if (seen.has(id)) continue;
      seen.add(id);
      open.push({ id, path: [...next.path, id] });
    }
  }
  return undefined;
}

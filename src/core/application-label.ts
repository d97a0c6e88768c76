import { createHash } from 'node:crypto';
import type { ApplicationName } from './application.ts';

/** Label values end at 63 characters (k8s.io/apimachinery, util/validation). */
const MAX_LABEL = 63;

/**
 * The value of our one label: `<namespace>.<name>`, shortened with a hash beyond 63 characters. It never changes with the commit: a
 * mark that did would rewrite every object at every push.
 */
export function labelOf(name: ApplicationName): string {
  const full = `${name.namespace}.${name.name}`;
  if (full.length <= MAX_LABEL) return full;
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 10);
  return `${full.slice(0, MAX_LABEL - hash.length - 1).replace(/[^a-z0-9]+$/, '')}-${hash}`;
}

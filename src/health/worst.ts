import { type Health, HEALTH_STATUSES, type ObjectHealth } from '../core/health.ts';

/** How bad a verdict is for the whole, worst last. A suspended object waits for a person and does not hide anything worse. */
const SEVERITY: Readonly<Record<(typeof HEALTH_STATUSES)[number], number>> = {
  healthy: 0,
  suspended: 1,
  progressing: 2,
  unknown: 3,
  missing: 4,
  degraded: 5,
};

/** The verdict that stands for a set of objects; healthy for none. */
export function worstOf(objects: readonly ObjectHealth[]): Health {
  let worst: Health = { status: 'healthy', reason: 'AllHealthy', message: '' };
  for (const { health } of objects) if (SEVERITY[health.status] > SEVERITY[worst.status]) worst = health;
  return worst;
}

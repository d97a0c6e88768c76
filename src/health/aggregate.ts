import type { Health, HealthCause, HealthStatus, ObjectHealth } from '../core/health.ts';
import { compareKeys, describeKey, formatKey } from '../core/object-key.ts';

/** From best to worst; an application is as healthy as the worst of its objects. */
const RANK: Readonly<Record<HealthStatus, number>> = {
  healthy: 0,
  suspended: 1,
  progressing: 2,
  missing: 3,
  degraded: 4,
  unknown: 5,
};

/** The verdict on a set of objects, the likeliest root of the trouble first. */
export interface ApplicationHealth {
  readonly status: HealthStatus;
  readonly reason: string;
  readonly message: string;
  readonly cause?: HealthCause;
  readonly counts: Readonly<Record<HealthStatus, number>>;
  /** Every object that is not healthy, the cause before what waits for it. */
  readonly problems: readonly ObjectHealth[];
  /** Objects that are healthy and have something to say. */
  readonly warnings: readonly ObjectHealth[];
}

/**
 * Worst of all, with the cause on top: among objects of the same status the ones that others wait for come first, then what the release
 * caused, then what has lasted longest. The order of the input does not matter.
 */
export function aggregateHealth(objects: readonly ObjectHealth[]): ApplicationHealth {
  const counts: Record<HealthStatus, number> = {
    healthy: 0,
    suspended: 0,
    progressing: 0,
    missing: 0,
    degraded: 0,
    unknown: 0,
  };
  for (const { health } of objects) counts[health.status]++;
  const awaited = new Set(objects.flatMap(({ health }) => (health.blockedBy ?? []).map(formatKey)));
  const problems = objects
    .filter(({ health }) => health.status !== 'healthy')
    .sort((a, b) => compareProblems(a, b, awaited));
  const warnings = objects
    .filter(({ health }) => health.status === 'healthy' && (health.warnings?.length ?? 0) > 0)
    .sort((a, b) => compareKeys(a.key, b.key));
  const worst = problems[0];
  if (worst === undefined) {
    const message = objects.length === 0 ? 'there are no objects' : `all ${objects.length} objects are healthy`;
    return { status: 'healthy', reason: 'Healthy', message, counts, problems, warnings };
  }
  const others = problems.length - 1;
  const more = others === 0 ? '' : ` (and ${others} more)`;
  return {
    status: worst.health.status,
    reason: worst.health.reason,
    message: `${describeKey(worst.key)}: ${worst.health.message}${more}`,
    ...(worst.health.cause === undefined ? {} : { cause: worst.health.cause }),
    counts,
    problems,
    warnings,
  };
}

function compareProblems(a: ObjectHealth, b: ObjectHealth, awaited: ReadonlySet<string>): number {
  return (
    RANK[b.health.status] - RANK[a.health.status] ||
    Number(awaited.has(formatKey(b.key))) - Number(awaited.has(formatKey(a.key))) ||
    causeRank(b.health) - causeRank(a.health) ||
    compareText(a.health.since ?? '~', b.health.since ?? '~') ||
    compareKeys(a.key, b.key)
  );
}

function causeRank(health: Health): number {
  return health.cause === 'release' ? 2 : health.cause === 'environment' ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

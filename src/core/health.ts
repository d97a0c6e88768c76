import type { ObjectKey } from './object-key.ts';

export const HEALTH_STATUSES = ['healthy', 'progressing', 'degraded', 'suspended', 'missing', 'unknown'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** Whose fault a bad verdict is: what was released, or the cluster around it. */
export type HealthCause = 'release' | 'environment';

/** The verdict on one object. */
export interface Health {
  readonly status: HealthStatus;
  /** CamelCase and stable: machines read it. */
  readonly reason: string;
  /** Plain words for people; no secret text. */
  readonly message: string;
  readonly cause?: HealthCause;
  /** What it waits for. */
  readonly blockedBy?: readonly ObjectKey[];
  /** When waiting turns into failure, RFC 3339. */
  readonly deadline?: string;
  /** When this state began, RFC 3339, where the object tells. */
  readonly since?: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** True facts that do not change the status (an HPA without metrics). */
  readonly warnings?: readonly string[];
}

export interface ObjectHealth {
  readonly key: ObjectKey;
  readonly health: Health;
}

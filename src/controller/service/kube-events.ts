import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../core/cache-room.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock, Cluster, Logger } from '../../core/ports.ts';
import { redactText } from '../../telemetry/redact.ts';
import { API_VERSION, KIND } from '../../config/application-schema.ts';
import type { Tracked } from './tracked.ts';

export interface KubeEventsOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who says it: the name of this process. */
  readonly instance: string;
}

/** The same thing about the same application is said again only after this time. */
const REPEAT_MS = 600_000;
/** All together. */
const PER_SECOND = 5;
const BURST = 50;
/** One application alone. */
const OWN_BURST = 10;
const OWN_REFILL_MS = 60_000;
const MAX_NOTE = 1000;

/**
 * Kubernetes Events about Applications, for people who look with kubectl. A notification, never a record: said once, bounded, and left
 * out rather than queued when there are too many.
 */
export class KubeEvents {
  readonly #options: KubeEventsOptions;
  readonly #said: LRUCache<string, true>;
  readonly #own = new LRUCache<string, { tokens: number; atMs: number }>(atMost(20_000));
  #tokens = BURST;
  #atMs: number;

  constructor(options: KubeEventsOptions) {
    this.#options = options;
    this.#atMs = options.clock.monotonic();
    this.#said = new LRUCache({
      ...atMost(20_000),
      ttl: REPEAT_MS,
      perf: { now: () => options.clock.monotonic() + 1 },
      ttlResolution: 0,
    });
  }

  /** Never waits and never throws. */
  say(tracked: Tracked, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const note = redactText(message)
      .replaceAll(/[\u0000-\u001f\u007f]/g, ' ')
      .slice(0, MAX_NOTE);
    const id = createHash('sha256').update(`${tracked.id} ${type} ${reason} ${note}`).digest('hex').slice(0, 16);
    if (this.#said.has(id) || !this.#take(tracked.id)) return;
    this.#said.set(id, true);
    const { cluster, clock, logger, instance } = this.#options;
    const now = clock.now();
    cluster
      .create({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: {
          namespace: tracked.name.namespace,
          name: `${tracked.name.name}.${now.toString(16)}${id.slice(0, 8)}`,
        },
        eventTime: new Date(now).toISOString().replace('Z', '000Z'),
        reportingController: 'evenkeel.dev/controller',
        reportingInstance: instance.slice(0, 128),
        action: 'Reconcile',
        reason,
        regarding: {
          apiVersion: API_VERSION,
          kind: KIND,
          namespace: tracked.name.namespace,
          name: tracked.name.name,
          uid: tracked.object.metadata.uid ?? '',
        },
        note,
        type,
      })
      .catch((thrown: unknown) => {
        logger.debug({ application: tracked.id, error: messageOf(thrown) }, 'event not written');
      });
  }

  #take(id: string): boolean {
    const nowMs = this.#options.clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((nowMs - this.#atMs) / 1000) * PER_SECOND);
    this.#atMs = nowMs;
    const own = this.#own.get(id) ?? { tokens: OWN_BURST, atMs: nowMs };
    own.tokens = Math.min(OWN_BURST, own.tokens + (nowMs - own.atMs) / OWN_REFILL_MS);
    own.atMs = nowMs;
    this.#own.set(id, own);
    if (this.#tokens < 1 || own.tokens < 1) return false;
    this.#tokens -= 1;
    own.tokens -= 1;
    return true;
  }
}

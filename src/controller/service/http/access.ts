import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../../core/cache-room.ts';
import { EngineError, isEngineError, messageOf } from '../../../core/errors.ts';
import { listAt, own, stringAt, type Json, type JsonObject } from '../../../core/json.ts';
import type { Clock, Cluster, Logger } from '../../../core/ports.ts';

export interface Caller {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: JsonObject;
}

export type Verb = 'get' | 'list' | 'watch' | 'update' | 'patch';

/** Answers are kept for a moment: a page that asks ten times is one caller, and a right that was taken away is gone soon. */
const TOKEN_AGE_MS = 30_000;
const ACCESS_AGE_MS = 10_000;
const MAX_TOKEN = 16 * 1024;

/** Who calls and what may they do: the cluster decides, by TokenReview and SubjectAccessReview. */
export class Access {
  readonly #cluster: Cluster;
  readonly #logger: Logger;
  readonly #callers: LRUCache<string, { readonly caller: Caller | undefined }>;
  readonly #decisions: LRUCache<string, { readonly allowed: boolean }>;

  constructor(cluster: Cluster, clock: Clock, logger: Logger) {
    this.#cluster = cluster;
    this.#logger = logger;
    const perf = { now: () => clock.monotonic() + 1 };
    this.#callers = new LRUCache({ max: 1000, ttl: TOKEN_AGE_MS, perf, ttlResolution: 0 });
    this.#decisions = new LRUCache({
      ...atMost(20_000),
      ttl: ACCESS_AGE_MS,
      perf,
      ttlResolution: 0,
    });
  }

  /** The caller behind an Authorization header; undefined for none, a wrong one, or one without a name. @throws EngineError Cluster* */
  async authenticate(header: string | undefined): Promise<Caller | undefined> {
    const token = /^Bearer ([^\s]+)$/i.exec(header ?? '')?.[1];
    if (token === undefined || token.length > MAX_TOKEN) return undefined;
    const id = createHash('sha256').update(token).digest('base64');
    const known = this.#callers.get(id);
    if (known !== undefined) return known.caller;
    const review = await this.#review({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token },
    });
    const caller = readCaller(review);
    this.#callers.set(id, { caller });
    return caller;
  }

  /** @throws EngineError Cluster* */
  async allows(caller: Caller, verb: Verb, namespace: string, name: string): Promise<boolean> {
    const id = JSON.stringify([caller.name, caller.uid, caller.groups, caller.extra, verb, namespace, name]);
    const known = this.#decisions.get(id);
    if (known !== undefined) return known.allowed;
    const review = await this.#review({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: caller.name,
        uid: caller.uid,
        groups: caller.groups,
        extra: caller.extra,
        resourceAttributes: {
          group: 'evenkeel.dev',
          version: 'v1alpha1',
          resource: 'applications',
          verb,
          namespace,
          name,
        },
      },
    });
    const allowed = own(own(review, 'status'), 'allowed') === true && own(own(review, 'status'), 'denied') !== true;
    this.#decisions.set(id, { allowed });
    return allowed;
  }

  async #review(document: { readonly apiVersion: string; readonly kind: string } & JsonObject): Promise<Json> {
    try {
      return await this.#cluster.review(document);
    } catch (thrown) {
      this.#logger.warn({ kind: document.kind, error: messageOf(thrown) }, 'review failed');
      if (isEngineError(thrown)) throw thrown;
      throw new EngineError('ClusterUnreachable', `the cluster could not be asked (Internal): ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  }
}

/** An answer without a user's name is nobody: never anybody's default. */
function readCaller(review: Json): Caller | undefined {
  const status = own(review, 'status');
  if (own(status, 'authenticated') !== true) return undefined;
  const user = own(status, 'user');
  const name = stringAt(user, 'username') ?? '';
  if (name === '') return undefined;
  const extra = own(user, 'extra');
  return {
    name,
    uid: stringAt(user, 'uid') ?? '',
    groups: listAt(user, 'groups').filter((group): group is string => typeof group === 'string'),
    extra: typeof extra === 'object' && extra !== null && !Array.isArray(extra) ? (extra as JsonObject) : {},
  };
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { atMost } from '../core/cache-room.ts';
import { messageOf } from '../core/errors.ts';
import type { Clock, Logger } from '../core/ports.ts';
import { parsePayload } from './parse-payload.ts';
import { PollGate, type PollGateOptions } from './poll-gate.ts';
import { type Delivery, type ProviderName, readDelivery, readRepositories } from './provider.ts';
import { type Rate, RateLimit } from './rate-limit.ts';
import { readRawBody } from './raw-body.ts';
import { isProven } from './verify.ts';

export type DeliveryResult = 'accepted' | 'ignored' | 'duplicate' | 'denied' | 'malformed' | 'limited' | 'unavailable';

export interface WebhookLimits {
  /** Largest body; default 2 MiB. */
  readonly bodyBytes?: number;
  /** Longest time for a body to arrive; default 10 s. */
  readonly bodyTimeoutMs?: number;
  /** Deliveries handled at the same time; default 256. */
  readonly concurrent?: number;
  /** All requests of one address; default 2,000 a second. */
  readonly requests?: Rate;
  /** Requests of one address that prove nothing; default 100 a second. */
  readonly failures?: Rate;
  /** Remembered delivery ids; default 10,000 for one hour. */
  readonly deliveries?: number;
  readonly poll?: PollGateOptions;
}

export interface WebhookDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * The secrets of a repository by its identity (`host/path`, see core/repository-identity.ts), several while one is replaced. None: its
   * deliveries are denied. Should answer from memory.
   */
  secretsOf(identity: string): readonly string[] | Promise<readonly string[]>;
  /** Looks at a repository now. Called at most once at a time per repository; what it throws is logged. */
  poll(repositoryUrl: string): unknown;
  /** For metrics. */
  observe?(provider: ProviderName | 'unknown', result: DeliveryResult): void;
  readonly limits?: WebhookLimits;
}

const STATUS: Readonly<Record<DeliveryResult, number>> = {
  accepted: 202,
  ignored: 202,
  duplicate: 202,
  denied: 401,
  malformed: 400,
  limited: 429,
  unavailable: 503,
};

const EXPLANATION: Readonly<Partial<Record<DeliveryResult, string>>> = {
  // One answer for an unknown repository, a missing secret and a wrong signature: it tells nobody what is set up here.
  denied: 'the signature or token is missing or wrong',
  malformed: 'the body is no payload that names a repository',
  limited: 'too many requests',
  unavailable: 'secrets cannot be read now',
};

/**
 * A fastify plug-in with one route, `POST /webhooks`, for GitHub, GitLab, Gitea, Forgejo, Bitbucket and anybody who signs with HMAC
 * (`X-Evenkeel-Signature: sha256=…`, body `{"repository": "<url>"}`). A delivery only triggers a poll of the repositories that it names
 * and whose secret it knows; nothing else in it counts. The answer does not wait for the poll.
 */
export async function webhooks(app: FastifyInstance, deps: WebhookDeps): Promise<void> {
  const limits = deps.limits ?? {};
  const gate = new PollGate((url) => deps.poll(url), deps.clock, deps.logger, limits.poll);
  const requests = new RateLimit(deps.clock, limits.requests ?? { perSecond: 2000, burst: 4000 });
  const failures = new RateLimit(deps.clock, limits.failures ?? { perSecond: 100, burst: 500 });
  const seen = new LRUCache<string, true>({
    ...atMost(limits.deliveries ?? 10_000),
    ttl: 3_600_000,
    perf: { now: () => deps.clock.monotonic() + 1 },
    ttlResolution: 0,
  });
  const maxBytes = limits.bodyBytes ?? 2 * 1024 * 1024;
  const timeoutMs = limits.bodyTimeoutMs ?? 10_000;
  let running = 0;

  const answer = (reply: FastifyReply, provider: ProviderName | 'unknown', result: DeliveryResult): FastifyReply => {
    deps.observe?.(provider, result);
    if (result === 'limited' || result === 'unavailable') reply.header('retry-after', '1');
    const text = EXPLANATION[result];
    return reply.code(STATUS[result]).send(text === undefined ? { result } : { result, error: text });
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (_request: FastifyRequest, body: AsyncIterable<Uint8Array>) =>
    readRawBody(body, maxBytes, timeoutMs, deps.clock),
  );

  app.addHook('onRequest', async (request, reply) => {
    // Answers before the body was read: the connection is closed, so that nobody has to read the rest.
    const refuse = (status: number, error: string): FastifyReply =>
      reply.code(status).header('connection', 'close').send({ error });
    if (running >= (limits.concurrent ?? 256) || !failures.allows(request.ip) || !requests.take(request.ip))
      return answer(reply.header('connection', 'close'), 'unknown', 'limited');
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
      return refuse(415, 'a compressed body is not accepted');
    if (Number(request.headers['content-length'] ?? 0) > maxBytes)
      return refuse(413, `the body is larger than ${maxBytes} bytes`);
    running++;
    reply.raw.once('close', () => {
      running--;
    });
    return undefined;
  });

  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (!(status >= 400 && status < 500)) {
      deps.logger.error({ error: messageOf(error) }, 'webhook failed');
      return reply.code(500).send({ error: 'the delivery could not be handled' });
    }
    // The rest of a body that came too slowly or is too large is not waited for.
    if (status === 408 || status === 413 || status === 415) reply.header('connection', 'close');
    return reply.code(status).send({ error: messageOf(error) });
  });

  app.post('/webhooks', async (request, reply) => {
    const delivery = readDelivery(request.headers);
    if (delivery === undefined || !(request.body instanceof Uint8Array)) {
      failures.take(request.ip);
      return answer(reply, 'unknown', delivery === undefined ? 'denied' : 'malformed');
    }
    const result = await handle(delivery, request.body);
    if (result === 'denied' || result === 'malformed') failures.take(request.ip);
    return answer(reply, delivery.provider, result);
  });

  app.addHook('onClose', async () => gate.close());

  async function handle(delivery: Delivery, rawBody: Uint8Array): Promise<DeliveryResult> {
    if (delivery.proof === undefined) return 'denied';
    const payload = parsePayload(rawBody);
    if (payload === undefined) return 'malformed';
    const named = readRepositories(delivery.provider, payload);
    if (named.size === 0) return 'malformed';
    const proven: [identity: string, url: string][] = [];
    for (const [identity, url] of named) {
      let secrets: readonly string[];
      try {
        secrets = await deps.secretsOf(identity);
      } catch (thrown) {
        deps.logger.warn({ repository: identity, error: messageOf(thrown) }, 'webhook secrets cannot be read');
        return 'unavailable';
      }
      // Each repository by its own secret: who knows one of them names no other.
      if (isProven(delivery.proof, rawBody, secrets)) proven.push([identity, url]);
    }
    if (proven.length === 0) return 'denied';
    if (!delivery.isPush) return 'ignored';
    if (delivery.id !== undefined) {
      const key = `${delivery.provider} ${proven[0]?.[0] ?? ''} ${delivery.id}`;
      if (seen.has(key)) return 'duplicate';
      seen.set(key, true);
    }
    for (const [identity, url] of proven) gate.trigger(identity, url);
    return 'accepted';
  }
}

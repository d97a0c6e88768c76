import fastify, { type FastifyInstance } from 'fastify';
import type { Clock, Logger } from '../../../core/ports.ts';
import { messageOf } from '../../../core/errors.ts';
import type { Metrics } from '../../../telemetry/metrics.ts';
import { webhooks } from '../../../webhooks/webhooks.ts';
import type { ControllerService } from '../service.ts';
import { Access } from './access.ts';
import { apiRoutes } from './routes.ts';

export interface HttpOptions {
  readonly service: ControllerService;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly host: string;
  /** Webhooks and the API; 0: a free one. */
  readonly port: number;
  /** Probes and metrics, which need no token; 0: a free one. */
  readonly probesPort: number;
}

export interface HttpServers {
  readonly url: string;
  readonly probesUrl: string;
  close(): Promise<void>;
}

/** Two listeners: one for the world behind an ingress, one for the kubelet and Prometheus. @throws when a port is taken */
export async function startHttp(options: HttpOptions): Promise<HttpServers> {
  const api = await buildApi(options);
  const probes = buildProbes(options);
  const close = async (): Promise<void> => {
    await Promise.allSettled([api.close(), probes.close()]);
  };
  try {
    const url = await api.listen({ host: options.host, port: options.port });
    const probesUrl = await probes.listen({ host: options.host, port: options.probesPort });
    return { url, probesUrl, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function buildApi({ service, clock, logger, metrics }: HttpOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: 64 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: 60_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    return503OnClosing: true,
  });
  await app.register(async (scope) =>
    webhooks(scope, {
      clock,
      logger,
      secretsOf: (identity) => service.webhookSecrets.of(identity),
      poll: async (url) => service.pollRepository(url),
      observe: (provider, result) => metrics.delivered(provider, result),
    }),
  );
  await app.register(async (scope) =>
    apiRoutes(scope, { service, access: new Access(service.reviews, clock, logger) }),
  );
  return app;
}

function buildProbes({ service, metrics, logger }: HttpOptions): FastifyInstance {
  const app = fastify({ bodyLimit: 1024, requestTimeout: 10_000, forceCloseConnections: true });
  // Alive is who answers: neither the API server nor Redis has a say in it.
  app.get('/healthz', async () => 'ok');
  app.get('/readyz', async (_request, reply) =>
    service.ready ? 'ok' : reply.code(503).send('the Applications were not listed yet'),
  );
  app.get('/metrics', async (_request, reply) => {
    try {
      return await reply.type(metrics.contentType).send(await metrics.text());
    } catch (thrown) {
      logger.error({ error: messageOf(thrown) }, 'metrics failed');
      return reply.code(500).send('');
    }
  });
  return app;
}

import { createHmac } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { type WebhookDeps, webhooks } from '../../src/webhooks/webhooks.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import { MemoryLogger } from '../doubles/memory-logger.ts';

const apps: FastifyInstance[] = [];

/** Ends the servers that {@link setUp} made; for `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(apps.splice(0).map((app) => app.close()));
}

export const SECRET = 'the secret of acme/config';
export const IDENTITY = 'git.example.com/acme/config';

export interface Setup {
  readonly app: FastifyInstance;
  readonly clock: FakeClock;
  readonly logger: MemoryLogger;
  readonly polls: string[];
  readonly results: string[];
}

export function setUp(deps: Partial<WebhookDeps> = {}): Setup {
  const clock = new FakeClock();
  const logger = new MemoryLogger();
  const polls: string[] = [];
  const results: string[] = [];
  const app = fastify();
  apps.push(app);
  void app.register(webhooks, {
    clock,
    logger,
    secretsOf: (identity: string) =>
      identity === IDENTITY ? [SECRET] : identity === 'git.example.com/acme/other' ? ['another'] : [],
    poll: (url: string) => polls.push(url),
    observe: (provider: string, result: string) => results.push(`${provider} ${result}`),
    ...deps,
  } satisfies WebhookDeps);
  return { app, clock, logger, polls, results };
}

export function sign(body: string | Buffer, secret = SECRET, algorithm = 'sha256'): string {
  return createHmac(algorithm, secret).update(body).digest('hex');
}

export const CLONE = 'https://git.example.com/acme/config.git';
export const GITHUB = JSON.stringify({
  ref: 'refs/heads/main',
  after: '0'.repeat(40),
  repository: {
    clone_url: CLONE,
    ssh_url: 'git@git.example.com:acme/config.git',
    html_url: 'https://git.example.com/acme/config',
  },
});

export async function deliver(
  { app }: Setup,
  headers: Record<string, string>,
  payload: string | Buffer = GITHUB,
): Promise<{ status: number; body: { result?: string; error?: string } }> {
  const response = await app.inject({
    method: 'POST',
    url: '/webhooks',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  return { status: response.statusCode, body: response.json() };
}

export function github(body: string | Buffer = GITHUB, id = 'one', secret = SECRET): Record<string, string> {
  return { 'x-github-event': 'push', 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${sign(body, secret)}` };
}

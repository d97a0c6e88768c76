import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import { type WebhookDeps, webhooks } from '../../src/webhooks/webhooks.ts';
import { MemoryLogger } from '../doubles/memory-logger.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const SECRET = 'a secret';

async function listen(deps: Partial<WebhookDeps> = {}): Promise<{ readonly port: number; readonly polls: string[] }> {
  const polls: string[] = [];
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  void app.register(webhooks, {
    clock: systemClock,
    logger: new MemoryLogger(),
    secretsOf: () => [SECRET],
    poll: (url: string) => polls.push(url),
    ...deps,
  } satisfies WebhookDeps);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, polls };
}

function bodyFor(repository: string): string {
  return JSON.stringify({
    ref: 'refs/heads/main',
    commits: Array(20).fill({ message: 'x'.repeat(100) }),
    repository: { clone_url: repository },
  });
}

function headersFor(body: string, id: string, secret = SECRET): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

/** Sends raw bytes and waits until the server closes the connection; what it said. */
function talk(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('error', () => resolve(said));
    socket.on('close', () => resolve(said));
  });
}

describe('webhooks on a real socket', () => {
  it('10,000 deliveries in a row: every one is answered, memory stays flat, two polls per repository', async () => {
    const { port, polls } = await listen();
    const agent = new Agent({ connections: 20, pipelining: 1 });
    const bodies = ['one', 'two', 'three'].map((name) => bodyFor(`https://git.example.com/acme/${name}.git`));
    const tookMs: number[] = [];
    const statuses = new Map<number, number>();
    let sent = 0;
    const sender = async (total: number): Promise<void> => {
      while (sent < total) {
        const number = sent++;
        const body = bodies[number % 3] ?? '';
        const startMs = performance.now();
        const answer = await agent.request({
          origin: `http://127.0.0.1:${port}`,
          path: '/webhooks',
          method: 'POST',
          headers: headersFor(body, `id ${number}`, number % 10 === 9 ? 'wrong' : SECRET),
          body,
        });
        await answer.body.dump();
        tookMs.push(performance.now() - startMs);
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      }
    };
    const flood = async (total: number): Promise<void> => {
      await Promise.all(Array.from({ length: 20 }, () => sender(total)));
    };
    await flood(1000);
    const beforeBytes = process.memoryUsage().heapUsed;
    await flood(10_000);
    const grownBytes = process.memoryUsage().heapUsed - beforeBytes;
    await agent.close();
    expect([...statuses.keys()].filter((status) => ![202, 401, 429].includes(status))).toEqual([]);
    expect(statuses.get(202)).toBeGreaterThan(7000);
    expect(grownBytes).toBeLessThan(60_000_000);
    expect(polls.length).toBeLessThanOrEqual(6 + 3 * Math.floor(tookMs.reduce((sum, ms) => sum + ms, 0) / 20 / 10_000));
    const sorted = tookMs.sort((left, right) => left - right);
    console.log(
      `webhook answers: median ${sorted[5000]?.toFixed(1)} ms, 99th percentile ${sorted[9900]?.toFixed(1)} ms`,
    );
  });

  it('gives up a body that comes too slowly, or without end, and goes on serving', async () => {
    const { port, polls } = await listen({ limits: { bodyTimeoutMs: 200, bodyBytes: 10_000 } });
    const head = 'POST /webhooks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\n';
    expect(await talk(port, `${head}content-length: 5000\r\n\r\n{"a":`)).toMatch(/^HTTP\/1.1 408/);
    expect(await talk(port, `${head}content-length: 9000000000\r\n\r\n`).then((said) => said.slice(0, 12))).toBe(
      'HTTP/1.1 413',
    );
    const endless = await new Promise<number>((resolve) => {
      const sending = request(
        {
          port,
          host: '127.0.0.1',
          path: '/webhooks',
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
          sending.destroy();
        },
      );
      sending.on('error', () => {});
      const pump = (): void => {
        while (!sending.destroyed && sending.write('x'.repeat(4000)));
      };
      sending.on('drain', pump);
      pump();
    });
    expect(endless).toBe(413);
    const many = `${head}${Array.from({ length: 100_000 }, (_, number) => `x-${number}: 1\r\n`).join('')}\r\n`;
    expect(await talk(port, many)).toMatch(/^(?:HTTP\/1.1 431|$)/);
    const cut = connect(port, '127.0.0.1', () => {
      cut.write(`${head}content-length: 5000\r\n\r\n{"a":`, () => cut.destroy());
    });
    await new Promise((resolve) => cut.on('close', resolve));
    const body = bodyFor('https://git.example.com/acme/one');
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks`, {
      method: 'POST',
      headers: headersFor(body, 'after'),
      body,
    });
    expect(answer.status).toBe(202);
    expect(polls).toEqual(['https://git.example.com/acme/one']);
  });
});

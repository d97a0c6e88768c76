import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listAt, own, stringAt, type Json } from '../../src/core/json.ts';
import { NO_TRACING, openTracing } from '../../src/telemetry/tracing.ts';
import { MemoryLogger } from '../doubles/memory-logger.ts';

describe('spans', () => {
  let collector: Server;
  const received: Json[] = [];

  beforeEach(async () => {
    received.length = 0;
    collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        received.push(JSON.parse(text.toString('utf8')) as Json);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  });

  const open = (env: NodeJS.ProcessEnv = process.env) =>
    openTracing({ env, version: '1.2.3', instance: 'one', logger: new MemoryLogger() });

  function spans(): { readonly name: string; readonly id: string; readonly parent: string; readonly span: Json }[] {
    return received
      .flatMap((body) => listAt(body, 'resourceSpans'))
      .flatMap((resource) => listAt(resource, 'scopeSpans'))
      .flatMap((scope) => listAt(scope, 'spans'))
      .map((span) => ({
        name: stringAt(span, 'name') ?? '',
        id: stringAt(span, 'spanId') ?? '',
        parent: stringAt(span, 'parentSpanId') ?? '',
        span,
      }));
  }

  it('are not recorded when no collector is named', async () => {
    expect(await open({})).toBe(NO_TRACING);
    expect(await NO_TRACING.span('x', {}, async () => 7)).toBe(7);
  });

  it('reach the collector with their children, and an error without its secrets', async () => {
    const tracing = await open();
    const failed = tracing.span('reconcile', { 'evenkeel.application': 'team-a/shop' }, async (note) => {
      await tracing.span('render', {}, async () => undefined);
      note({ 'evenkeel.outcome': 'failed' });
      throw new Error('cannot reach https://me:hunter2@git.example.com/x.git');
    });
    await expect(failed).rejects.toThrow('cannot reach');
    await tracing.close();
    const found = spans();
    const parent = found.find(({ name }) => name === 'reconcile');
    expect(found.map(({ name }) => name).sort()).toEqual(['reconcile', 'render']);
    expect(found.find(({ name }) => name === 'render')?.parent).toBe(parent?.id);
    const text = JSON.stringify(received);
    expect(text).toContain('evenkeel-controller');
    expect(listAt(parent?.span, 'attributes').map((attribute) => own(attribute, 'key'))).toEqual([
      'evenkeel.application',
      'evenkeel.outcome',
    ]);
    expect(text).not.toContain('hunter2');
  });
});

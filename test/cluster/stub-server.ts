import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface StubRequest {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type StubHandler = (request: StubRequest, response: ServerResponse) => void;

/** A plain HTTP server on 127.0.0.1 that answers as a test says and notes what it was asked. */
export interface StubServer {
  readonly url: string;
  readonly requests: StubRequest[];
  handle(handler: StubHandler): void;
  close(): Promise<void>;
}

export async function startStub(handler: StubHandler): Promise<StubServer> {
  let current = handler;
  const requests: StubRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const url = new URL(message.url ?? '/', 'http://stub');
      const request: StubRequest = {
        method: message.method ?? '',
        url: message.url ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: message.headers,
        rawHeaders: message.rawHeaders,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      current(request, response);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    handle(next) {
      current = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export function failure(code: number, reason: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason,
    message: `${reason} by the stub`,
    ...extra,
  };
}

const KINDS = [
  ['', 'v1', 'ConfigMap', 'configmaps', 'Namespaced'],
  ['', 'v1', 'Secret', 'secrets', 'Namespaced'],
  ['apps', 'v1', 'Deployment', 'deployments', 'Namespaced'],
  ['coordination.k8s.io', 'v1', 'Lease', 'leases', 'Namespaced'],
] as const;

/** Aggregated discovery of a few kinds; false when the request is for something else. */
export function answerDiscovery(request: StubRequest, response: ServerResponse): boolean {
  if (request.path !== '/api' && request.path !== '/apis') return false;
  const core = request.path === '/api';
  const groups = [...new Set(KINDS.map(([group]) => group))].filter((group) => (group === '') === core);
  answer(response, 200, {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    items: groups.map((group) => ({
      metadata: { name: group },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: KINDS.filter((kind) => kind[0] === group).map(([, version, kind, resource, scope]) => ({
            resource,
            responseKind: { group, version, kind },
            scope,
            verbs: ['get', 'list', 'watch', 'patch'],
          })),
        },
      ],
    })),
  });
  return true;
}

export async function until(check: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!check()) {
    if (performance.now() > endMs) throw new Error(`waited in vain for: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
  }
}

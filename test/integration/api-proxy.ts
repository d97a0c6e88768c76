import {
  Agent as HttpAgent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request that came through, with when it came and what it was answered (0 while there is no answer). */
export interface PassedRequest {
  readonly atMs: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  status: number;
}

/** A way to an API server that counts what goes through it: one for each controller process, so that it is known who wrote what. */
export interface ApiProxy {
  readonly url: string;
  readonly requests: readonly PassedRequest[];
  /** Requests that change applications' objects, states or statuses: no dry-runs, leases, reviews or events. */
  writes(): PassedRequest[];
  /** Writes reach the server this much later from now on. */
  delayWrites(ms: number): void;
  /** Everything is answered so, or cut with 0; undefined: all is well again. */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
}

const NOT_WRITES = /\/(?:leases|tokenreviews|subjectaccessreviews|events)(?:[/?]|$)|[?&]dryRun=All/;

/** Listens on 127.0.0.1 with plain HTTP. */
export async function startApiProxy(target: string): Promise<ApiProxy> {
  const secure = target.startsWith('https:');
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: false })
    : new HttpAgent({ keepAlive: true });
  const upstream = new URL(target);
  const requests: PassedRequest[] = [];
  let delayMs = 0;
  let refusal: number | undefined;

  const forward = (incoming: IncomingMessage, seen: PassedRequest, body: Buffer, answer: ServerResponse): void => {
    const outgoing = (secure ? httpsRequest : httpRequest)(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: incoming.method,
        path: incoming.url,
        headers: { ...incoming.headers, host: upstream.host },
        agent,
      },
      (response) => {
        seen.status = response.statusCode ?? 0;
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
        response.on('error', () => answer.destroy());
      },
    );
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    outgoing.end(body);
  };

  const server: Server = createServer((incoming, answer) => {
    const { method = 'GET', url: path = '/' } = incoming;
    const seen: PassedRequest = { atMs: Date.now(), method, path, status: 0 };
    requests.push(seen);
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      if (refusal === 0) answer.destroy();
      else if (refusal !== undefined) answer.writeHead(refusal).end();
      else if (isWrite({ method, path })) setTimeout(forward, delayMs, incoming, seen, Buffer.concat(chunks), answer);
      else forward(incoming, seen, Buffer.concat(chunks), answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    writes: () => requests.filter(isWrite),
    delayWrites: (ms) => {
      delayMs = ms;
    },
    refuse: (status) => {
      refusal = status;
      if (status !== undefined) server.closeAllConnections();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

function isWrite({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method !== 'GET' && !NOT_WRITES.test(path);
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isEngineError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../clock.ts';
import {
  ConnectionCut,
  meetAfter,
  meetBefore,
  type FaultAction,
  type Faults,
  type SeenRequest,
} from '../faults/faults.ts';
import { ApiError, badRequest, internalError } from '../status.ts';
import type { Answer } from './answer.ts';
import type { Handler } from './handler.ts';
import { readBody, readRequest, type ApiRequest } from './request.ts';

export interface ApiServerOptions {
  readonly token: string;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly handler: Handler;
}

/** The HTTP side: reads requests, meets faults, writes answers. Listens on 127.0.0.1 only. */
export class ApiServer {
  readonly #server: Server;
  readonly #options: ApiServerOptions;
  readonly #sockets = new Set<Socket>();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
      void this.#handle(message, response);
    });
    this.#server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections, watches too. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Cuts all connections; the server goes on. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, clock, handler, token } = this.#options;
    let seen: SeenRequest | undefined;
    let request: ApiRequest | undefined;
    let code = 200;
    try {
      request = readRequest(message, token);
      seen = seenOf(request, faults.nextNumber());
      const actions = faults.actionsFor(seen);
      await meetBefore(actions, seen, response, clock);
      const body = request.method === 'GET' || request.method === 'HEAD' ? Buffer.alloc(0) : await readBody(message);
      const answer = await handler.answer(request, body, dropAfter(actions));
      if ('watch' in answer) {
        answer.watch(response);
        return;
      }
      code = answer.code;
      await meetAfter(actions, seen, response);
      writeAnswer(response, answer, request.method === 'HEAD');
    } catch (error) {
      if (error instanceof ConnectionCut) {
        code = 0;
        return;
      }
      const failure = asApiError(error);
      code = failure.code;
      if (response.headersSent) response.destroy();
      else writeError(response, failure);
    } finally {
      if (seen !== undefined && request !== undefined)
        faults.record({
          ...seen,
          timeMs: clock.now(),
          fieldManager: request.query.get('fieldManager') ?? request.userAgent.split('/')[0] ?? '',
          code,
          contentType: request.contentType,
        });
    }
  }
}

function seenOf(request: ApiRequest, number: number): SeenRequest {
  const dryRun = request.query.getAll('dryRun').includes('All');
  return {
    number,
    method: request.method,
    path: request.path,
    query: Object.fromEntries(request.query),
    user: request.user.name,
    mutating:
      request.method !== 'GET' && request.method !== 'HEAD' && !dryRun && !/\/[a-z]*reviews$/.test(request.path),
    dryRun,
    watch: request.query.get('watch') === 'true' || request.query.get('watch') === '1',
  };
}

function dropAfter(actions: readonly FaultAction[]): number | undefined {
  const found = actions.find((action) => action.kind === 'drop-watch');
  return found?.kind === 'drop-watch' ? found.afterEvents : undefined;
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isEngineError(error, 'NotSupported')) return badRequest(error.message);
  return internalError(error instanceof Error ? error.message : String(error));
}

function writeAnswer(response: ServerResponse, answer: Extract<Answer, { code: number }>, headOnly: boolean): void {
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const bytes = Buffer.from(text);
  for (const warning of answer.warnings ?? [])
    response.appendHeader('warning', `299 - ${JSON.stringify(warning.replaceAll(/[^\u0020-\u007e]/g, '?'))}`);
  response.writeHead(answer.code, {
    'content-type': answer.contentType,
    'content-length': bytes.length,
    'cache-control': 'no-cache, private',
  });
  response.end(headOnly ? undefined : bytes);
}

function writeError(response: ServerResponse, error: ApiError): void {
  const body: JsonObject = error.toJson();
  const bytes = Buffer.from(JSON.stringify(body));
  const retry = error.details?.retryAfterSeconds;
  response.writeHead(error.code, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-cache, private',
    ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
  });
  response.end(bytes);
}

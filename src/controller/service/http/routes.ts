import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formatApplicationName } from '../../../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../../../core/errors.ts';
import { isJsonObject, own, type Json, type JsonObject } from '../../../core/json.ts';
import type { Step } from '../../../core/plan.ts';
import { readState } from '../../../apply/state-store.ts';
import { NO_OVERRIDES } from '../../../plan/guards.ts';
import { readTree } from '../../object-tree.ts';
import { prepare } from '../../prepare.ts';
import { REFRESH, ROLLBACK, SYNC } from '../requests.ts';
import type { ControllerService } from '../service.ts';
import type { Tracked } from '../tracked.ts';
import type { Access, Caller, Verb } from './access.ts';
import { OPENAPI } from './openapi.ts';

export interface ApiDeps {
  readonly service: ControllerService;
  readonly access: Access;
}

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
const MAX_STREAMS = 200;
const HEARTBEAT_MS = 15_000;

interface Params {
  readonly namespace: string;
  readonly name: string;
}

/** Only what is sent as JSON of at most 64 KiB; every answer is JSON. */
export async function apiRoutes(app: FastifyInstance, { service, access }: ApiDeps): Promise<void> {
  let streams = 0;

  const callerOf = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await access.authenticate(request.headers.authorization);
    if (caller === undefined) throw new HttpError(401, 'a valid bearer token is needed');
    return caller;
  };

  /** The same answer for what is not there and for what one may not see. */
  const open = async (request: FastifyRequest, verb: Verb): Promise<{ tracked: Tracked; caller: Caller }> => {
    const caller = await callerOf(request);
    const { namespace, name } = request.params as Params;
    if (!NAME.test(namespace) || !NAME.test(name)) throw new HttpError(404, 'no such application');
    if (!(await access.allows(caller, 'get', namespace, name))) throw new HttpError(404, 'no such application');
    const tracked = service.applications.get(formatApplicationName({ namespace, name }));
    if (tracked === undefined) throw new HttpError(404, 'no such application');
    if (verb !== 'get' && !(await access.allows(caller, verb, namespace, name)))
      throw new HttpError(403, `${caller.name} may not ${verb} applications here`);
    return { tracked, caller };
  };

  /** What a caller may see, of the namespace that the query names or of all. */
  const visibleTo = async (caller: Caller, request: FastifyRequest): ReturnType<typeof visibleNamespaces> => {
    const { namespace } = request.query as { readonly namespace?: unknown };
    return visibleNamespaces(service, access, caller, typeof namespace === 'string' ? namespace : undefined);
  };

  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }));

  app.get('/openapi.json', async () => OPENAPI);

  app.get('/api/v1/applications', async (request) => {
    const caller = await callerOf(request);
    const visible = await visibleTo(caller, request);
    const items = [...service.applications.all()].filter((tracked) => visible(tracked)).map(summaryOf);
    items.sort((a, b) => (a.id < b.id ? -1 : 1));
    return { items };
  });

  app.get('/api/v1/applications/:namespace/:name', async (request) => {
    const { tracked } = await open(request, 'get');
    return detailsOf(tracked);
  });

  app.get('/api/v1/applications/:namespace/:name/tree', async (request) => {
    const { tracked } = await open(request, 'get');
    const application = understood(tracked);
    const { state } = await readState(service.engine.home, tracked.name);
    return { items: await readTree(application, state.inventory, service.engine) };
  });

  app.get('/api/v1/applications/:namespace/:name/history', async (request) => {
    const { tracked } = await open(request, 'get');
    const { limit } = request.query as { readonly limit?: unknown };
    const count = /^\d{1,3}$/.test(String(limit)) ? Number(limit) : 20;
    return { items: await service.engine.history.list(tracked.name, Math.max(1, count)) };
  });

  app.get('/api/v1/applications/:namespace/:name/plan', async (request) => {
    const { tracked } = await open(request, 'get');
    const { plan, revision } = await prepare(understood(tracked), service.engine, {
      overrides: NO_OVERRIDES,
      dryRunChanges: true,
      maxAgeMs: Number.POSITIVE_INFINITY,
    });
    return {
      application: plan.application,
      commit: plan.commitId,
      subject: revision.commitSubject,
      digest: plan.digest,
      counts: plan.counts,
      refusals: plan.refusals,
      warnings: [...plan.warnings, ...revision.warnings],
      kept: plan.kept,
      waves: plan.waves.map((wave) => ({
        name: wave.name,
        phase: wave.phase,
        waitForHealth: wave.waitForHealth,
        steps: wave.steps.map(stepOf),
      })),
    };
  });

  app.post('/api/v1/applications/:namespace/:name/refresh', async (request, reply) => {
    const { tracked } = await open(request, 'patch');
    await service.ask(tracked, REFRESH, requestId());
    return reply.code(202).send({ accepted: 'refresh' });
  });

  app.post('/api/v1/applications/:namespace/:name/sync', async (request, reply) => {
    const { tracked, caller } = await open(request, 'patch');
    await service.ask(tracked, SYNC, JSON.stringify({ ...syncBody(request.body), by: caller.name, id: requestId() }));
    return reply.code(202).send({ accepted: 'sync' });
  });

  app.post('/api/v1/applications/:namespace/:name/rollback', async (request, reply) => {
    const { tracked, caller } = await open(request, 'patch');
    const body = isJsonObject(request.body) ? request.body : {};
    const to = own(body, 'to');
    if (to !== undefined && !(typeof to === 'number' && Number.isSafeInteger(to) && to > 0))
      throw new HttpError(400, 'to is the number of a revision');
    await service.ask(
      tracked,
      ROLLBACK,
      JSON.stringify({ ...syncBody(body), ...(to === undefined ? {} : { to }), by: caller.name, id: requestId() }),
    );
    return reply.code(202).send({ accepted: 'rollback' });
  });

  app.get('/api/v1/events', async (request, reply) => {
    const caller = await callerOf(request);
    const visible = await visibleTo(caller, request);
    if (streams >= MAX_STREAMS) throw new HttpError(429, 'too many streams');
    streams += 1;
    const { raw } = reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const send = (tracked: Tracked): void => {
      // Who reads too slowly misses states in between, and memory stays flat.
      if (raw.writableLength > 1024 * 1024 || !visible(tracked)) return;
      raw.write(`event: application\ndata: ${JSON.stringify(summaryOf(tracked))}\n\n`);
    };
    for (const tracked of service.applications.all()) send(tracked);
    const stop = service.listen(send);
    const beat = setInterval(() => raw.write(': alive\n\n'), HEARTBEAT_MS);
    // Rights are checked anew when the client comes back.
    const end = setTimeout(() => raw.end(), 600_000);
    raw.on('close', () => {
      streams -= 1;
      stop();
      clearInterval(beat);
      clearTimeout(end);
    });
  });
}

class HttpError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

async function visibleNamespaces(
  service: ControllerService,
  access: Access,
  caller: Caller,
  namespace: string | undefined,
): Promise<(tracked: Tracked) => boolean> {
  if (namespace === undefined && (await access.allows(caller, 'list', '', ''))) return () => true;
  const wanted = namespace === undefined ? namespacesOf(service) : [namespace];
  const allowed = new Set<string>();
  for (const one of wanted.slice(0, 1000))
    if (NAME.test(one) && (await access.allows(caller, 'list', one, ''))) allowed.add(one);
  return (tracked) => allowed.has(tracked.name.namespace);
}

function namespacesOf(service: ControllerService): string[] {
  return [...new Set([...service.applications.all()].map((tracked) => tracked.name.namespace))];
}

interface Summary {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly source: string;
  readonly path: string;
  readonly status: Json;
}

function summaryOf(tracked: Tracked): Summary {
  const status = own(tracked.object, 'status');
  const git = tracked.application?.source.git;
  return {
    id: tracked.id,
    namespace: tracked.name.namespace,
    name: tracked.name.name,
    source: git?.url ?? '',
    path: git?.path ?? '',
    status: status ?? {},
  };
}

function detailsOf(tracked: Tracked): JsonObject {
  return { ...summaryOf(tracked), spec: own(tracked.object, 'spec') ?? {}, problem: tracked.problem?.message ?? null };
}

function stepOf(step: Step): unknown {
  return {
    key: step.key,
    action: step.action,
    changes: step.diff.changes,
    ...(step.reason === undefined ? {} : { reason: step.reason }),
    ...(step.diff.error === undefined
      ? {}
      : { error: { code: step.diff.error.code, message: step.diff.error.message } }),
  };
}

function understood(tracked: Tracked): NonNullable<Tracked['application']> {
  if (tracked.application !== undefined) return tracked.application;
  throw new HttpError(422, tracked.problem?.message ?? 'its specification cannot be understood');
}

/** What a person may say to a sync; anything else is refused by name. */
function syncBody(body: unknown): JsonObject {
  if (body === undefined || body === null) return {};
  if (!isJsonObject(body)) throw new HttpError(400, 'the body is a JSON object');
  const flags = ['retry', 'allowEmpty', 'allowDeletions', 'adopt'];
  const out: Record<string, Json> = {};
  for (const key of Object.keys(body)) {
    const value = own(body, key);
    if (flags.includes(key) && typeof value === 'boolean') out[key] = value;
    else if (key === 'plan' && typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value)) out[key] = value;
    else if (key === 'confirmDelete' && Array.isArray(value) && value.every((item: Json) => typeof item === 'string'))
      out[key] = value.slice(0, 100);
    else if (key !== 'to') throw new HttpError(400, `${key.slice(0, 50)} is not understood`);
  }
  return out;
}

function requestId(): string {
  return crypto.randomUUID();
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (isEngineError(error)) {
    const status = error.code === 'ClusterUnreachable' || error.code === 'ClusterBusy' ? 503 : 422;
    return reply.code(status).send({ error: error.message, code: error.code, remedy: error.remedy ?? null });
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send({ error: messageOf(error) });
  }
  reply.log.error(new EngineError('UsageInvalid', messageOf(error)));
  return reply.code(500).send({ error: 'the request could not be handled' });
}

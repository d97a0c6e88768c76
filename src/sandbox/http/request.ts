import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isJsonObject, own, type Json } from '../../core/json.ts';
import { MAX_DEPTH } from '../../core/fields/depth.ts';
import type { DeleteRequest, RequestContext, User } from '../registry/context.ts';
import { ApiError, badRequest, invalid, unsupportedMediaType } from '../status.ts';

const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** One HTTP request, read as far as the API needs it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** What stood before the path: `/TOKEN`, or nothing. */
  readonly prefix: string;
  /** Decoded path segments. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  /** Without parameters, lower case. */
  readonly contentType: string;
  readonly user: User;
  readonly userAgent: string;
}

function header(message: IncomingMessage, name: string): string {
  const value = message.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/**
 * Who asks: the token's user, or whom it impersonates. The token stands in the Authorization header, or before the path: kubectl sends no
 * header without TLS. @throws ApiError 401
 */
function authenticate(message: IncomingMessage, token: string, inPath: boolean): User {
  const given = /^Bearer (.+)$/i.exec(header(message, 'authorization'))?.[1];
  if (given === undefined ? !inPath : !sameText(given, token)) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  const name = header(message, 'impersonate-user');
  if (name === '') return { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
  const groups = message.headersDistinct['impersonate-group'] ?? [];
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  const implied =
    account !== null && groups.length === 0
      ? ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`]
      : groups;
  return { name, groups: [...implied, 'system:authenticated'] };
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @throws ApiError 400 for a path that cannot be read */
export function readRequest(message: IncomingMessage, token: string): ApiRequest {
  const url = new URL(message.url ?? '/', 'http://sandbox');
  let segments: string[];
  try {
    segments = url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw badRequest('malformed path');
  }
  let inPath = false;
  while (segments[0] !== undefined && sameText(segments[0], token)) {
    inPath = true;
    segments.shift();
  }
  return {
    method: message.method ?? 'GET',
    path: inPath ? `/${segments.map(encodeURIComponent).join('/')}` : url.pathname,
    prefix: inPath ? `/${token}` : '',
    segments,
    query: url.searchParams,
    accept: message.headers.accept,
    contentType: (header(message, 'content-type').split(';')[0] ?? '').trim().toLowerCase(),
    user: authenticate(message, token, inPath),
    userAgent: header(message, 'user-agent'),
  };
}

/** The bytes of a body. @throws ApiError 413 */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of message) {
    const bytes = part as Buffer;
    sizeBytes += bytes.length;
    if (sizeBytes > BODY_LIMIT_BYTES)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${BODY_LIMIT_BYTES}`);
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

/** JSON, YAML where the body is no JSON, or protobuf. @throws ApiError 400, 415 */
export async function parseBody(bytes: Buffer, contentType: string): Promise<Json | undefined> {
  if (bytes.length === 0) return undefined;
  if (contentType === 'application/vnd.kubernetes.protobuf') {
    const { readProtobuf } = await import('./protobuf.ts');
    return readProtobuf(bytes);
  }
  if (contentType.includes('protobuf') || contentType.includes('cbor'))
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    );
  const text = bytes.toString('utf8');
  if (text.trim() === '') return undefined;
  const first = text.trimStart().charAt(0);
  let value: Json;
  try {
    if (first === '{' || first === '[') value = JSON.parse(text) as Json;
    else {
      const { parse } = await import('yaml');
      value = parse(text, { maxAliasCount: 100, schema: 'core' }) as Json;
    }
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type JSON or YAML): ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  checkNesting(value);
  return value;
}

/** Refuses bodies that are nested deeper than any walker may go. Does not call itself. */
function checkNesting(value: Json): void {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badRequest(`object is nested too deeply: more than ${MAX_DEPTH} levels`);
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      const children = Array.isArray(item) ? (item as readonly Json[]) : (Object.values(item) as Json[]);
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
}

const OPTIONS_OF_METHOD: Readonly<Partial<Record<string, string>>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

/** What a write carries in its query. @throws ApiError 400 for values that are none */
export function contextOf(request: ApiRequest, isApply: boolean): RequestContext {
  const dryRun = request.query.getAll('dryRun');
  const options = OPTIONS_OF_METHOD[request.method] ?? 'Options';
  if (dryRun.some((value) => value !== 'All'))
    throw invalid({ group: 'meta.k8s.io', plural: options, kind: options }, '', [
      {
        field: 'dryRun',
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
      },
    ]);
  const validation = request.query.get('fieldValidation') ?? 'Warn';
  if (validation !== 'Strict' && validation !== 'Warn' && validation !== 'Ignore')
    throw badRequest(
      `fieldValidation: Unsupported value: ${JSON.stringify(validation)}: supported values: "Ignore", "Strict", "Warn"`,
    );
  const given = request.query.get('fieldManager') ?? '';
  if (given.length > 128) throw badRequest('fieldManager: Too long: may not be more than 128 bytes');
  if (isApply && given === '')
    throw new ApiError(
      422,
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      {
        group: 'meta.k8s.io',
        kind: 'PatchOptions',
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ],
      },
    );
  return {
    user: request.user,
    fieldManager: given !== '' ? given : (request.userAgent.split('/')[0] ?? '').slice(0, 128) || 'unknown',
    dryRun: dryRun.length > 0,
    fieldValidation: validation,
    warnings: [],
  };
}

/** The options of a deletion: in the body, or in the query. */
export function deleteRequestOf(request: ApiRequest, body: Json | undefined): DeleteRequest {
  const options = isJsonObject(body) ? body : {};
  const preconditions = own(options, 'preconditions');
  const text = (value: Json | undefined): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  const policy = text(own(options, 'propagationPolicy')) ?? request.query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan')
    throw badRequest(`invalid propagationPolicy ${JSON.stringify(policy)}`);
  const orphan = own(options, 'orphanDependents');
  const grace =
    own(options, 'gracePeriodSeconds') ??
    (request.query.has('gracePeriodSeconds') ? Number(request.query.get('gracePeriodSeconds')) : undefined);
  return {
    uid: text(own(preconditions, 'uid')),
    resourceVersion: text(own(preconditions, 'resourceVersion')),
    propagation: policy ?? (orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined),
    gracePeriodSeconds: typeof grace === 'number' && Number.isFinite(grace) ? grace : undefined,
  };
}

/** Whether a deletion is a rehearsal: its body may say so too. */
export function isDryRunDelete(body: Json | undefined): boolean {
  const list = own(body, 'dryRun');
  return Array.isArray(list) && list.includes('All');
}

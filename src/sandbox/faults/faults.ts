import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { ApiError } from '../status.ts';

/** Which requests a fault meets; everything that is given has to fit. */
export interface FaultMatch {
  readonly method?: string;
  /** The path begins with this. */
  readonly pathPrefix?: string;
  /** The path contains this. */
  readonly pathIncludes?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Only requests that change something (dry-runs do not). */
  readonly mutating?: boolean;
  readonly watch?: boolean;
  readonly user?: string;
}

/** What happens to a request. */
export type FaultAction =
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The connection is cut without an answer: before the request is carried out, or after. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** An answer that never comes. */
  | { readonly kind: 'hang' }
  /** A watch is ended after so many events. */
  | { readonly kind: 'drop-watch'; readonly afterEvents: number }
  /** Calls a hook; what it throws becomes a cut connection. */
  | {
      readonly kind: 'call';
      readonly when: 'before' | 'after';
      readonly hook: (request: SeenRequest) => void | Promise<void>;
    };

export interface FaultRule {
  readonly match?: FaultMatch;
  /** The first so many fitting requests go through. */
  readonly skip?: number;
  /** So many are met, then the rule is over; default: all. */
  readonly times?: number;
  readonly action: FaultAction;
}

/** One request as faults and the audit log see it. */
export interface SeenRequest {
  /** Counts from 1 over all requests. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly user: string;
  readonly mutating: boolean;
  readonly dryRun: boolean;
  readonly watch: boolean;
}

export interface AuditEntry extends SeenRequest {
  readonly timeMs: number;
  readonly fieldManager: string;
  readonly code: number;
  readonly contentType: string;
}

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
  met: number;
}

const AUDIT_LIMIT = 100_000;

function fits(match: FaultMatch | undefined, request: SeenRequest): boolean {
  if (match === undefined) return true;
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.pathPrefix !== undefined && !request.path.startsWith(match.pathPrefix)) return false;
  if (match.pathIncludes !== undefined && !request.path.includes(match.pathIncludes)) return false;
  if (match.mutating !== undefined && match.mutating !== request.mutating) return false;
  if (match.watch !== undefined && match.watch !== request.watch) return false;
  if (match.user !== undefined && match.user !== request.user) return false;
  for (const [key, value] of Object.entries(match.query ?? {})) if (request.query[key] !== value) return false;
  return true;
}

/** Faults to order, and the log of what was asked. */
export class Faults {
  #rules: ActiveRule[] = [];
  #audit: AuditEntry[] = [];
  #count = 0;

  /** Adds a rule; the answer removes it. */
  add(rule: FaultRule): () => void {
    const active: ActiveRule = { rule, seen: 0, met: 0 };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== active);
    };
  }

  clear(): void {
    this.#rules = [];
  }

  /** Numbers of requests so far. */
  get requests(): number {
    return this.#count;
  }

  nextNumber(): number {
    return ++this.#count;
  }

  /** The actions that meet a request, in the order in which they were added. */
  actionsFor(request: SeenRequest): FaultAction[] {
    const actions: FaultAction[] = [];
    for (const active of this.#rules) {
      if (!fits(active.rule.match, request)) continue;
      active.seen++;
      if (active.seen <= (active.rule.skip ?? 0)) continue;
      if (active.rule.times !== undefined && active.met >= active.rule.times) continue;
      active.met++;
      actions.push(active.rule.action);
    }
    return actions;
  }

  record(entry: AuditEntry): void {
    if (!entry.mutating) return;
    this.#audit.push(entry);
    if (this.#audit.length > AUDIT_LIMIT) this.#audit.splice(0, AUDIT_LIMIT / 2);
  }

  /** The requests that changed something or tried to, oldest first. */
  get audit(): readonly AuditEntry[] {
    return this.#audit;
  }

  clearAudit(): void {
    this.#audit = [];
  }
}

/** Marks a connection that a fault has cut: there is nothing more to answer. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

/** Carries out what is to happen before a request. @throws ApiError, ConnectionCut */
export async function meetBefore(
  actions: readonly FaultAction[],
  request: SeenRequest,
  response: ServerResponse,
  clock: Clock,
): Promise<void> {
  for (const action of actions)
    switch (action.kind) {
      case 'delay':
        await new Promise<void>((resolve) => void clock.after(action.delayMs, resolve));
        break;
      case 'hang':
        await new Promise<void>((resolve) => response.once('close', resolve));
        throw new ConnectionCut();
      case 'cut':
        if (action.when === 'before') cut(response);
        break;
      case 'call':
        if (action.when === 'before') await callHook(action.hook, request, response);
        break;
      case 'status':
        throw new ApiError(
          action.code,
          action.reason ?? reasonOf(action.code),
          action.message ?? 'injected fault',
          action.retryAfterSeconds === undefined ? undefined : { retryAfterSeconds: action.retryAfterSeconds },
        );
      case 'drop-watch':
        break;
    }
}

/** Carries out what is to happen between the deed and its answer. @throws ConnectionCut */
export async function meetAfter(
  actions: readonly FaultAction[],
  request: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  for (const action of actions) {
    if (action.kind === 'cut' && action.when === 'after') cut(response);
    if (action.kind === 'call' && action.when === 'after') await callHook(action.hook, request, response);
  }
}

async function callHook(
  hook: (request: SeenRequest) => void | Promise<void>,
  request: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  try {
    await hook(request);
  } catch {
    cut(response);
  }
}

function cut(response: ServerResponse): never {
  response.destroy();
  throw new ConnectionCut();
}

function reasonOf(code: number): string {
  return (
    (
      {
        400: 'BadRequest',
        401: 'Unauthorized',
        403: 'Forbidden',
        404: 'NotFound',
        409: 'Conflict',
        410: 'Expired',
        422: 'Invalid',
        429: 'TooManyRequests',
        500: 'InternalError',
        503: 'ServiceUnavailable',
        504: 'Timeout',
      } as Partial<Record<number, string>>
    )[code] ?? 'InternalError'
  );
}

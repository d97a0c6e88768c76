import { Agent, request as send } from 'undici';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { isJsonObject, own } from '../../src/core/json.ts';

/** One of the two servers that are compared. */
export class Server {
  readonly #base: string;
  readonly #token: string;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false } });

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  async ask(request: Asked): Promise<Answered> {
    const query = new URLSearchParams(request.query ?? {}).toString();
    const { statusCode, headers, body } = await send(`${this.#base}${request.path}${query === '' ? '' : `?${query}`}`, {
      method: request.method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'user-agent': 'fidelity/1.0',
        accept: request.accept ?? 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      },
      body:
        request.body === undefined
          ? null
          : typeof request.body === 'string'
            ? request.body
            : JSON.stringify(request.body),
    });
    const text = await body.text();
    let parsed: Json;
    try {
      parsed = JSON.parse(text) as Json;
    } catch {
      parsed = text;
    }
    const warning = headers['warning'];
    return { code: statusCode, body: parsed, warnings: warning === undefined ? [] : [warning].flat() };
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: Json | string;
}

export interface Answered {
  readonly code: number;
  readonly body: Json;
  readonly warnings: readonly string[];
}

const VARYING = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'time',
  'deletionTimestamp',
  'clusterIP',
  'clusterIPs',
  'lastTransitionTime',
  'lastUpdateTime',
  'selfLink',
  'healthCheckNodePort',
  'remainingItemCount',
  'continue',
]);
const NONE_STAYS = new Set(['clusterIP', 'clusterIPs']);

/** An answer without what differs between any two servers: identities, times, allocated addresses. */
export function comparable(value: Json | undefined, key = ''): Json {
  if (VARYING.has(key) && value !== null && !(NONE_STAYS.has(key) && JSON.stringify(value).includes('None')))
    return `<${key}>`;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => comparable(item));
    // Entries of one second have no order of their own, and validation walks maps in any order.
    return key === 'managedFields' || key === 'causes' ? sorted(items) : items;
  }
  if (isJsonObject(value)) {
    const out: Record<string, Json> = {};
    for (const name of Object.keys(value).sort()) out[normaliseKey(name)] = comparable(own(value, name), name);
    return out as JsonObject;
  }
  if (typeof value === 'string') return normaliseText(value);
  return value ?? null;
}

function sorted(items: readonly Json[]): Json[] {
  const id = (item: Json): string =>
    JSON.stringify([
      own(item, 'operation'),
      own(item, 'manager'),
      own(item, 'subresource'),
      own(item, 'field'),
      own(item, 'message'),
    ]);
  return [...items].sort((a, b) => (id(a) < id(b) ? -1 : 1));
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function normaliseKey(text: string): string {
  return text.replaceAll(UUID, '<uid>');
}

function normaliseText(text: string): string {
  const list = /^(.* is invalid: )\[(.*)\]$/s.exec(text);
  const plain = list === null ? text : `${list[1] ?? ''}[${(list[2] ?? '').split(', ').sort().join(', ')}]`;
  return plain
    .replaceAll(UUID, '<uid>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replaceAll(/(resourceVersion|ResourceVersion)([^"\d]*)\d+/g, '$1$2<n>')
    .replaceAll(/\(\d+\)/g, '(<n>)')
    .replaceAll(/^(\d+[smhdy])+$/g, '<age>')
    .replaceAll(/^10\.0\.\d+\.\d+$/g, '<clusterIP>');
}

/** The differences between two values as lines: `path: real ≠ sandbox`. */
export function differences(real: Json | undefined, ours: Json | undefined, path = ''): string[] {
  if (JSON.stringify(real) === JSON.stringify(ours)) return [];
  if (isJsonObject(real) && isJsonObject(ours)) {
    const keys = new Set([...Object.keys(real), ...Object.keys(ours)]);
    return [...keys].sort().flatMap((key) => differences(own(real, key), own(ours, key), `${path}.${key}`));
  }
  if (Array.isArray(real) && Array.isArray(ours) && real.length === ours.length)
    return real.flatMap((item, index) => differences(item as Json, ours[index] as Json, `${path}[${index}]`));
  const show = (value: Json | undefined): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
  return [`${path}: real ${show(real)} ≠ ours ${show(ours)}`];
}

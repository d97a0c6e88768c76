import { EngineError } from '../core/errors.ts';
import { readOpenApi, type OpenApiTypes } from '../core/fields/openapi.ts';
import type { SchemaType } from '../core/fields/schema.ts';
import { isJsonObject, own, stringAt, type Json } from '../core/json.ts';
import type { GroupVersionKind } from '../core/object-key.ts';
import type { Clock } from '../core/ports.ts';
import { apiError } from './api-errors.ts';
import { waitFor } from './discovery.ts';
import type { FileCache } from './file-cache.ts';
import { readJson } from '../core/json-text.ts';
import { statusFrom, type Transport } from './transport.ts';

interface Index {
  /** `apis/apps/v1` → path with `?hash=`. */
  readonly paths: ReadonlyMap<string, string>;
  readonly readAtMs: number;
}

/** An index older than this is read again; documents are kept by hash, so only changed ones are fetched. */
const MAX_AGE_MS = 300_000;
const DOCUMENTS_KEPT = 64;
const MAX_HOPS = 3;
const ABOUT = { subject: 'OpenAPI v3', failed: 'could not be read', group: '', kind: '', name: '' };

/** The types of a server's kinds, one document per group-version, fetched when a kind of it is asked for and kept by the hash that the index gives. */
export class Schemas {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #files: FileCache | undefined;
  readonly #documents = new Map<string, Promise<OpenApiTypes | undefined>>();
  #index: Index | undefined;
  #reading: Promise<Index> | undefined;

  constructor(transport: Transport, clock: Clock, files: FileCache | undefined) {
    this.#transport = transport;
    this.#clock = clock;
    this.#files = files;
  }

  /** Undefined when the server publishes no schema of the kind (an aggregated API, a server before 1.24, no right to read it). @throws EngineError */
  async typeOf(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaType | undefined> {
    const index = await waitFor(this.#currentIndex(), signal);
    const path = index.paths.get(kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`);
    if (path === undefined) return undefined;
    const types = await waitFor(this.#document(path), signal);
    return types?.typeOf(kind);
  }

  /** The index is read again; documents whose hash did not change stay. */
  refresh(): void {
    this.#index = undefined;
  }

  async #currentIndex(): Promise<Index> {
    const index = this.#index;
    if (index !== undefined && this.#clock.monotonic() - index.readAtMs < MAX_AGE_MS) return index;
    this.#reading ??= this.#readIndex().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readIndex(): Promise<Index> {
    const paths = new Map<string, string>();
    const document = await this.#fetch('/openapi/v3');
    const listed = document === undefined ? undefined : own(parseDocument(document), 'paths');
    if (isJsonObject(listed)) {
      for (const [name, entry] of Object.entries(listed)) {
        const path = this.#ownPath(stringAt(entry, 'serverRelativeURL') ?? '');
        if (path !== undefined) paths.set(name, path);
      }
    }
    const index = { paths, readAtMs: this.#clock.monotonic() };
    this.#index = index;
    return index;
  }

  /** Only a path of this server: never another host, never outside of the OpenAPI tree. Behind a prefix servers write it with or without. */
  #ownPath(text: string): string | undefined {
    const base = new URL(this.#transport.connection.server).pathname.replace(/\/$/, '');
    const path = base !== '' && text.startsWith(`${base}/`) ? text.slice(base.length) : text;
    return /^\/openapi\/v3\/[\w./-]+(?:\?hash=[\w-]+)?$/.test(path) && !path.includes('..') ? path : undefined;
  }

  async #document(path: string): Promise<OpenApiTypes | undefined> {
    const known = this.#documents.get(path);
    if (known !== undefined) {
      this.#documents.delete(path);
      this.#documents.set(path, known);
      return known;
    }
    const reading = this.#readDocument(path);
    this.#documents.set(path, reading);
    reading.catch(() => this.#documents.delete(path));
    for (const oldest of this.#documents.keys()) {
      if (this.#documents.size <= DOCUMENTS_KEPT) break;
      this.#documents.delete(oldest);
    }
    return reading;
  }

  async #readDocument(path: string): Promise<OpenApiTypes | undefined> {
    const hashed = path.includes('?hash=');
    const fileKey = `openapi ${this.#transport.connection.server} ${path}`;
    const kept = hashed ? await this.#files?.read(fileKey) : undefined;
    const text = kept ?? (await this.#fetch(path));
    if (text === undefined) return undefined;
    const document = parseDocument(text);
    if (kept === undefined && hashed) await this.#files?.write(fileKey, text);
    return readOpenApi(document);
  }

  /**
   * The text, or undefined when the server does not publish it to this identity. A document that changed since the index was read is
   * somewhere else by now, and the server says where.
   */
  async #fetch(path: string, hops = MAX_HOPS): Promise<string | undefined> {
    const response = await this.#transport.send({
      method: 'GET',
      path,
      accept: 'application/json',
      retry: 'idempotent',
      subject: ABOUT.subject,
      failed: ABOUT.failed,
    });
    if (response.status === 200) return response.text;
    if (response.status === 404 || response.status === 403 || response.status === 406) return undefined;
    if (response.status === 301 && hops > 0) {
      const moved = this.#ownPath(String(response.headers['location'] ?? ''));
      if (moved !== undefined) return this.#fetch(moved, hops - 1);
    }
    throw apiError(statusFrom(response), ABOUT);
  }
}

function parseDocument(text: string): Json {
  try {
    return readJson(text);
  } catch (thrown) {
    throw new EngineError(
      'ClusterUnreachable',
      'OpenAPI v3 could not be read (AnswerInvalid): the server did not answer with JSON',
      { cause: thrown },
    );
  }
}

import { Redis } from 'ioredis';

import { formatApplicationName, type ApplicationName } from '../core/application.ts';
import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import type { KubeObject } from '../core/object-key.ts';
import type { Clock, HistoryStore, Logger } from '../core/ports.ts';
import { describeRedis, type RedisAddress } from '../core/redis-address.ts';
import type { Revision } from '../core/revision.ts';
import { APPEND, PUT, TRIM } from './redis-scripts.ts';
import { digestHex, packRendered, unpackRendered } from './rendered-set.ts';
import { keptCount, readRevision, writeRevision } from './revision-record.ts';

export interface RedisHistoryOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  /** Before every key. Default `evenkeel`. */
  readonly prefix?: string;
  readonly maxAgeMs?: number;
  /** How long one answer may take. Default 2 s. */
  readonly timeoutMs?: number;
  readonly logger?: Logger;
}

/** A set without a line goes after a day: its revision was never written. */
const UNREFERENCED_SECONDS = 86_400;
const PAGE = 500;

/**
 * History in Redis: a stream per application, the ids that it holds, and packed rendered sets that live as long as a line points to
 * them. What is read is checked line by line, for others may write there too. Answers late or never: HistoryUnavailable.
 */
export function openRedisHistory(options: RedisHistoryOptions): HistoryStore {
  return new RedisHistory(options);
}

class RedisHistory implements HistoryStore {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #tag: string;
  readonly #maxAgeMs: number | undefined;
  readonly #where: string;

  constructor(options: RedisHistoryOptions) {
    this.#clock = options.clock;
    this.#tag = `{${options.prefix ?? 'evenkeel'}:history}`;
    this.#maxAgeMs = options.maxAgeMs;
    this.#where = describeRedis(options.address);
    const timeoutMs = options.timeoutMs ?? 2000;
    this.#redis = new Redis({
      ...options.address,
      lazyConnect: false,
      // What is written at the same time goes out in one piece.
      enableAutoPipelining: true,
      connectionName: 'evenkeel-history',
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      maxRetriesPerRequest: 1,
      retryStrategy: (times) => Math.min(5000, 100 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2),
    });
    this.#redis.on('error', (error: Error) =>
      options.logger?.debug({ redis: this.#where, error: messageOf(error) }, 'history is not reachable'),
    );
  }

  async append(revision: Revision): Promise<void> {
    const digest = looseHex(revision.renderedDigest);
    await this.#run('written', async () =>
      this.#redis.eval(
        APPEND,
        4,
        this.#stream(revision.application),
        this.#ids(revision.application),
        this.#refs(digest),
        this.#set(digest),
        revision.id,
        writeRevision(revision),
        member(revision),
      ),
    );
  }

  async list(application: ApplicationName, limit: number): Promise<readonly Revision[]> {
    if (limit <= 0) return [];
    return this.#run('read', async () => {
      const name = formatApplicationName(application);
      const entries = await this.#redis.xrevrange(this.#stream(name), '+', '-', 'COUNT', limit);
      return entries.flatMap(([, fields]) => revisionOf(fields, name) ?? []);
    });
  }

  async putRendered(digest: string, objects: readonly KubeObject[]): Promise<void> {
    const hex = digestHex(digest);
    await this.#run('written', async () => {
      if ((await this.#redis.exists(this.#set(hex))) === 1) return;
      await this.#redis.eval(
        PUT,
        2,
        this.#set(hex),
        this.#refs(hex),
        await packRendered(objects),
        UNREFERENCED_SECONDS,
      );
    });
  }

  async getRendered(digest: string): Promise<readonly KubeObject[] | undefined> {
    const hex = digestHex(digest);
    return this.#run('read', async () => {
      const bytes = await this.#redis.getBuffer(this.#set(hex));
      return bytes === null ? undefined : unpackRendered(bytes);
    });
  }

  async trim(application: ApplicationName, keep: number): Promise<void> {
    await this.#run('written', async () => {
      const name = formatApplicationName(application);
      const stream = this.#stream(name);
      const length = await this.#redis.xlen(stream);
      if (length <= keep && this.#maxAgeMs === undefined) return;
      const entries = await this.#redis.xrevrange(stream, '+', '-');
      const lines = entries.map(([entry, fields]) => ({ entry, revision: revisionOf(fields, name) }));
      const known = lines.flatMap(({ revision }) => revision ?? []);
      const oldestMs = this.#maxAgeMs === undefined ? undefined : this.#clock.now() - this.#maxAgeMs;
      const kept = new Set(known.slice(0, keptCount(known, keep, oldestMs)).map((revision) => revision.id));
      const gone = lines.filter(({ revision }) => revision === undefined || !kept.has(revision.id));
      for (let from = 0; from < gone.length; from += PAGE) {
        const args = gone.slice(from, from + PAGE).flatMap(({ entry, revision }) => {
          const hex = revision === undefined ? '' : looseHex(revision.renderedDigest);
          return [
            entry,
            revision?.id ?? '',
            this.#refs(hex),
            this.#set(hex),
            revision === undefined ? '' : member(revision),
          ];
        });
        await this.#redis.eval(TRIM, 2, stream, this.#ids(name), ...args);
      }
    });
  }

  async close(): Promise<void> {
    try {
      await this.#redis.quit();
    } catch {
      this.#redis.disconnect();
    }
  }

  #stream(application: string): string {
    return `${this.#tag}:revisions:${application}`;
  }

  #ids(application: string): string {
    return `${this.#tag}:ids:${application}`;
  }

  #refs(hex: string): string {
    return `${this.#tag}:refs:${hex}`;
  }

  #set(hex: string): string {
    return `${this.#tag}:rendered:${hex}`;
  }

  async #run<T>(what: 'read' | 'written', run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      if (isEngineError(thrown)) throw thrown;
      throw new EngineError(
        'HistoryUnavailable',
        `history could not be ${what} (RedisFailed): ${this.#where}: ${messageOf(thrown).slice(0, 200)}`,
        {
          cause: thrown,
          remedy: 'check that Redis is up and that REDIS_URL is right; nothing but the history waits for it',
        },
      );
    }
  }
}

/** A refused or failed revision has no rendered set. */
function looseHex(digest: string): string {
  return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] ?? 'none';
}

function member(revision: Revision): string {
  return `${revision.application} ${revision.id}`;
}

function revisionOf(fields: readonly string[], application: string): Revision | undefined {
  const index = fields.indexOf('r');
  const line = index < 0 ? undefined : fields[index + 1];
  const revision = line === undefined ? undefined : readRevision(line);
  return revision?.application === application ? revision : undefined;
}

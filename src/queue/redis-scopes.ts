import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/** A BullMQ queue that keeps few events and writes nothing about itself. */
export function openStoredQueue<Data, Name extends string>(
  client: Redis,
  prefix: string,
  name: string,
): Queue<Data, unknown, Name> {
  return new Queue<Data, unknown, Name>(name, {
    connection: client,
    prefix,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
    streams: { events: { maxLen: 100 } },
  });
}

/** Which queues are in Redis. Each belongs to one process that takes over from the one before. */
export class QueueScopes {
  readonly #client: Redis;
  readonly #prefix: string;
  readonly #name: string;

  constructor(client: Redis, prefix: string, name: string) {
    this.#client = client;
    this.#prefix = prefix;
    this.#name = name;
  }

  /** Writes down that this queue is there, and removes those whose process was killed. @throws when Redis goes away: the next one does it */
  async takeOver(): Promise<void> {
    await this.#client.sadd(this.#known(), this.#name);
    for (const name of await this.#client.smembers(this.#known())) if (name !== this.#name) await this.remove(name);
  }

  /** Removes everything of a queue, also what is being worked on. @throws when Redis goes away */
  async remove(name: string): Promise<void> {
    const queue = openStoredQueue(this.#client, this.#prefix, name);
    try {
      await queue.obliterate({ force: true });
    } finally {
      await queue.close();
    }
    await this.#client.del(`${this.#prefix}:${name}:turns`, `${this.#prefix}:${name}:events`);
    await this.#client.srem(this.#known(), name);
  }

  #known(): string {
    return `${this.#prefix}:queues`;
  }
}

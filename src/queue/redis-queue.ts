import { Worker, type Queue, type Job as StoredJob } from 'bullmq';
import type { Redis } from 'ioredis';

import { EngineError, isEngineError, messageOf } from '../core/errors.ts';
import { JOB_PRIORITIES, type Clock, type Job, type JobQueue, type JobReason, type Logger } from '../core/ports.ts';
import { describeRedis, type RedisAddress } from '../core/redis-address.ts';
import { DEFAULT_RETRY, Failures, type RetryTimes } from './failures.ts';
import { dataOfJob, jobKey, readJobData, strongerReason, type JobData } from './job-data.ts';
import { checkServer, openRedisClient, untilReady, type RedisClientOptions } from './redis-client.ts';
import { openStoredQueue, QueueScopes } from './redis-scopes.ts';
import { Watchdog } from './watchdog.ts';

export interface RedisQueueOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Before every key. Default `evenkeel`. */
  readonly prefix?: string;
  /**
   * Whose queue it is: those with one name share it; absent: all do. A process that takes over from another one opens a queue of its own,
   * because jobs that the other one held stay taken until their locks run out; queues of other names are then removed.
   */
  readonly scope?: string;
  readonly retry?: RetryTimes;
  /** How long an add may take. Default 2 s. */
  readonly timeoutMs?: number;
  /** How long a job stays taken after its process died. Default 30 s. */
  readonly lockMs?: number;
  readonly heartbeatMs?: number;
  readonly deadAfterMs?: number;
  /** The consumer could not be revived: end the process. */
  readonly onDead?: () => void;
}

/** A queue that may be away for a while. */
export interface RemoteQueue extends JobQueue {
  /** Whether the connection stands now. */
  readonly available: boolean;
}

type Handler = (job: Job, signal: AbortSignal) => Promise<void>;
type Stored = StoredJob<LaterData, unknown, JobName>;
type JobName = 'look' | 'later' | 'heartbeat';
interface LaterData extends JobData {
  /** Wall clock; only in a job that waits for its time. */
  readonly dueMs?: number;
}

const QUEUE = 'applications';
const ABORT_GRACE_MS = 1000;
const MAX_DATA_BYTES = 1024;
/** Numbers of one reason; BullMQ has about two million priorities. */
const LANE = 500_000;
/** Nothing that is finished is kept: the history is elsewhere. */
const FORGET = { removeOnComplete: true, removeOnFail: true, sizeLimit: MAX_DATA_BYTES } as const;

/**
 * The queue in Redis (BullMQ), shared by all replicas. Deduplication by application gives at most one running and one waiting job; jobs
 * that wait for their time stand aside under an id of their own and join the line when it comes, so that a delay never holds back a
 * trigger. Within a reason a namespace's n-th waiting job has priority n: tenants take turns. Retries are ours, not BullMQ's: a failed job
 * is finished and comes back later, so that a fresh trigger runs at once meanwhile.
 */
export function openRedisQueue(options: RedisQueueOptions): RemoteQueue {
  return new RedisQueue(options);
}

class RedisQueue implements RemoteQueue {
  readonly #options: RedisQueueOptions;
  readonly #clock: Clock;
  readonly #logger: Logger | undefined;
  readonly #where: string;
  readonly #timeoutMs: number;
  readonly #prefix: string;
  readonly #name: string;
  readonly #client: Redis;
  readonly #queue: Queue<LaterData, unknown, JobName>;
  readonly #scopes: QueueScopes;
  readonly #failures: Failures;
  readonly #running = new Map<string, AbortController>();
  /** Jobs of each namespace that this process added and that wait; what others added is not known, and evens out. */
  readonly #turns = new Map<string, number>();
  /** What was stored to follow a running job: a weaker reason must not replace it. */
  readonly #following = new Map<string, { readonly activeId: string; readonly reason: JobReason }>();
  #handler: Handler | undefined;
  #concurrency = 1;
  #worker: Worker<LaterData, unknown, JobName> | undefined;
  #workerClient: Redis | undefined;
  #watchdog: Watchdog | undefined;
  #closed = false;
  #checked = false;

  constructor(options: RedisQueueOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#where = describeRedis(options.address);
    this.#timeoutMs = options.timeoutMs ?? 2000;
    // The braces make Redis Cluster keep all keys together.
    this.#prefix = `{${options.prefix ?? 'evenkeel'}}`;
    this.#name = options.scope === undefined ? QUEUE : `${QUEUE}-${options.scope}`;
    this.#failures = new Failures(options.retry ?? DEFAULT_RETRY, options.random ?? Math.random);
    this.#client = this.#connect('evenkeel-queue', {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: this.#timeoutMs,
    });
    this.#client.on('ready', () => {
      if (!this.#checked) void checkServer(this.#client, this.#where, this.#logger);
      this.#checked = true;
      if (options.scope !== undefined) void this.#scopes.takeOver().catch((error: unknown) => this.#complain(error));
    });
    this.#queue = openStoredQueue<LaterData, JobName>(this.#client, this.#prefix, this.#name);
    this.#queue.on('error', (error) => this.#complain(error));
    this.#scopes = new QueueScopes(this.#client, this.#prefix, this.#name);
  }

  get available(): boolean {
    return !this.#closed && this.#client.status === 'ready';
  }

  async add(job: Job, options: { readonly delayMs?: number } = {}): Promise<void> {
    const delayMs = options.delayMs ?? 0;
    await this.#within(job, async () => (delayMs > 0 ? this.#addLater(job, delayMs) : this.#addNow(job)));
  }

  consume(handler: Handler, options: { readonly concurrency: number }): void {
    this.#handler = handler;
    this.#concurrency = Math.max(1, options.concurrency);
    this.#openWorker();
    this.#watchdog = new Watchdog({
      clock: this.#clock,
      logger: this.#logger,
      everyMs: this.#options.heartbeatMs ?? 15_000,
      deadAfterMs: this.#options.deadAfterMs ?? 60_000,
      beat: async () => {
        const data: LaterData = { namespace: 'evenkeel', name: 'heartbeat', reason: 'timer' };
        await this.#within(undefined, async () =>
          this.#queue.add('heartbeat', data, { ...FORGET, jobId: 'heartbeat', priority: 1 }),
        );
      },
      waiting: async () => this.#waiting(),
      hasFreeHands: () => this.#running.size < this.#concurrency,
      revive: async () => this.#replaceWorker(),
      givenUp: () => this.#options.onDead?.(),
    });
  }

  async close(timeoutMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#watchdog?.stop();
    const worker = this.#worker;
    if (worker !== undefined) {
      const ended = await this.#endsWithin(worker.close(), timeoutMs);
      if (!ended) {
        for (const stop of this.#running.values())
          stop.abort(new EngineError('Cancelled', 'the queue was closed (Closed)'));
        await this.#endsWithin(this.#idle(), ABORT_GRACE_MS);
        // What still runs keeps its lock until that runs out; then another replica takes it.
        await this.#endsWithin(worker.close(true), ABORT_GRACE_MS);
      }
    }
    this.#workerClient?.disconnect();
    if (this.#options.scope !== undefined && this.#client.status === 'ready')
      await this.#endsWithin(this.#scopes.remove(this.#name), ABORT_GRACE_MS);
    await this.#endsWithin(this.#queue.close(), ABORT_GRACE_MS);
    this.#client.disconnect();
  }

  async #addNow(job: Job): Promise<void> {
    const key = jobKey(job.application);
    const before = this.#following.get(key);
    let reason = job.reason;
    for (;;) {
      const turn = this.#takeTurn(job.application.namespace);
      const id = `${key}.${this.#clock.now().toString(36)}.${Math.trunc((this.#options.random ?? Math.random)() * 1e9).toString(36)}`;
      const added = await this.#queue.add(
        'look',
        { ...dataOfJob(job), reason },
        {
          ...FORGET,
          jobId: id,
          priority: priorityOf(reason, turn),
          deduplication: { id: key, keepLastIfActive: true },
        },
      );
      if (added.id === id || added.id === undefined) {
        this.#following.delete(key);
        return;
      }
      this.#giveTurnBack(job.application.namespace);
      const present = await this.#queue.getJob(added.id);
      if (present === undefined) return;
      if (await present.isActive()) {
        // Ours now follows the running job. A stronger reason that stood there is put back.
        const stronger = before?.activeId === added.id ? strongerReason(before.reason, reason) : reason;
        this.#following.set(key, { activeId: added.id, reason: stronger });
        if (stronger === reason) return;
        reason = stronger;
        continue;
      }
      const stored = readJobData(present.data)?.reason;
      if (stored === undefined || strongerReason(stored, reason) !== reason || stored === reason) return;
      await present.updateData({ ...dataOfJob(job), reason });
      await present.changePriority({ priority: priorityOf(reason, 0) });
      return;
    }
  }

  async #addLater(job: Job, delayMs: number): Promise<void> {
    const id = laterId(jobKey(job.application));
    const dueMs = this.#clock.now() + delayMs;
    const present = await this.#queue.getJob(id);
    if (present === undefined) {
      await this.#queue.add(
        'later',
        { ...dataOfJob(job), dueMs },
        { ...FORGET, jobId: id, delay: delayMs, priority: 1 },
      );
      return;
    }
    const stored = readJobData(present.data);
    const reason = stored === undefined ? job.reason : strongerReason(stored.reason, job.reason);
    const sooner = dueMs < (present.data.dueMs ?? Number.POSITIVE_INFINITY);
    if (sooner || reason !== stored?.reason) {
      await present.updateData({ ...dataOfJob(job), reason, dueMs: sooner ? dueMs : (present.data.dueMs ?? dueMs) });
    }
    if (sooner) await present.changeDelay(delayMs);
  }

  async #process(stored: Stored): Promise<void> {
    this.#watchdog?.taken();
    if (stored.name === 'heartbeat') return;
    const job = readJobData(stored.data);
    if (job === undefined) {
      this.#logger?.warn({ job: String(stored.id).slice(0, 100) }, 'job is not understood and dropped');
      return;
    }
    if (stored.name === 'later') {
      await this.#addNow(job);
      return;
    }
    const handler = this.#handler;
    if (handler === undefined) return;
    const key = jobKey(job.application);
    this.#giveTurnBack(job.application.namespace);
    const stop = new AbortController();
    const id = String(stored.id);
    this.#running.set(id, stop);
    try {
      await handler(job, stop.signal);
      if (this.#failures.succeeded(key)) await this.#queue.remove(laterId(key)).catch(() => undefined);
    } catch (thrown) {
      const delayMs = this.#failures.failed(key);
      this.#logger?.warn(
        { application: key, error: messageOf(thrown), retryMs: delayMs },
        'job failed and is tried again',
      );
      await this.#addLater(job, delayMs).catch((error: unknown) => this.#complain(error));
    } finally {
      this.#running.delete(id);
    }
  }

  #openWorker(): void {
    const client = this.#connect('evenkeel-worker', { maxRetriesPerRequest: null });
    const worker = new Worker<LaterData, unknown, JobName>(this.#name, async (stored) => this.#process(stored), {
      connection: client,
      prefix: this.#prefix,
      skipVersionCheck: true,
      concurrency: this.#concurrency,
      lockDuration: this.#options.lockMs ?? 30_000,
      stalledInterval: (this.#options.lockMs ?? 30_000) / 2,
      maxStalledCount: 5,
      runRetryDelay: 1000,
    });
    worker.on('error', (error) => this.#complain(error));
    worker.on('lockRenewalFailed', (ids) => {
      // Another replica may take the job now: two must not write at once.
      for (const id of ids)
        this.#running
          .get(id)
          ?.abort(new EngineError('Cancelled', 'the job was lost (LockLost): its lock could not be renewed'));
    });
    this.#worker = worker;
    this.#workerClient = client;
  }

  async #replaceWorker(): Promise<void> {
    const [worker, client] = [this.#worker, this.#workerClient];
    this.#openWorker();
    if (worker !== undefined) await this.#endsWithin(worker.close(true), ABORT_GRACE_MS);
    client?.disconnect();
  }

  async #waiting(): Promise<number> {
    return this.#within(undefined, async () => {
      const counts = await this.#queue.getJobCounts('wait', 'prioritized');
      const waiting = Object.values(counts).reduce((sum, count) => sum + count, 0);
      // A count goes wrong where another process took the job; an empty line puts that right.
      if (waiting === 0) this.#turns.clear();
      return waiting;
    });
  }

  #takeTurn(namespace: string): number {
    const count = this.#turns.get(namespace) ?? 0;
    this.#turns.set(namespace, count + 1);
    return count;
  }

  #giveTurnBack(namespace: string): void {
    const count = this.#turns.get(namespace) ?? 0;
    if (count <= 1) this.#turns.delete(namespace);
    else this.#turns.set(namespace, count - 1);
  }

  #connect(name: string, extra: RedisClientOptions): Redis {
    const client = openRedisClient(this.#options.address, name, this.#options.random ?? Math.random, extra);
    client.on('error', (error: Error) => this.#complain(error));
    return client;
  }

  /** Runs with the time limit of an add; connects first when that is still under way. @throws EngineError QueueUnavailable */
  async #within<T>(job: Job | undefined, run: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const unavailable = (why: string, cause?: unknown): EngineError =>
      new EngineError(
        'QueueUnavailable',
        `${job === undefined ? 'queue' : `job for ${jobKey(job.application)}`} was not taken (RedisFailed): ${this.#where}: ${why}`,
        {
          cause,
          remedy: 'check that Redis is up and that REDIS_URL is right; the controller goes on without it',
        },
      );
    if (this.#closed) throw unavailable('the queue is closed');
    try {
      return await Promise.race([
        untilReady(this.#client).then(run),
        this.#clock.sleep(this.#timeoutMs, stop.signal).then(() => {
          throw unavailable(`no answer within ${this.#timeoutMs} ms`);
        }),
      ]);
    } catch (thrown) {
      if (isEngineError(thrown)) throw thrown;
      throw unavailable(messageOf(thrown).slice(0, 200), thrown);
    } finally {
      stop.abort();
    }
  }

  async #idle(): Promise<void> {
    while (this.#running.size > 0) await this.#clock.sleep(10);
  }

  async #endsWithin(what: Promise<unknown>, timeoutMs: number): Promise<boolean> {
    const stop = new AbortController();
    const ended = await Promise.race([
      what.then(
        () => true,
        () => true,
      ),
      this.#clock.sleep(timeoutMs, stop.signal).then(
        () => false,
        () => false,
      ),
    ]);
    stop.abort();
    return ended;
  }

  #complain(error: unknown): void {
    this.#logger?.debug({ redis: this.#where, error: messageOf(error).slice(0, 200) }, 'queue is not reachable');
  }
}

function laterId(key: string): string {
  return `later.${key}`;
}

/** Smaller comes first: the reason decides, then whose turn it is. */
function priorityOf(reason: JobReason, turn: number): number {
  return (JOB_PRIORITIES[reason] - 1) * LANE + 1 + Math.min(turn, LANE - 2);
}

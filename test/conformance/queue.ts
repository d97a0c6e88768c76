import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Job, JobQueue, JobReason } from '../../src/core/ports.ts';

/** A handler whose jobs end when the test says so. */
class Work {
  readonly started: string[] = [];
  readonly signals: AbortSignal[] = [];
  most = 0;
  #open: { readonly name: string; readonly end: (error?: Error) => void }[] = [];
  #automatic = false;

  readonly handler = async (job: Job, signal: AbortSignal): Promise<void> => {
    this.started.push(`${job.reason} ${job.application.namespace}/${job.application.name}`);
    this.signals.push(signal);
    if (this.#automatic) return;
    await new Promise<void>((resolve, reject) => {
      this.#open.push({
        name: job.application.name,
        end: (error) => (error === undefined ? resolve() : reject(error)),
      });
      this.most = Math.max(this.most, this.#open.length);
    });
  };

  /** Ends what runs under this name; from then on nothing waits when `automatic`. */
  end(name: string, error?: Error): void {
    const index = this.#open.findIndex((item) => item.name === name);
    const [item] = index < 0 ? [] : this.#open.splice(index, 1);
    item?.end(error);
  }

  automatic(): void {
    this.#automatic = true;
    for (const item of this.#open.splice(0)) item.end();
  }

  async startedAre(...names: readonly string[]): Promise<void> {
    await until(
      () => this.started.length >= names.length,
      `${names.join(', ')}; started: ${this.started.join(', ')}`,
    ).catch(() => undefined);
    expect(this.started).toEqual(names);
  }
}

export async function until(check: () => boolean | Promise<boolean>, what: string, timeoutMs = 8000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 3));
  }
}

/** Long enough for a wrong job to show up. */
async function quiet(): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 120));
}

export function job(name: string, reason: JobReason = 'webhook', namespace = 'team-a'): Job {
  return { application: { namespace, name }, reason };
}

/** The contract of `JobQueue`. `open` gives an empty queue whose retries begin at `retryMs`. */
export function describeQueue(name: string, open: (options: { readonly retryMs: number }) => Promise<JobQueue>): void {
  describe(`queue ${name}`, () => {
    let queue: JobQueue;
    let work: Work;
    beforeEach(async () => {
      queue = await open({ retryMs: 100 });
      work = new Work();
    });
    afterEach(async () => {
      work.automatic();
      await queue.close(2000);
    });

    it('hands out what was added before and after it began to consume', async () => {
      await queue.add(job('one', 'person'));
      queue.consume(work.handler, { concurrency: 4 });
      await work.startedAre('person team-a/one');
      await queue.add(job('two', 'drift', 'team-b'));
      await work.startedAre('person team-a/one', 'drift team-b/two');
    });

    it('keeps to its concurrency', async () => {
      queue.consume(work.handler, { concurrency: 3 });
      for (let index = 0; index < 8; index++) await queue.add(job(`app-${index}`));
      await until(() => work.started.length === 3, 'three jobs');
      await quiet();
      expect(work.started).toHaveLength(3);
      work.automatic();
      await until(() => work.started.length === 8, 'all jobs');
      expect(work.most).toBe(3);
    });

    it('runs an application once at a time, and once more for all that came meanwhile', async () => {
      queue.consume(work.handler, { concurrency: 4 });
      await queue.add(job('shop'));
      await work.startedAre('webhook team-a/shop');
      for (let index = 0; index < 5; index++) await queue.add(job('shop'));
      await quiet();
      expect(work.started).toHaveLength(1);
      work.end('shop');
      await work.startedAre('webhook team-a/shop', 'webhook team-a/shop');
      work.end('shop');
      await quiet();
      expect(work.started).toHaveLength(2);
      await queue.add(job('shop'));
      await work.startedAre('webhook team-a/shop', 'webhook team-a/shop', 'webhook team-a/shop');
    });

    it('runs a waiting application once, for the strongest of its reasons', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('first'));
      await work.startedAre('webhook team-a/first');
      await queue.add(job('other', 'webhook'));
      await queue.add(job('shop', 'timer'));
      await queue.add(job('shop', 'person'));
      await queue.add(job('shop', 'drift'));
      work.automatic();
      await work.startedAre('webhook team-a/first', 'person team-a/shop', 'webhook team-a/other');
    });

    it('keeps the strongest reason also of what follows a running job', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('shop'));
      await work.startedAre('webhook team-a/shop');
      await queue.add(job('shop', 'person'));
      await queue.add(job('shop', 'timer'));
      work.end('shop');
      await work.startedAre('webhook team-a/shop', 'person team-a/shop');
    });

    it('serves a person before a webhook before drift before a timer', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('first'));
      await work.startedAre('webhook team-a/first');
      for (const reason of ['timer', 'drift', 'webhook', 'person'] as const)
        await queue.add(job(`app-${reason}`, reason));
      work.automatic();
      await work.startedAre(
        'webhook team-a/first',
        'person team-a/app-person',
        'webhook team-a/app-webhook',
        'drift team-a/app-drift',
        'timer team-a/app-timer',
      );
    });

    it('lets namespaces take turns', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('first'));
      await work.startedAre('webhook team-a/first');
      for (let index = 0; index < 20; index++) await queue.add(job(`app-${index}`, 'timer', 'crowd'));
      await queue.add(job('lonely', 'timer', 'small'));
      work.automatic();
      await until(() => work.started.length === 22, 'all jobs');
      expect(work.started.indexOf('timer small/lonely')).toBeLessThanOrEqual(3);
    });

    it('waits as long as it was told, and lets the earliest win', async () => {
      queue.consume(work.handler, { concurrency: 4 });
      const beganMs = performance.now();
      await queue.add(job('shop', 'timer'), { delayMs: 60_000 });
      await queue.add(job('shop', 'timer'), { delayMs: 300 });
      await queue.add(job('shop', 'timer'), { delayMs: 60_000 });
      await work.startedAre('timer team-a/shop');
      expect(performance.now() - beganMs).toBeGreaterThan(280);
      work.end('shop');
      await quiet();
      expect(work.started).toHaveLength(1);
    });

    it('does not let a delay hold back a trigger', async () => {
      queue.consume(work.handler, { concurrency: 4 });
      await queue.add(job('shop', 'timer'), { delayMs: 60_000 });
      await queue.add(job('shop', 'webhook'));
      await work.startedAre('webhook team-a/shop');
      await queue.add(job('shop', 'drift'));
      await queue.add(job('shop', 'timer'), { delayMs: 60_000 });
      work.end('shop');
      await work.startedAre('webhook team-a/shop', 'drift team-a/shop');
    });

    it('tries a failed job again with back-off, and others meanwhile', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('shop'));
      await work.startedAre('webhook team-a/shop');
      const beganMs = performance.now();
      work.end('shop', new Error('it broke'));
      await queue.add(job('other'));
      await work.startedAre('webhook team-a/shop', 'webhook team-a/other');
      work.end('other');
      await until(() => work.started.length === 3, 'the second try');
      expect(performance.now() - beganMs).toBeGreaterThan(45);
      work.end('shop', new Error('it broke again'));
      const againMs = performance.now();
      await until(() => work.started.length === 4, 'the third try');
      expect(performance.now() - againMs).toBeGreaterThan(90);
      work.end('shop');
      await quiet();
      expect(work.started).toHaveLength(4);
    });

    it('runs a fresh trigger at once during back-off, and forgets the retry when it succeeds', async () => {
      await queue.close(1000);
      queue = await open({ retryMs: 1500 });
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('shop', 'timer'));
      await work.startedAre('timer team-a/shop');
      work.end('shop', new Error('it broke'));
      await quiet();
      await queue.add(job('shop', 'person'));
      await work.startedAre('timer team-a/shop', 'person team-a/shop');
      work.end('shop');
      await new Promise<void>((resolve) => setTimeout(resolve, 1700));
      expect(work.started).toHaveLength(2);
    });

    it('lets running jobs end on close, and takes nothing new', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('shop'));
      await queue.add(job('other'));
      await work.startedAre('webhook team-a/shop');
      const closing = queue.close(5000);
      await quiet();
      work.end('shop');
      await closing;
      expect(work.signals[0]?.aborted).toBe(false);
      expect(work.started).toHaveLength(1);
      await expect(queue.add(job('late'))).rejects.toMatchObject({ code: 'QueueUnavailable' });
    });

    it('stops jobs that do not end in time', async () => {
      queue.consume(work.handler, { concurrency: 1 });
      await queue.add(job('shop'));
      await work.startedAre('webhook team-a/shop');
      const beganMs = performance.now();
      await queue.close(50);
      expect(performance.now() - beganMs).toBeLessThan(4000);
      expect(work.signals[0]?.aborted).toBe(true);
    });
  });
}

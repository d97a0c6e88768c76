import { afterEach, describe, expect, it } from 'vitest';

import { startElection, type Election } from '../../src/cluster/lease.ts';
import { EngineError } from '../../src/core/errors.ts';
import { stringAt } from '../../src/core/json.ts';
import type { Live } from '../../src/core/live.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { FakeClock } from '../doubles/fake-clock.ts';

/** One Lease with resourceVersions; `down` makes every call hang until its signal ends it. */
class LeaseServer {
  object: KubeObject | undefined;
  down = false;
  writes = 0;
  reads = 0;
  #version = 0;

  client(): Cluster {
    const hang = async (signal: AbortSignal | undefined): Promise<void> => {
      if (!this.down) return;
      await new Promise<never>((_resolve, reject) => {
        const onAbort = (): void =>
          reject(signal?.reason instanceof EngineError ? signal.reason : new EngineError('Cancelled', 'stopped'));
        if (signal?.aborted === true) onAbort();
        signal?.addEventListener('abort', onAbort);
      });
    };
    const write = (object: KubeObject): KubeObject => {
      this.writes += 1;
      this.#version += 1;
      this.object = { ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: String(this.#version) } };
      return this.object;
    };
    const parts: Partial<Cluster> = {
      get: async (_kind, _ref, signal): Promise<Live> => {
        await hang(signal);
        this.reads += 1;
        return this.object === undefined ? { state: 'absent' } : { state: 'present', object: this.object };
      },
      create: async (object, options) => {
        await hang(options?.signal);
        if (this.object !== undefined) throw new EngineError('ObjectConflict', 'it exists');
        return write(object);
      },
      replace: async (object, options) => {
        await hang(options?.signal);
        if (object.metadata.resourceVersion !== this.object?.metadata.resourceVersion)
          throw new EngineError('ObjectConflict', 'it moved');
        return write(object);
      },
    };
    return parts as Cluster;
  }

  get holder(): string | undefined {
    return stringAt(this.object, 'spec', 'holderIdentity');
  }
}

describe('leader election', () => {
  const elections: Election[] = [];
  afterEach(async () => {
    await Promise.all(elections.splice(0).map(async (election) => election.close()));
  });
  const elect = (server: LeaseServer, clock: FakeClock, identity: string): Election => {
    const election = startElection({
      cluster: server.client(),
      clock,
      namespace: 'evenkeel-system',
      name: 'controller',
      identity,
      random: () => 0,
    });
    elections.push(election);
    return election;
  };

  it('renews with one request, and reads again only when somebody else wrote', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const leadership = await elect(server, clock, 'a').lead();
    const { reads } = server;
    await clock.advance(30_000);
    expect(server.reads).toBe(reads);
    await server.client().replace({ ...(server.object as KubeObject) });
    await clock.advance(5000);
    expect(server.reads).toBe(reads + 1);
    expect(leadership.signal.aborted).toBe(false);
  });

  it('takes a free lease and keeps it by renewing', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const election = elect(server, clock, 'a');
    const leadership = await election.lead();
    await clock.advance(60_000);
    expect(leadership.signal.aborted).toBe(false);
    expect(election.gate()).toBe(leadership.signal);
    expect(server.writes).toBeGreaterThan(20);
    expect(server.object).toMatchObject({
      spec: { holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 },
    });
    expect(stringAt(server.object, 'spec', 'renewTime')).toMatch(/^2026-01-01T00:\d\d:\d\d\.\d{6}Z$/);
  });

  it('stops by itself before anybody else may begin, when it cannot renew', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const leader = elect(server, clock, 'a');
    const leadership = await leader.lead();
    server.down = true;
    await clock.advance(9_000);
    expect(leadership.signal.aborted).toBe(false);
    await clock.advance(1_100);
    expect(leadership.signal.aborted).toBe(true);
    expect(() => leader.gate()).toThrow('NotLeading');
  });

  it('writes nothing after a long stop of the process, even before any timer had its turn', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const leader = elect(server, clock, 'a');
    const leadership = await leader.lead();
    clock.jump(20_000);
    expect(() => leader.gate()).toThrow('NotLeading');
    expect(leadership.signal.aborted).toBe(true);
  });

  it('hands over to another after the lease ran out, never before', async () => {
    const server = new LeaseServer();
    const firstClock = new FakeClock();
    const secondClock = new FakeClock({ nowMs: 0 });
    const first = elect(server, firstClock, 'a');
    await first.lead();
    const second = elect(server, secondClock, 'b');
    // The first process stands still: its clock does not move.
    await secondClock.advance(14_900);
    expect(second.current()).toBeUndefined();
    await secondClock.advance(4_000);
    expect(second.current()?.term).toBe(1);
    expect(server.holder).toBe('b');
    await firstClock.advance(3_000);
    expect(first.current()).toBeUndefined();
    expect(server.holder).toBe('b');
  });

  it('gives the lease back on close, so that the next one need not wait', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const first = elect(server, clock, 'a');
    const leadership = await first.lead();
    const second = elect(server, clock, 'b');
    const waiting = second.lead();
    await clock.advance(1);
    const closing = first.close();
    expect(leadership.signal.aborted).toBe(true);
    await closing;
    expect(server.holder).toBe('');
    await clock.advance(2_100);
    expect((await waiting).term).toBe(1);
    expect(server.holder).toBe('b');
  });

  it('loses a race without a sound', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    const both = [elect(server, clock, 'a'), elect(server, clock, 'b')];
    await clock.advance(100);
    expect(both.filter((election) => election.current() !== undefined)).toHaveLength(1);
  });

  it('tells who waits that it was closed or that the caller gave up', async () => {
    const server = new LeaseServer();
    const clock = new FakeClock();
    await elect(server, clock, 'a').lead();
    const second = elect(server, clock, 'b');
    const stop = new AbortController();
    const gaveUp = second.lead(stop.signal);
    const closed = second.lead();
    stop.abort();
    await expect(gaveUp).rejects.toMatchObject({ code: 'Cancelled' });
    void second.close();
    await expect(closed).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('refuses times that would let two lead at once', () => {
    expect(() =>
      startElection({
        cluster: new LeaseServer().client(),
        clock: new FakeClock(),
        namespace: 'a',
        name: 'b',
        identity: 'c',
        durationMs: 5000,
        renewDeadlineMs: 5000,
      }),
    ).toThrow('LeaseInvalid');
  });
});

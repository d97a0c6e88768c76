import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../../src/core/json.ts';
import { controlPlaneMissing } from './control-plane.ts';
import { startObjectTape, type ObjectTape } from './object-tape.ts';
import type { Replica } from './service-replica.ts';
import { CONFIG_MAP, configMaps, startScene, syncedTo, SYSTEM, type Scene } from './service-scene.ts';

const missing = controlPlaneMissing();
if (missing !== undefined) console.log(`skipped: two controllers and one lease (${missing})`);

const COUNT = 40;
const LEASE_MS = 3000;
const LEASE = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' } as const;

describe.skipIf(missing !== undefined)('two replicas without Redis, on a real API server', () => {
  let scene: Scene;
  let replicas: Replica[] = [];
  const tapes: ObjectTape[] = [];

  beforeAll(async () => {
    scene = await startScene({ server: 'real', redis: false });
    const args = ['--lease-duration', `${LEASE_MS}ms`];
    replicas = await Promise.all([scene.start('one', args), scene.start('two', args)]);
  });
  afterAll(async () => {
    for (const tape of tapes) tape.close();
    await scene?.stop();
  });

  async function settled(name: string): Promise<ObjectTape> {
    await scene.place(name);
    const tape = startObjectTape(scene.cluster, name, [CONFIG_MAP]);
    tapes.push(tape);
    const commit = await scene.push(name, configMaps('a', COUNT, 'v1'));
    await scene.apply(name, 'a', 'a');
    await converged(name, commit);
    return tape;
  }

  async function converged(name: string, commit: string, limitMs = 30_000): Promise<void> {
    await scene.until(`${name}/a has it`, () => scene.application(name, 'a'), syncedTo(commit), limitMs);
  }

  /** Pushes while the leader's writes are slow, and waits until it has done some of them. */
  async function inTheMiddle(
    name: string,
    value: string,
  ): Promise<{ commit: string; leader: Replica; other: Replica }> {
    const leader = await scene.leader(replicas);
    const other = replicas.find((one) => one !== leader) as Replica;
    leader.proxy.delayWrites(150);
    other.proxy.delayWrites(0);
    const before = leader.proxy.writes().length;
    const commit = await scene.push(name, configMaps('a', COUNT, value), replicas);
    await scene.until(
      'the sync is under way',
      async () => leader.proxy.writes().length - before,
      (seen) => seen >= 12,
    );
    return { commit, leader, other };
  }

  function statesOf(tape: ObjectTape): { readonly states: string[]; readonly deleted: string[] } {
    const own = [...tape.objects].filter(([key]) => key.includes('/a-'));
    return { states: [...new Set(own.map(([, entry]) => entry.states.join(' ')))], deleted: tape.deleted() };
  }

  it('lets a leader that slept beyond its lease write nothing when it wakes up', async () => {
    const tape = await settled('sleeps');
    const { commit, leader, other } = await inTheMiddle('sleeps', 'v2');
    leader.signal('SIGSTOP');
    await converged('sleeps', commit);
    const before = leader.proxy.writes().length;
    leader.signal('SIGCONT');
    await scene.until(
      'it knows',
      async () => leader.leads(),
      (leads) => !leads,
    );
    const next = await scene.push('sleeps', configMaps('a', COUNT, 'v3'), [other]);
    await converged('sleeps', next);
    expect(leader.proxy.writes().slice(before)).toEqual([]);
    expect(await other.leads()).toBe(true);
    expect(statesOf(tape)).toEqual({ states: ['v1 v2 v3'], deleted: [] });
  });

  it('stops the writes of a leader at once when its lease is taken away', async () => {
    const tape = await settled('robbed');
    const { commit, leader } = await inTheMiddle('robbed', 'v2');
    const lines = leader.log().split('\n').length;
    await scene.cluster.patch(
      LEASE,
      { namespace: SYSTEM, name: 'evenkeel-controller' },
      { type: 'merge', body: { spec: { holderIdentity: 'somebody-else', leaseDurationSeconds: 2 } } },
    );
    const lost = await scene.until(
      'it notices',
      async () =>
        leader
          .log()
          .split('\n')
          .slice(lines - 1)
          .find((line) => line.includes('this process leads no longer')),
      (line) => line !== undefined,
    );
    const lostMs = Date.parse(stringAt(JSON.parse(lost ?? '{}'), 'time') ?? '');
    const lateWrites = (): string[] =>
      leader.proxy
        .writes()
        // What was on its way arrives within a moment.
        .filter(({ atMs }) => atMs > lostMs + 50)
        .map(({ method, path }) => `${method} ${path}`);
    // For the time of the foreign lease nobody leads.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(lateWrites()).toEqual([]);
    leader.proxy.delayWrites(0);
    await converged('robbed', commit);
    expect(statesOf(tape)).toEqual({ states: ['v1 v2'], deleted: [] });
  });

  it('stops writing when it cannot renew its lease, and the other one goes on', async () => {
    const tape = await settled('cut-off');
    const { commit, leader, other } = await inTheMiddle('cut-off', 'v2');
    leader.proxy.refuse(0);
    await converged('cut-off', commit);
    const before = leader.proxy.writes().length;
    leader.proxy.refuse(undefined);
    await scene.until(
      'it follows',
      async () => leader.leads(),
      (leads) => !leads,
    );
    const next = await scene.push('cut-off', configMaps('a', COUNT, 'v3'), [other]);
    await converged('cut-off', next);
    expect(leader.proxy.writes().slice(before)).toEqual([]);
    expect(statesOf(tape)).toEqual({ states: ['v1 v2 v3'], deleted: [] });
  });

  it('takes pushes of others while a Git host stalls, and the stalled one when it answers again', async () => {
    const [tape, other] = [await settled('stalls'), await settled('answers')];
    for (const replica of replicas) replica.proxy.delayWrites(0);
    scene.git.fault({ kind: 'stall', path: /\/stalls\.git/ });
    const stalled = await scene.push('stalls', configMaps('a', COUNT, 'v2'), replicas);
    const beganMs = Date.now();
    const answered = await scene.push('answers', configMaps('a', COUNT, 'v2'), replicas);
    await converged('answers', answered);
    // Long before the stalled poll gives up.
    expect(Date.now() - beganMs).toBeLessThan(10_000);
    scene.git.fault(undefined);
    // A host that is silent is given up after 30 seconds, and asked again five seconds later.
    await converged('stalls', stalled, 45_000);
    for (const one of [tape, other]) expect(statesOf(one)).toEqual({ states: ['v1 v2'], deleted: [] });
  });

  it('gives the lease back within ten seconds when it is asked to stop in the middle of a sync', async () => {
    const tape = await settled('stops');
    const { commit, leader, other } = await inTheMiddle('stops', 'v2');
    const beganMs = Date.now();
    leader.signal('SIGTERM');
    expect(await leader.ended).toBe(0);
    expect(Date.now() - beganMs).toBeLessThan(10_000);
    await scene.until('the other one leads', async () => other.leads(), Boolean, 2000);
    await converged('stops', commit);
    expect(statesOf(tape)).toEqual({ states: ['v1 v2'], deleted: [] });
  });
});

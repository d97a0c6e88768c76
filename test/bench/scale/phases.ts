import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Follower, Reached } from './follow.ts';
import { nameOf, WORKLOADS } from './monorepo.ts';
import { memoryMiB } from './processes.ts';
import { spread, two, type Reading, type Readings, type Spread } from './readings.ts';
import { DECLARATIONS, WEBHOOK_SECRET, type World } from './world.ts';

export interface Scene {
  readonly count: number;
  readonly world: World;
  readonly follower: Follower;
  readonly readings: Readings;
  readonly idleSeconds: number;
  readonly say: (text: string) => void;
}

const APPLICATIONS = { group: 'evenkeel.dev', version: 'v1alpha1', kind: 'Application' } as const;
const CONFIG_MAPS = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const COMMITS = 3;
const DELETIONS = 10;
const DELIVERIES = 10_000;
const DELIVERY_SECONDS = 10;

export type Phase = (scene: Scene) => Promise<object>;

/**
 * First Application posted → all applied at the commit. That all are healthy as well comes later: Kubernetes' own controller-manager sends
 * at most 20 requests a second for Deployments, with four for each new one.
 */
async function cold({ count, world, follower, readings }: Scene): Promise<object> {
  await readings.begin();
  const beganMs = performance.now();
  await each(4, count, (index) => world.cluster.create(applicationOf(world, index)).then(() => undefined));
  const createdAfter = (performance.now() - beganMs) / 1000;
  await follower.until('all applications to be synced', 1800, () => countAt(follower.synced, world.revision) === count);
  const reading = await readings.end();
  const secondsOf = (reached: ReadonlyMap<string, Reached>): number[] =>
    [...reached.values()].map(({ atMs }) => (atMs - beganMs) / 1000);
  const synced = secondsOf(follower.synced);
  await follower.until('all applications to be ready', 1800, () => countAt(follower.ready, world.revision) === count);
  const seconds = Math.max(...synced);
  return {
    ...reading,
    seconds: two(seconds),
    synced: spread(synced),
    ready: spread(secondsOf(follower.ready)),
    created_after: two(createdAfter),
    apps_per_second: two(count / seconds),
    objects_per_second: two((4 * count) / seconds),
  };
}

/** Push returned and a delivery posted → the changed application live, ready, everything quiet. */
async function commit({ count, world, follower, readings, say }: Scene): Promise<object> {
  const places = [Math.floor(count / 2), 0, count - 1];
  const runs: (Reading & Readonly<Record<string, unknown>>)[] = [];
  for (let turn = 0; turn < COMMITS; turn++) {
    await sleep(2000);
    const name = nameOf(places[turn] ?? 0);
    const note = `commit-${turn}`;
    const before = await countRenders(world);
    await readings.begin();
    const revision = world.monorepo.touch(places[turn] ?? 0, note);
    const pushedMs = performance.now();
    await deliver(world, `commit-${turn}`);
    await follower.until('the changed object', 120, () => follower.notes.get(name)?.note === note);
    await follower.until('the application to be ready', 120, () => follower.ready.get(name)?.commit === revision);
    // What else the commit sets off belongs to its cost.
    await sleep(3000);
    const reading = await readings.end();
    const live = ((follower.notes.get(name)?.atMs ?? 0) - pushedMs) / 1000;
    const ready = ((follower.ready.get(name)?.atMs ?? 0) - pushedMs) / 1000;
    const after = await countRenders(world);
    runs.push({
      ...reading,
      live: two(live),
      app_ready: two(ready),
      renders: after.renders - before.renders,
      reconciled: after.reconciled - before.reconciled,
    });
    say(`commit ${turn}: live after ${two(live)} s, ready after ${two(ready)} s, ${reading.requests} requests`);
  }
  const values = (key: string): Spread => spread(runs.map((run) => Number(run[key as keyof Reading])));
  return {
    live: values('live'),
    app_ready: values('app_ready'),
    // No other application has anything to do.
    all: values('app_ready'),
    requests: values('requests'),
    sent: values('sent'),
    renders: values('renders'),
    reconciled: values('reconciled'),
    runs,
  };
}

/** Nothing changes, every interval is a minute. */
async function idle({ count, world, follower, readings, idleSeconds, say }: Scene): Promise<object> {
  await each(4, count, (index) =>
    world.cluster
      .patch(
        APPLICATIONS,
        { namespace: DECLARATIONS, name: nameOf(index) },
        { type: 'merge', body: { spec: { interval: '1m' } } },
      )
      .then(() => undefined),
  );
  await follower.until(
    'the interval of a minute',
    300,
    () => [...follower.ready.values()].filter(({ generation }) => generation === 2).length === count,
  );
  await sleep(20_000);
  say(`idle for ${idleSeconds} s`);
  const polls = world.git.requests.length;
  await readings.begin();
  await sleep(idleSeconds * 1000);
  const reading = await readings.end();
  const minutes = reading.seconds / 60;
  return {
    ...reading,
    interval: '1m',
    per_minute: {
      cpu: Object.fromEntries(Object.entries(reading.cpu).map(([name, value]) => [name, two(value / minutes)])),
      requests: Math.round(reading.requests / minutes),
      sent: Math.round(reading.sent / minutes),
      polls: two((world.git.requests.length - polls) / minutes),
    },
  };
}

/** An object deleted by hand → it is back. */
async function drift({ count, world, follower }: Scene): Promise<object> {
  const number = Math.min(DELETIONS, count);
  follower.missing.clear();
  follower.returned.clear();
  const deletedMs = new Map<string, number>();
  for (let turn = 0; turn < number; turn++) {
    const name = nameOf(Math.floor((turn * count) / number));
    deletedMs.set(name, performance.now());
    await world.cluster.delete(CONFIG_MAPS, { namespace: WORKLOADS, name }, {});
    await sleep(1500);
  }
  await follower.until('deleted objects to come back', 300, () => follower.returned.size === number);
  return { back: spread([...follower.returned].map(([name, atMs]) => (atMs - (deletedMs.get(name) ?? 0)) / 1000)) };
}

/** A flood of signed deliveries for one repository. */
async function deliveries({ world, readings }: Scene): Promise<object> {
  const agent = new Agent({ connections: 64 });
  const before = memoryMiB(world.pids['evenkeel'] ?? 0);
  const polls = world.git.requests.length;
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  await readings.begin();
  const beganMs = performance.now();
  const open = new Set<Promise<void>>();
  for (let sent = 0; sent < DELIVERIES; sent++) {
    const dueMs = beganMs + (sent * DELIVERY_SECONDS * 1000) / DELIVERIES;
    const early = dueMs - performance.now();
    if (early > 1) await sleep(early);
    const askedMs = performance.now();
    const one = deliver(world, `flood-${sent}`, agent).then((status) => {
      latencies.push(performance.now() - askedMs);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      open.delete(one);
    });
    open.add(one);
  }
  await Promise.all(open);
  const lasted = (performance.now() - beganMs) / 1000;
  // A poll that the last delivery asked for is still to come.
  await sleep(2000);
  const reading = await readings.end();
  await agent.close();
  const sorted = latencies.toSorted((left, right) => left - right);
  return {
    ...reading,
    sent_in: two(lasted),
    statuses: Object.fromEntries(statuses),
    p50_ms: two(sorted[Math.floor(sorted.length / 2)] ?? 0),
    p99_ms: two(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    polls: world.git.requests.length - polls,
    memory_before_mib: Math.round(before),
    memory_after_mib: Math.round(memoryMiB(world.pids['evenkeel'] ?? 0)),
  };
}

export const PHASES: Readonly<Record<string, Phase>> = { cold, commit, idle, drift, deliveries };

function applicationOf(world: World, index: number) {
  return {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { name: nameOf(index), namespace: DECLARATIONS },
    spec: {
      source: { git: { url: world.repositoryUrl, ref: { branch: 'main' }, path: `apps/${nameOf(index)}` } },
      interval: '10m',
      destination: { namespace: WORKLOADS },
    },
  };
}

function countAt(reached: ReadonlyMap<string, Reached>, commitId: string): number {
  let count = 0;
  for (const { commit } of reached.values()) if (commit === commitId) count += 1;
  return count;
}

/** Renders and passes of the controller so far, by its own metrics. */
async function countRenders(world: World): Promise<{ readonly renders: number; readonly reconciled: number }> {
  const text = await (await fetch(`${world.metricsUrl}/metrics`)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return {
    renders: sum('evenkeel_render_duration_seconds_count'),
    reconciled: sum('evenkeel_reconcile_duration_seconds_count'),
  };
}

async function deliver(world: World, id: string, dispatcher?: Agent): Promise<number> {
  const body = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: world.repositoryUrl } });
  const { statusCode, body: answer } = await request(world.webhookUrl, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`,
    },
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  await answer.dump();
  return statusCode;
}

async function each(parallel: number, count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

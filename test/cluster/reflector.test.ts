import type { ServerResponse } from 'node:http';

import { afterEach, describe, expect, it } from 'vitest';

import { connectCluster, type ClusterOptions } from '../../src/cluster/client.ts';
import { plainConnection } from '../../src/cluster/connection.ts';
import type { Cluster, WatchEvent } from '../../src/core/ports.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import {
  answer,
  answerDiscovery,
  failure,
  startStub,
  until,
  type StubRequest,
  type StubServer,
} from './stub-server.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };

type Item = readonly [name: string, resourceVersion: string, uid?: string];

function object([name, resourceVersion, uid]: Item): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop', resourceVersion, uid: uid ?? `uid-${name}` },
  };
}

/** A scripted API server: what a list shows, and the open watches. */
class Scene {
  readonly events: string[] = [];
  readonly raw: WatchEvent[] = [];
  readonly watches: { readonly request: StubRequest; readonly response: ServerResponse }[] = [];
  items: readonly Item[] = [];
  version = '10';
  lists = 0;
  /** Answers a watch request itself instead of opening a stream. */
  refuse: ((response: ServerResponse) => void) | undefined;
  readonly server: StubServer;
  readonly cluster: Cluster;
  readonly clock = new FakeClock({ auto: true });

  static async open(options: Partial<ClusterOptions> = {}): Promise<Scene> {
    const holder: { scene?: Scene } = {};
    const server = await startStub((request, response) => {
      if (!answerDiscovery(request, response)) holder.scene?.answer(request, response);
    });
    holder.scene = new Scene(server, options);
    return holder.scene;
  }

  private constructor(server: StubServer, options: Partial<ClusterOptions>) {
    this.server = server;
    this.cluster = connectCluster(plainConnection(server.url), {
      clock: this.clock,
      random: () => 0.5,
      maxAttempts: 1,
      ...options,
    });
  }

  start(): void {
    this.cluster.watch(CONFIG_MAP, { namespace: 'shop' }, (event) => {
      this.raw.push(event);
      this.events.push('object' in event ? `${event.type} ${event.object.metadata.name}` : event.type);
    });
  }

  answer(request: StubRequest, response: ServerResponse): void {
    if (request.query.get('watch') === 'true') {
      const { refuse } = this;
      if (refuse !== undefined) {
        this.refuse = undefined;
        refuse(response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      this.watches.push({ request, response });
      return;
    }
    if (request.query.get('limit') !== '1') this.lists += 1;
    answer(response, 200, {
      kind: 'ConfigMapList',
      metadata: { resourceVersion: this.version },
      items: this.items.map(object),
    });
  }

  async watching(count: number): Promise<ServerResponse> {
    await until(() => this.watches.length >= count, `watch ${count}`);
    const last = this.watches.at(-1);
    if (last === undefined) throw new Error('there is no watch');
    return last.response;
  }

  async seen(...events: readonly string[]): Promise<void> {
    await until(() => this.events.length >= events.length, events.join(', ')).catch(() => undefined);
    expect(this.events).toEqual(events);
    this.events.length = 0;
  }
}

function send(response: ServerResponse, type: string, item: unknown): void {
  response.write(`${JSON.stringify({ type, object: item })}\n`);
}

function bookmark(response: ServerResponse, resourceVersion: string): void {
  send(response, 'BOOKMARK', { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion } });
}

describe('a list kept up to date', () => {
  const scenes: Scene[] = [];
  const open = async (options: Partial<ClusterOptions> = {}): Promise<Scene> => {
    const scene = await Scene.open(options);
    scenes.push(scene);
    return scene;
  };
  afterEach(async () => {
    for (const scene of scenes.splice(0)) {
      await scene.cluster.close();
      await scene.server.close();
    }
  });

  it('goes on from the version of its list, and asks for bookmarks', async () => {
    const scene = await open();
    scene.items = [['a', '5']];
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('added a', 'synced');
    expect(Object.fromEntries(scene.watches[0]?.request.query ?? [])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: '10',
      timeoutSeconds: '450',
    });
    send(stream, 'ADDED', object(['b', '11']));
    send(stream, 'MODIFIED', object(['a', '12']));
    send(stream, 'DELETED', object(['a', '13']));
    await scene.seen('added b', 'modified a', 'deleted a');
  });

  it('goes on where it was when the server ends a stream in time, without a word', async () => {
    const scene = await open();
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('synced');
    bookmark(stream, '50');
    scene.clock.jump(400_000);
    stream.end();
    await scene.watching(2);
    expect(scene.watches[1]?.request.query.get('resourceVersion')).toBe('50');
    expect(scene.lists).toBe(1);
    expect(scene.events).toEqual([]);
  });

  it('says stale when a stream is cut, and synced when it has caught up with the server', async () => {
    const scene = await open();
    scene.items = [['a', '5']];
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('added a', 'synced');
    scene.version = '20';
    stream.socket?.destroy();
    const next = await scene.watching(2);
    await scene.seen('stale');
    expect(scene.watches[1]?.request.query.get('resourceVersion')).toBe('10');
    send(next, 'MODIFIED', object(['a', '15']));
    await scene.seen('modified a');
    send(next, 'ADDED', object(['b', '20']));
    await scene.seen('added b', 'synced');
    expect(scene.lists).toBe(1);
  });

  it('is synced at once after a cut when nothing happened meanwhile', async () => {
    const scene = await open();
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('synced');
    stream.socket?.destroy();
    await scene.watching(2);
    await scene.seen('stale', 'synced');
  });

  it('lists anew after 410, and makes up the deletions that it missed', async () => {
    const scene = await open();
    scene.items = [
      ['a', '5'],
      ['b', '6'],
      ['c', '7', 'uid-old'],
    ];
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('added a', 'added b', 'added c', 'synced');
    scene.items = [
      ['a', '5'],
      ['c', '30', 'uid-new'],
      ['d', '31'],
    ];
    scene.version = '40';
    send(stream, 'ERROR', failure(410, 'Expired'));
    await scene.watching(2);
    await scene.seen('stale', 'deleted c', 'added c', 'added d', 'deleted b', 'synced');
    expect(scene.watches[1]?.request.query.get('resourceVersion')).toBe('40');
    expect(scene.raw.find((event) => event.type === 'deleted' && event.object.metadata.name === 'b')).toMatchObject({
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', namespace: 'shop', uid: 'uid-b' } },
    });
  });

  it('lists anew when the watch itself is answered with 410', async () => {
    const scene = await open();
    scene.refuse = (response) => answer(response, 410, failure(410, 'Expired'));
    scene.items = [['a', '5']];
    scene.start();
    await scene.watching(1);
    await scene.seen('added a', 'synced', 'stale', 'synced');
    expect(scene.lists).toBe(2);
  });

  it('notices a silent stream within its time-out', async () => {
    const scene = await open({ watchTimes: { idleMs: 60, streamSeconds: 300 } });
    scene.start();
    await scene.watching(2);
    await scene.seen('synced', 'stale', 'synced');
  });

  it('does not run in circles when every stream ends at once', async () => {
    const scene = await open();
    scene.start();
    for (let round = 1; round <= 4; round++) (await scene.watching(round)).end();
    await scene.watching(5);
    expect(scene.clock.slept.slice(0, 4)).toHaveLength(4);
    expect(scene.clock.slept.every((ms) => ms > 0)).toBe(true);
    expect(scene.events.filter((event) => event.startsWith('deleted'))).toEqual([]);
  });

  it('says stale with the reason while the server refuses, and deletes nothing', async () => {
    const scene = await open();
    scene.items = [['a', '5']];
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('added a', 'synced');
    scene.refuse = (response) => answer(response, 403, failure(403, 'Forbidden'));
    stream.socket?.destroy();
    await scene.watching(2);
    await until(() => scene.events.includes('synced'), 'synced');
    expect(scene.events.filter((event) => event !== 'stale')).toEqual(['synced']);
    expect(scene.events[0]).toBe('stale');
  });

  it('puts characters together that arrive in two pieces', async () => {
    const scene = await open();
    scene.start();
    const stream = await scene.watching(1);
    await scene.seen('synced');
    const bytes = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: object(['grün', '11']) })}\n`);
    const middle = bytes.indexOf(0xc3) + 1;
    stream.write(bytes.subarray(0, middle));
    await new Promise<void>((resolve) => setTimeout(resolve, 10));
    stream.write(bytes.subarray(middle));
    await scene.seen('added grün');
  });

  it('survives a handler that throws', async () => {
    const scene = await open();
    scene.items = [
      ['a', '5'],
      ['b', '6'],
    ];
    const names: string[] = [];
    scene.cluster.watch(CONFIG_MAP, { namespace: 'shop' }, (event) => {
      if (!('object' in event)) return;
      names.push(event.object.metadata.name);
      throw new Error('a bug of the reader');
    });
    await scene.watching(1);
    expect(names).toEqual(['a', 'b']);
  });

  it('is silent after close', async () => {
    const scene = await open();
    const events: WatchEvent[] = [];
    const watch = scene.cluster.watch(CONFIG_MAP, { namespace: 'shop' }, (event) => events.push(event));
    const stream = await scene.watching(1);
    watch.close();
    send(stream, 'ADDED', object(['late', '11']));
    await until(
      () => stream.destroyed || stream.socket === null || stream.socket?.destroyed === true,
      'the end of the stream',
    );
    expect(events.map((event) => event.type)).toEqual(['synced']);
  });
});

import { afterEach, describe, expect, it } from 'vitest';

import { connectCluster, type ClusterOptions } from '../../src/cluster/client.ts';
import { plainConnection, type AuthMaterial, type ClusterConnection } from '../../src/cluster/connection.ts';
import { EngineError } from '../../src/core/errors.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import {
  answer,
  answerDiscovery,
  failure,
  startStub,
  until,
  type StubHandler,
  type StubServer,
} from './stub-server.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const REF = { namespace: 'shop', name: 'settings' };
const OBJECT: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: '1' },
};

describe('requests to an API server', () => {
  const servers: StubServer[] = [];
  const clusters: Cluster[] = [];
  afterEach(async () => {
    await Promise.all(clusters.splice(0).map(async (cluster) => cluster.close()));
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  const serve = async (handler: StubHandler): Promise<StubServer> => {
    const server = await startStub((request, response) => {
      if (!answerDiscovery(request, response)) handler(request, response);
    });
    servers.push(server);
    return server;
  };
  const connect = (
    server: StubServer,
    options: Partial<ClusterOptions> = {},
    connection?: Partial<ClusterConnection>,
  ): { cluster: Cluster; clock: FakeClock } => {
    const clock = new FakeClock({ auto: true });
    const cluster = connectCluster(
      { ...plainConnection(server.url), ...connection },
      { clock, random: () => 0.5, ...options },
    );
    clusters.push(cluster);
    return { cluster, clock };
  };
  const objectRequests = (server: StubServer): number =>
    server.requests.filter((request) => request.path.startsWith('/api/v1/')).length;

  it('sends an apply as JSON with manager and strict validation', async () => {
    const server = await serve((_request, response) => answer(response, 200, OBJECT));
    const { cluster } = connect(server);
    await cluster.apply({ ...OBJECT, big: 9007199254740993n } as KubeObject, { dryRun: true, force: true });
    const request = server.requests.at(-1);
    expect(request).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/shop/configmaps/settings' });
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      fieldManager: 'evenkeel',
      fieldValidation: 'Strict',
      force: 'true',
      dryRun: 'All',
    });
    expect(request?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(request?.body).toContain('"big":9007199254740993');
  });

  it('reads again after 503, after a reset and after nothing at all, with jitter', async () => {
    const steps: StubHandler[] = [
      (_request, response) => answer(response, 503, failure(503, 'ServiceUnavailable')),
      (_request, response) => void response.socket?.destroy(),
      (_request, response) => answer(response, 500, failure(500, 'InternalError')),
      (_request, response) => answer(response, 200, OBJECT),
    ];
    const server = await serve((request, response) => steps.shift()?.(request, response));
    const { cluster, clock } = connect(server);
    expect(await cluster.get(CONFIG_MAP, REF)).toMatchObject({ state: 'present' });
    expect(clock.slept).toEqual([100, 200, 400]);
  });

  it('waits as long as Retry-After asks, and lets fewer requests through', async () => {
    let refusals = 2;
    const server = await serve((_request, response) => {
      if (refusals-- > 0) answer(response, 429, failure(429, 'TooManyRequests'), { 'retry-after': '3' });
      else answer(response, 201, OBJECT);
    });
    const { cluster, clock } = connect(server);
    await cluster.create(OBJECT);
    expect(clock.slept).toEqual([3100, 3200]);
  });

  it('gives up on 429 in the end, with a typed error', async () => {
    const server = await serve((_request, response) =>
      answer(response, 429, failure(429, 'TooManyRequests'), { 'retry-after': '1' }),
    );
    const { cluster } = connect(server, { maxAttempts: 3 });
    await expect(cluster.apply(OBJECT)).rejects.toMatchObject({ code: 'ClusterBusy', data: { status: 429 } });
    expect(objectRequests(server)).toBe(3);
  });

  it('sends an apply again after a reset, but never a create, a replace or a patch', async () => {
    const server = await serve((_request, response) => void response.socket?.destroy());
    const { cluster } = connect(server, { maxAttempts: 3 });
    const count = async (run: () => Promise<unknown>): Promise<number> => {
      const before = objectRequests(server);
      await expect(run()).rejects.toMatchObject({ code: 'ClusterUnreachable', data: { sent: 'maybe' } });
      return objectRequests(server) - before;
    };
    expect(await count(async () => cluster.apply(OBJECT))).toBe(3);
    expect(await count(async () => cluster.create(OBJECT))).toBe(1);
    expect(await count(async () => cluster.replace(OBJECT))).toBe(1);
    expect(await count(async () => cluster.patch(CONFIG_MAP, REF, { type: 'merge', body: {} }))).toBe(1);
    expect(await count(async () => cluster.delete(CONFIG_MAP, REF))).toBe(1);
    expect(await count(async () => cluster.delete(CONFIG_MAP, REF, { uid: 'u' }))).toBe(3);
  });

  it('takes no answer for unknown, not for absent', async () => {
    const server = await serve((_request, response) => void response.socket?.destroy());
    const { cluster } = connect(server, { maxAttempts: 1 });
    expect(await cluster.get(CONFIG_MAP, REF)).toMatchObject({
      state: 'unknown',
      error: { code: 'ClusterUnreachable' },
    });
    const { cluster: nowhere } = connect({ ...server, url: 'http://127.0.0.1:1' }, { maxAttempts: 2 });
    expect(await nowhere.get(CONFIG_MAP, REF)).toMatchObject({
      state: 'unknown',
      error: { code: 'ClusterUnreachable', data: { sent: 'no' } },
    });
  });

  it('takes a 404 that does not name the object for unknown', async () => {
    const bodies = [
      '404 page not found',
      failure(404, 'NotFound', { details: {} }),
      failure(404, 'NotFound', { details: { name: 'other', kind: 'configmaps' } }),
    ];
    for (const body of bodies) {
      const server = await serve((_request, response) => answer(response, 404, body));
      const { cluster } = connect(server);
      expect(await cluster.get(CONFIG_MAP, REF)).toMatchObject({ state: 'unknown' });
    }
  });

  it('ends a request that takes too long', async () => {
    const server = await serve(() => undefined);
    const { cluster } = connect(server, { timeoutMs: 30, maxAttempts: 1 });
    await expect(cluster.apply(OBJECT)).rejects.toMatchObject({
      code: 'ClusterUnreachable',
      data: { reason: 'Timeout', sent: 'maybe' },
    });
  });

  it('ends a body that drips for ever', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    const { cluster } = connect(server, { timeoutMs: 60, maxAttempts: 1 });
    await expect(cluster.apply(OBJECT)).rejects.toMatchObject({
      code: 'ClusterUnreachable',
      data: { reason: 'Timeout' },
    });
  });

  it('stops at once when its signal is aborted, with the reason of the signal', async () => {
    const server = await serve(() => undefined);
    const { cluster } = connect(server);
    const stop = new AbortController();
    const pending = cluster.apply(OBJECT, { signal: stop.signal });
    pending.catch(() => undefined);
    await until(() => objectRequests(server) === 1, 'the request');
    const reason = new EngineError('PlanMoved', 'a newer commit came');
    stop.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await expect(cluster.apply(OBJECT, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'Cancelled' });
    expect(objectRequests(server)).toBe(1);
  });

  it('asks the gate before every try of a write, and never for a read', async () => {
    let open = 2;
    const server = await serve((_request, response) => answer(response, 503, failure(503, 'ServiceUnavailable')));
    const { cluster } = connect(server, {
      maxAttempts: 5,
      writeGate: () => {
        if (open-- <= 0) throw new EngineError('Cancelled', 'write is not allowed (NotLeading)');
        return undefined;
      },
    });
    await cluster.get(CONFIG_MAP, REF);
    const reads = objectRequests(server);
    await expect(
      cluster.impersonate({ namespace: 'shop', serviceAccountName: 'deployer' }).apply(OBJECT),
    ).rejects.toMatchObject({ code: 'Cancelled' });
    expect(objectRequests(server) - reads).toBe(2);
  });

  it('cuts a write that is under way when leadership is lost', async () => {
    const server = await serve(() => undefined);
    const leadership = new AbortController();
    const { cluster } = connect(server, { writeGate: () => leadership.signal });
    const pending = cluster.apply(OBJECT);
    pending.catch(() => undefined);
    await until(() => objectRequests(server) === 1, 'the request');
    leadership.abort(new EngineError('Cancelled', 'write is not allowed (LeadershipLost)'));
    await expect(pending).rejects.toThrow('LeadershipLost');
  });

  it('asks for other credentials once after 401', async () => {
    const server = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer new') answer(response, 200, OBJECT);
      else answer(response, 401, failure(401, 'Unauthorized'));
    });
    let token = 'old';
    const rejected: AuthMaterial[] = [];
    const { cluster } = connect(
      server,
      {},
      {
        credentials: {
          current: () => ({ headers: { authorization: `Bearer ${token}` } }),
          reject: (seen) => {
            rejected.push(seen);
            token = 'new';
            return true;
          },
        },
      },
    );
    expect(await cluster.get(CONFIG_MAP, REF)).toMatchObject({ state: 'present' });
    expect(rejected).toHaveLength(1);
  });

  it('says denied when credentials stay refused', async () => {
    const server = await serve((_request, response) => answer(response, 401, failure(401, 'Unauthorized')));
    const { cluster } = connect(server, {}, { credentials: { current: () => ({ headers: {} }), reject: () => true } });
    await expect(cluster.apply(OBJECT)).rejects.toMatchObject({ code: 'ClusterDenied' });
    expect(objectRequests(server)).toBe(2);
  });

  it('impersonates a ServiceAccount without groups of anybody else', async () => {
    const server = await serve((_request, response) => answer(response, 200, OBJECT));
    const { cluster } = connect(
      server,
      {},
      {
        credentials: {
          current: () => ({ headers: { 'impersonate-user': 'root', 'impersonate-group': ['system:masters', 'b'] } }),
          reject: () => false,
        },
      },
    );
    await cluster.apply(OBJECT);
    const own = server.requests.at(-1)?.rawHeaders ?? [];
    expect(own.filter((name) => name === 'impersonate-group')).toHaveLength(2);
    await cluster.impersonate({ namespace: 'shop', serviceAccountName: 'deployer' }).apply(OBJECT);
    expect(server.requests.at(-1)?.headers['impersonate-user']).toBe('system:serviceaccount:shop:deployer');
    expect(server.requests.at(-1)?.headers['impersonate-group']).toBeUndefined();
    for (const bad of ['', 'a b', 'x\r\ny', 'a:b']) {
      expect(() => cluster.impersonate({ namespace: 'shop', serviceAccountName: bad })).toThrow(/NameInvalid/);
    }
  });

  it('never lets a name change the path', async () => {
    const server = await serve((_request, response) => answer(response, 200, OBJECT));
    const { cluster } = connect(server);
    for (const name of ['..', '.', '../secrets/x', 'a/b', '%2e%2e', '']) {
      expect(await cluster.get(CONFIG_MAP, { namespace: 'shop', name })).toMatchObject({
        state: 'unknown',
        error: { code: 'ClusterRejected' },
      });
    }
    expect(await cluster.get(CONFIG_MAP, { namespace: '', name: 'a' })).toMatchObject({
      state: 'unknown',
      error: { code: 'ClusterRejected' },
    });
    expect(objectRequests(server)).toBe(0);
    await cluster.get(CONFIG_MAP, { namespace: 'shop', name: 'system:node?x=1#y' });
    expect(server.requests.at(-1)?.url).toBe('/api/v1/namespaces/shop/configmaps/system%3Anode%3Fx%3D1%23y');
  });

  it('keeps to its connections', async () => {
    let open = 0;
    let most = 0;
    const server = await serve((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        answer(response, 200, OBJECT);
      }, 5);
    });
    const { cluster } = connect(server, { maxConnections: 4 });
    await Promise.all(Array.from({ length: 30 }, async () => cluster.apply(OBJECT)));
    expect(most).toBe(4);
  });

  it('begins a list again when its continue token expired', async () => {
    let expired = false;
    const list = (names: readonly string[], next: string): unknown => ({
      kind: 'ConfigMapList',
      metadata: { resourceVersion: '7', continue: next },
      items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })),
    });
    const server = await serve((request, response) => {
      if (request.query.get('continue') === null) answer(response, 200, list(['a'], 'token'));
      else if (!expired) {
        expired = true;
        answer(response, 410, failure(410, 'Expired'));
      } else answer(response, 200, list(['b'], ''));
    });
    const { cluster } = connect(server);
    const objects = await cluster.list(CONFIG_MAP, { namespace: 'shop' });
    expect(objects.map((object) => object.metadata.name)).toEqual(['a', 'b']);
    expect(objects[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('refuses an answer that is no list and no object', async () => {
    const server = await serve((_request, response) => answer(response, 200, '<html>'));
    const { cluster } = connect(server);
    await expect(cluster.list(CONFIG_MAP)).rejects.toMatchObject({ code: 'ClusterUnreachable' });
    expect(await cluster.get(CONFIG_MAP, REF)).toMatchObject({
      state: 'unknown',
      error: { code: 'ClusterUnreachable' },
    });
  });
});

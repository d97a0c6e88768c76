import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { connectCluster, type ClusterOptions } from '../../src/cluster/client.ts';
import { plainConnection } from '../../src/cluster/connection.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { FakeClock } from '../doubles/fake-clock.ts';
import { answer, failure, startStub, type StubHandler, type StubServer } from './stub-server.ts';

const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };
const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1', kind: 'NodeMetrics' };

function group(name: string, version: string, kinds: readonly string[], freshness = 'Current'): unknown {
  return {
    metadata: { name },
    versions: [
      {
        version,
        freshness,
        resources: kinds.map((kind) => ({
          resource: `${kind.toLowerCase()}s`,
          responseKind: { group: name, version, kind },
          scope: 'Namespaced',
          verbs: ['get'],
          subresources: [{ subresource: 'status' }],
        })),
      },
    ],
  };
}

function aggregated(...items: readonly unknown[]): unknown {
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items };
}

describe('discovery', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  const open = async (
    handler: StubHandler,
    options: Partial<ClusterOptions> = {},
  ): Promise<{ server: StubServer; cluster: Cluster; clock: FakeClock }> => {
    const server = await startStub(handler);
    const clock = new FakeClock({ auto: true });
    const cluster = connectCluster(plainConnection(server.url), { clock, random: () => 0, maxAttempts: 1, ...options });
    closing.push(
      async () => cluster.close(),
      async () => server.close(),
    );
    return { server, cluster, clock };
  };

  it('takes two requests for everything, once for all who ask at once', async () => {
    const { server, cluster } = await open((request, response) =>
      answer(
        response,
        200,
        request.path === '/api'
          ? aggregated(group('', 'v1', ['Pod']))
          : aggregated(group('apps', 'v1', ['Deployment'])),
      ),
    );
    await Promise.all([
      cluster.resource(DEPLOYMENT),
      cluster.resources(),
      cluster.resource({ group: '', version: 'v1', kind: 'Pod' }),
    ]);
    expect(await cluster.resource(DEPLOYMENT)).toEqual({
      ...DEPLOYMENT,
      plural: 'deployments',
      namespaced: true,
      verbs: ['get'],
    });
    expect(server.requests.map((request) => request.path).sort()).toEqual(['/api', '/apis']);
    expect(server.requests[0]?.headers.accept).toContain('as=APIGroupDiscoveryList');
  });

  it('asks again for an unknown kind, but not in a row', async () => {
    let kinds = ['Deployment'];
    const { server, cluster, clock } = await open((request, response) =>
      answer(response, 200, request.path === '/api' ? aggregated() : aggregated(group('apps', 'v1', kinds))),
    );
    await cluster.resources();
    const wanted = { group: 'apps', version: 'v1', kind: 'Thing' };
    for (let round = 0; round < 5; round++)
      await expect(cluster.resource(wanted)).rejects.toMatchObject({ code: 'KindUnknown' });
    expect(server.requests).toHaveLength(2);
    kinds = ['Deployment', 'Thing'];
    clock.jump(1000);
    expect(await cluster.resource(wanted)).toMatchObject({ plural: 'things' });
    expect(server.requests).toHaveLength(4);
    cluster.refresh();
    await cluster.resource(wanted);
    expect(server.requests).toHaveLength(6);
  });

  it('names the versions that are served', async () => {
    const { cluster } = await open((request, response) =>
      answer(response, 200, request.path === '/api' ? aggregated() : aggregated(group('apps', 'v1', ['Deployment']))),
    );
    await expect(cluster.resource({ ...DEPLOYMENT, version: 'v1beta1' })).rejects.toMatchObject({
      code: 'KindUnknown',
      message: 'Deployment (apps/v1beta1) is not served by the cluster (KindUnknown): the versions served are v1',
    });
  });

  it('never takes a group that could not be read for an empty one', async () => {
    const { cluster } = await open((request, response) =>
      answer(
        response,
        200,
        request.path === '/api'
          ? aggregated()
          : aggregated(group('apps', 'v1', ['Deployment']), group('metrics.k8s.io', 'v1beta1', [], 'Stale')),
      ),
    );
    expect((await cluster.resources()).failedGroups).toEqual(['metrics.k8s.io']);
    await expect(cluster.resource(METRICS)).rejects.toMatchObject({ code: 'ClusterUnreachable' });
    expect(await cluster.get(METRICS, { namespace: 'a', name: 'b' })).toMatchObject({
      state: 'unknown',
      error: { code: 'ClusterUnreachable' },
    });
    expect(await cluster.resource(DEPLOYMENT)).toMatchObject({ plural: 'deployments' });
  });

  it('reads servers that know no aggregated discovery, and says which groups failed', async () => {
    const { cluster } = await open((request, response) => {
      const list = (groupVersion: string, name: string, kind: string): void =>
        answer(response, 200, {
          kind: 'APIResourceList',
          groupVersion,
          resources: [
            { name, kind, namespaced: true, verbs: ['get'] },
            { name: `${name}/status`, kind, namespaced: true, verbs: ['get'] },
          ],
        });
      switch (request.path) {
        case '/api':
          return answer(response, 200, { kind: 'APIVersions', versions: ['v1'] });
        case '/apis':
          return answer(response, 200, {
            kind: 'APIGroupList',
            groups: [
              { name: 'apps', versions: [{ groupVersion: 'apps/v1' }] },
              { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1' }] },
            ],
          });
        case '/api/v1':
          return list('v1', 'pods', 'Pod');
        case '/apis/apps/v1':
          return list('apps/v1', 'deployments', 'Deployment');
        default:
          return answer(response, 503, failure(503, 'ServiceUnavailable'));
      }
    });
    const { resources, failedGroups } = await cluster.resources();
    expect(resources.map((resource) => `${resource.group}/${resource.kind}`)).toEqual(['/Pod', 'apps/Deployment']);
    expect(failedGroups).toEqual(['metrics.k8s.io']);
  });

  it('fails as a whole when its roots cannot be read', async () => {
    const { cluster } = await open((_request, response) => answer(response, 403, failure(403, 'Forbidden')));
    await expect(cluster.resources()).rejects.toMatchObject({ code: 'ClusterDenied' });
    await expect(cluster.resource(DEPLOYMENT)).rejects.toMatchObject({ code: 'ClusterDenied' });
  });

  it('keeps what it read on disk and only asks whether it changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-discovery-'));
    const statuses: number[] = [];
    const { server, cluster } = await open(
      (request, response) => {
        const fresh = request.headers['if-none-match'] === '"1"';
        statuses.push(fresh ? 304 : 200);
        if (fresh) answer(response, 304, '');
        else
          answer(
            response,
            200,
            request.path === '/api' ? aggregated() : aggregated(group('apps', 'v1', ['Deployment'])),
            { etag: '"1"' },
          );
      },
      { cacheFolder: folder },
    );
    await cluster.resource(DEPLOYMENT);
    const later = connectCluster(plainConnection(server.url), {
      clock: new FakeClock({ auto: true }),
      cacheFolder: folder,
    });
    closing.push(async () => later.close());
    expect(await later.resource(DEPLOYMENT)).toMatchObject({ plural: 'deployments' });
    expect(statuses).toEqual([200, 200, 304, 304]);
    rmSync(folder, { recursive: true });
  });

  it('gives up waiting when the caller does, without spoiling it for others', async () => {
    const waiting: (() => void)[] = [];
    const { cluster } = await open((request, response) => {
      waiting.push(() =>
        answer(response, 200, request.path === '/api' ? aggregated() : aggregated(group('apps', 'v1', ['Deployment']))),
      );
    });
    const stop = new AbortController();
    const gone = cluster.resource(DEPLOYMENT, stop.signal);
    const stays = cluster.resource(DEPLOYMENT);
    stop.abort();
    await expect(gone).rejects.toMatchObject({ code: 'Cancelled' });
    while (waiting.length < 2) await new Promise<void>((resolve) => setTimeout(resolve, 2));
    for (const give of waiting) give();
    expect(await stays).toMatchObject({ plural: 'deployments' });
  });
});

describe('types of kinds', () => {
  const document = (kind: string): unknown => ({
    components: {
      schemas: {
        [kind]: {
          type: 'object',
          properties: { spec: { type: 'string' } },
          'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind }],
        },
      },
    },
  });

  it('follow a document that changed since the index was read, on this server alone', async () => {
    let target = '/openapi/v3/apis/apps/v1?hash=NEW';
    const server = await startStub((request, response) => {
      if (request.path === '/openapi/v3') {
        answer(response, 200, {
          paths: { 'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1?hash=OLD' } },
        });
      } else if (request.url.endsWith('?hash=OLD')) {
        response.setHeader('location', target);
        answer(response, 301, {});
      } else answer(response, 200, document('Deployment'));
    });
    const cluster = connectCluster(plainConnection(server.url), { clock: new FakeClock({ auto: true }) });
    expect((await cluster.schema(DEPLOYMENT))?.kind).toBe('map');
    await cluster.close();
    target = 'https://elsewhere/openapi/v3/apis/apps/v1?hash=NEW';
    const other = connectCluster(plainConnection(server.url), { clock: new FakeClock({ auto: true }) });
    await expect(other.schema(DEPLOYMENT)).rejects.toThrow('OpenAPI v3 could not be read (HTTP 301)');
    await other.close();
    await server.close();
  });

  it('come from one document per group-version, read when asked for and again when its hash changed', async () => {
    let hash = 'A1';
    const paths: string[] = [];
    const server = await startStub((request, response) => {
      paths.push(request.url);
      if (request.path === '/openapi/v3') {
        answer(response, 200, {
          paths: {
            'apis/apps/v1': { serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${hash}` },
            'apis/evil/v1': { serverRelativeURL: 'https://elsewhere/x' },
          },
        });
      } else answer(response, 200, document('Deployment'));
    });
    const cluster = connectCluster(plainConnection(server.url), { clock: new FakeClock({ auto: true }) });
    const [type] = await Promise.all([cluster.schema(DEPLOYMENT), cluster.schema(DEPLOYMENT)]);
    expect(type?.kind).toBe('map');
    expect(await cluster.schema({ ...DEPLOYMENT, kind: 'Nothing' })).toBeUndefined();
    expect(await cluster.schema({ group: 'evil', version: 'v1', kind: 'X' })).toBeUndefined();
    expect(paths).toEqual(['/openapi/v3', '/openapi/v3/apis/apps/v1?hash=A1']);
    cluster.refresh();
    await cluster.schema(DEPLOYMENT);
    expect(paths).toHaveLength(3);
    hash = 'B2';
    cluster.refresh();
    await cluster.schema(DEPLOYMENT);
    expect(paths.slice(3)).toEqual(['/openapi/v3', '/openapi/v3/apis/apps/v1?hash=B2']);
    await cluster.close();
    await server.close();
  });

  it.each(['', '/prefix/of/it'])('are found behind a prefix, whether the index names it (%s) or not', async (named) => {
    const server = await startStub((request, response) => {
      if (request.path === '/prefix/of/it/openapi/v3') {
        answer(response, 200, {
          paths: { 'apis/apps/v1': { serverRelativeURL: `${named}/openapi/v3/apis/apps/v1?hash=A` } },
        });
      } else if (request.url === '/prefix/of/it/openapi/v3/apis/apps/v1?hash=A')
        answer(response, 200, document('Deployment'));
      else answer(response, 404, failure(404, 'NotFound'));
    });
    const cluster = connectCluster(plainConnection(`${server.url}/prefix/of/it/`), {
      clock: new FakeClock({ auto: true }),
    });
    expect((await cluster.schema(DEPLOYMENT))?.kind).toBe('map');
    await cluster.close();
    await server.close();
  });

  it('are undefined where the server publishes none, and an error where it does not answer', async () => {
    let status = 404;
    const server = await startStub((_request, response) => answer(response, status, failure(status, 'X')));
    const cluster = connectCluster(plainConnection(server.url), {
      clock: new FakeClock({ auto: true }),
      maxAttempts: 1,
    });
    expect(await cluster.schema(DEPLOYMENT)).toBeUndefined();
    status = 503;
    cluster.refresh();
    await expect(cluster.schema(DEPLOYMENT)).rejects.toMatchObject({ code: 'ClusterBusy' });
    await cluster.close();
    await server.close();
  });
});

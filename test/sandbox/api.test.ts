import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request as send } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { at, listAt, own, stringAt, type Json, type JsonObject } from '../../src/core/json.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start.ts';
import { apply, ask } from './request.ts';

let sandbox: Sandbox;
const start = async (options: SandboxOptions = {}): Promise<void> => {
  sandbox = await startSandbox({ controllers: false, ...options });
};
afterEach(async () => {
  await sandbox.close();
});

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: JsonObject = {}, meta: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...meta },
  data,
});

/** Reads a watch until `count` events came; the connection is cut then. */
async function watch(path: string, count: number): Promise<{ readonly type: string; readonly object: JsonObject }[]> {
  const stop = new AbortController();
  const answer = await send(`${sandbox.url}${path}`, {
    headers: { authorization: `Bearer ${sandbox.token}` },
    signal: stop.signal,
  });
  const events: { type: string; object: JsonObject }[] = [];
  let text = '';
  try {
    for await (const part of answer.body) {
      text += String(part);
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) events.push(JSON.parse(line) as { type: string; object: JsonObject });
      if (events.length >= count) break;
    }
  } catch {
    // Cut by a fault: what came before counts.
  }
  stop.abort();
  return events;
}

describe('access', () => {
  it('needs the token, in the header or before the path', async () => {
    await start();
    const plain = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
      (await send(`${sandbox.url}${path}`, { headers })).statusCode;
    expect(await plain('/version')).toBe(401);
    expect(await plain('/version', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await plain(`/${sandbox.token}/version`)).toBe(200);
    expect(await plain('/version', { authorization: `Bearer ${sandbox.token}` })).toBe(200);
    expect(stringAt(sandbox.kubeconfig(), 'clusters', 0, 'cluster', 'server')).toBe(`${sandbox.url}/${sandbox.token}`);
  });

  it('lets roles decide about impersonated users', async () => {
    await start({ authorization: 'rbac' });
    const asDeployer = { 'impersonate-user': 'system:serviceaccount:default:deployer' };
    const denied = await ask(sandbox, 'GET', MAPS, undefined, asDeployer);
    expect([denied.code, stringAt(denied.body, 'message')]).toEqual([
      403,
      'configmaps is forbidden: User "system:serviceaccount:default:deployer" cannot list resource "configmaps" in API group "" in the namespace "default"',
    ]);
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    await ask(sandbox, 'POST', `${rbac}/roles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }],
    });
    await ask(sandbox, 'POST', `${rbac}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'r' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer' }],
    });
    expect((await ask(sandbox, 'GET', MAPS, undefined, asDeployer)).code).toBe(200);
    expect((await ask(sandbox, 'POST', MAPS, map('x'), asDeployer)).code).toBe(403);
    const review = await ask(
      sandbox,
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'create', resource: 'configmaps', namespace: 'default' } },
      },
      asDeployer,
    );
    expect(at(review.body, 'status', 'allowed')).toBe(false);
  });
});

describe('discovery', () => {
  it('comes aggregated and in the old form, with custom resources as soon as they are there', async () => {
    await start();
    const accept = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' };
    const aggregated = await ask(sandbox, 'GET', '/apis', undefined, accept);
    expect(aggregated.headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    expect(listAt(aggregated.body, 'items').map((item) => stringAt(item, 'metadata', 'name'))).toContain('apps');
    expect(stringAt((await ask(sandbox, 'GET', '/apis')).body, 'kind')).toBe('APIGroupList');
    expect(listAt((await ask(sandbox, 'GET', '/api/v1')).body, 'resources').map((item) => own(item, 'name'))).toContain(
      'pods/eviction',
    );
    const index = await ask(sandbox, 'GET', '/openapi/v3');
    const url = stringAt(index.body, 'paths', 'apis/apps/v1', 'serverRelativeURL') ?? '';
    const document = await ask(sandbox, 'GET', url);
    const patch = at(document.body, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch');
    expect(listAt(patch, 'parameters').map((parameter) => own(parameter, 'name'))).toContain('fieldValidation');
    expect(
      at(
        document.body,
        'components',
        'schemas',
        'io.k8s.api.core.v1.Container',
        'properties',
        'ports',
        'x-kubernetes-list-map-keys',
      ),
    ).toEqual(['containerPort', 'protocol']);
    expect((await ask(sandbox, 'GET', '/openapi/v2')).code).toBe(404);
  });

  it('refuses by name what it does not do', async () => {
    await start();
    await ask(sandbox, 'POST', '/api/v1/namespaces/default/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'a', image: 'b' }] },
    });
    const logs = await ask(sandbox, 'GET', '/api/v1/namespaces/default/pods/p/log');
    expect([logs.code, stringAt(logs.body, 'kind'), stringAt(logs.body, 'message')]).toEqual([
      501,
      'Status',
      'the embedded API server does not support pods/log: its containers are simulated, nothing runs in them',
    ]);
  });
});

describe('reading', () => {
  it('lists in pages from one state, by labels and fields, as tables and as metadata', async () => {
    await start();
    for (const name of ['a', 'b', 'c']) await ask(sandbox, 'POST', MAPS, map(name, {}, { labels: { app: name } }));
    const first = await ask(sandbox, 'GET', `${MAPS}?limit=2`);
    expect(listAt(first.body, 'items')).toHaveLength(2);
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(1);
    await ask(sandbox, 'DELETE', `${MAPS}/c`);
    const second = await ask(
      sandbox,
      'GET',
      `${MAPS}?limit=2&continue=${stringAt(first.body, 'metadata', 'continue') ?? ''}`,
    );
    expect(listAt(second.body, 'items').map((item) => stringAt(item, 'metadata', 'name'))).toEqual(['c']);
    sandbox.compact();
    expect(
      (await ask(sandbox, 'GET', `${MAPS}?limit=2&continue=${stringAt(first.body, 'metadata', 'continue') ?? ''}`))
        .code,
    ).toBe(410);
    expect(listAt((await ask(sandbox, 'GET', `${MAPS}?labelSelector=app%20in%20(a)`)).body, 'items')).toHaveLength(1);
    const table = await ask(sandbox, 'GET', MAPS, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(listAt(table.body, 'rows').map((row) => listAt(row, 'cells').slice(0, 2))).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
    const partial = await ask(sandbox, 'GET', MAPS, undefined, {
      accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(stringAt(partial.body, 'kind')).toBe('PartialObjectMetadataList');
    expect(Object.keys(listAt(partial.body, 'items')[0] as JsonObject).sort()).toEqual([
      'apiVersion',
      'kind',
      'metadata',
    ]);
  });

  it('watches from a version, filters as objects come and go, and answers 410 when the past is forgotten', async () => {
    await start();
    const list = await ask(sandbox, 'GET', MAPS);
    const version = stringAt(list.body, 'metadata', 'resourceVersion') ?? '';
    await ask(sandbox, 'POST', MAPS, map('w', {}, { labels: { in: 'yes' } }));
    await ask(sandbox, 'PATCH', `${MAPS}/w`, { data: { a: '1' } });
    await ask(sandbox, 'PATCH', `${MAPS}/w`, { metadata: { labels: { in: 'no' } } });
    await ask(sandbox, 'DELETE', `${MAPS}/w`);
    const events = await watch(`${MAPS}?watch=true&labelSelector=in%3Dyes&resourceVersion=${version}`, 3);
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    sandbox.compact();
    const [gone] = await watch(`${MAPS}?watch=true&resourceVersion=${version}`, 1);
    expect([gone?.type, at(gone?.object, 'code'), at(gone?.object, 'reason')]).toEqual(['ERROR', 410, 'Expired']);
  });

  it('begins a watch with what is there and marks the end of it', async () => {
    await start();
    await ask(sandbox, 'POST', MAPS, map('one'));
    const events = await watch(
      `${MAPS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
      2,
    );
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(stringAt(events[1]?.object, 'metadata', 'annotations', 'k8s.io/initial-events-end')).toBe('true');
  });
});

describe('writing', () => {
  it('keeps times and versions when an apply changes nothing', async () => {
    await start();
    const first = await apply(sandbox, `${MAPS}/same`, map('same', { a: '1' }));
    const second = await apply(sandbox, `${MAPS}/same`, map('same', { a: '1' }));
    expect([first.code, second.code]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
  });

  it('names manager and field of a conflict', async () => {
    await start();
    await apply(sandbox, `${MAPS}/c`, map('c', { a: '1' }), 'fieldManager=one');
    const conflict = await apply(sandbox, `${MAPS}/c`, map('c', { a: '2' }), 'fieldManager=two');
    expect(conflict.code).toBe(409);
    expect(listAt(conflict.body, 'details', 'causes')).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
    ]);
    expect((await apply(sandbox, `${MAPS}/c`, map('c', { a: '2' }), 'fieldManager=two&force=true')).code).toBe(200);
  });

  it('rehearses with dryRun and stores nothing', async () => {
    await start();
    const version = sandbox.state.store.revision;
    expect((await apply(sandbox, `${MAPS}/dry`, map('dry'), 'fieldManager=x&dryRun=All')).code).toBe(201);
    expect((await ask(sandbox, 'POST', `${MAPS}?dryRun=All`, map('dry'))).code).toBe(201);
    expect((await ask(sandbox, 'GET', `${MAPS}/dry`)).code).toBe(404);
    expect(sandbox.state.store.revision).toBe(version);
  });

  it('takes YAML, refuses broken bodies and bodies without end', async () => {
    await start();
    const raw = async (body: string, type: string): Promise<number> =>
      (
        await send(`${sandbox.url}${MAPS}/y?fieldManager=x`, {
          method: 'PATCH',
          headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': type },
          body,
        })
      ).statusCode;
    expect(
      await raw(
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y\ndata:\n  a: b\n',
        'application/apply-patch+yaml',
      ),
    ).toBe(201);
    expect(await raw('{ "a": ', 'application/merge-patch+json')).toBe(400);
    expect(await raw(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`, 'application/merge-patch+json')).toBe(400);
    expect(await raw('k8s\0', 'application/vnd.kubernetes.protobuf')).toBe(415);
    expect(await raw('what', 'application/vnd.kubernetes.protobuf')).toBe(400);
    expect(await raw('{}', 'application/cbor')).toBe(415);
  });

  it('treats __proto__ as data', async () => {
    await start();
    const body = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto"},"data":{"__proto__":"x","constructor":"y"}}',
    ) as Json;
    expect((await apply(sandbox, `${MAPS}/proto`, body)).code).toBe(201);
    const read = await ask(sandbox, 'GET', `${MAPS}/proto`);
    const data = at(read.body, 'data') as JsonObject;
    expect(Object.keys(data).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn({}, 'x')).toBe(false);
  });

  it('keeps the state in a folder when it is given one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sandbox-'));
    try {
      await start({ dataDir: folder });
      await ask(sandbox, 'POST', MAPS, map('kept', { a: '1' }));
      const before = (await ask(sandbox, 'GET', `${MAPS}/kept`)).body;
      await sandbox.close();
      await start({ dataDir: folder });
      expect((await ask(sandbox, 'GET', `${MAPS}/kept`)).body).toEqual(before);
      expect((await ask(sandbox, 'POST', MAPS, map('next'))).code).toBe(201);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('faults', () => {
  it('answer with a status, so many times, after so many requests', async () => {
    await start();
    sandbox.faults.add({
      match: { method: 'POST', pathIncludes: 'configmaps' },
      skip: 1,
      times: 1,
      action: { kind: 'status', code: 429, retryAfterSeconds: 1 },
    });
    expect((await ask(sandbox, 'POST', MAPS, map('a'))).code).toBe(201);
    const busy = await ask(sandbox, 'POST', MAPS, map('b'));
    expect([busy.code, busy.headers['retry-after'], stringAt(busy.body, 'reason')]).toEqual([
      429,
      '1',
      'TooManyRequests',
    ]);
    expect((await ask(sandbox, 'POST', MAPS, map('b'))).code).toBe(201);
  });

  it('cut the connection before or after the deed', async () => {
    await start();
    const remove = sandbox.faults.add({ match: { mutating: true }, action: { kind: 'cut', when: 'before' } });
    await expect(ask(sandbox, 'POST', MAPS, map('never'))).rejects.toThrow();
    remove();
    sandbox.faults.add({ match: { mutating: true }, times: 1, action: { kind: 'cut', when: 'after' } });
    await expect(ask(sandbox, 'POST', MAPS, map('done'))).rejects.toThrow();
    expect((await ask(sandbox, 'GET', `${MAPS}/never`)).code).toBe(404);
    expect((await ask(sandbox, 'GET', `${MAPS}/done`)).code).toBe(200);
  });

  it('call a hook at a request and keep a log of all writes', async () => {
    await start();
    const seen: string[] = [];
    sandbox.faults.add({
      match: { mutating: true },
      action: { kind: 'call', when: 'before', hook: (request) => void seen.push(`${request.method} ${request.path}`) },
    });
    await ask(sandbox, 'POST', MAPS, map('a'));
    await ask(sandbox, 'POST', `${MAPS}?dryRun=All`, map('b'));
    await ask(sandbox, 'GET', MAPS);
    await ask(sandbox, 'DELETE', `${MAPS}/a`);
    expect(seen).toEqual([`POST ${MAPS}`, `DELETE ${MAPS}/a`]);
    expect(sandbox.faults.audit.map((entry) => [entry.method, entry.code])).toEqual([
      ['POST', 201],
      ['DELETE', 200],
    ]);
  });

  it('end watches', async () => {
    await start();
    sandbox.faults.add({ match: { watch: true }, action: { kind: 'drop-watch', afterEvents: 1 } });
    await ask(sandbox, 'POST', MAPS, map('a'));
    await ask(sandbox, 'POST', MAPS, map('b'));
    expect(await watch(`${MAPS}?watch=true`, 5)).toHaveLength(1);
  });
});

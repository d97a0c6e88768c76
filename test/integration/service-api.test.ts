import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, own, stringAt, type Json } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import { controlPlaneMissing } from './control-plane.ts';
import type { Replica } from './service-replica.ts';
import { configMap, startScene, syncedTo, type Scene } from './service-scene.ts';

const missing = controlPlaneMissing();
if (missing !== undefined) console.log(`skipped: the API of a running controller (${missing})`);

/** Who may do what, by the roles of the cluster: a reader of one namespace, an editor of it, and somebody with no right at all. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  reader: ['get', 'list'],
  editor: ['get', 'list', 'patch'],
  nobody: [],
};

describe.skipIf(missing !== undefined)('the API of a running controller', () => {
  let scene: Scene;
  let replica: Replica;
  let commit = '';
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    scene = await startScene({ server: 'real', redis: false });
    replica = await scene.start('one', ['--no-leader-election']);
    for (const namespace of ['team-a', 'team-b']) {
      await scene.place(namespace);
      commit = await scene.push(namespace, { 'a/one.yaml': configMap('one', '1') });
      await scene.apply(namespace, 'shop', 'a');
      await scene.until('it is synced', async () => scene.application(namespace, 'shop'), syncedTo(commit));
    }
    for (const [name, verbs] of Object.entries(PEOPLE)) tokens.set(name, await person(name, verbs));
  });
  afterAll(async () => scene?.stop());

  /** A ServiceAccount with rights in team-a; its token. */
  async function person(name: string, verbs: readonly string[]): Promise<string> {
    const rbac = 'rbac.authorization.k8s.io';
    const metadata = { namespace: 'team-a', name };
    await scene.cluster.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    if (verbs.length > 0) {
      const rules = [{ apiGroups: ['evenkeel.dev'], resources: ['applications'], verbs }];
      await scene.cluster.create({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules } as KubeObject);
      await scene.cluster.create({
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: rbac, kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace: 'team-a' }],
      } as KubeObject);
    }
    // Through the proxy, because the test itself does not know the server's certificate.
    const response = await fetch(`${replica.proxy.url}/api/v1/namespaces/team-a/serviceaccounts/${name}/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scene.server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }),
    });
    return stringAt((await response.json()) as Json, 'status', 'token') ?? '';
  }

  async function ask(
    path: string,
    who?: string,
    body?: Json,
  ): Promise<{ readonly status: number; readonly body: Json }> {
    const token = who === undefined ? undefined : (tokens.get(who) ?? who);
    const response = await fetch(`${replica.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }

  const SHOP = '/api/v1/applications/team-a/shop';

  it.each([
    ['no token', undefined],
    ['a wrong token', 'wrong'],
  ])('answers 401 to %s', async (_what, who) => {
    expect((await ask('/api/v1/applications', who)).status).toBe(401);
  });

  it('lists what the caller may see, and nothing else', async () => {
    const ids = (body: Json): unknown[] => listAt(body, 'items').map((item) => own(item, 'id'));
    expect(ids((await ask('/api/v1/applications', 'reader')).body)).toEqual(['team-a/shop']);
    expect(ids((await ask('/api/v1/applications', 'nobody')).body)).toEqual([]);
    expect(ids((await ask('/api/v1/applications', scene.server.token)).body)).toEqual(['team-a/shop', 'team-b/shop']);
    expect(ids((await ask('/api/v1/applications?namespace=team-b', 'reader')).body)).toEqual([]);
  });

  it('gives the same answer for what is not there and for what may not be seen', async () => {
    const foreign = await ask('/api/v1/applications/team-b/shop', 'reader');
    const nowhere = await ask('/api/v1/applications/team-a/nowhere', 'reader');
    expect(foreign).toEqual(nowhere);
    expect(foreign.status).toBe(404);
  });

  it('shows an application, its objects, its history and its plan', async () => {
    expect(stringAt((await ask(SHOP, 'reader')).body, 'status', 'sync')).toBe('Synced');
    const [object] = listAt((await ask(`${SHOP}/tree`, 'reader')).body, 'items');
    expect(stringAt(object, 'key', 'name')).toBe('one');
    const history = listAt((await ask(`${SHOP}/history`, 'reader')).body, 'items');
    expect(history.map((line) => stringAt(line, 'outcome'))).toEqual(['synced']);
    const plan = await ask(`${SHOP}/plan`, 'reader');
    const steps = listAt(plan.body, 'waves').flatMap((wave) => listAt(wave, 'steps'));
    expect(steps.map((step) => stringAt(step, 'action'))).toEqual(['unchanged']);
    expect(stringAt(plan.body, 'digest')).toMatch(/^sha256:/);
  });

  it('lets nobody act who may only read', async () => {
    for (const action of ['sync', 'refresh', 'rollback'])
      expect((await ask(`${SHOP}/${action}`, 'reader', {})).status, action).toBe(403);
  });

  it('refuses by name what it does not understand', async () => {
    const odd = await ask(`${SHOP}/sync`, 'editor', { force: true });
    expect({ status: odd.status, error: stringAt(odd.body, 'error') }).toEqual({
      status: 400,
      error: 'force is not understood',
    });
    expect((await ask(`${SHOP}/rollback`, 'editor', { to: 'yesterday' })).status).toBe(400);
  });

  it('takes a sync of a caller who may, and says in whose name it was done', async () => {
    await scene.respec('team-a', 'shop', { sync: { mode: 'manual' } });
    const wanted = await scene.push('team-a', { 'a/one.yaml': configMap('one', '2') });
    expect((await ask(`${SHOP}/refresh`, 'editor', {})).status).toBe(202);
    const digest = await scene.until(
      'there is a plan',
      async () => stringAt(await scene.application('team-a', 'shop'), 'status', 'plan', 'digest'),
      (found) => found !== undefined,
    );
    expect((await ask(`${SHOP}/sync`, 'editor', { plan: digest ?? '' })).status).toBe(202);
    const application = await scene.until(
      'it is synced',
      async () => scene.application('team-a', 'shop'),
      syncedTo(wanted),
    );
    expect(stringAt(listAt(application, 'status', 'history')[0], 'trigger')).toBe(
      'person system:serviceaccount:team-a:editor',
    );
  });

  it('streams what changes to whoever may see it', async () => {
    const stop = new AbortController();
    const response = await fetch(`${replica.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${tokens.get('reader') ?? ''}` },
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await scene.push('team-b', { 'a/one.yaml': configMap('one', '2') }, [replica]);
    await scene.push('team-a', { 'a/one.yaml': configMap('one', '3') }, [replica]);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('WaitsForApproval')) break;
    }
    stop.abort();
    expect(text).toContain('event: application\ndata: {"id":"team-a/shop"');
    expect(text).not.toContain('team-b');
  });

  it('describes itself and measures itself', async () => {
    const document = await ask('/openapi.json');
    expect(stringAt(document.body, 'openapi')).toMatch(/^3\./);
    expect(await replica.ready()).toBe(true);
    expect(await (await fetch(`${replica.probesUrl}/healthz`)).text()).toBe('ok');
    const metrics = await (await fetch(`${replica.probesUrl}/metrics`)).text();
    const names = new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const name of ['evenkeel_leader', 'evenkeel_applications', 'process_cpu_seconds_total'])
      expect(names, name).toContain(name);
    // Names of applications would be labels without bound.
    expect(metrics).not.toContain('shop');
    // Probes and metrics are not on the port of the world, and the API is not on theirs.
    expect((await fetch(`${replica.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${replica.probesUrl}/api/v1/applications`)).status).toBe(404);
  });
});

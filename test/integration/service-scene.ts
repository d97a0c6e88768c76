import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster } from '../../src/cluster/client.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { plainConnection, type ClusterConnection } from '../../src/cluster/connection.ts';
import { APPLICATION_KIND } from '../../src/config/application-crd.ts';
import { isJsonObject, listAt, own, stringAt, type JsonObject } from '../../src/core/json.ts';
import type { KubeObject } from '../../src/core/object-key.ts';
import type { Cluster } from '../../src/core/ports.ts';
import { loadYaml } from '../../src/render/yaml/load.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { systemClock } from '../../src/telemetry/system-clock.ts';
import type { Files } from '../doubles/git-repository.ts';
import { startGitServer, type CommitOptions, type GitServer } from '../doubles/git-server.ts';
import { readFileSync } from 'node:fs';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { startReplica, type Replica } from './service-replica.ts';

export const SYSTEM = 'evenkeel-system';
export const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
export const WEBHOOK_SECRET = 'the webhook secret';

export interface SceneOptions {
  /** `real`: kube-apiserver and etcd, and nothing that moves workloads; `embedded`: the sandbox, with workloads that become ready. */
  readonly server: 'real' | 'embedded';
  readonly redis: boolean;
  /** The kind Application takes anything: what the controller does with what no server checked. */
  readonly unchecked?: boolean;
}

/** Everything that the controller needs, in this test's hands. */
export interface Scene {
  /** As an administrator, without any proxy. */
  readonly cluster: Cluster;
  readonly git: GitServer;
  readonly redis: TestRedis | undefined;
  readonly plane: ControlPlane | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly server: { readonly url: string; readonly token: string };
  /** Where the replicas' files are. */
  readonly folder: string;
  start(name: string, args?: readonly string[], command?: readonly string[]): Promise<Replica>;
  /** A namespace of its own, and a repository with the same name whose webhooks are signed. */
  place(name: string): Promise<void>;
  /** Commits and, as a Git host does, tells the replicas that are named. */
  push(repository: string, files: Files, tell?: readonly Replica[], how?: CommitOptions): Promise<string>;
  /** Makes an Application of a folder of the repository `namespace`. */
  apply(namespace: string, name: string, path: string, spec?: JsonObject): Promise<void>;
  application(namespace: string, name: string): Promise<KubeObject>;
  /** Merges into the spec. */
  respec(namespace: string, name: string, spec: JsonObject): Promise<void>;
  remove(namespace: string, name: string): Promise<void>;
  /** `data.value` of a ConfigMap; undefined when there is none. */
  valueOf(namespace: string, name: string): Promise<string | undefined>;
  annotate(namespace: string, name: string, annotations: JsonObject): Promise<void>;
  /** Waits until what `look` returns satisfies `good`; throws with the last thing seen, and the ends of the logs. */
  until<Value>(
    what: string,
    look: () => Promise<Value>,
    good: (value: Value) => boolean,
    timeoutMs?: number,
  ): Promise<Value>;
  /** The one of these that leads. */
  leader(replicas: readonly Replica[], timeoutMs?: number): Promise<Replica>;
  stop(): Promise<void>;
}

export async function startScene(options: SceneOptions): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-scene-'));
  const plane = options.server === 'real' ? await startControlPlane() : undefined;
  const sandbox =
    options.server === 'embedded' ? await startSandbox({ authorization: 'rbac', readyAfterMs: 50 }) : undefined;
  const server = { url: plane?.url ?? sandbox?.url ?? '', token: sandbox?.token ?? 'admin' };
  const connection: ClusterConnection =
    plane === undefined
      ? plainConnection(server.url, server.token)
      : await loadKubeconfig({ clock: systemClock, env: {}, homeFolder: folder, path: plane.kubeconfig });
  const cluster = connectCluster(connection, { clock: systemClock, userAgent: 'test' });
  const git = await startGitServer();
  const redis = options.redis ? await startRedis({ own: true }) : undefined;
  const replicas: Replica[] = [];
  await cluster.create(definition(options.unchecked === true));
  await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM } });

  const scene: Scene = {
    folder,
    cluster,
    git,
    redis,
    plane,
    sandbox,
    server,
    async start(name, args = [], command) {
      const replica = await startReplica({
        name,
        folder,
        server,
        args,
        ...(command === undefined ? {} : { command }),
        ...(redis === undefined ? {} : { redisUrl: redis.url }),
      });
      replicas.push(replica);
      await scene.until(`${name} is ready`, async () => replica.ready(), Boolean);
      return replica;
    },
    async place(name) {
      await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      git.create(name);
      await cluster.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: SYSTEM, name: `webhook-${name}`, labels: { 'evenkeel.dev/webhook-repository': 'true' } },
        stringData: { repository: git.urlOf(name), secret: WEBHOOK_SECRET },
      });
    },
    async push(repository, files, tell = [], how = {}) {
      const id = git.commit(repository, files, how);
      await Promise.all(
        tell.map(async (replica) =>
          // A replica that was cut off a moment ago learns of a new secret when its watch is back.
          scene.until(
            `${replica.name} knows the webhook secret of ${repository}`,
            async () => deliver(replica, git.urlOf(repository), id),
            (status) => status === 202,
          ),
        ),
      );
      return id;
    },
    async apply(namespace, name, path, spec = {}) {
      await cluster.create(applicationOf(namespace, name, git.urlOf(namespace), path, spec));
    },
    async application(namespace, name) {
      const live = await cluster.get(APPLICATION_KIND, { namespace, name });
      if (live.state === 'present') return live.object;
      throw new Error(`Application ${namespace}/${name} is ${live.state}`);
    },
    async respec(namespace, name, spec) {
      await cluster.patch(APPLICATION_KIND, { namespace, name }, { type: 'merge', body: { spec } });
    },
    async remove(namespace, name) {
      await cluster.delete(APPLICATION_KIND, { namespace, name });
    },
    async valueOf(namespace, name) {
      const live = await cluster.get(CONFIG_MAP, { namespace, name });
      if (live.state === 'unknown') throw live.error;
      return live.state === 'present' ? stringAt(live.object, 'data', 'value') : undefined;
    },
    async annotate(namespace, name, annotations) {
      await cluster.patch(
        APPLICATION_KIND,
        { namespace, name },
        { type: 'merge', body: { metadata: { annotations } } },
      );
    },
    async until(what, look, good, timeoutMs = 20_000) {
      const untilMs = Date.now() + timeoutMs;
      let seen: unknown;
      for (;;) {
        try {
          const value = await look();
          if (good(value)) return value;
          seen = value;
        } catch (thrown) {
          seen = thrown;
        }
        if (Date.now() > untilMs)
          throw new Error(`${what}: not within ${timeoutMs} ms; last: ${show(seen)}\n${logs()}`);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    },
    async leader(candidates, timeoutMs = 20_000) {
      const found = await scene.until(
        'one of them leads',
        async () => {
          const leading = await Promise.all(candidates.map(async (one) => ((await one.leads()) ? one : undefined)));
          return leading.find((one) => one !== undefined);
        },
        (one) => one !== undefined,
        timeoutMs,
      );
      return found as Replica;
    },
    async stop() {
      await Promise.all(replicas.map(async (replica) => replica.stop()));
      await cluster.close();
      await Promise.all([git.close(), redis?.stop(), plane?.stop(), sandbox?.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await scene.until('the kind Application is served', async () => cluster.list(APPLICATION_KIND), Array.isArray);
  return scene;

  function logs(): string {
    return replicas
      .map((replica) => `--- ${replica.name}\n${replica.log().split('\n').slice(-25).join('\n')}`)
      .join('\n');
  }
}

/** The condition of an Application: `True Reason`, and its message. */
export function condition(application: KubeObject, type: string): { readonly word: string; readonly message: string } {
  const found = listAt(application, 'status', 'conditions').find((entry) => stringAt(entry, 'type') === type);
  return {
    word: `${stringAt(found, 'status') ?? '?'} ${stringAt(found, 'reason') ?? '?'}`,
    message: stringAt(found, 'message') ?? '',
  };
}

export function syncedTo(commit: string): (application: KubeObject) => boolean {
  return (application) =>
    stringAt(application, 'status', 'sync') === 'Synced' &&
    stringAt(application, 'status', 'commit') === commit &&
    numberOf(application, 'observedGeneration') === application.metadata['generation'];
}

function numberOf(application: KubeObject, field: string): unknown {
  return own(own(application, 'status'), field);
}

/** A ConfigMap as text, with what the tape looks at. */
export function configMap(name: string, value: string, annotations: JsonObject = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations }, data: { value } });
}

/** Files of a folder with this many ConfigMaps that all carry one value. */
export function configMaps(folder: string, count: number, value: string): Files {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${folder}/map-${index + 1}.yaml`,
      configMap(`${folder.replaceAll('/', '-')}-${index + 1}`, value),
    ]),
  );
}

function applicationOf(namespace: string, name: string, url: string, path: string, spec: JsonObject): KubeObject {
  return {
    apiVersion: 'evenkeel.dev/v1alpha1',
    kind: 'Application',
    metadata: { namespace, name },
    spec: { source: { git: { url, path } }, destination: { namespace }, interval: '1h', ...spec },
  };
}

function definition(unchecked: boolean): KubeObject {
  const { documents } = loadYaml(readFileSync('deploy/crds/applications.evenkeel.dev.yaml', 'utf8'), 'kubernetes');
  const value = documents[0]?.value;
  if (!isJsonObject(value)) throw new Error('the CRD cannot be read');
  if (!unchecked) return value as KubeObject;
  const anything = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = listAt(value, 'spec', 'versions').map((version) => ({
    ...(version as JsonObject),
    schema: anything,
  }));
  return { ...value, spec: { ...(value['spec'] as JsonObject), versions } } as unknown as KubeObject;
}

/** Tells a replica of a push as GitHub does. @returns the status: 202, or 401 where the secret is not known (yet) */
export async function deliver(replica: Replica, repository: string, commit: string): Promise<number> {
  const body = JSON.stringify({ ref: 'refs/heads/main', after: commit, repository: { clone_url: repository } });
  const response = await fetch(`${replica.url}/webhooks`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`,
    },
  });
  if (response.status !== 202 && response.status !== 401)
    throw new Error(`webhook was answered with ${response.status}`);
  return response.status;
}

function show(seen: unknown): string {
  if (seen instanceof Error) return String(seen);
  const text = JSON.stringify(
    isJsonObject(own(seen as JsonObject, 'status')) ? own(seen as JsonObject, 'status') : seen,
  );
  return (text ?? 'nothing').slice(0, 2000);
}

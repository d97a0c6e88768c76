import { formatApplicationName, type Application } from '../core/application.ts';
import { isEngineError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Credentials } from '../core/credentials.ts';
import type { Cluster } from '../core/ports.ts';
import type { ClusterCapabilities, GeneratedValues, LookupRequest, RenderWorld } from '../core/render-world.ts';
import { readSecretCredentials } from './destination.ts';
import type { Engine } from './engine.ts';
import { keepGenerated, readGenerated } from './generated-values.ts';

/** What the charts of an application may ask of its cluster: everything with the application's own rights, logins of hosts with the engine's. */
export function renderWorld(
  application: Application,
  engine: Pick<Engine, 'clusterOf' | 'home' | 'clock'>,
): RenderWorld {
  const cluster = engine.clusterOf(application);
  const { name } = application;
  let generated: GeneratedValues | undefined;
  return {
    id: `${formatApplicationName(name)} ${cluster.id}`,
    now: () => engine.clock.now(),
    capabilities: (signal) => capabilitiesOf(cluster, signal),
    lookup: (request, signal) => lookUp(cluster, request, signal),
    generated: async (signal) => {
      generated = await readGenerated(cluster, name, signal);
      return generated;
    },
    keep: async (made, signal) => {
      generated = await keepGenerated(cluster, name, made, generated ?? { seed: '', kept: {} }, signal);
      return generated;
    },
    chartCredentials: (signal) => chartCredentials(application, engine.home, signal),
  };
}

/** What the cluster is and serves, in the words of `.Capabilities`. */
async function capabilitiesOf(cluster: Cluster, signal?: AbortSignal): Promise<ClusterCapabilities> {
  const [{ gitVersion }, { resources, failedGroups }] = await Promise.all([
    cluster.version(signal),
    cluster.resources(signal),
  ]);
  const versions = new Set<string>();
  for (const { group, version, kind } of resources) {
    const groupVersion = group === '' ? version : `${group}/${version}`;
    versions.add(groupVersion).add(`${groupVersion}/${kind}`);
  }
  return { kubeVersion: gitVersion, apiVersions: [...versions].sort(), unreadGroups: [...failedGroups].sort() };
}

/** An object or a list as Helm's `lookup` gives it; `{}` for what is not there. @throws EngineError Cluster*, KindUnknown */
async function lookUp(cluster: Cluster, request: LookupRequest, signal?: AbortSignal): Promise<Json> {
  const [group, version] = request.apiVersion.includes('/')
    ? (request.apiVersion.split('/', 2) as [string, string])
    : ['', request.apiVersion];
  const kind = { group, version, kind: request.kind };
  const { namespaced } = await cluster.resource(kind, signal);
  const namespace = namespaced ? request.namespace : '';
  if (request.name !== '') {
    const live = await cluster.get(kind, { namespace, name: request.name }, signal);
    if (live.state === 'unknown') throw live.error;
    return live.state === 'present' ? live.object : {};
  }
  try {
    const items = await cluster.list(kind, {
      ...(namespace === '' ? {} : { namespace }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { apiVersion: request.apiVersion, kind: `${request.kind}List`, metadata: {}, items };
  } catch (thrown) {
    if (isEngineError(thrown, 'ObjectNotFound')) return {};
    throw thrown;
  }
}

async function chartCredentials(
  { name, render }: Application,
  home: Cluster,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, Credentials>>> {
  if (render.kind !== 'helm') return {};
  const found: Record<string, Credentials> = Object.create(null) as Record<string, Credentials>;
  for (const { host, secretName } of render.repositoryCredentials ?? []) {
    found[host] = await readSecretCredentials(
      { namespace: name.namespace, name: secretName },
      'chart repository',
      home,
      signal,
    );
  }
  return found;
}

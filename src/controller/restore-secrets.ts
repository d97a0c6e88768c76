import { formatApplicationName, type Application } from '../core/application.ts';
import { EngineError } from '../core/errors.ts';
import { describeKey, gvkOf, keyOf, type KubeObject } from '../core/object-key.ts';
import { isSecret } from '../diff/mask-secrets.ts';
import type { ApplicationState } from '../core/state.ts';
import type { Engine } from './engine.ts';
import { renderRequest } from './render-request.ts';
import { renderWorld } from './render-world.ts';

/**
 * Stored sets never hold Secret data. It is taken from a render of the same commit (its clone is on this machine, no host is asked),
 * or else from the live object, which then stays as it is.
 *
 * @throws EngineError RevisionNotFound that names every Secret whose data is nowhere to be had
 */
export async function restoreSecrets(
  application: Application,
  state: ApplicationState,
  objects: readonly KubeObject[],
  commitId: string,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<KubeObject[]> {
  if (!objects.some(isSecret)) return [...objects];
  const rendered = await renderedSecrets(application, state, commitId, engine, signal);
  const cluster = engine.clusterOf(application);
  const lost: string[] = [];
  const restored = await Promise.all(
    objects.map(async (object) => {
      if (!isSecret(object)) return object;
      const key = keyOf(object);
      const fresh = rendered.get(`${key.kind}/${key.name}`);
      if (fresh !== undefined) return { ...object, ...pick(fresh) };
      const live = await cluster.get(gvkOf(object), key, signal);
      if (live.state === 'present') return { ...object, ...pick(live.object) };
      lost.push(describeKey(key));
      return object;
    }),
  );
  if (lost.length > 0) {
    throw new EngineError(
      'RevisionNotFound',
      `application ${formatApplicationName(application.name)} cannot go back to ${commitId.slice(0, 12)} (SecretDataGone): ${lost.join(', ')} ${lost.length === 1 ? 'is' : 'are'} neither live nor in a clone on this machine`,
      {
        remedy: 'make the commit reachable again, or create the Secret by hand',
      },
    );
  }
  return restored;
}

async function renderedSecrets(
  application: Application,
  state: ApplicationState,
  commitId: string,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<Map<string, KubeObject>> {
  const found = new Map<string, KubeObject>();
  const fetched = await engine.sources.open(application.source.git, commitId).catch(() => undefined);
  if (fetched === undefined) return found;
  const result = await engine.renderer.render(
    fetched,
    renderRequest(application, state),
    signal,
    renderWorld(application, engine),
  );
  if (result.kind === 'failed') return found;
  for (const { object } of result.set.manifests)
    if (isSecret(object)) found.set(`${object.kind}/${object.metadata.name}`, object);
  return found;
}

function pick(object: KubeObject): Record<string, KubeObject[string]> {
  const fields = ['data', 'stringData', 'immutable'].filter((name) => object[name] !== undefined);
  return Object.fromEntries(fields.map((name) => [name, object[name]]));
}

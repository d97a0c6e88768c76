import { isEngineError } from '../core/errors.ts';
import type { RenderRequest } from '../core/manifest.ts';
import type { ChartAccess } from '../core/render-world.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { detectKind } from './detect.ts';
import { resolveDependencies, type ResolvedDependencies } from './helm/dependencies/resolve-dependencies.ts';

const NONE: ResolvedDependencies = { dependencies: [], warnings: [] };

/**
 * The charts that a chart depends on and that do not lie in its charts/. A path that holds no chart depends on none, and what is wrong with
 * a chart itself is the render's to say.
 * @throws EngineError Source*
 */
export async function fetchDependencies(
  snapshot: Snapshot,
  { path, settings }: Pick<RenderRequest, 'path' | 'settings'>,
  access: ChartAccess,
  signal?: AbortSignal,
): Promise<ResolvedDependencies> {
  if (settings.kind === 'plain' || settings.kind === 'kustomize') return NONE;
  if (settings.kind === 'auto' && !path.endsWith('.tgz')) {
    const detected = detectKind(snapshot, path);
    if ('problem' in detected || detected.kind !== 'helm') return NONE;
  }
  const { cacheFolder, allowedHosts, credentials } = access;
  try {
    return await resolveDependencies(snapshot, path, {
      cacheFolder,
      allowedHosts,
      credentials: (host) => (Object.hasOwn(credentials, host) ? credentials[host] : undefined),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (isEngineError(thrown, 'RenderFailed')) return NONE;
    throw thrown;
  }
}

import { isEngineError } from '../core/errors.ts';
import type { ChartAccess } from '../core/render-world.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { resolveDependencies, type ResolvedDependencies } from './helm/dependencies/resolve-dependencies.ts';
import type { ResolvedDependency } from './helm/load/add-dependencies.ts';

/** What charts depend on and what does not lie in their charts/, by the path of the chart. Remembers which charts were rendered without. */
export class FetchedCharts {
  readonly #fetched = new Map<string, readonly ResolvedDependency[]>();
  readonly #open = new Set<string>();
  readonly warnings: string[] = [];

  /** What is known of the chart at a path; nothing at first. */
  of(path: string): readonly ResolvedDependency[] {
    const known = this.#fetched.get(path);
    if (known === undefined) this.#open.add(path);
    return known ?? [];
  }

  /**
   * Fetches for the charts that were asked for.
   * @returns whether there was anything to fetch, so that a render has more than before
   * @throws EngineError Source*
   */
  async fetch(snapshot: Snapshot, access: ChartAccess, signal?: AbortSignal): Promise<boolean> {
    let found = false;
    for (const path of this.#open) {
      const { dependencies, warnings } = await resolve(snapshot, path, access, signal);
      this.#fetched.set(path, dependencies);
      this.warnings.push(...warnings);
      found ||= dependencies.length > 0;
    }
    this.#open.clear();
    return found;
  }
}

/** What is wrong with a chart itself is the render's to say. */
async function resolve(
  snapshot: Snapshot,
  path: string,
  { cacheFolder, allowedHosts, credentials }: ChartAccess,
  signal: AbortSignal | undefined,
): Promise<ResolvedDependencies> {
  try {
    return await resolveDependencies(snapshot, path, {
      cacheFolder,
      allowedHosts,
      credentials: (host) => (Object.hasOwn(credentials, host) ? credentials[host] : undefined),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (isEngineError(thrown, 'RenderFailed')) return { dependencies: [], warnings: [] };
    throw thrown;
  }
}

/**
 * Renders, fetches what the charts that were met depend on, and renders again with it. Which charts there are only a render knows:
 * those of a kustomization stand in its `helmCharts`, at any depth.
 * @throws EngineError Source*; whatever `render` throws
 */
export async function renderWithFetched<T>(
  snapshot: Snapshot,
  access: ChartAccess,
  render: (charts: FetchedCharts) => T,
  signal?: AbortSignal,
): Promise<{ readonly result: T; readonly warnings: readonly string[] }> {
  const charts = new FetchedCharts();
  let result = render(charts);
  while (await charts.fetch(snapshot, access, signal)) result = render(charts);
  return { result, warnings: charts.warnings };
}

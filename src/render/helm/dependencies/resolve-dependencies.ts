import { EngineError } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { ResolvedDependency } from '../load/add-dependencies.ts';
import type { Chart, ChartDependency } from '../load/chart.ts';
import { ChartProblem } from '../load/chart-problem.ts';
import { loadChart } from '../load/load-chart.ts';
import { compareVersions, isRange, isVersion, satisfies } from '../load/versions.ts';
import { ArchiveCache } from './archive-cache.ts';
import { checkArchive, digestOf } from './chart-archive.ts';
import type { DownloadOptions } from './download.ts';
import { chooseEntry, fetchEntry, readIndex } from './http-repository.ts';
import { lockDigest, lockDigestOfHelm2 } from './lock-digest.ts';
import { fetchOciChart, listOciVersions, ociRepository } from './oci-registry.ts';

export interface ResolveOptions extends DownloadOptions {
  /** Folder of the cache. */
  readonly cacheFolder: string;
  /** Refuse an archive for which no digest is known beforehand (index or registry). */
  readonly requireDigest?: boolean;
}

export interface ResolvedDependencies {
  readonly dependencies: readonly ResolvedDependency[];
  readonly warnings: readonly string[];
}

/** `file://` charts that depend on `file://` charts. */
const MAX_DEPTH = 16;

/**
 * Fetches what a chart depends on and what does not lie in its charts/: from elsewhere in the repository (`file://`), from HTTP
 * repositories and from OCI registries, all by allow-list. Versions come from Chart.lock where there is one, else the newest that
 * the range in Chart.yaml allows. A dependency without a repository that is missing is left out: the render reports it.
 * @throws EngineError SourceDenied, SourceUnreachable, SourceRefNotFound, SourceCorrupt, SourceRefused; RenderFailed when the chart itself is broken
 */
export async function resolveDependencies(
  snapshot: Snapshot,
  chartPath: string,
  options: ResolveOptions,
): Promise<ResolvedDependencies> {
  const resolver = new Resolver(snapshot, options);
  const dependencies = await resolver.resolve(chartPath, 0);
  return { dependencies, warnings: resolver.warnings };
}

class Resolver {
  readonly warnings: string[] = [];
  readonly #snapshot: Snapshot;
  readonly #options: ResolveOptions;
  readonly #cache: ArchiveCache;

  constructor(snapshot: Snapshot, options: ResolveOptions) {
    this.#snapshot = snapshot;
    this.#options = options;
    this.#cache = new ArchiveCache(options.cacheFolder);
  }

  async resolve(chartPath: string, depth: number): Promise<ResolvedDependency[]> {
    if (depth > MAX_DEPTH) throw refused(chartPath, `charts depend on each other more than ${MAX_DEPTH} levels deep`);
    const chart = this.#load(chartPath);
    const present = new Set(chart.dependencies.map((subchart) => subchart.metadata.name));
    const resolved = new Map<string, ResolvedDependency>();
    const missing = (chart.metadata.dependencies ?? []).filter(
      (entry) => !present.has(entry.name) && entry.repository !== '',
    );
    if (missing.length > 0) checkLock(chart, chartPath);
    for (const entry of missing) {
      const key = `${entry.name} ${entry.version} ${entry.repository}`;
      if (!resolved.has(key)) resolved.set(key, await this.#one(entry, chart, chartPath, depth));
    }
    return [...resolved.values()];
  }

  #load(chartPath: string): Chart {
    try {
      return loadChart(this.#snapshot, chartPath).chart;
    } catch (thrown) {
      if (!(thrown instanceof ChartProblem)) throw thrown;
      throw new EngineError('RenderFailed', `chart ${thrown.path} cannot be loaded (RenderFailed): ${thrown.message}`, {
        cause: thrown,
      });
    }
  }

  async #one(entry: ChartDependency, chart: Chart, chartPath: string, depth: number): Promise<ResolvedDependency> {
    if (entry.version !== '' && !isRange(entry.version)) {
      throw refused(
        chartPath,
        `dependency ${JSON.stringify(entry.name)} has an invalid version or range: ${JSON.stringify(entry.version)}`,
      );
    }
    if (/[/\\]/.test(entry.name) || entry.name === '..' || entry.name === '.') {
      throw refused(chartPath, `dependency name ${JSON.stringify(entry.name)} is no chart name`);
    }
    if (entry.repository.startsWith('file://')) return this.#folder(entry, chartPath, depth);
    const locked = chart.lock?.dependencies.find(
      (item) => item.name === entry.name && item.repository === entry.repository,
    );
    const range = entry.version === '' ? '*' : entry.version;
    if (locked !== undefined && !satisfies(locked.version, range)) {
      throw refused(chartPath, `Chart.lock has ${entry.name} ${locked.version}, but Chart.yaml wants ${range}`);
    }
    if (locked === undefined && !isVersion(range)) {
      this.warnings.push(
        `${chartPath}: ${entry.name} ${range} is not in Chart.lock: the newest version that matches is taken`,
      );
    }
    return this.#archive(entry, locked?.version ?? range, locked !== undefined);
  }

  /** A chart elsewhere in the repository. */
  async #folder(entry: ChartDependency, chartPath: string, depth: number): Promise<ResolvedDependency> {
    const relative = entry.repository.slice('file://'.length);
    if (relative.startsWith('/'))
      throw refused(
        chartPath,
        `dependency ${entry.name} points to ${JSON.stringify(entry.repository)}, outside of the repository`,
      );
    const path = joinPath(chartPath, relative);
    if (path === undefined)
      throw refused(
        chartPath,
        `dependency ${entry.name} points to ${JSON.stringify(entry.repository)}, outside of the repository`,
      );
    if (path === chartPath) throw refused(chartPath, `dependency ${entry.name} is the chart itself`);
    const { metadata } = this.#load(path);
    if (metadata.name !== entry.name || !satisfies(metadata.version, entry.version === '' ? '*' : entry.version)) {
      throw new EngineError(
        'SourceRefNotFound',
        `dependency ${entry.name} ${entry.version} of ${chartPath} not found (SourceRefNotFound): ${path} holds ${metadata.name} ${metadata.version}`,
      );
    }
    return { kind: 'folder', name: entry.name, path, dependencies: await this.resolve(path, depth + 1) };
  }

  /** @param isLocked whether `range` is the one version that Chart.lock names */
  async #archive(entry: ChartDependency, range: string, isLocked: boolean): Promise<ResolvedDependency> {
    const { repository, name } = entry;
    if (isLocked || isVersion(range)) {
      const cached = await this.#cache.find({ repository, name, version: range });
      if (cached !== undefined) return { kind: 'archive', name, origin: repository, ...cached };
    }
    const fetched = repository.startsWith('oci://')
      ? await this.#fromOci(entry, range)
      : await this.#fromHttp(entry, range);
    const { version, digest, bytes, origin } = fetched;
    if (digest === undefined && this.#options.requireDigest === true) {
      throw new EngineError(
        'SourceRefused',
        `chart ${name} ${version} is refused (SourceRefused): ${repository} names no digest for it`,
      );
    }
    if (digest === undefined) this.warnings.push(`chart ${name} ${version}: ${repository} names no digest for it`);
    checkArchive(bytes, { name, version, digest, origin });
    await this.#cache.store({ repository, name, version }, bytes);
    return { kind: 'archive', name, origin, bytes, digest: digestOf(bytes) };
  }

  async #fromHttp(entry: ChartDependency, range: string): Promise<Fetched> {
    const repository = parseRepository(entry.repository);
    const chosen = chooseEntry(
      await readIndex(repository, entry.name, this.#options),
      range,
      entry.name,
      entry.repository,
    );
    const known = chosen.digest === undefined ? undefined : await this.#cache.read(chosen.digest);
    const { bytes, origin } =
      known === undefined
        ? await fetchEntry(chosen, repository, this.#options)
        : { bytes: known, origin: entry.repository };
    return { version: chosen.version, digest: chosen.digest, bytes, origin };
  }

  async #fromOci(entry: ChartDependency, range: string): Promise<Fetched> {
    const repository = ociRepository(entry.repository, entry.name, this.#options.allowedHosts);
    let version = range;
    if (!isVersion(range)) {
      const versions = (await listOciVersions(repository, this.#options)).filter(isVersion);
      const newest = versions
        .sort((left, right) => compareVersions(right, left))
        .find((candidate) => satisfies(candidate, range));
      if (newest === undefined) {
        throw new EngineError(
          'SourceRefNotFound',
          `no version of chart ${entry.name} matches ${JSON.stringify(range)} (SourceRefNotFound): ${entry.repository} has ${versions.length} versions`,
        );
      }
      version = newest;
    }
    return { version, ...(await fetchOciChart(repository, version, this.#options)) };
  }
}

interface Fetched {
  readonly version: string;
  readonly digest: string | undefined;
  readonly bytes: Uint8Array;
  readonly origin: string;
}

/** A lock that was made for another Chart.yaml is worth nothing. */
function checkLock(chart: Chart, chartPath: string): void {
  const { lock, metadata } = chart;
  if (lock === undefined || lock.digest === '') return;
  const wanted = metadata.dependencies ?? [];
  if (lockDigest(wanted, lock.dependencies) === lock.digest) return;
  if (metadata.apiVersion === 'v1' && lockDigestOfHelm2(wanted) === lock.digest) return;
  throw new EngineError(
    'SourceRefused',
    `chart ${chartPath} is refused (SourceRefused): the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml)`,
    { remedy: 'run `helm dependency update` and commit Chart.lock' },
  );
}

function parseRepository(repository: string): URL {
  if (/^(?:@|alias:)/.test(repository)) {
    throw new EngineError(
      'NotSupported',
      `chart repository ${JSON.stringify(repository)} is not supported (NotSupported): it is a name of somebody's own configuration`,
      {
        remedy: 'write the URL of the repository into Chart.yaml',
      },
    );
  }
  try {
    return new URL(repository);
  } catch {
    throw new EngineError(
      'SourceRefused',
      `chart repository ${JSON.stringify(repository)} is refused (SourceRefused): it is no URL`,
    );
  }
}

function joinPath(folder: string, relative: string): string | undefined {
  const out: string[] = [];
  for (const name of `${folder}/${relative}`.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') out.push(name);
    else if (out.pop() === undefined) return undefined;
  }
  return out.join('/');
}

function refused(chartPath: string, cause: string): EngineError {
  return new EngineError(
    'SourceRefused',
    `dependencies of ${chartPath === '' ? 'the chart' : chartPath} are refused (SourceRefused): ${cause}`,
  );
}

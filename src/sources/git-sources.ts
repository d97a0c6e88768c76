import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { atMost } from '../core/cache-room.ts';
import type { GitSource } from '../core/application.ts';
import { EngineError, isEngineError } from '../core/errors.ts';
import type { Credentials } from '../core/credentials.ts';
import type { Clock, FetchedCommit, Logger, SourceReader } from '../core/ports.ts';
import { repositoryIdentity } from '../core/repository-identity.ts';
import type { Commit } from '../core/snapshot.ts';
import { DiskRepository, type GrowthLimits } from './disk-repository.ts';
import type { FetchRunner } from './fetch-job.ts';
import { createDefaultRunner } from './fetch-workers.ts';
import { type Arrived, Lock, RemoteRepository, type RepositoryDeps } from './git-repository.ts';
import { Backoff } from './host-backoff.ts';
import { LocalRepository } from './local-repository.ts';
import { locateRepository } from './objects/layout.ts';
import { sharedObjectStore } from './objects/object-store.ts';
import type { PackLimits } from './objects/pack-indexer.ts';
import { nearest } from './remote.ts';
import { HttpTransport } from './remote-http.ts';
import { type SshOptions, SshTransport } from './remote-ssh.ts';
import { checkRef, describeRef, refKey } from './ref-name.ts';
import { parseRepositoryUrl, type RepositoryUrl } from './repository-url.ts';
import { describeCommit, openSnapshot } from './snapshot.ts';
import type { Transport } from './transport.ts';
import { GitHttp, type NetworkOptions } from './wire/git-http.ts';

export interface GitSourcesDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  /** Where repositories are kept between runs. */
  readonly dataDir: string;
  /** Paths and file URLs: for one's own machine; a service that reads other people's settings refuses them. */
  readonly localRepositories: 'allowed' | 'refused';
  /** Without it ssh URLs are refused. */
  readonly ssh?: SshOptions;
  readonly network?: NetworkOptions;
  /** Where downloads run; default: worker threads. */
  readonly fetches?: FetchRunner;
  readonly limits?: Partial<PackLimits>;
  readonly growth?: Partial<GrowthLimits>;
  /** Longest poll; default 30 s. */
  readonly listTimeoutMs?: number;
  /** Longest download; default 10 min. */
  readonly fetchTimeoutMs?: number;
}

export interface ResolveOptions {
  readonly credentials?: Credentials;
  readonly signal?: AbortSignal;
  /** An answer of the host that is not older than this will do; default 0: ask now. */
  readonly maxAgeMs?: number;
  /** All ancestors of the commit shall be on disk too; otherwise only those that came with it. */
  readonly wholeHistory?: boolean;
}

/** The newest commit of a source that is on disk, and when the host last confirmed it. */
export interface LastGood {
  readonly commitId: string;
  readonly ageMs: number;
}

const DEFAULT_LIMITS: PackLimits = {
  packBytes: 512 * 1024 * 1024,
  objects: 1_000_000,
  objectBytes: 256 * 1024 * 1024,
  inflatedBytes: 8 * 1024 * 1024 * 1024,
};

/**
 * Commits of Git repositories. All applications of a repository (with the same credentials) share its polls; what they need is brought to
 * disk once. An answer always comes from a host that accepted the caller's own credentials; only {@link GitSources.open} reads from disk alone.
 */
export class GitSources implements SourceReader {
  readonly #deps: GitSourcesDeps;
  readonly #http: GitHttp;
  readonly #fetches: FetchRunner;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  readonly #disks = new Map<string, { readonly repository: DiskRepository; readonly lock: Lock }>();
  readonly #remotes = new LRUCache<string, { readonly url: RepositoryUrl; readonly repository: RemoteRepository }>(
    atMost(10_000),
  );
  readonly #locals = new LRUCache<string, LocalRepository>({ max: 1000 });
  readonly #commits = new LRUCache<string, Commit>(atMost(10_000));
  readonly #confirmed = new LRUCache<string, { readonly commitId: string; readonly atMs: number }>(atMost(50_000));

  constructor(deps: GitSourcesDeps) {
    this.#deps = deps;
    this.#http = new GitHttp(deps.network);
    this.#fetches = deps.fetches ?? createDefaultRunner();
    this.#backoff = new Backoff(deps.clock, deps.random);
  }

  async resolve(source: GitSource, options: ResolveOptions = {}): Promise<FetchedCommit> {
    const url = this.#check(source);
    checkRef(source.ref);
    const path = checkSourcePath(source.path);
    options.signal?.throwIfAborted();
    const identity = identityOf(source);
    try {
      const arrived = await abortable(this.#arrive(url, source, options), options.signal);
      this.#confirmed.set(identity, { commitId: arrived.commitId, atMs: this.#deps.clock.monotonic() });
      checkPathExists(arrived.gitDir, arrived.commitId, path, url.shown);
      return {
        commit: this.#describe(arrived),
        gitDir: arrived.gitDir,
        ...(arrived.forced ? { forced: true } : {}),
      };
    } catch (thrown) {
      throw this.#withLastGood(thrown, source);
    }
  }

  async open(source: GitSource, commitId: string): Promise<FetchedCommit | undefined> {
    const url = this.#check(source);
    if (!/^[0-9a-f]{40}$/.test(commitId)) return undefined;
    const gitDir = url.kind === 'local' ? locateRepository(url.path).gitDir : this.#disk(url).repository.find(commitId);
    if (gitDir === undefined) return undefined;
    const store = sharedObjectStore(gitDir);
    if (!store.has(commitId) || !store.has(store.commit(commitId).tree)) return undefined;
    return {
      commit: this.#describe({ commitId, gitDir, description: describeRef(source.ref), forced: false }),
      gitDir,
    };
  }

  /** What is known of a source without asking its host: shown while the host cannot be reached. */
  lastGood(source: GitSource): LastGood | undefined {
    const confirmed = this.#confirmed.get(identityOf(source));
    if (confirmed !== undefined)
      return { commitId: confirmed.commitId, ageMs: this.#deps.clock.monotonic() - confirmed.atMs };
    try {
      const url = this.#check(source);
      if (url.kind === 'local') return undefined;
      const tracked = this.#disk(url).repository.tracked(refKey(source.ref));
      if (tracked === undefined) return undefined;
      return { commitId: tracked.id, ageMs: Math.max(0, this.#deps.clock.now() - tracked.fetchedAtMs) };
    } catch {
      return undefined;
    }
  }

  /**
   * Something happened to a repository (a webhook said so): the next resolve of it asks its host, whatever its age limit. Spellings of one
   * repository (https, ssh, with or without `.git`) are the same. Returns whether any source of it is known.
   */
  expire(repositoryUrl: string): boolean {
    const wanted = repositoryIdentity(repositoryUrl);
    let known = false;
    for (const { url, repository } of this.#remotes.values())
      if (wanted !== undefined && repositoryIdentity(url.shown) === wanted) {
        repository.expire();
        known = true;
      }
    return known;
  }

  async close(): Promise<void> {
    this.#stop.abort(new DOMException('closed', 'AbortError'));
    await this.#fetches.close();
    await this.#http.close();
  }

  async #arrive(url: RepositoryUrl, source: GitSource, options: ResolveOptions): Promise<Arrived> {
    if (url.kind === 'local') {
      let local = this.#locals.get(url.key);
      if (local === undefined) {
        local = new LocalRepository(url.path, url.shown);
        this.#locals.set(url.key, local);
      }
      return local.resolve(source.ref);
    }
    return this.#remote(url, options.credentials).resolve(source.ref, options);
  }

  #check(source: GitSource): RepositoryUrl {
    const url = parseRepositoryUrl(source.url);
    const refuse = (cause: string, remedy: string): never => {
      throw new EngineError('SourceRefused', `repository ${url.shown} is refused (SourceRefused): ${cause}`, {
        remedy,
      });
    };
    if (url.kind === 'local' && this.#deps.localRepositories === 'refused')
      refuse('paths and file URLs are not allowed here', 'use the https or ssh URL of the repository');
    if (url.kind === 'ssh' && this.#deps.ssh === undefined)
      refuse('ssh is not set up here', 'use the https URL of the repository');
    return url;
  }

  #remote(url: Exclude<RepositoryUrl, { kind: 'local' }>, credentials: Credentials | undefined): RemoteRepository {
    // Who may read a repository is the host's decision: each identity asks by itself. The hash stays in memory.
    const secret =
      credentials === undefined ? '' : JSON.stringify([credentials.username, credentials.password, credentials.token]);
    const identity = createHash('sha256').update(`${url.key}\n${secret}`).digest('hex');
    let found = this.#remotes.get(identity);
    if (found === undefined) {
      const deps: RepositoryDeps = {
        clock: this.#deps.clock,
        logger: this.#deps.logger,
        backoff: this.#backoff,
        growth: { packs: this.#deps.growth?.packs ?? 50, bytes: this.#deps.growth?.bytes ?? 64 * 1024 * 1024 },
        listTimeoutMs: this.#deps.listTimeoutMs ?? 30_000,
        signal: this.#stop.signal,
      };
      const repository = new RemoteRepository(
        { shown: url.shown, identity },
        this.#transport(url, credentials),
        this.#disk(url),
        deps,
      );
      found = { url, repository };
      this.#remotes.set(identity, found);
    }
    return found.repository;
  }

  #transport(url: Exclude<RepositoryUrl, { kind: 'local' }>, credentials: Credentials | undefined): Transport {
    const limits = { ...DEFAULT_LIMITS, ...this.#deps.limits };
    const fetchTimeoutMs = this.#deps.fetchTimeoutMs ?? 600_000;
    if (url.kind === 'http')
      return new HttpTransport({
        url: url.url,
        credentials,
        http: this.#http,
        network: this.#deps.network ?? {},
        fetches: this.#fetches,
        limits,
        fetchTimeoutMs,
      });
    const listTimeoutMs = this.#deps.listTimeoutMs ?? 30_000;
    const environment = this.#deps.ssh?.environment ?? {};
    return new SshTransport({
      url: url.url,
      host: url.host,
      shown: url.shown,
      environment,
      limits,
      listTimeoutMs,
      fetchTimeoutMs,
    });
  }

  #disk(url: RepositoryUrl): { readonly repository: DiskRepository; readonly lock: Lock } {
    let disk = this.#disks.get(url.key);
    if (disk === undefined) {
      disk = { repository: new DiskRepository(this.#deps.dataDir, url.key), lock: new Lock() };
      this.#disks.set(url.key, disk);
    }
    return disk;
  }

  #describe({ commitId, gitDir, description }: Arrived): Commit {
    const key = `${commitId} ${description}`;
    let commit = this.#commits.get(key);
    if (commit === undefined) {
      commit = describeCommit(gitDir, commitId, description);
      this.#commits.set(key, commit);
    }
    return commit;
  }

  #withLastGood(thrown: unknown, source: GitSource): unknown {
    const lastGood = isEngineError(thrown) ? this.lastGood(source) : undefined;
    if (!isEngineError(thrown) || lastGood === undefined) return thrown;
    return new EngineError(thrown.code, thrown.message, {
      cause: thrown,
      data: { ...thrown.data, lastGood },
      ...(thrown.remedy === undefined ? {} : { remedy: thrown.remedy }),
    });
  }
}

function identityOf(source: GitSource): string {
  return `${source.url}\n${refKey(source.ref)}\n${source.credentialsSecret ?? ''}`;
}

/** @throws EngineError SourceRefused */
function checkSourcePath(path: string): string {
  const refuse = (cause: string): never => {
    throw new EngineError(
      'SourceRefused',
      `path ${JSON.stringify(path.slice(0, 200))} is refused (SourceRefused): ${cause}`,
      {
        remedy: 'give a folder of the repository, like apps/shop/prod',
      },
    );
  };
  if (/[\u0000-\u001f\u007f]/.test(path)) refuse('it has control characters');
  if (path.startsWith('/')) refuse('it is absolute');
  if (path.startsWith('-')) refuse('it begins with "-"');
  if (path.split('/').includes('..')) refuse('it climbs out of a folder');
  return path;
}

/** @throws EngineError SourcePathNotFound, SourceRefused */
function checkPathExists(gitDir: string, commitId: string, path: string, shown: string): void {
  if (path === '') return;
  const snapshot = openSnapshot(gitDir, commitId);
  if (snapshot.stat(path) !== undefined) return;
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  let depth = names.length - 1;
  while (depth > 0 && snapshot.stat(names.slice(0, depth).join('/')) !== 'directory') depth--;
  const parent = names.slice(0, depth).join('/');
  const there = (snapshot.list(parent) ?? []).filter(({ kind }) => kind === 'directory').map(({ name }) => name);
  const candidates = nearest(names[depth] ?? '', there, 5).map((name) => (parent === '' ? name : `${parent}/${name}`));
  throw new EngineError(
    'SourcePathNotFound',
    `path ${JSON.stringify(path)} of ${shown} was not found (SourcePathNotFound): commit ${commitId.slice(0, 12)} has no such folder`,
    {
      remedy: candidates.length === 0 ? 'check spec.source.git.path' : `folders there: ${candidates.join(', ')}`,
      data: { candidates, commit: commitId },
    },
  );
}

/** Ends the waiting of one caller; what it waited for goes on for the others. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

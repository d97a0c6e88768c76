import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { own } from '../core/json.ts';
import { initBareRepository } from './fetch-job.ts';
import { isObjectId } from './objects/git-object.ts';
import { forgetObjectStore, type ObjectStore, sharedObjectStore } from './objects/object-store.ts';

/** What a ref of an application pointed to when it was last fetched. */
export interface TrackedRef {
  readonly id: string;
  /** The id before was not an ancestor. */
  readonly forced: boolean;
  readonly fetchedAtMs: number;
}

export interface GrowthLimits {
  /** A repository with more packs is cloned anew; default 50. */
  readonly packs: number;
  /** A repository whose packs are larger than this, and than four times what the clone was, is cloned anew; default 64 MiB. */
  readonly bytes: number;
}

const MAX_TRACKED = 1000;

/**
 * One repository in the data folder: `<hash of the URL>/<generation>` is a bare repository, `state.json` says which one counts and what its
 * refs pointed to. Growth is bounded by starting a new generation; the one before stays for those who still read it.
 */
export class DiskRepository {
  readonly #folder: string;
  #generation = '';
  #previous = '';
  #clonedBytes = 0;
  #refs = new Map<string, TrackedRef>();

  /** @param key names the repository; only its hash stands on disk */
  constructor(dataDir: string, key: string) {
    this.#folder = join(dataDir, 'git', createHash('sha256').update(key).digest('hex').slice(0, 32));
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#load();
    if (this.#generation === '') this.#startGeneration();
    initBareRepository(this.gitDir);
  }

  get gitDir(): string {
    return join(this.#folder, this.#generation);
  }

  get store(): ObjectStore {
    return sharedObjectStore(this.gitDir);
  }

  /** The folder that holds a complete commit: of this generation or of the one before. */
  find(commitId: string): string | undefined {
    for (const generation of [this.#generation, this.#previous]) {
      if (generation === '') continue;
      const gitDir = join(this.#folder, generation);
      const store = sharedObjectStore(gitDir);
      if (store.has(commitId) && store.has(store.commit(commitId).tree)) return gitDir;
    }
    return undefined;
  }

  /** Whether there are commits without their ancestors. */
  isShallow(): boolean {
    return (statSync(join(this.gitDir, 'shallow'), { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  tracked(key: string): TrackedRef | undefined {
    return this.#refs.get(key);
  }

  /** Ids that this generation has, newest first: what a host needs not send again. */
  haves(): readonly string[] {
    const ids = [...this.#refs.values()]
      .sort((left, right) => right.fetchedAtMs - left.fetchedAtMs)
      .map(({ id }) => id);
    return [...new Set(ids)].filter((id) => this.store.has(id)).slice(0, 32);
  }

  /** Remembers what a ref points to, as a ref of the repository and with its time. */
  track(key: string, ref: TrackedRef): void {
    this.#refs.delete(key);
    this.#refs.set(key, ref);
    const oldest = this.#refs.keys().next().value;
    if (this.#refs.size > MAX_TRACKED && oldest !== undefined) this.#refs.delete(oldest);
    const folder = join(this.gitDir, 'refs', 'evenkeel');
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32)), `${ref.id}\n`);
    this.#clonedBytes ||= this.#packs().bytes;
    this.#save();
  }

  /** Whether the packs have grown past the limits. */
  isOvergrown(limits: GrowthLimits): boolean {
    const { count, bytes } = this.#packs();
    return count > limits.packs || (bytes > limits.bytes && bytes > 4 * this.#clonedBytes);
  }

  /** Begins an empty generation beside this one. `restore` goes back when it could not be filled, `settle` removes what is too old. */
  renew(): { restore(): void; settle(): void } {
    const before = { generation: this.#generation, previous: this.#previous, bytes: this.#clonedBytes };
    this.#startGeneration();
    initBareRepository(this.gitDir);
    return {
      restore: () => {
        const failed = this.#generation;
        this.#generation = before.generation;
        this.#previous = before.previous;
        this.#clonedBytes = before.bytes;
        this.#remove(failed);
      },
      settle: () => {
        this.#save();
        for (const name of readdirSync(this.#folder))
          if (name !== this.#generation && name !== this.#previous && name !== 'state.json') this.#remove(name);
      },
    };
  }

  #startGeneration(): void {
    this.#previous = this.#generation;
    this.#generation = randomBytes(6).toString('hex');
    this.#clonedBytes = 0;
  }

  #remove(generation: string): void {
    const gitDir = join(this.#folder, generation);
    forgetObjectStore(gitDir);
    rmSync(gitDir, { recursive: true, force: true });
  }

  #packs(): { readonly count: number; readonly bytes: number } {
    const folder = join(this.gitDir, 'objects', 'pack');
    const names = readdirSync(folder).filter((name) => name.endsWith('.pack'));
    return { count: names.length, bytes: names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) };
  }

  /** A state file that cannot be read is as good as none: everything in it can be fetched again. */
  #load(): void {
    let state: unknown;
    try {
      state = JSON.parse(readFileSync(join(this.#folder, 'state.json'), 'utf8'));
    } catch {
      return;
    }
    const generation = (name: string): string => {
      const value = own(state, name);
      return typeof value === 'string' && /^[0-9a-f]{12}$/.test(value) ? value : '';
    };
    this.#generation = generation('generation');
    this.#previous = generation('previous');
    this.#clonedBytes = Number(own(state, 'clonedBytes') ?? 0) || 0;
    const refs = own(state, 'refs');
    for (const item of Array.isArray(refs) ? refs : []) {
      const [key, id, forced, at] = [own(item, 'key'), own(item, 'id'), own(item, 'forced'), own(item, 'fetchedAtMs')];
      if (typeof key === 'string' && typeof id === 'string' && isObjectId(id) && typeof at === 'number')
        this.#refs.set(key, { id, forced: forced === true, fetchedAtMs: at });
    }
  }

  #save(): void {
    const state = {
      generation: this.#generation,
      previous: this.#previous,
      clonedBytes: this.#clonedBytes,
      refs: [...this.#refs].map(([key, ref]) => ({ key, ...ref })),
    };
    replaceFile(join(this.#folder, 'state.json'), JSON.stringify(state));
  }
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../core/cache-room.ts';
import { EngineError } from '../../core/errors.ts';
import { type CommitObject, parseCommit } from './commit.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { corrupt } from './corrupt.ts';
import { applyDelta } from './delta.ts';
import { type GitObject, hashObject, isObjectId, type ObjectType } from './git-object.ts';
import { refuseFormats } from './layout.ts';
import { readLooseObject } from './loose.ts';
import { Pack } from './pack.ts';
import { parseTree, type TreeEntry } from './tree.ts';

export interface ObjectStoreOptions {
  /** Largest object that is read; default {@link MAX_FILE_BYTES}. */
  readonly maxObjectBytes?: number;
  /** Memory for inflated objects, which are bases of deltas; default 24 MiB. */
  readonly cacheBytes?: number;
}

/** Git itself never makes chains longer than this. */
const MAX_CHAIN = 4095;

/**
 * Reads the objects of one repository on disk: packs, loose objects. Nothing is written. Every object is checked against its id, so damage
 * is an error and never another content. Replace refs and grafts are not looked at.
 */
export class ObjectStore {
  readonly gitDir: string;
  readonly #objects: string;
  readonly #maxBytes: number;
  readonly #cache: LRUCache<string, GitObject>;
  readonly #trees: LRUCache<string, ReadonlyMap<string, TreeEntry>>;
  readonly #commits = new LRUCache<string, CommitObject>(atMost(5000));
  #packs: readonly Pack[] = [];
  #scanned = false;

  constructor(gitDir: string, options: ObjectStoreOptions = {}) {
    refuseFormats(gitDir, gitDir);
    this.gitDir = gitDir;
    this.#objects = join(gitDir, 'objects');
    this.#maxBytes = options.maxObjectBytes ?? MAX_FILE_BYTES;
    const cacheBytes = options.cacheBytes ?? 24 * 1024 * 1024;
    this.#cache = new LRUCache({
      maxSize: cacheBytes,
      maxEntrySize: Math.ceil(cacheBytes / 4),
      sizeCalculation: (object) => object.data.byteLength + 128,
    });
    this.#trees = new LRUCache({ maxSize: 100_000, sizeCalculation: (tree) => tree.size + 1 });
  }

  /** @throws EngineError SourceCorrupt (missing or damaged), RenderLimit (too large) */
  read(id: string): GitObject {
    const object = this.find(id);
    if (object === undefined)
      throw corrupt(`object ${id}`, 'it is not in the repository (a partial clone, or objects were removed)');
    return object;
  }

  /** Whether the repository has the object, without reading it. */
  has(id: string): boolean {
    if (!isObjectId(id)) return false;
    if (!this.#scanned) this.#scan();
    return this.#holds(id) || (this.#scan() && this.#holds(id));
  }

  /** As {@link read}; undefined when the repository has no such object. */
  find(id: string): GitObject | undefined {
    if (!isObjectId(id)) throw corrupt(`object ${JSON.stringify(id.slice(0, 80))}`, 'this is no SHA-1 object id');
    if (!this.#scanned) this.#scan();
    let object = this.#findOnce(id);
    if (object === undefined && this.#scan()) object = this.#findOnce(id);
    if (object !== undefined && hashObject(object.type, object.data) !== id)
      throw corrupt(`object ${id}`, 'its content does not match its id');
    return object;
  }

  /** @throws EngineError SourceCorrupt, RenderLimit */
  readTyped(id: string, type: ObjectType): Buffer {
    const object = this.read(id);
    if (object.type !== type) throw corrupt(`object ${id}`, `it is a ${object.type} where a ${type} is expected`);
    return object.data;
  }

  /** A commit, parsed once. @throws EngineError SourceCorrupt, RenderLimit */
  commit(id: string): CommitObject {
    let commit = this.#commits.get(id);
    if (commit === undefined) {
      commit = parseCommit(this.readTyped(id, 'commit'), id);
      this.#commits.set(id, commit);
    }
    return commit;
  }

  /** The entries of a tree, parsed once. @throws EngineError SourceCorrupt, RenderLimit */
  tree(id: string): ReadonlyMap<string, TreeEntry> {
    let tree = this.#trees.get(id);
    if (tree === undefined) {
      tree = parseTree(this.readTyped(id, 'tree'), id);
      this.#trees.set(id, tree);
    }
    return tree;
  }

  /** Closes files; they open again when something is read. */
  close(): void {
    for (const pack of this.#packs) pack.close();
  }

  /** Looks for packs that came or went; true when there is one that was not known. */
  #scan(): boolean {
    this.#scanned = true;
    const folder = join(this.#objects, 'pack');
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      names = [];
    }
    const present = new Set(names);
    const known = new Map(this.#packs.map((pack) => [pack.path, pack]));
    const packs: Pack[] = [];
    let isNew = false;
    for (const name of names) {
      if (!name.endsWith('.pack') || !present.has(`${name.slice(0, -5)}.idx`)) continue;
      const path = join(folder, name);
      const old = known.get(path);
      known.delete(path);
      isNew ||= old === undefined;
      packs.push(old ?? new Pack(path));
    }
    for (const gone of known.values()) gone.close();
    this.#packs = packs;
    return isNew;
  }

  #holds(id: string): boolean {
    const binary = Buffer.from(id, 'hex');
    if (this.#packs.some((pack) => pack.index.find(binary) !== undefined)) return true;
    return existsSync(join(this.#objects, id.slice(0, 2), id.slice(2)));
  }

  #findOnce(id: string): GitObject | undefined {
    const binary = Buffer.from(id, 'hex');
    for (const pack of this.#packs) {
      const offset = pack.index.find(binary);
      if (offset === undefined) continue;
      try {
        return this.#unpack(pack, offset);
      } catch (thrown) {
        // The pack was removed since it was listed (`git gc`): its objects are in another one now.
        if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw asCorrupt(thrown, id);
      }
    }
    return readLooseObject(this.#objects, id, this.#maxBytes);
  }

  /** Follows a chain of deltas down to its base without recursion, then applies them upward. */
  #unpack(pack: Pack, start: number): GitObject {
    const deltas: { readonly key: string; readonly delta: Buffer }[] = [];
    let offset = start;
    let object: GitObject | undefined;
    while (object === undefined) {
      const key = `${pack.path}:${offset}`;
      object = this.#cache.get(key);
      if (object !== undefined) break;
      const entry = pack.entry(offset, this.#maxBytes);
      if (entry.kind === 'object') {
        object = { type: entry.type, data: entry.data };
        this.#cache.set(key, object);
      } else {
        if (deltas.length >= MAX_CHAIN)
          throw corrupt(`object at offset ${start} of ${pack.path}`, 'its chain of deltas does not end');
        deltas.push({ key, delta: entry.data });
        offset = entry.baseOffset;
      }
    }
    for (let step = deltas.pop(); step !== undefined; step = deltas.pop()) {
      const data = applyDelta(object.data, step.delta, this.#maxBytes, `object at offset ${start} of ${pack.path}`);
      object = { type: object.type, data };
      this.#cache.set(step.key, object);
    }
    return object;
  }
}

function asCorrupt(thrown: unknown, id: string): unknown {
  if (thrown instanceof EngineError) return thrown;
  return corrupt(`object ${id}`, 'the file that holds it cannot be read', thrown);
}

const stores = new LRUCache<string, ObjectStore>({ max: 16, dispose: (store) => store.close() });

/**
 * The store of a repository, shared in this process: snapshots of one repository use the same open files and caches. Closed stores open
 * their files again when a snapshot still uses them.
 * @throws EngineError SourceRefused
 */
export function sharedObjectStore(gitDir: string): ObjectStore {
  let store = stores.get(gitDir);
  if (store === undefined) {
    store = new ObjectStore(gitDir);
    stores.set(gitDir, store);
  }
  return store;
}

/** Forgets a repository whose folder was removed. */
export function forgetObjectStore(gitDir: string): void {
  stores.delete(gitDir);
}

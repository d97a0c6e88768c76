import { LRUCache } from 'lru-cache';
import { atMost } from '../../core/cache-room.ts';
import type { ReadObject } from './shared-tree.ts';
import { EditCache } from './edits.ts';
import type { Recording } from './recorder.ts';

/** Results of one key that are kept: going back and forth between commits finds them again. */
const RESULTS_PER_KEY = 3;
const MOST_SOURCE_BYTES = 8 * 1024 * 1024;

interface Kept<T> {
  readonly value: T;
  readonly recording: Recording;
}

/** Results of steps by key, with what each depends on; bounded by the size of what they were made from. A key stands for one type. */
class KeptResults {
  readonly #kept = new LRUCache<string, readonly Kept<unknown>[]>({
    maxSize: MOST_SOURCE_BYTES,
    sizeCalculation: (kept) => 1000 + kept.reduce((size, { recording }) => size + recording.bytes, 0),
  });

  find<T>(key: string, holds: (recording: Recording) => boolean): Kept<T> | undefined {
    return this.#kept.get(key)?.find(({ recording }) => holds(recording)) as Kept<T> | undefined;
  }

  put<T>(key: string, kept: Kept<T>): void {
    this.#kept.set(key, [kept, ...(this.#kept.get(key) ?? [])].slice(0, RESULTS_PER_KEY));
  }
}

/**
 * What earlier builds made. Parses go by the object ids of the files that they came from: an unchanged file is parsed once, in whatever
 * commit it is seen. Folders and whole builds go by everything that they read. All of it is shared between builds and must be copied
 * before it is changed.
 */
export class BuildCache {
  readonly #documents: LRUCache<string, readonly ReadObject[]>;
  readonly #decoded: LRUCache<string, object>;
  readonly results = new KeptResults();
  readonly edits = new EditCache();

  constructor(maxFiles = 10_000) {
    this.#documents = new LRUCache(atMost(maxFiles));
    this.#decoded = new LRUCache(atMost(maxFiles));
  }

  documents(oid: string | undefined, parse: () => readonly ReadObject[]): readonly ReadObject[] {
    if (oid === undefined) return parse();
    const known = this.#documents.get(oid);
    if (known !== undefined) return known;
    const documents = parse();
    this.#documents.set(oid, documents);
    return documents;
  }

  decoded<T extends object>(oid: string | undefined, use: string, decode: () => T): T {
    if (oid === undefined) return decode();
    const key = `${oid} ${use}`;
    const known = this.#decoded.get(key);
    if (known !== undefined) return known as T;
    const value = decode();
    this.#decoded.set(key, value);
    return value;
  }
}

import { LRUCache } from 'lru-cache';
import type { ReadDocument } from './nodes/parse.ts';

/**
 * What was parsed, by the object ids of the files that it came from: an unchanged file is parsed once, in whatever commit it is seen.
 * Everything in it is shared between builds and must be copied before it is changed.
 */
export class ParseCache {
  readonly #documents: LRUCache<string, readonly ReadDocument[]>;
  readonly #decoded: LRUCache<string, object>;

  constructor(maxFiles = 10_000) {
    // Counted by size: with `max` the room for all files would be taken at once, in every build that brings no cache.
    this.#documents = new LRUCache({ maxSize: maxFiles, sizeCalculation: () => 1 });
    this.#decoded = new LRUCache({ maxSize: maxFiles, sizeCalculation: () => 1 });
  }

  documents(oid: string | undefined, parse: () => readonly ReadDocument[]): readonly ReadDocument[] {
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

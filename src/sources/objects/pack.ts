import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { corrupt, tooLarge } from './corrupt.ts';
import type { ObjectType } from './git-object.ts';
import { inflateExactly } from './inflate.ts';
import { PackIndex } from './pack-index.ts';

const TRAILER_BYTES = 20;
const TYPES: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;

/** What stands at one offset of a pack: an object, or a delta and where its base begins. */
export type PackEntry =
  | { readonly kind: 'object'; readonly type: ObjectType; readonly data: Buffer }
  | { readonly kind: 'delta'; readonly baseOffset: number; readonly data: Buffer };

/**
 * One pack file with its index. The file is opened at the first read and may be closed at any time; the next read opens it again.
 * Every entry is read with one call of exactly its length, because the index tells where the next one begins.
 */
export class Pack {
  readonly path: string;
  readonly index: PackIndex;
  readonly #name: string;
  #file: { readonly descriptor: number; readonly sizeBytes: number } | undefined;
  #offsets: Float64Array | undefined;

  /** `path` is the `.pack` file. @throws EngineError SourceCorrupt */
  constructor(path: string) {
    this.path = path;
    this.#name = `pack ${basename(path)}`;
    this.index = new PackIndex(readFileSync(`${path.slice(0, -'.pack'.length)}.idx`), `index of ${this.#name}`);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  /** @throws EngineError SourceCorrupt, RenderLimit (the entry declares more than `maxBytes`) */
  entry(offset: number, maxBytes: number): PackEntry {
    const bytes = this.#bytesAt(offset);
    let at = 0;
    let byte = bytes[at++] ?? 0;
    const type = (byte >> 4) & 7;
    let sizeBytes = byte & 0x0f;
    let factor = 16;
    while ((byte & 0x80) !== 0) {
      if (at >= bytes.byteLength || factor > 2 ** 46)
        throw corrupt(this.#name, `the size at offset ${offset} is broken`);
      byte = bytes[at++] ?? 0;
      sizeBytes += (byte & 0x7f) * factor;
      factor *= 128;
    }
    const subject = `object at offset ${offset} of ${this.#name}`;
    if (sizeBytes > maxBytes) throw tooLarge(subject, sizeBytes, maxBytes);
    const plain = TYPES[type];
    if (plain !== undefined)
      return { kind: 'object', type: plain, data: inflateExactly(bytes.subarray(at), sizeBytes, subject) };
    let baseOffset: number | undefined;
    if (type === OFFSET_DELTA) {
      byte = bytes[at++] ?? 0;
      let distance = byte & 0x7f;
      while ((byte & 0x80) !== 0) {
        if (at >= bytes.byteLength || distance > 2 ** 45) throw corrupt(subject, 'the distance to its base is broken');
        byte = bytes[at++] ?? 0;
        distance = (distance + 1) * 128 + (byte & 0x7f);
      }
      baseOffset = offset - distance;
      if (distance === 0 || baseOffset < 12) throw corrupt(subject, 'its base would begin before the pack');
    } else if (type === REFERENCE_DELTA) {
      baseOffset = this.index.find(bytes.subarray(at, at + 20));
      at += 20;
      if (baseOffset === undefined) throw corrupt(subject, 'its base is not in the same pack');
    } else throw corrupt(subject, `it has the unknown type ${type}`);
    return { kind: 'delta', baseOffset, data: inflateExactly(bytes.subarray(at), sizeBytes, subject) };
  }

  #bytesAt(offset: number): Buffer {
    this.#file ??= this.#open();
    this.#offsets ??= this.index.sortedOffsets();
    const end = endOf(this.#offsets, offset) ?? this.#file.sizeBytes - TRAILER_BYTES;
    if (end <= offset || end > this.#file.sizeBytes - TRAILER_BYTES)
      throw corrupt(this.#name, `offset ${offset} is outside of it; it is cut off`);
    const bytes = Buffer.allocUnsafe(end - offset);
    const count = readSync(this.#file.descriptor, bytes, 0, bytes.byteLength, offset);
    if (count !== bytes.byteLength) throw corrupt(this.#name, 'it became shorter while it was read');
    return bytes;
  }

  #open(): { readonly descriptor: number; readonly sizeBytes: number } {
    const descriptor = openSync(this.path, 'r');
    const sizeBytes = fstatSync(descriptor).size;
    const head = Buffer.alloc(12);
    readSync(descriptor, head, 0, 12, 0);
    const version = head.readUInt32BE(4);
    if (head.toString('latin1', 0, 4) === 'PACK' && (version === 2 || version === 3)) return { descriptor, sizeBytes };
    closeSync(descriptor);
    throw corrupt(this.#name, 'it is not a pack of version 2 or 3');
  }
}

/** The smallest offset after `offset`, by halving. */
function endOf(sorted: Float64Array, offset: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

import { createHash, type Hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { corrupt, tooLarge } from './corrupt.ts';
import type { GitObject } from './git-object.ts';
import { formatPackIndex } from './index-writer.ts';
import { type BaseObject, indexPackFile, type PackLimits } from './pack-indexer.ts';

export interface ReceivedPack {
  /** The `.pack` file; undefined when the pack was empty. */
  readonly path: string | undefined;
  readonly objects: number;
  readonly sizeBytes: number;
}

const TYPE_BITS = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;

/**
 * Takes the bytes of a pack as they arrive, writes them to a temporary file, checks the trailer, indexes it and gives it its name; until
 * the last rename nobody sees it. Objects that a thin pack leaves out are read from `findBase` and appended.
 * Every limit is checked while bytes arrive: memory does not grow with the pack.
 */
export class PackReceiver {
  readonly #folder: string;
  readonly #temporary: string;
  readonly #limits: PackLimits;
  readonly #findBase: (id: string) => GitObject | undefined;
  readonly #hash: Hash = createHash('sha1');
  #tail: Buffer = Buffer.alloc(0);
  #file: number | undefined;
  #sizeBytes = 0;

  /** @param gitDir the repository that receives the pack */
  constructor(gitDir: string, limits: PackLimits, findBase: (id: string) => GitObject | undefined) {
    this.#folder = join(gitDir, 'objects', 'pack');
    this.#temporary = join(this.#folder, `tmp_${randomBytes(8).toString('hex')}.part`);
    this.#limits = limits;
    this.#findBase = findBase;
    mkdirSync(this.#folder, { recursive: true });
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @throws EngineError RenderLimit when more bytes come than a pack may have */
  write(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.byteLength;
    if (this.#sizeBytes > this.#limits.packBytes) throw tooLarge('the pack', this.#sizeBytes, this.#limits.packBytes);
    this.#file ??= openSync(this.#temporary, 'wx+');
    writeFully(this.#file, chunk);
    // The last twenty bytes are the hash of all others; which bytes are the last is known at the end.
    const joined = this.#tail.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([this.#tail, chunk]);
    const keep = Math.max(0, joined.byteLength - 20);
    if (keep > 0) this.#hash.update(joined.subarray(0, keep));
    this.#tail = joined.subarray(keep);
  }

  /** @throws EngineError SourceCorrupt, RenderLimit */
  finish(): ReceivedPack {
    if (this.#file === undefined) return { path: undefined, objects: 0, sizeBytes: 0 };
    const file = this.#file;
    if (!this.#hash.digest().equals(this.#tail))
      throw corrupt('the pack', 'its checksum is wrong; it was cut off or changed on the way');
    const indexed = indexPackFile(file, this.#sizeBytes, this.#limits, this.#findBase);
    if (indexed.objects.length === 0) {
      this.discard();
      return { path: undefined, objects: 0, sizeBytes: this.#sizeBytes };
    }
    const objects = [...indexed.objects];
    let packHash = this.#tail;
    if (indexed.missingBases.length > 0) packHash = this.#append(file, indexed.missingBases, objects);
    fsyncSync(file);
    closeSync(file);
    this.#file = undefined;
    const name = join(this.#folder, `pack-${packHash.toString('hex')}`);
    const index = `${this.#temporary}.idx`;
    writeFileSync(index, formatPackIndex(objects, packHash), { flush: true });
    renameSync(this.#temporary, `${name}.pack`);
    renameSync(index, `${name}.idx`);
    return { path: `${name}.pack`, objects: objects.length, sizeBytes: this.#sizeBytes };
  }

  /** Removes what was received; nothing happens after a finished pack. */
  discard(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#temporary, { force: true });
    rmSync(`${this.#temporary}.idx`, { force: true });
  }

  /** Completes a thin pack: its missing bases go to the end, count and hash are written anew. */
  #append(
    file: number,
    bases: readonly BaseObject[],
    objects: { readonly id: string; readonly offset: number; readonly crc: number }[],
  ): Buffer {
    let offset = this.#sizeBytes - 20;
    for (const { id, object } of bases) {
      const entry = Buffer.concat([
        entryHeader(TYPE_BITS[object.type], object.data.byteLength),
        deflateSync(object.data),
      ]);
      writeFully(file, entry, offset);
      objects.push({ id, offset, crc: crc32(entry) });
      offset += entry.byteLength;
    }
    const count = Buffer.alloc(4);
    count.writeUInt32BE(objects.length);
    writeFully(file, count, 8);
    const hash = createHash('sha1');
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    for (let at = 0; at < offset; ) {
      const length = readSync(file, chunk, 0, Math.min(chunk.byteLength, offset - at), at);
      if (length === 0) throw corrupt('the pack', 'it became shorter while it was written');
      hash.update(chunk.subarray(0, length));
      at += length;
    }
    const packHash = hash.digest();
    writeFully(file, packHash, offset);
    this.#sizeBytes = offset + 20;
    return packHash;
  }
}

function entryHeader(type: number, sizeBytes: number): Buffer {
  const bytes: number[] = [];
  let rest = Math.floor(sizeBytes / 16);
  bytes.push((type << 4) | (sizeBytes % 16) | (rest > 0 ? 0x80 : 0));
  while (rest > 0) {
    const next = Math.floor(rest / 128);
    bytes.push((rest % 128) | (next > 0 ? 0x80 : 0));
    rest = next;
  }
  return Buffer.from(bytes);
}

function writeFully(file: number, bytes: Uint8Array, position: number | null = null): void {
  for (let done = 0; done < bytes.byteLength; )
    done += writeSync(file, bytes, done, bytes.byteLength - done, position === null ? null : position + done);
}

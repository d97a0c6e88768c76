import { corrupt } from './corrupt.ts';

const HEADER_BYTES = 8 + 256 * 4;

/**
 * The index of one pack (version 2): sorted object ids, and where each begins in the pack. Offsets of 2 GiB and more stand in a second
 * table of 64-bit numbers.
 */
export class PackIndex {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #offsets: number;
  readonly #largeOffsets: number;
  readonly #subject: string;

  /** @throws EngineError SourceCorrupt when the bytes are no index of version 2, or too short for what they declare. */
  constructor(bytes: Buffer, subject: string) {
    if (bytes.byteLength < HEADER_BYTES + 40 || bytes.readUInt32BE(0) !== 0xff744f63 || bytes.readUInt32BE(4) !== 2)
      throw corrupt(subject, 'it is not a pack index of version 2');
    let before = 0;
    for (let bucket = 0; bucket < 256; bucket++) {
      const value = bytes.readUInt32BE(8 + bucket * 4);
      if (value < before) throw corrupt(subject, 'its table of counts goes down');
      before = value;
    }
    this.count = before;
    this.#bytes = bytes;
    this.#subject = subject;
    // After the fan-out table: ids (20 bytes each), checksums (4), offsets (4), 64-bit offsets (8), two hashes.
    this.#offsets = HEADER_BYTES + before * 24;
    this.#largeOffsets = this.#offsets + before * 4;
    if (bytes.byteLength < this.#largeOffsets + 40) throw corrupt(subject, 'it is cut off');
  }

  /** The offset of an object in the pack; undefined when the pack has no such object. `id` is 20 bytes. */
  find(id: Buffer): number | undefined {
    const bucket = id[0] ?? 0;
    let low = bucket === 0 ? 0 : this.#bytes.readUInt32BE(8 + (bucket - 1) * 4);
    let high = this.#bytes.readUInt32BE(8 + bucket * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = HEADER_BYTES + middle * 20;
      const order = this.#bytes.compare(id, 0, 20, start, start + 20);
      if (order === 0) return this.#offsetAt(middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  /** Where every object begins, ascending: the next one tells where an object ends. */
  sortedOffsets(): Float64Array {
    const all = new Float64Array(this.count);
    for (let position = 0; position < this.count; position++) all[position] = this.#offsetAt(position);
    return all.sort();
  }

  #offsetAt(position: number): number {
    const small = this.#bytes.readUInt32BE(this.#offsets + position * 4);
    if (small < 0x80000000) return small;
    const at = this.#largeOffsets + (small - 0x80000000) * 8;
    if (at + 8 > this.#bytes.byteLength - 40) throw corrupt(this.#subject, 'a 64-bit offset is missing');
    const large = this.#bytes.readBigUInt64BE(at);
    if (large > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(this.#subject, 'a 64-bit offset is out of range');
    return Number(large);
  }
}

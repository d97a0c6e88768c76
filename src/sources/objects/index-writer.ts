import { createHash } from 'node:crypto';

export interface IndexedObject {
  readonly id: string;
  readonly offset: number;
  readonly crc: number;
}

/** The bytes of a pack index of version 2. `packHash` is the trailer of the pack. */
export function formatPackIndex(objects: readonly IndexedObject[], packHash: Buffer): Buffer {
  const sorted = objects
    .map((object) => ({ ...object, binary: Buffer.from(object.id, 'hex') }))
    .sort((left, right) => left.binary.compare(right.binary));
  const large = sorted.filter(({ offset }) => offset >= 0x80000000);
  const bytes = Buffer.alloc(8 + 1024 + sorted.length * 28 + large.length * 8 + 40);
  bytes.write('ff744f6300000002', 0, 'hex');
  const counts = new Uint32Array(256);
  for (const { binary } of sorted) counts[binary[0] ?? 0] = (counts[binary[0] ?? 0] ?? 0) + 1;
  let total = 0;
  for (let bucket = 0; bucket < 256; bucket++) {
    total += counts[bucket] ?? 0;
    bytes.writeUInt32BE(total, 8 + bucket * 4);
  }
  const ids = 8 + 1024;
  const crcs = ids + sorted.length * 20;
  const offsets = crcs + sorted.length * 4;
  const largeOffsets = offsets + sorted.length * 4;
  let largeCount = 0;
  for (const [position, { binary, crc, offset }] of sorted.entries()) {
    binary.copy(bytes, ids + position * 20);
    bytes.writeUInt32BE(crc >>> 0, crcs + position * 4);
    if (offset < 0x80000000) bytes.writeUInt32BE(offset, offsets + position * 4);
    else {
      bytes.writeUInt32BE(0x80000000 + largeCount, offsets + position * 4);
      bytes.writeBigUInt64BE(BigInt(offset), largeOffsets + largeCount * 8);
      largeCount++;
    }
  }
  packHash.copy(bytes, bytes.byteLength - 40);
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.byteLength - 20);
  return bytes;
}

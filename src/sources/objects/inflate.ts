import { inflateSync } from 'node:zlib';
import { corrupt } from './corrupt.ts';

/**
 * Inflates a zlib stream that must give exactly `sizeBytes` bytes. Memory is bounded by the declared size, which the caller has
 * compared with its limit: a stream that gives more is stopped there.
 * @throws EngineError SourceCorrupt
 */
export function inflateExactly(compressed: Uint8Array, sizeBytes: number, subject: string): Buffer {
  let data: Buffer;
  try {
    // One output chunk with a byte to spare: zlib ends in one pass, and nothing is joined.
    data = inflateSync(compressed, { chunkSize: Math.max(64, sizeBytes + 1), maxOutputLength: Math.max(1, sizeBytes) });
  } catch (thrown) {
    throw corrupt(subject, 'its compressed data is broken', thrown);
  }
  if (data.byteLength !== sizeBytes)
    throw corrupt(subject, `it has ${data.byteLength} bytes where ${sizeBytes} are declared`);
  return data;
}

/**
 * Inflates a loose object, whose size is known only from its own first bytes.
 * @throws EngineError SourceCorrupt; also when it gives more than `maxBytes`
 */
export function inflateUpTo(compressed: Uint8Array, maxBytes: number, subject: string): Buffer {
  try {
    return inflateSync(compressed, { maxOutputLength: maxBytes });
  } catch (thrown) {
    throw corrupt(subject, `its compressed data is broken, or gives more than ${maxBytes} bytes`, thrown);
  }
}

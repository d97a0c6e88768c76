import { corrupt, tooLarge } from './corrupt.ts';

interface Size {
  readonly value: number;
  readonly next: number;
}

/** A size in seven-bit groups, least significant first; at most 53 bits. */
function readSize(delta: Uint8Array, start: number, subject: string): Size {
  let value = 0;
  let factor = 1;
  let at = start;
  for (;;) {
    const byte = delta[at++];
    if (byte === undefined || factor > 2 ** 46) throw corrupt(subject, 'a delta has no readable size');
    value += (byte & 0x7f) * factor;
    if ((byte & 0x80) === 0) return { value, next: at };
    factor *= 128;
  }
}

/**
 * Applies one delta: a list of copies from the base and of literal bytes. Every offset and length is checked, and the result must have
 * the declared size.
 * @throws EngineError SourceCorrupt, RenderLimit (the result would be larger than `maxBytes`)
 */
export function applyDelta(base: Buffer, delta: Buffer, maxBytes: number, subject: string): Buffer {
  const source = readSize(delta, 0, subject);
  if (source.value !== base.byteLength)
    throw corrupt(subject, `a delta is for ${source.value} bytes, its base has ${base.byteLength}`);
  const target = readSize(delta, source.next, subject);
  if (target.value > maxBytes) throw tooLarge(subject, target.value, maxBytes);
  const result = Buffer.allocUnsafe(target.value);
  let at = target.next;
  let written = 0;
  while (at < delta.byteLength) {
    const command = delta[at++] ?? 0;
    if (command === 0) throw corrupt(subject, 'a delta has an unknown command');
    if ((command & 0x80) === 0) {
      if (at + command > delta.byteLength || written + command > target.value)
        throw corrupt(subject, 'a delta writes past its end');
      delta.copy(result, written, at, at + command);
      at += command;
      written += command;
      continue;
    }
    let offset = 0;
    let length = 0;
    if ((command & 0x01) !== 0) offset = delta[at++] ?? 0;
    if ((command & 0x02) !== 0) offset += (delta[at++] ?? 0) * 0x100;
    if ((command & 0x04) !== 0) offset += (delta[at++] ?? 0) * 0x10000;
    if ((command & 0x08) !== 0) offset += (delta[at++] ?? 0) * 0x1000000;
    if ((command & 0x10) !== 0) length = delta[at++] ?? 0;
    if ((command & 0x20) !== 0) length += (delta[at++] ?? 0) * 0x100;
    if ((command & 0x40) !== 0) length += (delta[at++] ?? 0) * 0x10000;
    if (length === 0) length = 0x10000;
    if (at > delta.byteLength || offset + length > base.byteLength || written + length > target.value)
      throw corrupt(subject, 'a delta copies past the end of its base');
    base.copy(result, written, offset, offset + length);
    written += length;
  }
  if (written !== target.value)
    throw corrupt(subject, `a delta gives ${written} bytes where ${target.value} are declared`);
  return result;
}

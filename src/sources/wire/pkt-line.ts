import { EngineError } from '../../core/errors.ts';

/** One packet of Git's wire format. */
export type Packet =
  | { readonly kind: 'data'; readonly data: Buffer }
  | { readonly kind: 'flush' | 'delimiter' | 'end' };

const MAX_PACKET_BYTES = 65_520;

export function encodePacket(text: string): string {
  const length = Buffer.byteLength(text) + 4;
  return length.toString(16).padStart(4, '0') + text;
}

export const FLUSH = '0000';
export const DELIMITER = '0001';

/**
 * Cuts a stream of bytes into packets. Memory holds one packet.
 * @throws EngineError SourceUnreachable when the bytes are no packets, or end inside of one
 */
export async function* readPackets(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest =
      rest.byteLength === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.byteLength - at >= 4) {
      const digits = rest.toString('latin1', at, at + 4);
      const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
      if (length < 4) {
        if (length === 3) throw noPackets('a packet has a forbidden length');
        yield { kind: length === 0 ? 'flush' : length === 1 ? 'delimiter' : 'end' };
        at += 4;
        continue;
      }
      if (Number.isNaN(length) || length > MAX_PACKET_BYTES) throw noPackets('the bytes are no Git packets');
      if (rest.byteLength - at < length) break;
      yield { kind: 'data', data: rest.subarray(at + 4, at + length) };
      at += length;
    }
    rest = rest.subarray(at);
  }
  if (rest.byteLength > 0) throw noPackets('it ends inside a packet');
}

/** A line of text without its line end. */
export function lineOf(data: Buffer): string {
  return data.toString('utf8', 0, data.at(-1) === 0x0a ? data.byteLength - 1 : data.byteLength);
}

function noPackets(cause: string): EngineError {
  return new EngineError(
    'SourceUnreachable',
    `the answer of the Git host cannot be read (SourceUnreachable): ${cause}`,
    {
      remedy: 'check that the URL names a Git repository',
    },
  );
}

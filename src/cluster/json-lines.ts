import { EngineError } from '../core/errors.ts';

/**
 * Cuts a byte stream into lines without decoding twice: bytes are kept until their line is whole, so that a character split
 * between two chunks stays whole too. A line beyond `maxBytes` ends the stream.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `chunk` completes, without their ends; empty lines are left out. @throws EngineError ClusterRejected (a line too long) */
  *push(chunk: Uint8Array): Generator<string> {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = this.#take(chunk.subarray(from, end));
      from = end + 1;
      if (line !== '') yield line;
    }
    if (from < chunk.length) {
      const rest = chunk.subarray(from);
      this.#sizeBytes += rest.length;
      if (this.#sizeBytes > this.#maxBytes) {
        throw new EngineError(
          'ClusterRejected',
          `watch event is too large (TooLarge): more than ${this.#maxBytes} bytes`,
        );
      }
      this.#parts.push(rest);
    }
  }

  #take(tail: Uint8Array): string {
    if (this.#parts.length === 0) return decode(tail);
    const line = decode(Buffer.concat([...this.#parts, tail]));
    this.#parts = [];
    this.#sizeBytes = 0;
    return line;
  }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
}

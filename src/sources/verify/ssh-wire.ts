/** What an SSH key or signature is not read or not accepted for, in words; it never leaves this folder. */
export class SshProblem extends Error {}

/** Reads the binary format of RFC 4251 section 5. Every method throws {@link SshProblem} at the end of the data. */
export class SshReader {
  readonly #data: Buffer;
  #at = 0;

  constructor(data: Buffer) {
    this.#data = data;
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#data.byteLength) throw new SshProblem('it is cut off');
    const bytes = this.#data.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString('latin1');
  }

  /** A positive integer as big-endian bytes without leading zeros. */
  integer(): Buffer {
    const bytes = this.string();
    if (((bytes[0] ?? 0) & 0x80) !== 0) throw new SshProblem('it has a negative number');
    let start = 0;
    while (bytes[start] === 0) start++;
    return bytes.subarray(start);
  }

  end(): void {
    if (this.#at !== this.#data.byteLength) throw new SshProblem('it has bytes after its end');
  }
}

/** Bytes with their length before them. */
export function sshString(bytes: Buffer | string): Buffer {
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  return Buffer.concat([length, data]);
}

/** Base64 with nothing else in it. @throws SshProblem */
export function decodeBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) throw new SshProblem('it is no base64');
  return Buffer.from(text, 'base64');
}

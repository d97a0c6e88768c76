/** One entry of an archive as its header describes it. */
export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'special';
  readonly data: Uint8Array;
}

export interface TarLimits {
  /** Most entries. */
  readonly entries: number;
  /** Most bytes in one file. */
  readonly fileBytes: number;
}

/** What is wrong with an archive, for a message. */
export class TarProblem extends Error {
  override readonly name = 'TarProblem';
}

const BLOCK = 512;
const MAX_NAME_BYTES = 4096;
const strict = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a tar archive (ustar, with GNU long names and pax `path`/`size` records) that is in memory already, so that a size that
 * a header claims can never reserve more than what is there.
 * @throws TarProblem on anything that is not such an archive, or that passes a limit
 */
export function readTar(bytes: Uint8Array, limits: TarLimits): TarEntry[] {
  const entries: TarEntry[] = [];
  let offset = 0;
  let longName: string | undefined;
  let pax: PaxRecords = {};
  while (offset + BLOCK <= bytes.length) {
    const header = bytes.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    checkSum(header, offset);
    offset += BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    const isExtension = type === 'L' || type === 'K' || type === 'x' || type === 'g';
    const size = isExtension || pax.size === undefined ? readNumber(header.subarray(124, 136)) : pax.size;
    const stored = type === '\0' || type === '0' || type === '7' || isExtension ? size : 0;
    if (stored > limits.fileBytes) {
      throw new TarProblem(`an entry claims ${stored} bytes, at most ${limits.fileBytes} are allowed`);
    }
    if (offset + stored > bytes.length) throw new TarProblem('it ends in the middle of an entry');
    const data = bytes.subarray(offset, offset + stored);
    offset += Math.ceil(stored / BLOCK) * BLOCK;
    if (type === 'L') longName = readText(data);
    else if (type === 'x') pax = readPax(data);
    if (isExtension) continue;
    const name = pax.path ?? longName ?? headerName(header);
    longName = undefined;
    pax = {};
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new TarProblem(`a name is longer than ${MAX_NAME_BYTES} bytes`);
    entries.push({ name, kind: kindOf(type, name), data });
    if (entries.length > limits.entries) throw new TarProblem(`it holds more than ${limits.entries} entries`);
  }
  return entries;
}

function kindOf(type: string, name: string): TarEntry['kind'] {
  if (type === '5') return 'directory';
  if (type === '0' || type === '\0' || type === '7') return name.endsWith('/') ? 'directory' : 'file';
  return type === '1' || type === '2' ? 'link' : 'special';
}

function checkSum(header: Uint8Array, offset: number): void {
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += index >= 148 && index < 156 ? 32 : (header[index] ?? 0);
  if (sum !== readNumber(header.subarray(148, 156)))
    throw new TarProblem(`the header at byte ${offset} has a wrong sum`);
}

/** Octal text, or the binary form that GNU tar writes for large numbers. */
function readNumber(field: Uint8Array): number {
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    let value = first & 0x7f;
    for (const byte of field.subarray(1)) {
      value = value * 256 + byte;
      if (value > Number.MAX_SAFE_INTEGER) throw new TarProblem('a number in a header is too large');
    }
    return value;
  }
  const text = readText(field).trim();
  if (text === '') return 0;
  if (!/^[0-7]+$/.test(text)) throw new TarProblem('a number in a header is not octal');
  return Number.parseInt(text, 8);
}

function headerName(header: Uint8Array): string {
  const name = readText(header.subarray(0, 100));
  const isUstar = readText(header.subarray(257, 262)) === 'ustar';
  const prefix = isUstar ? readText(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readText(field: Uint8Array): string {
  const end = field.indexOf(0);
  try {
    return strict.decode(end < 0 ? field : field.subarray(0, end));
  } catch {
    throw new TarProblem('a name in it is not UTF-8');
  }
}

interface PaxRecords {
  readonly path?: string;
  readonly size?: number;
}

/** Records of the form `LENGTH KEY=VALUE\n`; only what changes where an entry lies is read. */
function readPax(data: Uint8Array): PaxRecords {
  let path: string | undefined;
  let size: number | undefined;
  for (let offset = 0; offset < data.length; ) {
    const space = data.indexOf(0x20, offset);
    const length = space < 0 ? Number.NaN : Number(readText(data.subarray(offset, space)));
    if (!Number.isInteger(length) || length <= space - offset || offset + length > data.length) {
      throw new TarProblem('an extended header is broken');
    }
    const record = readText(data.subarray(space + 1, offset + length - 1));
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (key === 'path') path = value;
    if (key === 'size') size = /^\d{1,15}$/.test(value) ? Number(value) : brokenSize();
    if (key.startsWith('GNU.sparse.')) throw new TarProblem('sparse files are not supported');
    offset += length;
  }
  return { ...(path === undefined ? {} : { path }), ...(size === undefined ? {} : { size }) };
}

function brokenSize(): never {
  throw new TarProblem('an extended header is broken');
}

import { Buffer, isUtf8 } from 'node:buffer';

/**
 * A Go string is a run of bytes, and templates cut, compare, hash and count bytes. Inside the engine a string is therefore a *byte
 * string*: a JavaScript string whose characters are bytes (U+0000–U+00FF). Text of ASCII alone is the same in both forms, so the
 * conversions at the border cost one scan for most input.
 */

const NON_ASCII = /[^\u0000-\u007f]/;

/** Ordinary text → byte string (UTF-8). */
export function toBytes(text: string): string {
  return NON_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Byte string → ordinary text. Each byte that is not UTF-8 becomes U+FFFD, as Go's decoders have it. */
export function fromBytes(bytes: string): string {
  if (!NON_ASCII.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, i);
    text += String.fromCodePoint(rune);
    i += size;
  }
  return text;
}

/** Raw bytes → byte string. */
export function bytesOf(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
}

const ofFiles = new WeakMap<Uint8Array, string>();

/** {@link bytesOf} for bytes that never change and are asked for again: the files of a chart, in every render. */
export function bytesOfFile(data: Uint8Array): string {
  let bytes = ofFiles.get(data);
  if (bytes === undefined) {
    bytes = bytesOf(data);
    ofFiles.set(data, bytes);
  }
  return bytes;
}

/** Byte string → raw bytes. */
export function bufferOf(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

export function isAscii(bytes: string): boolean {
  return !NON_ASCII.test(bytes);
}

export function isValidUtf8(bytes: string): boolean {
  return isAscii(bytes) || isUtf8(Buffer.from(bytes, 'latin1'));
}

const RUNE_ERROR = 0xfffd;

export interface Rune {
  readonly rune: number;
  /** Bytes that it took; 1 for a byte that is not UTF-8, 0 at the end. */
  readonly size: number;
}

const INVALID: Rune = { rune: RUNE_ERROR, size: 1 };

/** The rune at byte `at`, by the rules of Go's utf8.DecodeRune: overlong forms and surrogates are not UTF-8. */
export function decodeRune(bytes: string, at: number): Rune {
  if (at >= bytes.length) return { rune: RUNE_ERROR, size: 0 };
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { rune: first, size: 1 };
  if (first < 0xc2 || first > 0xf4) return INVALID;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + size > bytes.length) return INVALID;
  const second = bytes.charCodeAt(at + 1);
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return INVALID;
  let rune = ((first & (0x7f >> size)) << 6) | (second & 0x3f);
  for (let i = 2; i < size; i++) {
    const next = bytes.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return INVALID;
    rune = (rune << 6) | (next & 0x3f);
  }
  return { rune, size };
}

/** All runes, invalid bytes as U+FFFD. */
export function runesOf(bytes: string): number[] {
  const runes: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, i);
    runes.push(rune);
    i += size;
  }
  return runes;
}

export function runeCount(bytes: string): number {
  if (isAscii(bytes)) return bytes.length;
  let count = 0;
  for (let i = 0; i < bytes.length; count++) i += decodeRune(bytes, i).size;
  return count;
}

/** UTF-8 of one rune; what is no code point becomes U+FFFD. */
export function encodeRune(rune: number): string {
  if (rune < 0 || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return '\u00ef\u00bf\u00bd';
  return rune < 0x80 ? String.fromCharCode(rune) : toBytes(String.fromCodePoint(rune));
}

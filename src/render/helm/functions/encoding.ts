import { createHash } from 'node:crypto';
import { bufferOf, bytesOf } from '../gotemplate/byte-string.ts';
import { fn, type FunctionGroup, str } from './define.ts';

/** Base64, base32 and hashes of byte strings. */

/** Decoded bytes, or the offset at which Go finds the input corrupt. */
export type Decoded = { readonly bytes: string } | { readonly corruptAt: number };

/** base64.StdEncoding.DecodeString: line breaks are skipped, padding must be right. */
export function decodeBase64(text: string): Decoded {
  return decodeGroups(text, { alphabet: /[A-Za-z0-9+/]/, group: 4, endings: [2, 3] }, (body) =>
    bytesOf(Buffer.from(body, 'base64')),
  );
}

function decodeBase32(text: string): Decoded {
  return decodeGroups(text, { alphabet: /[A-Z2-7]/, group: 8, endings: [2, 4, 5, 7] }, base32Bytes);
}

interface Alphabet {
  readonly alphabet: RegExp;
  readonly group: number;
  /** How many characters may stand in a last, padded group. */
  readonly endings: readonly number[];
}

function decodeGroups(text: string, { alphabet, group, endings }: Alphabet, decode: (body: string) => string): Decoded {
  let body = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n' || char === '\r') continue;
    if (alphabet.test(char)) {
      body += char;
      continue;
    }
    const filled = body.length % group;
    if (char !== '=' || !endings.includes(filled)) return { corruptAt: i };
    // Padding up to the end of the group, then nothing more.
    let needed = group - filled - 1;
    let at = i + 1;
    for (; at < text.length; at++) {
      const next = text.charAt(at);
      if (next === '\n' || next === '\r') continue;
      if (next !== '=' || needed === 0) return { corruptAt: at };
      needed--;
    }
    return needed === 0 ? { bytes: decode(body) } : { corruptAt: text.length };
  }
  if (body.length % group === 0) return { bytes: decode(body) };
  return { corruptAt: group === 8 ? text.length : text.length - (body.length % group) };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32Bytes(body: string): string {
  let out = '';
  let bits = 0;
  let count = 0;
  for (const char of body) {
    bits = ((bits << 5) | BASE32.indexOf(char)) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      out += String.fromCharCode((bits >> count) & 0xff);
    }
  }
  return out;
}

function encodeBase32(bytes: string): string {
  let out = '';
  let bits = 0;
  let count = 0;
  for (let i = 0; i < bytes.length; i++) {
    bits = ((bits << 8) | bytes.charCodeAt(i)) & 0xfff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      out += BASE32.charAt((bits >> count) & 31);
    }
  }
  if (count > 0) out += BASE32.charAt((bits << (5 - count)) & 31);
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

function hash(algorithm: string): FunctionGroup[string] {
  return fn([str], (text) => createHash(algorithm).update(bufferOf(text)).digest('hex'));
}

function adler32(text: string): string {
  let a = 1;
  let b = 0;
  for (let i = 0; i < text.length; i++) {
    a = (a + text.charCodeAt(i)) % 65_521;
    b = (b + a) % 65_521;
  }
  return String(b * 65_536 + a);
}

function decodedOr(decoded: Decoded, name: string): string {
  return 'bytes' in decoded ? decoded.bytes : `illegal ${name} data at input byte ${decoded.corruptAt}`;
}

export const ENCODING_FUNCTIONS: FunctionGroup = {
  b64enc: fn([str], (text) => bufferOf(text).toString('base64')),
  b64dec: fn([str], (text) => decodedOr(decodeBase64(text), 'base64')),
  b32enc: fn([str], (text) => encodeBase32(text)),
  b32dec: fn([str], (text) => decodedOr(decodeBase32(text), 'base32')),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
  adler32sum: fn([str], (text) => adler32(text)),
};

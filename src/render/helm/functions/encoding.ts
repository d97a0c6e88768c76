import { createHash } from 'node:crypto';
import { bufferOf, bytesOf } from '../gotemplate/byte-string.ts';
import { fn, type FunctionGroup, str } from './define.ts';

/** Base64, base32 and hashes of byte strings. */

/** Decoded bytes, or the offset at which Go finds the input corrupt. */
export type Decoded = { readonly bytes: string } | { readonly corruptAt: number };

/** base64.StdEncoding.DecodeString: line breaks are skipped, padding must be right. */
export function decodeBase64(text: string): Decoded {
  let body = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n' || char === '\r') continue;
    if (/[A-Za-z0-9+/]/.test(char)) {
      body += char;
      continue;
    }
    const filled = body.length % 4;
    if (char !== '=' || filled < 2) return { corruptAt: i };
    let at = skipBreaks(text, i + 1);
    if (filled === 2) {
      if (at === text.length) return { corruptAt: at };
      if (text.charAt(at) !== '=') return { corruptAt: at - 1 };
      at = skipBreaks(text, at + 1);
    }
    return at < text.length ? { corruptAt: at } : { bytes: bytesOf(Buffer.from(body, 'base64')) };
  }
  const open = body.length % 4;
  return open === 0 ? { bytes: bytesOf(Buffer.from(body, 'base64')) } : { corruptAt: text.length - open };
}

function skipBreaks(text: string, from: number): number {
  let at = from;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at++;
  return at;
}

/** base32.StdEncoding.DecodeString: places are counted without line breaks. */
function decodeBase32(written: string): Decoded {
  const text = written.replaceAll(/[\r\n]/g, '');
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (/[A-Z2-7]/.test(char)) continue;
    const filled = i % 8;
    const rest = text.length - i - 1;
    if (char !== '=' || filled < 2 || rest >= 8) return { corruptAt: i };
    if (rest + filled < 7) return { corruptAt: text.length };
    for (let k = 0; k < 7 - filled; k++) if (rest > k && text.charAt(i + 1 + k) !== '=') return { corruptAt: i + k };
    if (filled === 3 || filled === 6) return { corruptAt: i };
    return { bytes: base32Bytes(text.slice(0, i)) };
  }
  const open = text.length % 8;
  return open === 0 ? { bytes: base32Bytes(text) } : { corruptAt: text.length - open };
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

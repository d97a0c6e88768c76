import { decodeRune, encodeRune, isAscii } from './byte-string.ts';
import { isPrint } from './unicode.ts';

/** Go's quoted strings, both ways (package strconv). All strings are byte strings. */

const NEEDS_CARE = /[^\u0020-\u0021\u0023-\u005b\u005d-\u007e]/;

const SHORT_ESCAPES = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
]);

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}

function escapeRune(rune: number, quote: string, asciiOnly: boolean): string {
  if (rune === quote.charCodeAt(0) || rune === 0x5c) return `\\${String.fromCharCode(rune)}`;
  if (rune < 0x80 ? isPrint(rune) : !asciiOnly && isPrint(rune)) return encodeRune(rune);
  const short = SHORT_ESCAPES.get(rune);
  if (short !== undefined) return short;
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

/** strconv.Quote, or QuoteToASCII. */
export function quote(bytes: string, asciiOnly = false): string {
  if (!NEEDS_CARE.test(bytes)) return `"${bytes}"`;
  if (isAscii(bytes)) {
    const escaped = bytes.replace(/["\\\u0000-\u001f\u007f]/g, (char) => escapeRune(char.charCodeAt(0), '"', true));
    return `"${escaped}"`;
  }
  let out = '"';
  for (let i = 0; i < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, i);
    if (size === 1 && rune === 0xfffd) out += `\\x${hex(bytes.charCodeAt(i), 2)}`;
    else out += escapeRune(rune, '"', asciiOnly);
    i += size;
  }
  return `${out}"`;
}

/** strconv.QuoteRune, or QuoteRuneToASCII. */
export function quoteRune(rune: number, asciiOnly = false): string {
  const valid = rune >= 0 && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff);
  return `'${escapeRune(valid ? rune : 0xfffd, "'", asciiOnly)}'`;
}

/** strconv.CanBackquote: one line, UTF-8, no control characters but tab, no backquote and no byte order mark. */
export function canBackquote(bytes: string): boolean {
  for (let i = 0; i < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, i);
    i += size;
    if (size > 1) {
      if (rune === 0xfeff) return false;
      continue;
    }
    if (rune === 0xfffd || (rune < 0x20 && rune !== 0x09) || rune === 0x60 || rune === 0x7f) return false;
  }
  return true;
}

const UNESCAPED = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

interface Unescaped {
  /** The bytes; for a character constant see `rune`. */
  readonly bytes: string;
  readonly rune: number;
  readonly next: number;
}

/** One character of a quoted text, at `at`; undefined when it is not well-formed. */
function unescapeAt(text: string, at: number, quoteChar: string): Unescaped | undefined {
  const first = text.charAt(at);
  if (first === quoteChar || first === '') return undefined;
  if (first !== '\\') {
    const { rune, size } = decodeRune(text, at);
    return { bytes: text.slice(at, at + size), rune, next: at + size };
  }
  const kind = text.charAt(at + 1);
  const simple = UNESCAPED.get(kind);
  if (simple !== undefined) return { bytes: simple, rune: simple.charCodeAt(0), next: at + 2 };
  if (kind === "'" || kind === '"')
    return kind === quoteChar ? { bytes: kind, rune: kind.charCodeAt(0), next: at + 2 } : undefined;
  const width = kind === 'x' ? 2 : kind === 'u' ? 4 : kind === 'U' ? 8 : 0;
  if (width > 0) {
    const digits = text.slice(at + 2, at + 2 + width);
    if (digits.length !== width || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    const value = Number.parseInt(digits, 16);
    if (kind === 'x') return { bytes: String.fromCharCode(value), rune: value, next: at + 4 };
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
    return { bytes: encodeRune(value), rune: value, next: at + 2 + width };
  }
  const octal = text.slice(at + 1, at + 4);
  if (!/^[0-7]{3}$/.test(octal)) return undefined;
  const value = Number.parseInt(octal, 8);
  return value > 255 ? undefined : { bytes: String.fromCharCode(value), rune: value, next: at + 4 };
}

/** strconv.Unquote for "…" and `…`; undefined when the text is not well-formed. */
export function unquote(text: string): string | undefined {
  const quoteChar = text.charAt(0);
  if (text.length < 2 || !text.endsWith(quoteChar)) return undefined;
  const body = text.slice(1, -1);
  if (quoteChar === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '');
  if (body.includes('\n')) return undefined;
  if (!body.includes('\\') && !body.includes(quoteChar)) return body;
  let out = '';
  for (let i = 0; i < body.length; ) {
    const found = unescapeAt(body, i, quoteChar);
    if (found === undefined) return undefined;
    out += found.bytes;
    i = found.next;
  }
  return out;
}

/** The first character of the inside of a character constant, and what follows it. */
export function unquoteChar(
  text: string,
  quoteChar: string,
): { readonly rune: number; readonly tail: string } | undefined {
  const found = unescapeAt(text, 0, quoteChar);
  return found === undefined ? undefined : { rune: found.rune, tail: text.slice(found.next) };
}

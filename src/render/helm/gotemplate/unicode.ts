import { decodeRune, encodeRune, isAscii } from './byte-string.ts';

/** Character classes and case of single runes by Go's unicode package: simple case mappings, never one rune to several. */

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;
const NUMBER = /^\p{N}$/u;
const PUNCTUATION = /^\p{P}$/u;
const UPPER = /^\p{Lu}$/u;
const LOWER = /^\p{Ll}$/u;
const GRAPHIC = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
const SPACE = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

function text(rune: number): string {
  return String.fromCodePoint(rune);
}

export function isLetter(rune: number): boolean {
  if (rune < 0x80) return (rune | 0x20) >= 0x61 && (rune | 0x20) <= 0x7a;
  return rune <= 0x10ffff && LETTER.test(text(rune));
}

export function isDigit(rune: number): boolean {
  return rune < 0x80 ? rune >= 0x30 && rune <= 0x39 : rune <= 0x10ffff && DIGIT.test(text(rune));
}

export function isNumber(rune: number): boolean {
  return rune < 0x80 ? rune >= 0x30 && rune <= 0x39 : NUMBER.test(text(rune));
}

export function isPunctuation(rune: number): boolean {
  return PUNCTUATION.test(text(rune));
}

export function isUpper(rune: number): boolean {
  return rune < 0x80 ? rune >= 0x41 && rune <= 0x5a : UPPER.test(text(rune));
}

export function isLower(rune: number): boolean {
  return rune < 0x80 ? rune >= 0x61 && rune <= 0x7a : LOWER.test(text(rune));
}

export function isSpace(rune: number): boolean {
  return rune <= 0x10ffff && SPACE.test(text(rune));
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7f;
  return rune <= 0x10ffff && GRAPHIC.test(text(rune));
}

/** Greek with iota below: the full mapping is two runes, the simple one is the title-case letter. */
function greekUpper(rune: number): number {
  if (rune >= 0x1f80 && rune <= 0x1faf) return rune | 8;
  if (rune === 0x1fb3 || rune === 0x1fc3 || rune === 0x1ff3) return rune + 9;
  return rune;
}

export function toUpper(rune: number): number {
  if (rune < 0x80) return rune >= 0x61 && rune <= 0x7a ? rune - 32 : rune;
  if (rune >= 0xd800 && rune <= 0xdfff) return rune;
  const upper = text(rune).toUpperCase();
  const first = upper.codePointAt(0) ?? rune;
  return upper.length === text(first).length ? first : greekUpper(rune);
}

export function toLower(rune: number): number {
  if (rune < 0x80) return rune >= 0x41 && rune <= 0x5a ? rune + 32 : rune;
  if (rune === 0x130) return 0x69;
  if (rune >= 0xd800 && rune <= 0xdfff) return rune;
  const lower = text(rune).toLowerCase();
  const first = lower.codePointAt(0) ?? rune;
  return lower.length === text(first).length ? first : rune;
}

const TITLE = new Map([
  [0x1c4, 0x1c5],
  [0x1c5, 0x1c5],
  [0x1c6, 0x1c5],
  [0x1c7, 0x1c8],
  [0x1c8, 0x1c8],
  [0x1c9, 0x1c8],
  [0x1ca, 0x1cb],
  [0x1cb, 0x1cb],
  [0x1cc, 0x1cb],
  [0x1f1, 0x1f2],
  [0x1f2, 0x1f2],
  [0x1f3, 0x1f2],
]);

export function toTitle(rune: number): number {
  if (rune >= 0x10d0 && rune <= 0x10ff) return rune;
  return TITLE.get(rune) ?? toUpper(rune);
}

/** strings.Map: each rune through `change`; bytes that are not UTF-8 become U+FFFD. */
function mapRunes(bytes: string, change: (rune: number) => number): string {
  let out = '';
  for (let i = 0; i < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, i);
    out += encodeRune(change(rune));
    i += size;
  }
  return out;
}

export function upperCase(bytes: string): string {
  return isAscii(bytes) ? bytes.toUpperCase() : mapRunes(bytes, toUpper);
}

export function lowerCase(bytes: string): string {
  return isAscii(bytes) ? bytes.toLowerCase() : mapRunes(bytes, toLower);
}

/** strings.TrimSpace. */
export function trimSpace(bytes: string): string {
  return trimRight(trimLeft(bytes, isSpace), isSpace);
}

export function trimLeft(bytes: string, cut: (rune: number) => boolean): string {
  let start = 0;
  while (start < bytes.length) {
    const { rune, size } = decodeRune(bytes, start);
    if (!cut(rune)) break;
    start += size;
  }
  return bytes.slice(start);
}

export function trimRight(bytes: string, cut: (rune: number) => boolean): string {
  let end = bytes.length;
  while (end > 0) {
    let start = end - 1;
    while (start > 0 && end - start < 4 && (bytes.charCodeAt(start) & 0xc0) === 0x80) start--;
    let found = decodeRune(bytes, start);
    if (start + found.size !== end) {
      start = end - 1;
      found = { rune: 0xfffd, size: 1 };
    }
    if (!cut(found.rune)) break;
    end = start;
  }
  return bytes.slice(0, end);
}

import { decodeRune, encodeRune } from '../gotemplate/byte-string.ts';
import {
  isDigit,
  isLetter,
  isLower,
  isNumber,
  isPunctuation,
  isSpace,
  isUpper,
  toLower,
  toTitle,
  toUpper,
} from '../gotemplate/unicode.ts';
import { runesOf } from '../gotemplate/byte-string.ts';

/** Words and case: camelcase, snakecase, title and their kin. All strings are byte strings. */

function joined(runes: readonly number[]): string {
  return runes.map(encodeRune).join('');
}

function isConnector(rune: number): boolean {
  return rune === 0x2d || rune === 0x5f || isSpace(rune);
}

/** `some_words` → `SomeWords`. Connectors at the start stay, and one of several in a row goes. */
export function pascalCase(text: string): string {
  const runes = runesOf(text);
  let at = 0;
  let out = '';
  let current = 0;
  let found = false;
  let startsUpper = false;
  while (at < runes.length && !found) {
    current = runes[at++] ?? 0;
    if (isConnector(current)) out += encodeRune(current);
    else {
      startsUpper = isUpper(current);
      current = toUpper(current);
      found = true;
    }
  }
  if (at >= runes.length) return runes.length === 0 ? '' : out + encodeRune(current);
  while (at < runes.length) {
    const previous = current;
    current = runes[at++] ?? 0;
    if (isConnector(current) && isConnector(previous)) {
      out += encodeRune(previous);
      continue;
    }
    if (isConnector(previous)) {
      startsUpper = isUpper(current);
      current = toUpper(current);
      continue;
    }
    if (startsUpper) {
      if (isUpper(current)) current = toLower(current);
      else startsUpper = false;
    }
    out += encodeRune(previous);
  }
  return out + encodeRune(current);
}

type WordKind = 'invalid' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';

interface Word {
  readonly kind: WordKind;
  readonly text: string;
  readonly rest: string;
}

/** A letter, but none of the common Han characters, which make words of their own. */
function isAlphabet(rune: number): boolean {
  if (!isLetter(rune)) return false;
  return !(
    (rune >= 0x4e00 && rune <= 0x9fcc) ||
    (rune >= 0x3400 && rune <= 0x4d85) ||
    (rune >= 0x20000 && rune <= 0x2b81d)
  );
}

/** The next rune that is UTF-8, skipping bytes that are not; the previous one when none is left. */
function validRune(text: string, previous: number): { readonly rune: number; readonly size: number } {
  let size = 0;
  let at = 0;
  while (at < text.length) {
    const found = decodeRune(text, at);
    size += found.size;
    if (found.rune !== 0xfffd) return { rune: found.rune, size };
    at += found.size;
  }
  return { rune: previous, size };
}

function nextWord(text: string): Word {
  if (text === '') return { kind: 'invalid', text: '', rest: '' };
  const first = validRune(text, 0xfffd);
  let end = first.size;
  if (first.rune === 0xfffd) return { kind: 'invalid', text: text.slice(0, end), rest: text.slice(end) };
  const extend = (accept: (rune: number) => boolean, previous: number): number => {
    let last = previous;
    while (end < text.length) {
      const next = validRune(text.slice(end), last);
      last = next.rune;
      if (!accept(next.rune)) return next.rune;
      end += next.size;
      if (next.size === 0) break;
    }
    return last;
  };
  const word = (kind: WordKind): Word => ({ kind, text: text.slice(0, end), rest: text.slice(end) });
  const { rune } = first;
  if (isConnector(rune)) {
    extend(isConnector, rune);
    return word('connector');
  }
  if (isPunctuation(rune)) {
    extend(isPunctuation, rune);
    return word('punctuation');
  }
  if (isUpper(rune)) return upperWord(text, end, word, extend, (to) => (end = to));
  if (isAlphabet(rune)) {
    extend((next) => isAlphabet(next) && !isUpper(next), rune);
    return word('alphabet');
  }
  if (isNumber(rune)) {
    extend(isNumber, rune);
    return word('number');
  }
  extend((next) => !(isConnector(next) || isAlphabet(next) || isNumber(next) || isPunctuation(next)), rune);
  return word('other');
}

/** `HTTPStatus` is `HTTP` and `Status`: the last capital before small letters belongs to them. */
function upperWord(
  text: string,
  start: number,
  word: (kind: WordKind) => Word,
  extend: (accept: (rune: number) => boolean, previous: number) => number,
  setEnd: (to: number) => void,
): Word {
  if (start >= text.length) return word('upper');
  const second = validRune(text.slice(start), 0);
  if (isUpper(second.rune)) {
    let lastSize = second.size;
    let end = start + second.size;
    let after = second.rune;
    while (end < text.length) {
      const next = validRune(text.slice(end), after);
      after = next.rune;
      if (!isUpper(next.rune)) break;
      lastSize = next.size;
      end += next.size;
    }
    if (end < text.length && isAlphabet(after)) end -= lastSize;
    setEnd(end);
    return word('upper');
  }
  if (isAlphabet(second.rune)) {
    setEnd(start + second.size);
    extend((next) => isAlphabet(next) && !isUpper(next), second.rune);
  }
  return word('upper');
}

function lowered({ kind, text }: { readonly kind: WordKind; readonly text: string }, connector: string): string {
  if (kind !== 'upper' && kind !== 'connector') return text;
  return runesOf(text)
    .map((rune) => (isConnector(rune) ? connector : encodeRune(isUpper(rune) ? toLower(rune) : rune)))
    .join('');
}

/** `HTTPServer` → `http_server`, with `_` or `-` between the words. */
export function lowerWords(text: string, connector: '_' | '-'): string {
  let out = '';
  let word = nextWord(text);
  const isJoint = (kind: WordKind): boolean => kind === 'connector' || kind === 'punctuation';
  /** Words and numbers that belong together. */
  const takeRun = (): void => {
    while (word.kind === 'alphabet' || word.kind === 'number') {
      out += lowered(word, connector);
      word = nextWord(word.rest);
    }
    if (word.kind !== 'invalid' && !isJoint(word.kind)) out += connector;
  };
  while (word.rest !== '') {
    const last = word;
    if (last.kind !== 'connector') out += lowered(last, connector);
    word = nextWord(last.rest);
    if (last.kind === 'number') takeRun();
    else if (last.kind === 'connector') out += lowered(last, connector);
    else if (last.kind !== 'punctuation') {
      if (word.kind !== 'number') {
        if (!isJoint(word.kind)) out += connector;
        continue;
      }
      if (word.rest === '') continue;
      const number = word;
      word = nextWord(word.rest);
      if (word.kind !== 'alphabet') {
        out += lowered(number, connector);
        if (!isJoint(word.kind)) out += connector;
        continue;
      }
      out += connector + lowered(number, connector);
      takeRun();
    }
  }
  return out + lowered(word, connector);
}

/** strings.Title: the first letter of each word in title case. */
export function titleCase(text: string): string {
  let previous = 0x20;
  return joined(
    runesOf(text).map((rune) => {
      const isStart = isSeparator(previous);
      previous = rune;
      return isStart ? toTitle(rune) : rune;
    }),
  );
}

function isSeparator(rune: number): boolean {
  if (rune < 0x80) return !(isLetter(rune) || isDigit(rune) || rune === 0x5f);
  return !isLetter(rune) && !isDigit(rune) && isSpace(rune);
}

/** The first letter of each word in lower case. */
export function untitle(text: string): string {
  if (text === '') return '';
  let atStart = true;
  return joined(
    runesOf(text).map((rune) => {
      if (isSpace(rune)) {
        atStart = true;
        return rune;
      }
      const changed = atStart ? toLower(rune) : rune;
      atStart = false;
      return changed;
    }),
  );
}

/** Capitals become small, small letters capital, at the start of words title case. */
export function swapCase(text: string): string {
  let afterSpace = true;
  return joined(
    runesOf(text).map((rune) => {
      if (isUpper(rune) || /^\p{Lt}$/u.test(String.fromCodePoint(rune))) {
        afterSpace = false;
        return toLower(rune);
      }
      if (isLower(rune)) {
        const swapped = afterSpace ? toTitle(rune) : toUpper(rune);
        afterSpace = false;
        return swapped;
      }
      afterSpace = isSpace(rune);
      return rune;
    }),
  );
}

/** The first byte of each word; a byte beyond ASCII comes out as the character of that number. */
export function initials(text: string): string {
  let out = '';
  let afterGap = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) afterGap = true;
    else if (afterGap) {
      out += encodeRune(code);
      afterGap = false;
    }
  }
  return out;
}

/** Without white space; looked at byte by byte, as the original does. */
export function withoutSpace(text: string): string {
  let out = '';
  let kept = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) continue;
    out += encodeRune(code);
    kept++;
  }
  return kept === text.length ? text : out;
}

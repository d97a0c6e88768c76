import { hexValue, isBlank, isBlankOrEnd, isBreak, isDigit } from './characters.ts';
import type { Cursor } from './cursor.ts';
import type { YamlFault } from './problem.ts';
import { skipToLineEnd } from './scan-tag.ts';
import { DOUBLE_QUOTED, FOLDED, LITERAL, PLAIN, SCALAR, SINGLE_QUOTED, type Token } from './tokens.ts';

/**
 * A plain scalar, over several lines when they are indented. `brokeLine`: it ended after a line break, so that a key may follow.
 */
export function scanPlainScalar(
  cursor: Cursor,
  parentIndent: number,
  flow: boolean,
): { readonly token: Token; readonly brokeLine: boolean } {
  const position = cursor.position;
  const { text } = cursor;
  let value = '';
  let blanks = '';
  let firstBreak = '';
  let moreBreaks = '';
  for (;;) {
    if (cursor.atDocumentMarker() || cursor.peek() === 35) break;
    const start = cursor.position;
    let code = cursor.peek();
    while (!isBlankOrEnd(code) && !endsPlain(code, cursor, flow)) {
      cursor.position++;
      code = cursor.peek();
    }
    if (cursor.position > start) {
      value += firstBreak === '' ? blanks : foldBreaks(firstBreak, moreBreaks);
      value += text.slice(start, cursor.position);
      blanks = '';
      firstBreak = '';
      moreBreaks = '';
    }
    if (!isBlank(code) && !isBreak(code)) break;
    while (isBlank(code) || isBreak(code)) {
      if (isBreak(code)) {
        const taken = cursor.readBreak();
        if (firstBreak === '') firstBreak = taken;
        else moreBreaks += taken;
        blanks = '';
      } else {
        if (firstBreak !== '' && code === 9 && cursor.column() <= parentIndent) {
          throw cursor.fault('found a tab character that violates indentation');
        }
        if (firstBreak === '') blanks += text.charAt(cursor.position);
        cursor.position++;
      }
      code = cursor.peek();
    }
    if (!flow && cursor.column() <= parentIndent) break;
  }
  return {
    token: { type: SCALAR, position, value, suffix: '', style: PLAIN, end: cursor.position },
    brokeLine: firstBreak !== '',
  };
}

function endsPlain(code: number, cursor: Cursor, flow: boolean): boolean {
  if (code === 58) return isBlankOrEnd(cursor.peek(1));
  return flow && (code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125);
}

/** One line break becomes a space; of several the first one goes. */
function foldBreaks(first: string, more: string): string {
  if (first !== '\n') return first + more;
  return more === '' ? ' ' : more;
}

/** `'…'` or `"…"`. */
export function scanQuotedScalar(cursor: Cursor, single: boolean): Token {
  const position = cursor.position++;
  const quote = single ? 39 : 34;
  const { text } = cursor;
  let value = '';
  for (;;) {
    if (cursor.atDocumentMarker()) throw cursor.fault('found unexpected document indicator', position);
    let code = cursor.peek();
    if (code === 0) throw cursor.fault('found unexpected end of stream', position);
    let escapedBreak = false;
    let start = cursor.position;
    while (!isBlankOrEnd(code)) {
      if (code === quote) {
        if (!single || cursor.peek(1) !== 39) break;
        value += `${text.slice(start, cursor.position)}'`;
        cursor.position += 2;
        start = cursor.position;
      } else if (code === 92 && !single) {
        value += text.slice(start, cursor.position);
        if (isBreak(cursor.peek(1))) {
          cursor.position++;
          cursor.skipBreak();
          escapedBreak = true;
          start = cursor.position;
          break;
        }
        value += readEscape(cursor, position);
        start = cursor.position;
      } else {
        cursor.position++;
      }
      code = cursor.peek();
    }
    value += text.slice(start, cursor.position);
    code = cursor.peek();
    if (code === quote) break;
    let blanks = '';
    let firstBreak = '';
    let moreBreaks = '';
    let leading = escapedBreak;
    while (isBlank(code) || isBreak(code)) {
      if (isBreak(code)) {
        const taken = cursor.readBreak();
        blanks = '';
        if (leading) moreBreaks += taken;
        else firstBreak = taken;
        leading = true;
      } else {
        if (!leading) blanks += text.charAt(cursor.position);
        cursor.position++;
      }
      code = cursor.peek();
    }
    if (!leading) value += blanks;
    else value += firstBreak === '' ? moreBreaks : foldBreaks(firstBreak, moreBreaks);
  }
  cursor.position++;
  return {
    type: SCALAR,
    position,
    value,
    suffix: '',
    style: single ? SINGLE_QUOTED : DOUBLE_QUOTED,
    end: cursor.position,
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function readEscape(cursor: Cursor, position: number): string {
  const letter = String.fromCharCode(cursor.peek(1));
  if (Object.hasOwn(ESCAPES, letter)) {
    cursor.position += 2;
    return ESCAPES[letter] ?? '';
  }
  const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (length === 0) throw cursor.fault('found unknown escape character');
  cursor.position += 2;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const digit = hexValue(cursor.peek(index));
    if (digit < 0) throw cursor.fault('did not find expected hexadecimal number', position);
    value = value * 16 + digit;
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) {
    throw cursor.fault('found invalid Unicode character escape code', position);
  }
  cursor.position += length;
  return String.fromCodePoint(value);
}

/** `|` or `>` with its lines. `parentIndent` is the column of the collection around it, -1 at the top. */
export function scanBlockScalar(cursor: Cursor, literal: boolean, parentIndent: number): Token {
  const position = cursor.position++;
  const { chomping, increment } = readHeader(cursor, position);
  skipToLineEnd(cursor, position);
  const { text } = cursor;
  let breaks: string;
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  if (indent === 0) ({ indent, breaks } = findIndentation(cursor, parentIndent, position));
  else breaks = skipIndentation(cursor, indent, position);
  let value = '';
  let lineBreak = '';
  let wasBlank = false;
  while (cursor.column() === indent && cursor.position < text.length) {
    const start = cursor.position;
    const startsBlank = isBlank(text.charCodeAt(start));
    const folds = !literal && lineBreak === '\n' && !wasBlank && !startsBlank;
    const lead = folds ? (breaks === '' ? ' ' : breaks) : lineBreak + breaks;
    wasBlank = startsBlank;
    let end = start;
    for (let code = text.charCodeAt(end); !isBreak(code) && end < text.length; code = text.charCodeAt(end)) end++;
    value += lead + text.slice(start, end);
    cursor.position = end;
    lineBreak = cursor.readBreak();
    breaks = skipIndentation(cursor, indent, position);
  }
  if (chomping !== '-') value += lineBreak;
  if (chomping === '+') value += breaks;
  return { type: SCALAR, position, value, suffix: '', style: literal ? LITERAL : FOLDED, end: cursor.position };
}

function readHeader(cursor: Cursor, position: number): { chomping: string; increment: number } {
  let chomping = '';
  let increment = 0;
  const readChomping = (): void => {
    const code = cursor.peek();
    if (code !== 43 && code !== 45) return;
    chomping = String.fromCharCode(code);
    cursor.position++;
  };
  readChomping();
  if (isDigit(cursor.peek())) {
    increment = cursor.peek() - 48;
    if (increment === 0) throw cursor.fault('found an indentation indicator equal to 0', position);
    cursor.position++;
    if (chomping === '') readChomping();
  }
  return { chomping, increment };
}

/** Eats empty lines and the indentation of the first line that is not empty, which says what the indentation is. */
function findIndentation(cursor: Cursor, parentIndent: number, position: number): { indent: number; breaks: string } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    while (cursor.peek() === 32) cursor.position++;
    deepest = Math.max(deepest, cursor.column());
    const code = cursor.peek();
    if (code === 9) throw tabFault(cursor, position);
    if (!isBreak(code)) return { indent: Math.max(deepest, parentIndent + 1, 1), breaks };
    breaks += cursor.readBreak();
  }
}

/** Eats empty lines and at most `indent` spaces of the next line. */
function skipIndentation(cursor: Cursor, indent: number, position: number): string {
  const { text } = cursor;
  let breaks = '';
  for (;;) {
    const end = cursor.lineStart + indent;
    let at = cursor.position;
    while (at < end && text.charCodeAt(at) === 32) at++;
    cursor.position = at;
    const code = text.charCodeAt(at);
    if (at < end && code === 9) throw tabFault(cursor, position);
    if (!isBreak(code)) return breaks;
    breaks += cursor.readBreak();
  }
}

function tabFault(cursor: Cursor, position: number): YamlFault {
  return cursor.fault('found a tab character where an indentation space is expected', position);
}

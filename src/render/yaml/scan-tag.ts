import { hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit, isWord } from './characters.ts';
import type { Cursor } from './cursor.ts';
import { ALIAS, ANCHOR, TAG, TAG_DIRECTIVE, type Token, VERSION_DIRECTIVE } from './tokens.ts';

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor, type: typeof ALIAS | typeof ANCHOR): Token {
  const position = cursor.position++;
  const value = readWord(cursor);
  const after = cursor.peek();
  if (value === '' || !(isBlankOrEnd(after) || '?:,]}%@`'.includes(String.fromCharCode(after)))) {
    throw cursor.fault('did not find expected alphabetic or numeric character', position);
  }
  return { type, position, value, suffix: '', style: 0, end: 0 };
}

/** `!`, `!suffix`, `!handle!suffix` or `!<uri>`. */
export function scanTag(cursor: Cursor): Token {
  const position = cursor.position;
  let handle = '';
  let suffix: string;
  if (cursor.peek(1) === 60) {
    cursor.position += 2;
    suffix = readUri(cursor, '', position);
    if (cursor.peek() !== 62) throw cursor.fault("did not find the expected '>'", position);
    cursor.position++;
  } else {
    handle = readHandle(cursor, false, position);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = readUri(cursor, '', position);
    } else {
      suffix = readUri(cursor, handle, position);
      handle = '!';
      if (suffix === '') [handle, suffix] = ['', '!'];
    }
  }
  if (!isBlankOrEnd(cursor.peek())) throw cursor.fault('did not find expected whitespace or line break', position);
  return { type: TAG, position, value: handle, suffix, style: 0, end: 0 };
}

/** A `%YAML` or `%TAG` line; every other directive is refused. */
export function scanDirective(cursor: Cursor): Token {
  const position = cursor.position++;
  const name = readWord(cursor);
  if (name === '') throw cursor.fault('could not find expected directive name', position);
  if (!isBlankOrEnd(cursor.peek())) throw cursor.fault('found unexpected non-alphabetical character', position);
  let found: Token;
  if (name === 'YAML') {
    skipBlanks(cursor);
    const major = readVersionNumber(cursor, position);
    if (cursor.peek() !== 46) throw cursor.fault("did not find expected digit or '.' character", position);
    cursor.position++;
    const minor = readVersionNumber(cursor, position);
    found = { type: VERSION_DIRECTIVE, position, value: major, suffix: minor, style: 0, end: 0 };
  } else if (name === 'TAG') {
    skipBlanks(cursor);
    const handle = readHandle(cursor, true, position);
    if (!isBlank(cursor.peek())) throw cursor.fault('did not find expected whitespace', position);
    skipBlanks(cursor);
    const prefix = readUri(cursor, '', position);
    if (!isBlankOrEnd(cursor.peek())) throw cursor.fault('did not find expected whitespace or line break', position);
    found = { type: TAG_DIRECTIVE, position, value: handle, suffix: prefix, style: 0, end: 0 };
  } else {
    throw cursor.fault('found unknown directive name', position);
  }
  skipToLineEnd(cursor, position);
  return found;
}

/** Blanks, a comment and the line break; anything else is a fault. */
export function skipToLineEnd(cursor: Cursor, position: number): void {
  skipBlanks(cursor);
  if (cursor.peek() === 35) while (!isBreakOrEnd(cursor.peek())) cursor.position++;
  if (!isBreakOrEnd(cursor.peek())) throw cursor.fault('did not find expected comment or line break', position);
  if (isBreak(cursor.peek())) cursor.skipBreak();
}

function skipBlanks(cursor: Cursor): void {
  while (isBlank(cursor.peek())) cursor.position++;
}

function readWord(cursor: Cursor): string {
  const start = cursor.position;
  while (isWord(cursor.peek())) cursor.position++;
  return cursor.text.slice(start, cursor.position);
}

function readVersionNumber(cursor: Cursor, position: number): string {
  const start = cursor.position;
  while (isDigit(cursor.peek())) {
    if (cursor.position - start >= 2) throw cursor.fault('found extremely long version number', position);
    cursor.position++;
  }
  if (cursor.position === start) throw cursor.fault('did not find expected version number', position);
  return String(Number(cursor.text.slice(start, cursor.position)));
}

function readHandle(cursor: Cursor, directive: boolean, position: number): string {
  if (cursor.peek() !== 33) throw cursor.fault("did not find expected '!'", position);
  cursor.position++;
  let handle = `!${readWord(cursor)}`;
  if (cursor.peek() === 33) {
    cursor.position++;
    handle += '!';
  } else if (directive && handle !== '!') {
    throw cursor.fault("did not find expected '!'", position);
  }
  return handle;
}

const URI_MARKS = new Set(Buffer.from(";/?:@&=+$,.!~*'()[]%", 'latin1'));

function readUri(cursor: Cursor, head: string, position: number): string {
  let uri = head.slice(1);
  let found = head !== '';
  for (;;) {
    const code = cursor.peek();
    if (!isWord(code) && !URI_MARKS.has(code)) break;
    if (code === 37) uri += readEscapedCharacter(cursor, position);
    else {
      uri += String.fromCharCode(code);
      cursor.position++;
    }
    found = true;
  }
  if (!found) throw cursor.fault('did not find expected tag URI', position);
  return uri;
}

/** One UTF-8 character written as `%XX` octets. */
function readEscapedCharacter(cursor: Cursor, position: number): string {
  const octets: number[] = [];
  let width = 1;
  while (octets.length < width) {
    const high = hexValue(cursor.peek(1));
    const low = hexValue(cursor.peek(2));
    if (cursor.peek() !== 37 || high < 0 || low < 0) throw cursor.fault('did not find URI escaped octet', position);
    const octet = high * 16 + low;
    if (octets.length === 0) {
      width =
        octet < 0x80 ? 1 : (octet & 0xe0) === 0xc0 ? 2 : (octet & 0xf0) === 0xe0 ? 3 : (octet & 0xf8) === 0xf0 ? 4 : 0;
      if (width === 0) throw cursor.fault('found an incorrect leading UTF-8 octet', position);
    } else if ((octet & 0xc0) !== 0x80) {
      throw cursor.fault('found an incorrect trailing UTF-8 octet', position);
    }
    octets.push(octet);
    cursor.position += 3;
  }
  return Buffer.from(octets).toString('utf8');
}

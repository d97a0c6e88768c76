import { encodeRune } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import { parseFloat64, parseInt64 } from '../gotemplate/number-text.ts';
import { quote } from '../gotemplate/quote.ts';
import { isLetter } from '../gotemplate/unicode.ts';
import { goInt64, type GoValue } from '../gotemplate/values.ts';
import { goTime } from './go-time.ts';
import type { Instant } from './instant.ts';
import { parseTime } from './time-parse.ts';
import { EOF, shownRune, type TomlScanner } from './toml-scan.ts';
import { fixedZone } from './zones.ts';

/** TOML's scalars: strings, numbers, dates, booleans. */

export function readScalar(scanner: TomlScanner, first: number): GoValue {
  if (first === 0x22 || first === 0x27) return readString(scanner, true);
  if (first >= 0x30 && first <= 0x39) return readNumberOrDate(scanner);
  switch (first) {
    case 0x2e: // .
      scanner.next();
      return scanner.fail("floats must start with a digit, not '.'");
    case 0x2b: // +
    case 0x2d: // -
      return readSigned(scanner);
    case EOF:
      return scanner.fail('unexpected EOF; expected value');
    default:
      break;
  }
  if (scanner.text.startsWith('inf', scanner.at) || scanner.text.startsWith('nan', scanner.at))
    return scanner.take(/[infa]/) === 'inf' ? Infinity : Number.NaN;
  if (isLetter(first)) return readWord(scanner);
  const line = scanner.line;
  scanner.next();
  return scanner.failAt(line, `expected value but found ${shownRune(first)} instead`);
}

function readWord(scanner: TomlScanner): boolean {
  const start = scanner.at;
  for (let rune = scanner.peek(); rune !== EOF && isLetter(rune); rune = scanner.peek()) scanner.next();
  const word = scanner.text.slice(start, scanner.at);
  if (word === 'true' || word === 'false') return word === 'true';
  return scanner.fail(`expected value but found ${quote(word)} instead`);
}

/** A quoted string; keys have the one-line forms only. */
export function readString(scanner: TomlScanner, allowsLines: boolean): string {
  const mark = scanner.text.charAt(scanner.at);
  const isRaw = mark === "'";
  if (allowsLines && scanner.text.startsWith(mark.repeat(3), scanner.at)) return readLines(scanner, mark, isRaw);
  scanner.next();
  let out = '';
  for (;;) {
    const line = scanner.line;
    const start = scanner.at;
    const rune = scanner.next();
    if (rune === EOF) return scanner.fail(isRaw ? `unexpected EOF; expected "'"` : `unexpected EOF; expected '"'`);
    if (rune === 0x0a || rune === 0x0d)
      return scanner.failAt(rune === 0x0a ? line : line - 1, 'strings cannot contain newlines');
    if (rune === mark.charCodeAt(0)) return out;
    out += !isRaw && rune === 0x5c ? readEscape(scanner, false) : scanner.text.slice(start, scanner.at);
  }
}

function readLines(scanner: TomlScanner, mark: string, isRaw: boolean): string {
  for (let i = 0; i < 3; i++) scanner.next();
  if (!scanner.accept('\n') && scanner.text.startsWith('\r\n', scanner.at)) for (let i = 0; i < 2; i++) scanner.next();
  let out = '';
  for (;;) {
    if (scanner.text.startsWith(mark.repeat(3), scanner.at)) {
      const run = scanner.take(mark === '"' ? /"/ : /'/);
      if (run.length >= 6) return scanner.fail(isRaw ? `unexpected "''''''"` : `unexpected '""""""'`);
      return out + run.slice(3);
    }
    const start = scanner.at;
    const rune = scanner.next();
    if (rune === EOF) return scanner.fail(isRaw ? `unexpected EOF; expected "'''"` : `unexpected EOF; expected '"""'`);
    out += !isRaw && rune === 0x5c ? readEscape(scanner, true) : scanner.text.slice(start, scanner.at);
  }
}

const ESCAPES = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['"', '"'],
  ['\\', '\\'],
]);

const HEX_ESCAPES = new Map([
  ['x', { length: 2, name: 'two' }],
  ['u', { length: 4, name: 'four' }],
  ['U', { length: 8, name: 'eight' }],
]);

/** What follows a backslash. */
function readEscape(scanner: TomlScanner, allowsLines: boolean): string {
  // A backslash at the end of a line takes the break and all white space after it away.
  if (allowsLines && /^[ \t\r]*\n/.test(scanner.text.slice(scanner.at, scanner.at + 1_024))) {
    scanner.take(/[ \t\r\n]/);
    return '';
  }
  const start = scanner.at;
  const rune = scanner.next();
  const char = rune === EOF ? '\u0000' : encodeRune(rune);
  const plain = ESCAPES.get(char);
  if (plain !== undefined) return plain;
  if (char === ' ' || char === '\t') return scanner.fail(`invalid escape: '\\${char}'`);
  const hex = HEX_ESCAPES.get(char);
  if (hex === undefined) return scanner.fail(`invalid escape in string '\\${char}'`);
  for (let i = 0; i < hex.length; i++) {
    const digit = scanner.next();
    if (digit === EOF || !/^[0-9a-fA-F]$/.test(encodeRune(digit)))
      return scanner.fail(
        `expected ${hex.name} hexadecimal digits after '\\${char}', but got ${quote(scanner.text.slice(start - 1, scanner.at))} instead`,
      );
  }
  const digits = scanner.text.slice(start + 1, scanner.at);
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
    return scanner.fail(`Escaped character '\\u${digits}' is not valid UTF-8.`);
  return encodeRune(code);
}

function readSigned(scanner: TomlScanner): GoValue {
  const start = scanner.at;
  scanner.next();
  const rune = scanner.next();
  const char = rune === EOF ? '' : encodeRune(rune);
  if (char === 'i' || char === 'n') {
    const rest = char === 'i' ? 'nf' : 'an';
    if (!Array.from(rest).every((letter) => scanner.accept(letter)))
      return scanner.fail(`invalid float: '${scanner.text.slice(start, scanner.at)}'`);
    return char === 'n' ? Number.NaN : scanner.text.charAt(start) === '-' ? -Infinity : Infinity;
  }
  if (char === '.') return scanner.fail("floats must start with a digit, not '.'");
  if (char === '0' && /^[box]/.test(scanner.text.charAt(scanner.at)))
    return scanner.fail(`cannot use sign with non-decimal numbers: '${scanner.text.slice(start, scanner.at + 1)}'`);
  if (!/^[0-9]$/.test(char)) return scanner.fail(`expected a digit but got ${shownRune(rune)}`);
  scanner.take(/[0-9_]/);
  return finishDecimal(scanner, start);
}

function readNumberOrDate(scanner: TomlScanner): GoValue {
  const start = scanner.at;
  const base = /^0([box])/.exec(scanner.text.slice(start, start + 2))?.[1];
  if (base !== undefined) return readBased(scanner, base);
  scanner.take(/[0-9]/);
  const next = scanner.text.charAt(scanner.at);
  if (next === '-' || next === ':') {
    scanner.take(/[0-9\-:Tt .Zz+]/);
    return readDate(scanner, scanner.text.slice(start, scanner.at).trim());
  }
  if (next === '_') scanner.take(/[0-9_]/);
  return finishDecimal(scanner, start);
}

const BASES = new Map([
  ['b', { digits: /[01_]/, first: /[01]/, name: 'a binary' }],
  ['o', { digits: /[0-7_]/, first: /[0-7]/, name: 'an octal' }],
  ['x', { digits: /[0-9a-fA-F_]/, first: /[0-9a-fA-F]/, name: 'a hexadecimal' }],
]);

function readBased(scanner: TomlScanner, base: string): GoValue {
  const start = scanner.at;
  scanner.next();
  scanner.next();
  const rules = BASES.get(base);
  const next = scanner.peek();
  const char = next === EOF ? '\u0000' : encodeRune(next);
  if (rules === undefined || !rules.first.test(char))
    return scanner.fail(`not ${rules?.name ?? ''} number: '0${base}${char}'`);
  scanner.take(rules.digits);
  return integerOf(scanner, scanner.text.slice(start, scanner.at));
}

function finishDecimal(scanner: TomlScanner, start: number): GoValue {
  if (!/[.eE]/.test(scanner.text.charAt(scanner.at))) return integerOf(scanner, scanner.text.slice(start, scanner.at));
  scanner.take(/[0-9_.+\-eE]/);
  return floatOf(scanner, scanner.text.slice(start, scanner.at));
}

/** Each underscore stands between digits. */
function underscoresFit(text: string): boolean {
  return text !== '' && !/(^|[^0-9a-fA-F])_|_$|_(?=[^0-9a-fA-F])/.test(text);
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[-+]0./.test(text);
}

function integerOf(scanner: TomlScanner, text: string): GoValue {
  if (!underscoresFit(text))
    return scanner.fail(`Invalid integer ${quote(text)}: underscores must be surrounded by digits`);
  if (hasLeadingZero(text)) return scanner.fail(`Invalid integer ${quote(text)}: cannot have leading zeroes`);
  const value = parseInt64(text, 0);
  return typeof value === 'bigint' ? goInt64(value) : scanner.fail(`${text} is out of range for int64`);
}

function floatOf(scanner: TomlScanner, text: string): GoValue {
  const parts = text.split(/[.eE]+/).filter((part) => part !== '');
  if (!parts.every(underscoresFit))
    return scanner.fail(`Invalid float ${quote(text)}: underscores must be surrounded by digits`);
  if (hasLeadingZero(parts[0] ?? '')) return scanner.fail(`Invalid float ${quote(text)}: cannot have leading zeroes`);
  if (/\.([^0-9]|$)/.test(text))
    return scanner.fail(`Invalid float ${quote(text)}: '.' must be followed by one or more digits`);
  const value = parseFloat64(text.replaceAll('_', ''));
  if (value === 'range') return scanner.fail(`${text} is out of range for float64`);
  return value === 'syntax' ? scanner.fail(`Invalid float value: ${quote(text)}`) : value;
}

/** Layouts that a date may have, and the zone of those without an offset. */
const DATE_LAYOUTS: readonly (readonly [string, string])[] = [
  ['2006-01-02T15:04:05.999999999Z07:00', ''],
  ['2006-01-02T15:04:05.999999999', 'datetime-local'],
  ['2006-01-02', 'date-local'],
  ['15:04:05.999999999', 'time-local'],
  ['2006-01-02T15:04Z07:00', ''],
  ['2006-01-02T15:04', 'datetime-local'],
  ['15:04', 'time-local'],
];

function readDate(scanner: TomlScanner, written: string): GoValue {
  const text = written.replaceAll('z', 'Z').replaceAll(/[t ]/g, 'T');
  for (const [layout, zone] of DATE_LAYOUTS) {
    const found = tryParse(layout, text);
    if (found === undefined) continue;
    if (lacksZero(text, layout)) break;
    return goTime(zone === '' ? found : { ...found, zone: fixedZone(zone, 0) });
  }
  return scanner.fail(`invalid datetime: ${quote(text)}`);
}

function tryParse(layout: string, text: string): Instant | undefined {
  try {
    return parseTime(layout, text);
  } catch (thrown) {
    if (thrown instanceof GoError) return undefined;
    throw thrown;
  }
}

/** Separators stand where the layout has them, or a leading zero is missing. */
function lacksZero(text: string, layout: string): boolean {
  for (let i = 0; i < layout.length; i++) {
    const char = layout.charAt(i);
    if (char === '.' || char === 'Z') return false;
    if (!/[0-9]/.test(char) && text.charAt(i) !== char) return true;
  }
  return false;
}

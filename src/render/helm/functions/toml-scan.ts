import { decodeRune, encodeRune } from '../gotemplate/byte-string.ts';
import { GoError } from '../gotemplate/errors.ts';
import { quote, quoteRune } from '../gotemplate/quote.ts';

/** Reads a TOML text rune by rune and keeps the place for errors, which are BurntSushi's word for word. */

export const EOF = -1;

/** How `%q` shows a rune; the end counts as NUL. */
export function shownRune(rune: number): string {
  return quoteRune(rune === EOF ? 0 : rune);
}

const BARE_KEY = /^[A-Za-z0-9_-]+$/;
const SHORT = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/** A string between double quotes. */
export function tomlQuoted(text: string): string {
  const escaped = text.replace(
    /["\\\u0000-\u001f\u007f]/g,
    (char) => SHORT.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

export function tomlKey(key: string): string {
  return BARE_KEY.test(key) ? key : tomlQuoted(key);
}

export function tomlPath(path: readonly string[]): string {
  return path.map(tomlKey).join('.');
}

export class TomlScanner {
  readonly text: string;
  at = 0;
  line = 1;
  /** The end was read, not only seen. */
  private ended = false;
  /** The key that is being read, for errors. */
  lastKey: () => string = () => '';

  constructor(text: string) {
    this.text = text;
  }

  /** Complains about the place at hand; at the end of the text about its last line. */
  fail(message: string): never {
    this.failAt(this.ended && this.text.endsWith('\n') ? this.line - 1 : this.line, message);
  }

  failAt(line: number, message: string): never {
    const key = this.lastKey();
    const where = key === '' ? '' : ` (last key ${quote(key)})`;
    throw new GoError(`toml: line ${line}${where}: ${message}`);
  }

  peek(): number {
    if (this.at >= this.text.length) return EOF;
    const { rune, size } = decodeRune(this.text, this.at);
    const byte = this.text.charCodeAt(this.at);
    if (rune === 0xfffd && size === 1)
      this.failAt(this.line, `invalid UTF-8 byte: 0x${byte.toString(16).padStart(2, '0')}`);
    const isLoneReturn = rune === 0x0d && this.text.charAt(this.at + 1) !== '\n';
    if ((rune < 0x20 && rune !== 0x09 && rune !== 0x0a && rune !== 0x0d) || rune === 0x7f || isLoneReturn)
      this.failAt(this.line, `TOML files cannot contain control characters: '0x${rune.toString(16).padStart(2, '0')}'`);
    return rune;
  }

  next(): number {
    const rune = this.peek();
    this.ended = rune === EOF;
    if (rune === EOF) return EOF;
    if (rune === 0x0a) this.line++;
    this.at += encodeRune(rune).length;
    return rune;
  }

  accept(char: string): boolean {
    if (this.text.charAt(this.at) !== char) return false;
    this.next();
    return true;
  }

  skipBlanks(): void {
    for (let rune = this.peek(); rune === 0x20 || rune === 0x09; rune = this.peek()) this.next();
  }

  /** Blanks, line breaks and comments. */
  skipLines(): void {
    for (let rune = this.peek(); ; rune = this.peek()) {
      if (rune === 0x23) this.skipComment();
      else if (rune === 0x20 || rune === 0x09 || rune === 0x0a || rune === 0x0d) this.next();
      else return;
    }
  }

  skipComment(): void {
    for (let rune = this.peek(); rune !== EOF && rune !== 0x0a && rune !== 0x0d; rune = this.peek()) this.next();
  }

  /** The longest run of characters of a class. */
  take(pattern: RegExp): string {
    const start = this.at;
    while (this.at < this.text.length && pattern.test(this.text.charAt(this.at))) this.next();
    return this.text.slice(start, this.at);
  }
}

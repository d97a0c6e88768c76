import type { MutableJson } from '../../core/json.ts';
import { Cursor } from './cursor.ts';
import { refold } from './fold.ts';
import { isSurelyString, resolvePlain, type ScalarRules } from './resolve.ts';
import { scanBlockScalar, scanQuotedScalar } from './scan-scalar.ts';

export interface QuickOptions {
  readonly rules: ScalarRules;
  readonly floatsOnly: boolean;
  /** A key that is set twice is for the full reader to report. */
  readonly unique: boolean;
  readonly depth: number;
}

class QuickStop extends Error {}

/** Thrown (always the same one: it is cheap) when a document is not of the plain kind. */
export const STOP = new QuickStop('not a plain document');

export const LINE_END = 10;
export const SPACE = 32;

/** The lines and scalars of a document of the usual kind. */
export class QuickScalars {
  protected readonly text: string;
  protected readonly length: number;
  protected readonly options: QuickOptions;
  /** At the first character of the next content when `#column` is set. */
  protected position: number;
  protected lineStart: number;
  /** Column of the next content line, -1 at the end of the document. */
  protected column = 0;
  /** A comment was skipped on the way to it. */
  protected commented = false;
  protected depth = 0;

  constructor(text: string, start: number, options: QuickOptions) {
    this.text = text;
    this.length = text.length;
    this.options = options;
    this.position = start;
    this.lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  }

  /** From the middle of a line after its last token to its end: only spaces and a comment may follow. */
  protected skipLine(): void {
    const text = this.text;
    let position = this.position;
    let code = text.charCodeAt(position);
    while (code === SPACE) code = text.charCodeAt(++position);
    if (code === 35) {
      if (position === this.position) throw STOP;
      this.commented = true;
      const end = text.indexOf('\n', position);
      position = end < 0 ? this.length : end;
    } else if (code !== LINE_END && position < this.length) {
      throw STOP;
    }
    this.position = position;
  }

  /** Goes to the next content, over empty lines and comments. */
  protected settle(): void {
    const text = this.text;
    let position = this.position;
    for (;;) {
      let code = text.charCodeAt(position);
      while (code === SPACE) code = text.charCodeAt(++position);
      if (code === LINE_END) {
        this.lineStart = ++position;
        continue;
      }
      if (code === 35) {
        this.commented = true;
        const end = text.indexOf('\n', position);
        if (end >= 0) {
          position = end;
          continue;
        }
        position = this.length;
      } else if (code === 9) {
        throw STOP;
      }
      break;
    }
    this.position = position;
    const column = position - this.lineStart;
    this.column = position >= this.length || (column === 0 && this.atMarker(position)) ? -1 : column;
  }

  protected nextLine(): void {
    this.skipLine();
    this.settle();
  }

  protected atMarker(position: number): boolean {
    const text = this.text;
    const code = text.charCodeAt(position);
    if (code !== 45 && code !== 46) return false;
    if (text.charCodeAt(position + 1) !== code || text.charCodeAt(position + 2) !== code) return false;
    const after = text.charCodeAt(position + 3);
    if (after !== SPACE && after !== LINE_END && after !== 9 && position + 3 < this.length) return false;
    if (code === 46) throw STOP;
    return true;
  }

  protected isGap(position: number): boolean {
    const code = this.text.charCodeAt(position);
    return code === SPACE || code === LINE_END || position >= this.length;
  }

  /** From the start of a plain scalar to its end on this line, or to the colon after a key. Returns where the text ends. */
  protected plainEnd(): number {
    const text = this.text;
    let position = this.position;
    switch (text.charCodeAt(position)) {
      case 33: // !
      case 35: // #
      case 37: // %
      case 38: // &
      case 42: // *
      case 44: // ,
      case 45: // - (a list was seen before: here it begins a word)
      case 63: // ?
      case 58: // :
      case 64: // @
      case 93: // ]
      case 96: // `
      case 125: // }
        if (text.charCodeAt(position) === 45 && !this.isGap(position + 1) && text.charCodeAt(position + 1) !== 9) break;
        throw STOP;
      default:
    }
    let end = position;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code > 58) {
        end = ++position;
        continue;
      }
      if (code === 58) {
        const after = text.charCodeAt(position + 1);
        if (after === SPACE || after === LINE_END || position + 1 >= this.length) break;
        if (after === 9) throw STOP;
      } else if (code === LINE_END || position >= this.length) {
        break;
      } else if (code === 9) {
        throw STOP;
      } else if (code === SPACE) {
        position++;
        continue;
      } else if (code === 35 && end < position) {
        break;
      }
      end = ++position;
    }
    this.position = position;
    return end;
  }

  protected plainKey(start: number, end: number): string {
    if (end - start > 1000) throw STOP;
    const text = this.text.slice(start, end);
    if (text === '<<' || (!isSurelyString(text) && resolvePlain(text, this.options.rules).type !== 'string'))
      throw STOP;
    return text;
  }

  /** A plain value whose first line ends here, with the lines that continue it. */
  protected plainValue(start: number, end: number, parent: number): MutableJson {
    const text = this.text;
    if (text.charCodeAt(this.position) === 58) throw STOP;
    this.commented = false;
    let lineStart = this.lineStart;
    this.nextLine();
    if (this.column <= parent || this.commented) return this.scalar(text.slice(start, end));
    let value = text.slice(start, end);
    while (this.column > parent && !this.commented) {
      let breaks = -1;
      for (let at = text.indexOf('\n', lineStart); at >= 0 && at < this.position; at = text.indexOf('\n', at + 1))
        breaks++;
      const from = this.position;
      lineStart = this.lineStart;
      const lineEnd = this.continuation();
      value += (breaks === 0 ? ' ' : '\n'.repeat(breaks)) + text.slice(from, lineEnd);
      this.nextLine();
    }
    return this.scalar(value);
  }

  /** Like {@link plainEnd}, but every character may start the line but `#`; a key here is an error. */
  protected continuation(): number {
    const text = this.text;
    let position = this.position;
    let end = position;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === LINE_END || position >= this.length) break;
      if (code === 9) throw STOP;
      if (code === 58 && (this.isGap(position + 1) || text.charCodeAt(position + 1) === 9)) throw STOP;
      if (code === 35 && end < position) break;
      position++;
      if (code !== SPACE) end = position;
    }
    this.position = position;
    return end;
  }

  protected scalar(text: string): MutableJson {
    if (isSurelyString(text)) return text;
    const scalar = resolvePlain(text, this.options.rules);
    switch (scalar.type) {
      case 'string':
        return scalar.value;
      case 'null':
        return null;
      case 'bool':
        return scalar.value;
      case 'int': {
        const number = Number(scalar.value.value);
        return this.options.floatsOnly || Number.isSafeInteger(number) ? number : scalar.value.value;
      }
      case 'float':
        if (!Number.isFinite(scalar.value)) throw STOP;
        return scalar.value;
      default:
        if (this.options.rules === 'v3') throw STOP;
        return text;
    }
  }

  /** Afterwards the position is behind the closing quote. */
  protected quoted(quote: number): string {
    const text = this.text;
    const start = this.position + 1;
    for (let position = start; position < this.length; position++) {
      const code = text.charCodeAt(position);
      if (code === quote) {
        if (quote === 39 && text.charCodeAt(position + 1) === 39) break;
        if (position - start > 1000 && text.charCodeAt(position + 1) === 58) throw STOP;
        this.position = position + 1;
        return text.slice(start, position);
      }
      if (code === LINE_END || (code === 92 && quote === 34)) break;
    }
    const cursor = this.cursor();
    const { value } = scanQuotedScalar(cursor, quote === 39);
    if (text.charCodeAt(cursor.position) === 58 && cursor.position - start > 1000) throw STOP;
    this.moveTo(cursor);
    return value;
  }

  protected cursor(): Cursor {
    const cursor = new Cursor(this.text, this.lineStart);
    cursor.position = this.position;
    return cursor;
  }

  protected moveTo(cursor: Cursor): void {
    this.position = cursor.position;
    this.lineStart = cursor.lineStart;
  }

  protected blockScalar(parent: number): string {
    const literal = this.text.charCodeAt(this.position) === 124;
    const cursor = this.cursor();
    // What follows a text that keeps its end matters to Kustomize.
    if (this.options.rules === 'v3' && /^.?\+/.test(this.text.slice(cursor.position + 1, cursor.position + 3)))
      throw STOP;
    const { value } = scanBlockScalar(cursor, literal, parent);
    this.moveTo(cursor);
    this.settle();
    if (this.options.rules === 'v2') return value;
    if (value.startsWith('\t')) throw STOP;
    return literal ? value : refold(value);
  }

  protected enter(): void {
    if (++this.depth > this.options.depth) throw STOP;
  }
}

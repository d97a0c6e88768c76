import type { MutableJson, MutableJsonObject } from '../../core/json.ts';
import { Cursor } from './cursor.ts';
import { refold } from './fold.ts';
import { newObject } from './json-object.ts';
import { YamlFault } from './problem.ts';
import { isSurelyString, resolvePlain, type ScalarRules } from './resolve.ts';
import { scanBlockScalar, scanQuotedScalar } from './scan-scalar.ts';

export interface QuickOptions {
  readonly rules: ScalarRules;
  readonly floatsOnly: boolean;
  /** A key that is set twice is for the full reader to report. */
  readonly unique: boolean;
  readonly depth: number;
}

export interface QuickDocument {
  readonly value: MutableJson;
  /** Where its first token starts. */
  readonly position: number;
  /** Where the next document (its `---`) or the end of the text is. */
  readonly end: number;
}

class QuickStop extends Error {}

/** Thrown (always the same one: it is cheap) when a document is not of the plain kind. */
const STOP = new QuickStop('not a plain document');

/** Texts with other line breaks than `\n` are for the full reader. */
export function isQuickText(text: string): boolean {
  return !/[\r\x85\u2028\u2029]/.test(text);
}

/**
 * Reads one document of the usual kind several times faster than the full reader does: block maps and lists, scalars of every style, flow
 * collections; no anchors, tags, tabs, `?` keys or keys that are not strings. Undefined when the document is of another kind, or wrong:
 * the full reader then reads it from the start. Where it gives a value, the full reader would give the same.
 */
export function readQuick(
  text: string,
  start: number,
  first: boolean,
  options: QuickOptions,
): QuickDocument | undefined {
  try {
    return new QuickReader(text, start, options).document(first);
  } catch (thrown) {
    if (thrown === STOP || thrown instanceof YamlFault) return undefined;
    throw thrown;
  }
}

const LINE_END = 10;
const SPACE = 32;

class QuickReader {
  readonly #text: string;
  readonly #length: number;
  readonly #options: QuickOptions;
  /** At the first character of the next content when `#column` is set. */
  #position: number;
  #lineStart: number;
  /** Column of the next content line, -1 at the end of the document. */
  #column = 0;
  /** A comment was skipped on the way to it. */
  #commented = false;
  #depth = 0;

  constructor(text: string, start: number, options: QuickOptions) {
    this.#text = text;
    this.#length = text.length;
    this.#options = options;
    this.#position = start;
    this.#lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  }

  document(first: boolean): QuickDocument {
    this.#settle();
    if (this.#column < 0) {
      // A document marker or the end.
      if (this.#text.charCodeAt(this.#position) !== 45) throw STOP;
      this.#position += 3;
      this.#skipLine();
      this.#settle();
    } else if (!first) {
      throw STOP;
    }
    if (this.#column < 0 || this.#text.charCodeAt(this.#position) === 37) throw STOP;
    const position = this.#position;
    const value = this.#block(-1);
    if (this.#column >= 0 || typeof value !== 'object' || value === null) throw STOP;
    return { value, position, end: this.#position };
  }

  /** From the middle of a line after its last token to its end: only spaces and a comment may follow. */
  #skipLine(): void {
    const text = this.#text;
    let position = this.#position;
    let code = text.charCodeAt(position);
    while (code === SPACE) code = text.charCodeAt(++position);
    if (code === 35) {
      if (position === this.#position) throw STOP;
      this.#commented = true;
      const end = text.indexOf('\n', position);
      position = end < 0 ? this.#length : end;
    } else if (code !== LINE_END && position < this.#length) {
      throw STOP;
    }
    this.#position = position;
  }

  /** Goes to the next content, over empty lines and comments. */
  #settle(): void {
    const text = this.#text;
    let position = this.#position;
    for (;;) {
      let code = text.charCodeAt(position);
      while (code === SPACE) code = text.charCodeAt(++position);
      if (code === LINE_END) {
        this.#lineStart = ++position;
        continue;
      }
      if (code === 35) {
        this.#commented = true;
        const end = text.indexOf('\n', position);
        if (end >= 0) {
          position = end;
          continue;
        }
        position = this.#length;
      } else if (code === 9) {
        throw STOP;
      }
      break;
    }
    this.#position = position;
    const column = position - this.#lineStart;
    this.#column = position >= this.#length || (column === 0 && this.#atMarker(position)) ? -1 : column;
  }

  #nextLine(): void {
    this.#skipLine();
    this.#settle();
  }

  #atMarker(position: number): boolean {
    const text = this.#text;
    const code = text.charCodeAt(position);
    if (code !== 45 && code !== 46) return false;
    if (text.charCodeAt(position + 1) !== code || text.charCodeAt(position + 2) !== code) return false;
    const after = text.charCodeAt(position + 3);
    if (after !== SPACE && after !== LINE_END && after !== 9 && position + 3 < this.#length) return false;
    if (code === 46) throw STOP;
    return true;
  }

  /** The block node that starts at the position; afterwards the next content line is settled. */
  #block(parent: number): MutableJson {
    const code = this.#text.charCodeAt(this.#position);
    if (code === 45 && this.#isGap(this.#position + 1)) return this.#list(this.#position - this.#lineStart);
    if (code === 91 || code === 123) {
      const value = this.#flow();
      this.#nextLine();
      return value;
    }
    if (code === 34 || code === 39) {
      const lineStart = this.#lineStart;
      const column = this.#position - lineStart;
      const value = this.#quoted(code);
      if (this.#text.charCodeAt(this.#position) === 58) {
        if (this.#lineStart !== lineStart || !this.#isGap(this.#position + 1)) throw STOP;
        return this.#map(column, value);
      }
      this.#nextLine();
      return value;
    }
    if (code === 124 || code === 62) return this.#blockScalar(parent);
    const start = this.#position;
    const end = this.#plainEnd();
    if (this.#text.charCodeAt(this.#position) === 58) {
      return this.#map(start - this.#lineStart, this.#plainKey(start, end));
    }
    return this.#plainValue(start, end, parent);
  }

  #isGap(position: number): boolean {
    const code = this.#text.charCodeAt(position);
    return code === SPACE || code === LINE_END || position >= this.#length;
  }

  /** From the start of a plain scalar to its end on this line, or to the colon after a key. Returns where the text ends. */
  #plainEnd(): number {
    const text = this.#text;
    let position = this.#position;
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
        if (text.charCodeAt(position) === 45 && !this.#isGap(position + 1) && text.charCodeAt(position + 1) !== 9)
          break;
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
        if (after === SPACE || after === LINE_END || position + 1 >= this.#length) break;
        if (after === 9) throw STOP;
      } else if (code === LINE_END || position >= this.#length) {
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
    this.#position = position;
    return end;
  }

  #plainKey(start: number, end: number): string {
    if (end - start > 1000) throw STOP;
    const text = this.#text.slice(start, end);
    if (text === '<<' || (!isSurelyString(text) && resolvePlain(text, this.#options.rules).type !== 'string'))
      throw STOP;
    return text;
  }

  /** A plain value whose first line ends here, with the lines that continue it. */
  #plainValue(start: number, end: number, parent: number): MutableJson {
    const text = this.#text;
    if (text.charCodeAt(this.#position) === 58) throw STOP;
    this.#commented = false;
    let lineStart = this.#lineStart;
    this.#nextLine();
    if (this.#column <= parent || this.#commented) return this.#scalar(text.slice(start, end));
    let value = text.slice(start, end);
    while (this.#column > parent && !this.#commented) {
      let breaks = -1;
      for (let at = text.indexOf('\n', lineStart); at >= 0 && at < this.#position; at = text.indexOf('\n', at + 1))
        breaks++;
      const from = this.#position;
      lineStart = this.#lineStart;
      const lineEnd = this.#continuation();
      value += (breaks === 0 ? ' ' : '\n'.repeat(breaks)) + text.slice(from, lineEnd);
      this.#nextLine();
    }
    return this.#scalar(value);
  }

  /** Like {@link #plainEnd}, but every character may start the line but `#`; a key here is an error. */
  #continuation(): number {
    const text = this.#text;
    let position = this.#position;
    let end = position;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === LINE_END || position >= this.#length) break;
      if (code === 9) throw STOP;
      if (code === 58 && (this.#isGap(position + 1) || text.charCodeAt(position + 1) === 9)) throw STOP;
      if (code === 35 && end < position) break;
      position++;
      if (code !== SPACE) end = position;
    }
    this.#position = position;
    return end;
  }

  #scalar(text: string): MutableJson {
    if (isSurelyString(text)) return text;
    const scalar = resolvePlain(text, this.#options.rules);
    switch (scalar.type) {
      case 'string':
        return scalar.value;
      case 'null':
        return null;
      case 'bool':
        return scalar.value;
      case 'int': {
        const number = Number(scalar.value.value);
        return this.#options.floatsOnly || Number.isSafeInteger(number) ? number : scalar.value.value;
      }
      case 'float':
        if (!Number.isFinite(scalar.value)) throw STOP;
        return scalar.value;
      default:
        if (this.#options.rules === 'v3') throw STOP;
        return text;
    }
  }

  /** Afterwards the position is behind the closing quote. */
  #quoted(quote: number): string {
    const text = this.#text;
    const start = this.#position + 1;
    for (let position = start; position < this.#length; position++) {
      const code = text.charCodeAt(position);
      if (code === quote) {
        if (quote === 39 && text.charCodeAt(position + 1) === 39) break;
        if (position - start > 1000 && text.charCodeAt(position + 1) === 58) throw STOP;
        this.#position = position + 1;
        return text.slice(start, position);
      }
      if (code === LINE_END || (code === 92 && quote === 34)) break;
    }
    const cursor = this.#cursor();
    const { value } = scanQuotedScalar(cursor, quote === 39);
    if (text.charCodeAt(cursor.position) === 58 && cursor.position - start > 1000) throw STOP;
    this.#moveTo(cursor);
    return value;
  }

  #cursor(): Cursor {
    const cursor = new Cursor(this.#text, this.#lineStart);
    cursor.position = this.#position;
    return cursor;
  }

  #moveTo(cursor: Cursor): void {
    this.#position = cursor.position;
    this.#lineStart = cursor.lineStart;
  }

  #blockScalar(parent: number): string {
    const literal = this.#text.charCodeAt(this.#position) === 124;
    const cursor = this.#cursor();
    // What follows a text that keeps its end matters to Kustomize.
    if (this.#options.rules === 'v3' && /^.?\+/.test(this.#text.slice(cursor.position + 1, cursor.position + 3)))
      throw STOP;
    const { value } = scanBlockScalar(cursor, literal, parent);
    this.#moveTo(cursor);
    this.#settle();
    if (this.#options.rules === 'v2') return value;
    if (value.startsWith('\t')) throw STOP;
    return literal ? value : refold(value);
  }

  #enter(): void {
    if (++this.#depth > this.#options.depth) throw STOP;
  }

  #list(column: number): MutableJson[] {
    this.#enter();
    const items: MutableJson[] = [];
    const text = this.#text;
    for (;;) {
      let position = this.#position + 1;
      while (text.charCodeAt(position) === SPACE) position++;
      this.#position = position;
      const code = text.charCodeAt(position);
      if (code === LINE_END || code === 35 || position >= this.#length) {
        this.#settle();
        if (this.#column <= column) items.push(null);
        else items.push(this.#block(column));
      } else {
        items.push(this.#block(column));
      }
      if (this.#column !== column || text.charCodeAt(this.#position) !== 45 || !this.#isGap(this.#position + 1)) break;
    }
    if (this.#column > column) throw STOP;
    this.#depth--;
    return items;
  }

  /** A map whose first key was read: the position is at its colon. */
  #map(column: number, firstKey: string): MutableJsonObject {
    this.#enter();
    const text = this.#text;
    const { unique } = this.#options;
    const object = newObject();
    let key = firstKey;
    for (;;) {
      if (unique && object[key] !== undefined) throw STOP;
      object[key] = this.#mapValue(column);
      if (this.#column !== column) break;
      const start = this.#position;
      const lineStart = this.#lineStart;
      const code = text.charCodeAt(start);
      if (code === 34 || code === 39) {
        key = this.#quoted(code);
        if (this.#lineStart !== lineStart) throw STOP;
      } else {
        // A list item, a collection or a block scalar cannot stand where a key must.
        if (code === 45 || code === 91 || code === 123 || code === 124 || code === 62) throw STOP;
        key = this.#plainKey(start, this.#plainEnd());
      }
      if (text.charCodeAt(this.#position) !== 58 || !this.#isGap(this.#position + 1)) throw STOP;
    }
    if (this.#column > column) throw STOP;
    this.#depth--;
    return object;
  }

  /** The value behind a colon. */
  #mapValue(column: number): MutableJson {
    const text = this.#text;
    let position = this.#position + 1;
    while (text.charCodeAt(position) === SPACE) position++;
    this.#position = position;
    const code = text.charCodeAt(position);
    if (code === LINE_END || code === 35 || position >= this.#length) {
      this.#settle();
      if (this.#column > column) return this.#block(column);
      const listed =
        this.#column === column && text.charCodeAt(this.#position) === 45 && this.#isGap(this.#position + 1);
      return listed ? this.#list(column) : null;
    }
    switch (code) {
      case 34:
      case 39: {
        const value = this.#quoted(code);
        this.#nextLine();
        return value;
      }
      case 91:
      case 123: {
        const value = this.#flow();
        this.#nextLine();
        return value;
      }
      case 124:
      case 62:
        return this.#blockScalar(column);
      case 45:
        if (this.#isGap(position + 1)) throw STOP;
        return this.#plainValue(position, this.#plainEnd(), column);
      default:
        return this.#plainValue(position, this.#plainEnd(), column);
    }
  }

  /** A flow collection; the position is behind its closing bracket afterwards. */
  #flow(): MutableJson {
    this.#enter();
    const map = this.#text.charCodeAt(this.#position) === 123;
    this.#position++;
    const value = map ? this.#flowMap() : this.#flowList();
    this.#depth--;
    return value;
  }

  /** Spaces and line breaks inside a flow collection; returns the next character. */
  #flowGap(): number {
    const text = this.#text;
    let position = this.#position;
    let code = text.charCodeAt(position);
    while (code === SPACE || code === LINE_END || code === 9) {
      position++;
      if (code === LINE_END) {
        this.#lineStart = position;
        if (this.#atMarker(position)) throw STOP;
      }
      code = text.charCodeAt(position);
    }
    this.#position = position;
    return code;
  }

  #flowList(): MutableJson[] {
    const items: MutableJson[] = [];
    let code = this.#flowGap();
    while (code !== 93) {
      items.push(this.#flowNode(code));
      code = this.#flowGap();
      if (code === 44) {
        this.#position++;
        code = this.#flowGap();
      } else if (code !== 93) {
        throw STOP;
      }
    }
    this.#position++;
    return items;
  }

  #flowMap(): MutableJsonObject {
    const object = newObject();
    const text = this.#text;
    let code = this.#flowGap();
    while (code !== 125) {
      const lineStart = this.#lineStart;
      let key: string;
      if (code === 34 || code === 39) {
        key = this.#quoted(code);
      } else {
        const start = this.#position;
        key = this.#plainKey(start, this.#flowPlainEnd());
      }
      while (text.charCodeAt(this.#position) === SPACE) this.#position++;
      if (this.#lineStart !== lineStart || text.charCodeAt(this.#position) !== 58) throw STOP;
      this.#position++;
      code = this.#flowGap();
      if (code === 44 || code === 125) throw STOP;
      if (this.#options.unique && object[key] !== undefined) throw STOP;
      object[key] = this.#flowNode(code);
      code = this.#flowGap();
      if (code === 44) {
        this.#position++;
        code = this.#flowGap();
      } else if (code !== 125) {
        throw STOP;
      }
    }
    this.#position++;
    return object;
  }

  #flowNode(code: number): MutableJson {
    if (code === 91 || code === 123) {
      const value = this.#flow();
      // It may turn out to be a key.
      if (this.#text.charCodeAt(this.#position) === 58) throw STOP;
      return value;
    }
    if (code === 34 || code === 39) {
      const value = this.#quoted(code);
      const after = this.#flowGap();
      if (after !== 44 && after !== 93 && after !== 125) throw STOP;
      return value;
    }
    const start = this.#position;
    const end = this.#flowPlainEnd();
    const after = this.#text.charCodeAt(this.#position);
    if (after !== 44 && after !== 93 && after !== 125) throw STOP;
    return this.#scalar(this.#text.slice(start, end));
  }

  /** A plain scalar inside a flow collection: on one line, of harmless characters. */
  #flowPlainEnd(): number {
    const text = this.#text;
    const start = this.#position;
    const first = text.charCodeAt(start);
    const word = (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || (first >= 48 && first <= 57);
    if (!word && first !== 47 && first !== 46 && first !== 95 && first !== 36) {
      const second = text.charCodeAt(start + 1);
      if (first !== 45 || second < 48 || second > 57) throw STOP;
    }
    let position = start;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code === 44 || code === 91 || code === 93 || code === 123 || code === 125) break;
      if (code === 58 && this.#isGap(position + 1)) break;
      if (code === LINE_END || code === 9 || code === 63 || position >= this.#length) throw STOP;
      if (code === 35 && end < position) throw STOP;
      position++;
      if (code !== SPACE) end = position;
    }
    this.#position = position;
    return end;
  }
}

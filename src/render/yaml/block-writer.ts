import { isBreak } from './characters.ts';
import { blockHints } from './fold.ts';
import { isPrintable, shapeOf } from './scalar-style.ts';

const SPACES = ' '.repeat(256);

/** Columns after which Go's yaml.v2 breaks a scalar at the next space. */
const BEST_WIDTH = 80;

const ESCAPES = new Map<number, string>([
  [0x00, '\\0'],
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0b, '\\v'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x1b, '\\e'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x85, '\\N'],
  [0xa0, '\\_'],
  [0x2028, '\\L'],
  [0x2029, '\\P'],
]);

/**
 * Lays out block style as Go's emitters do (libyaml's state: column, whether the last thing was blank, whether only indentation stands on
 * the line). `v2` folds at 80 columns and does not indent lists in maps; `v3` never folds and indents them.
 */
export class BlockWriter {
  readonly #rules: 'v2' | 'v3';
  #out = '';
  #column = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  /** For v3: whether the collection around is a list. */
  readonly #inList: boolean[] = [];
  #afterBlank = true;
  #onlyIndent = true;

  constructor(rules: 'v2' | 'v3') {
    this.#rules = rules;
  }

  finish(): string {
    this.#indent = -1;
    this.newLine();
    return this.#out;
  }

  /** Goes to the indentation, on a new line unless the line is still empty up to there. */
  newLine(): void {
    const indent = Math.max(this.#indent, 0);
    if (!this.#onlyIndent || this.#column > indent || (this.#column === indent && !this.#afterBlank)) this.#break();
    if (this.#column < indent) {
      this.#out +=
        indent - this.#column <= 256 ? SPACES.slice(0, indent - this.#column) : ' '.repeat(indent - this.#column);
      this.#column = indent;
    }
    this.#afterBlank = true;
    this.#onlyIndent = true;
  }

  #break(): void {
    this.#out += '\n';
    this.#column = 0;
    if (this.#rules === 'v3') this.#onlyIndent = true;
  }

  #put(text: string): void {
    this.#out += text;
    this.#column += text.length;
  }

  #gap(): void {
    if (!this.#afterBlank) this.#put(' ');
  }

  indicator(text: string): void {
    this.#gap();
    this.#put(text);
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  /** An indicator that keeps the line being indentation: `-`, `?`, and the `:` of a complex key. */
  #structural(text: string): void {
    this.#gap();
    this.#put(text);
    this.#afterBlank = false;
  }

  #enter(flow: boolean, indentless: boolean): void {
    this.#indents.push(this.#indent);
    if (this.#indent < 0) this.#indent = flow ? 2 : 0;
    else if (!indentless)
      this.#indent =
        this.#rules === 'v3' && !this.#inList.at(-1) ? 2 * Math.floor((this.#indent + 2) / 2) : this.#indent + 2;
  }

  enterList(inMap: boolean): void {
    this.#enter(false, this.#rules === 'v2' && inMap && !this.#onlyIndent);
    this.#inList.push(true);
  }

  enterMap(): void {
    this.#enter(false, false);
    this.#inList.push(false);
  }

  leave(): void {
    this.#indent = this.#indents.pop() ?? -1;
    this.#inList.pop();
  }

  item(): void {
    this.newLine();
    this.#structural('-');
  }

  complexKey(): void {
    this.#structural('?');
  }

  complexValue(): void {
    this.newLine();
    this.#structural(':');
  }

  /** A key on one line and its colon. */
  key(text: string, quoted: boolean): void {
    this.#write(text, quoted, false);
    this.#put(':');
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  /** A word that needs no quotes. */
  plain(text: string): void {
    this.#gap();
    this.#put(text);
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  scalar(text: string, quoted: boolean): void {
    this.#enter(true, false);
    this.#write(text, quoted, true);
    this.#indent = this.#indents.pop() ?? -1;
  }

  /** `folding`: the text may be broken over lines; false for keys. */
  #write(text: string, quoted: boolean, folding: boolean): void {
    const shape = shapeOf(text, this.#rules === 'v2' ? 'special' : 'block');
    if (text.includes('\n') && folding) {
      if (shape.block) this.#literal(text);
      else this.#doubleQuoted(text, folding);
    } else if (quoted || (shape.multiline && !folding)) {
      this.#doubleQuoted(text, folding);
    } else if (shape.blockPlain && !(text === '' && !folding)) {
      this.#plainText(text, folding);
    } else if (shape.singleQuoted) {
      this.#singleQuoted(text, folding);
    } else {
      this.#doubleQuoted(text, folding);
    }
  }

  #folds(folding: boolean): boolean {
    return folding && this.#rules === 'v2';
  }

  #plainText(text: string, folding: boolean): void {
    if (text === '' && this.#rules === 'v3') return;
    this.#gap();
    if (this.#folds(folding) && this.#column + text.length > BEST_WIDTH) this.#folded(text, false);
    else this.#put(text);
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  /** Writes a text and breaks it at single spaces beyond the width. */
  #folded(text: string, inQuotes: boolean): void {
    let spaces = false;
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      if (text.charCodeAt(index) !== 32) {
        spaces = false;
        continue;
      }
      const inside = !inQuotes || (index > 0 && index < text.length - 1);
      if (!spaces && inside && this.#column + (index - start) > BEST_WIDTH && text.charCodeAt(index + 1) !== 32) {
        this.#put(text.slice(start, index));
        this.#onlyIndent = false;
        this.newLine();
        start = index + 1;
      }
      spaces = true;
    }
    this.#put(text.slice(start));
  }

  #singleQuoted(text: string, folding: boolean): void {
    this.indicator("'");
    if (!/[\r\n\x85\u2028\u2029]/.test(text)) {
      if (this.#folds(folding)) this.#foldedQuotes(text);
      else this.#put(text.replaceAll("'", "''"));
    } else {
      this.#singleQuotedLines(text, folding);
    }
    this.#put("'");
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  #foldedQuotes(text: string): void {
    let spaces = false;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 32) {
        if (
          !spaces &&
          this.#column > BEST_WIDTH &&
          index > 0 &&
          index < text.length - 1 &&
          text.charCodeAt(index + 1) !== 32
        ) {
          this.newLine();
        } else {
          this.#put(' ');
        }
        spaces = true;
        continue;
      }
      this.#put(code === 39 ? "''" : text.charAt(index));
      this.#onlyIndent = false;
      spaces = false;
    }
  }

  /** Only for the line breaks that are not `\n`: texts with that one are blocks. */
  #singleQuotedLines(text: string, folding: boolean): void {
    let spaces = false;
    let breaks = false;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 32) {
        if (
          this.#folds(folding) &&
          !spaces &&
          this.#column > BEST_WIDTH &&
          index > 0 &&
          index < text.length - 1 &&
          text.charCodeAt(index + 1) !== 32
        ) {
          this.newLine();
        } else {
          this.#put(' ');
        }
        spaces = true;
      } else if (isBreak(code)) {
        this.#rawBreak(code, text.charAt(index));
        breaks = true;
      } else {
        if (breaks) this.newLine();
        this.#put(code === 39 ? "''" : text.charAt(index));
        this.#onlyIndent = false;
        spaces = false;
        breaks = false;
      }
    }
  }

  #rawBreak(code: number, text: string): void {
    if (code === 10) {
      this.#break();
    } else {
      this.#out += text;
      this.#column = 0;
    }
    this.#onlyIndent = true;
  }

  #doubleQuoted(text: string, folding: boolean): void {
    this.indicator('"');
    const allEscaped = text.startsWith('\ufeff');
    const folds = this.#folds(folding);
    let spaces = false;
    for (let index = 0; index < text.length; index++) {
      const code = text.codePointAt(index) ?? 0;
      if (allEscaped || !isPrintable(code) || isBreak(code) || code === 34 || code === 92) {
        this.#put(escapeOf(code));
        spaces = false;
        if (code > 0xffff) index++;
      } else if (code === 32) {
        if (folds && !spaces && this.#column > BEST_WIDTH && index > 0 && index < text.length - 1) {
          this.#onlyIndent = false;
          this.newLine();
          if (text.charCodeAt(index + 1) === 32) this.#put('\\');
        } else {
          this.#put(' ');
        }
        spaces = true;
      } else {
        this.#put(text.charAt(index));
        spaces = false;
      }
    }
    this.#put('"');
    this.#afterBlank = false;
    this.#onlyIndent = false;
  }

  #literal(text: string): void {
    this.indicator(`|${blockHints(text)}`);
    this.#break();
    this.#onlyIndent = true;
    this.#afterBlank = true;
    const indent = SPACES.slice(0, this.#indent);
    // Every line is indented but the empty ones.
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (!isBreak(code)) continue;
      if (index > start) this.#out += indent;
      this.#out += text.slice(start, index + 1);
      start = index + 1;
    }
    this.#column = 0;
    if (start < text.length) {
      this.#out += indent + text.slice(start);
      this.#column = this.#indent + text.length - start;
      this.#onlyIndent = false;
    }
  }
}

function escapeOf(code: number): string {
  const known = ESCAPES.get(code);
  if (known !== undefined) return known;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

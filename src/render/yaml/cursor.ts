import { isBlankOrEnd, isBreak } from './characters.ts';
import { YamlFault } from './problem.ts';

/** A place in the text that moves forward and knows its line. */
export class Cursor {
  readonly text: string;
  position: number;
  /** Counts line breaks since the start. */
  line = 0;
  /** Where the current line starts. */
  lineStart: number;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
    this.lineStart = position;
    while (this.lineStart > 0 && !isBreak(text.charCodeAt(this.lineStart - 1))) this.lineStart--;
  }

  /** The code at an offset; 0 after the end. */
  peek(offset = 0): number {
    const code = this.text.charCodeAt(this.position + offset);
    return Number.isNaN(code) ? 0 : code;
  }

  column(): number {
    return this.position - this.lineStart;
  }

  skipBreak(): void {
    this.position += this.peek() === 13 && this.peek(1) === 10 ? 2 : 1;
    this.line++;
    this.lineStart = this.position;
  }

  /** Eats a line break and says what it is in the value: `\n`, but LS and PS stay. */
  readBreak(): string {
    const code = this.peek();
    if (!isBreak(code)) return '';
    this.skipBreak();
    return code === 0x2028 ? '\u2028' : code === 0x2029 ? '\u2029' : '\n';
  }

  /** Whether `---` or `...` stands here, at the start of a line and followed by a blank. */
  atDocumentMarker(): boolean {
    if (this.position !== this.lineStart) return false;
    const code = this.peek();
    if (code !== 45 && code !== 46) return false;
    return this.peek(1) === code && this.peek(2) === code && isBlankOrEnd(this.peek(3));
  }

  /** Whether more than `length` characters (not UTF-16 units) lie between a place and here. */
  isFurtherThan(from: number, length: number): boolean {
    const units = this.position - from;
    if (units <= length) return false;
    if (units > 2 * length) return true;
    let characters = units;
    for (let index = from; index < this.position; index++) {
      const code = this.text.charCodeAt(index);
      if (code >= 0xd800 && code <= 0xdbff) characters--;
    }
    return characters > length;
  }

  fault(message: string, position = this.position): YamlFault {
    return new YamlFault(message, position);
  }
}

const EXCERPT_WIDTH = 160;
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Lines of a text. Asked for places in rising order it counts every line once. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  placeOf(position: number): { readonly line: number; readonly column: number; readonly start: number } {
    const at = Math.max(0, Math.min(position, this.#text.length));
    if (at < this.#start) {
      this.#line = 1;
      this.#start = 0;
    }
    for (;;) {
      const next = this.#text.indexOf('\n', this.#start);
      if (next < 0 || next >= at) break;
      this.#line++;
      this.#start = next + 1;
    }
    return { line: this.#line, column: at - this.#start + 1, start: this.#start };
  }

  /** Line and column (1-based), and the line with a caret below it, cut at 160 characters. */
  describe(position: number): { readonly line: number; readonly column: number; readonly excerpt: string } {
    const { line, column, start } = this.placeOf(position);
    const newline = this.#text.indexOf('\n', start);
    const end = newline < 0 ? this.#text.length : newline;
    // A long line is shown around the place.
    const from = column <= EXCERPT_WIDTH - 20 ? 0 : column - EXCERPT_WIDTH + 40;
    const shown = this.#text
      .slice(start + from, Math.min(end, start + from + EXCERPT_WIDTH))
      .replace(/\r$/, '')
      .replaceAll(CONTROL, ' ');
    return { line, column, excerpt: `${shown}\n${' '.repeat(Math.min(column - 1 - from, shown.length))}^` };
  }
}

/** What is wrong with the text of a `--set` flag. `atEnd`: the text was over where something was expected. */
export class SetProblem extends Error {
  override readonly name = 'SetProblem';
  readonly atEnd: boolean;

  constructor(message: string, options: { readonly atEnd?: boolean } = {}) {
    super(message);
    this.atEnd = options.atEnd ?? false;
  }
}

/** What was read up to a stop character; `stop` is undefined when the text ended before one. */
export interface Piece {
  readonly text: string;
  readonly stop: string | undefined;
}

/** A cursor over the characters of a `--set` flag. */
export class SetReader {
  readonly #chars: readonly string[];
  readonly #escapes: boolean;
  #position = 0;

  /** @param escapes whether `\` takes the next character as it is (not in `--set-literal`) */
  constructor(text: string, escapes: boolean) {
    this.#chars = Array.from(text);
    this.#escapes = escapes;
  }

  /** Reads up to one of `stops` and past it. */
  until(stops: string): Piece {
    let text = '';
    while (this.#position < this.#chars.length) {
      const char = this.#chars[this.#position++] ?? '';
      if (stops.includes(char)) return { text, stop: char };
      if (!this.#escapes || char !== '\\') {
        text += char;
      } else {
        const escaped = this.#chars[this.#position++];
        if (escaped === undefined) break;
        text += escaped;
      }
    }
    return { text, stop: undefined };
  }

  /** Takes the next character when it is `char`. */
  take(char: string): boolean {
    if (this.#chars[this.#position] !== char) return false;
    this.#position++;
    return true;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#chars.length;
  }

  /** Skips blanks and one comma after them; true when nothing or a comma followed. */
  skipToComma(): boolean {
    while (this.#position < this.#chars.length) {
      const char = this.#chars[this.#position] ?? '';
      if (char !== ',' && !/\s/u.test(char)) return false;
      this.#position++;
      if (char === ',') return true;
    }
    return true;
  }

  /** The rest of the text. */
  rest(): string {
    return this.#chars.slice(this.#position).join('');
  }

  /** Moves past `text`, which {@link rest} began with. */
  advance(text: string): void {
    this.#position += Array.from(text).length;
  }
}

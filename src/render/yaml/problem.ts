/** One thing wrong with a text, with its place. */
export interface YamlProblem {
  readonly message: string;
  /** Which document of the text it is in, from 0. */
  readonly document: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The source line with a caret below it, cut at 160 characters. */
  readonly excerpt: string;
}

/** Thrown inside the reader and turned into a {@link YamlProblem} at its door. */
export class YamlFault extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

import { ParseError } from './errors.ts';
import { describeToken, type Lexer, type Token, type TokenKind } from './lexer.ts';
import type { Source } from './nodes.ts';
import { unquote } from './quote.ts';

/** Nesting of control structures and parentheses that the parser follows; far beyond any chart. */
const DEEPEST_NESTING = 500;

/** What the readers of one text share. */
export interface SharedInput {
  readonly source: Source;
  readonly lexer: Lexer;
  readonly nesting: { depth: number };
}

/** Tokens with as much lookahead as the grammar needs, and the errors of the parser. */
export class TokenReader {
  private readonly input: SharedInput;
  protected readonly source: Source;
  /** Tokens that were looked at and given back; the last one comes next. */
  private readonly pending: Token[] = [];
  /** Where an error is reported: the line of the token that was read from the lexer last. */
  protected lastLine = 0;
  protected actionLine = 0;

  constructor(shared: SharedInput) {
    this.input = shared;
    this.source = shared.source;
  }

  protected next(): Token {
    const token = this.pending.pop() ?? this.input.lexer.next();
    if (this.pending.length === 0) this.lastLine = token.line;
    return token;
  }

  protected backup(token: Token): void {
    this.pending.push(token);
  }

  protected peek(): Token {
    const token = this.next();
    this.pending.push(token);
    return token;
  }

  protected nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  protected peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.pending.push(token);
    return token;
  }

  protected fail(message: string): never {
    const bytes = `template: ${this.source.name}:${this.lastLine}: ${message}`;
    throw new ParseError(bytes, { template: this.source.name, line: this.lastLine });
  }

  protected unexpected(token: Token, context: string): never {
    if (token.kind === 'error') {
      let extra = '';
      if (this.actionLine !== 0 && this.actionLine !== token.line) {
        extra = ` in action started at ${this.source.name}:${this.actionLine}`;
        if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length);
      }
      this.fail(token.text + extra);
    }
    this.fail(`unexpected ${describeToken(token)} in ${context}`);
  }

  protected expect(context: string, ...kinds: TokenKind[]): Token {
    const token = this.nextNonSpace();
    if (!kinds.includes(token.kind)) this.unexpected(token, context);
    return token;
  }

  protected unquoted(token: Token): string {
    return unquote(token.text) ?? this.fail('invalid syntax');
  }

  protected nest<T>(parse: () => T): T {
    if (++this.input.nesting.depth > DEEPEST_NESTING) this.fail('max expression depth exceeded');
    const result = parse();
    this.input.nesting.depth--;
    return result;
  }
}

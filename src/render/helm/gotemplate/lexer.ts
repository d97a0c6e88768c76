import { decodeRune, encodeRune } from './byte-string.ts';
import { quote } from './quote.ts';
import { isDigit, isLetter, isPrint } from './unicode.ts';

/** Tokens of text/template. The lexer is asked token by token, because the parser decides whether break and continue are keywords. */

export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | Keyword;

export type Keyword =
  | 'block'
  | 'break'
  | 'continue'
  | 'dot'
  | 'define'
  | 'else'
  | 'end'
  | 'if'
  | 'nil'
  | 'range'
  | 'template'
  | 'with';

export interface Token {
  readonly kind: TokenKind;
  /** Byte where it starts. */
  readonly pos: number;
  readonly text: string;
  /** 1-based line where it starts. */
  readonly line: number;
}

const KEYWORDS = new Map<string, Keyword>([
  ['.', 'dot'],
  ['block', 'block'],
  ['break', 'break'],
  ['continue', 'continue'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['if', 'if'],
  ['nil', 'nil'],
  ['range', 'range'],
  ['template', 'template'],
  ['with', 'with'],
]);

const KEYWORD_KINDS = new Set<TokenKind>(KEYWORDS.values());

/** A token as messages name it. */
export function describeToken(token: Token): string {
  if (token.kind === 'eof') return 'EOF';
  if (token.kind === 'error') return token.text;
  if (KEYWORD_KINDS.has(token.kind)) return `<${token.text}>`;
  if (token.text.length <= 10) return quote(token.text);
  let end = 0;
  for (let runes = 0; runes < 10 && end < token.text.length; runes++) end += decodeRune(token.text, end).size;
  return `${quote(token.text.slice(0, end))}...`;
}

const LEFT = '{{';
const RIGHT = '}}';
const EOF = -1;

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

function isAlphaNumeric(rune: number): boolean {
  return rune === 0x5f || (rune >= 0 && (isLetter(rune) || isDigit(rune)));
}

/** `%#U`: how messages show a character. */
function describeRune(rune: number): string {
  if (rune === EOF) return 'U+FFFFFFFFFFFFFFFF';
  const shown = isPrint(rune) ? ` '${encodeRune(rune)}'` : '';
  return `U+${rune.toString(16).toUpperCase().padStart(4, '0')}${shown}`;
}

export class Lexer {
  private input: string;
  private pos = 0;
  private start = 0;
  private line = 1;
  private startLine = 1;
  private parenDepth = 0;
  private insideAction = false;
  private failed = false;
  /** break and continue are keywords, unless functions of that name exist. */
  breakIsKeyword = true;
  continueIsKeyword = true;

  constructor(input: string) {
    this.input = input;
  }

  next(): Token {
    if (this.failed) return { kind: 'eof', pos: this.pos, text: 'EOF', line: this.startLine };
    return this.insideAction ? this.lexInside() : this.lexText();
  }

  private emit(kind: TokenKind): Token {
    const text = this.input.slice(this.start, this.pos);
    const token = { kind, pos: this.start, text, line: this.startLine };
    this.line += countLines(text);
    this.start = this.pos;
    this.startLine = this.line;
    return token;
  }

  private ignore(): void {
    this.line += countLines(this.input.slice(this.start, this.pos));
    this.start = this.pos;
    this.startLine = this.line;
  }

  private fail(message: string): Token {
    const token: Token = { kind: 'error', pos: this.start, text: message, line: this.startLine };
    this.failed = true;
    this.input = '';
    this.pos = this.start = 0;
    return token;
  }

  private peekRune(): number {
    return this.pos >= this.input.length ? EOF : decodeRune(this.input, this.pos).rune;
  }

  private nextRune(): number {
    if (this.pos >= this.input.length) return EOF;
    const { rune, size } = decodeRune(this.input, this.pos);
    this.pos += size;
    return rune;
  }

  private startsWith(text: string, at: number = this.pos): boolean {
    return this.input.startsWith(text, at);
  }

  private lexText(): Token {
    for (;;) {
      const open = this.input.indexOf(LEFT, this.pos);
      if (open < 0) {
        this.pos = this.input.length;
        return this.pos > this.start ? this.emit('text') : this.emit('eof');
      }
      if (open > this.pos) {
        let end = open;
        if (this.hasLeftTrim(open + LEFT.length))
          while (end > this.start && isBlank(this.input.charCodeAt(end - 1))) end--;
        this.pos = end;
        const token = this.emit('text');
        this.pos = open;
        this.ignore();
        if (token.text !== '') return token;
      }
      const token = this.lexLeftDelim();
      if (token !== undefined) return token;
    }
  }

  private hasLeftTrim(at: number): boolean {
    return this.input.charAt(at) === '-' && isBlank(this.input.charCodeAt(at + 1));
  }

  private hasRightTrim(at: number): boolean {
    return isBlank(this.input.charCodeAt(at)) && this.input.charAt(at + 1) === '-';
  }

  /** The delimiter, or undefined after a comment. */
  private lexLeftDelim(): Token | undefined {
    this.pos += LEFT.length;
    const marker = this.hasLeftTrim(this.pos) ? 2 : 0;
    if (this.startsWith('/*', this.pos + marker)) {
      this.pos += marker;
      this.ignore();
      return this.lexComment();
    }
    const token = this.emit('leftDelim');
    this.insideAction = true;
    this.pos += marker;
    this.ignore();
    this.parenDepth = 0;
    return token;
  }

  private lexComment(): Token | undefined {
    const end = this.input.indexOf('*/', this.pos + 2);
    if (end < 0) return this.fail('unclosed comment');
    this.pos = end + 2;
    const { found, trims } = this.atRightDelim();
    if (!found) return this.fail('comment ends before closing delimiter');
    this.pos += RIGHT.length + (trims ? 2 : 0);
    if (trims) this.skipBlanks();
    this.ignore();
    return undefined;
  }

  private skipBlanks(): void {
    while (isBlank(this.input.charCodeAt(this.pos))) this.pos++;
  }

  private atRightDelim(): { readonly found: boolean; readonly trims: boolean } {
    if (this.hasRightTrim(this.pos) && this.startsWith(RIGHT, this.pos + 2)) return { found: true, trims: true };
    return { found: this.startsWith(RIGHT), trims: false };
  }

  private lexRightDelim(): Token {
    const { trims } = this.atRightDelim();
    if (trims) {
      this.pos += 2;
      this.ignore();
    }
    this.pos += RIGHT.length;
    const token = this.emit('rightDelim');
    if (trims) {
      this.skipBlanks();
      this.ignore();
    }
    this.insideAction = false;
    return token;
  }

  private lexInside(): Token {
    if (this.atRightDelim().found)
      return this.parenDepth === 0 ? this.lexRightDelim() : this.fail('unclosed left paren');
    const rune = this.nextRune();
    if (rune === EOF) return this.fail('unclosed action');
    if (isBlank(rune)) {
      this.pos--;
      return this.lexSpace();
    }
    switch (String.fromCodePoint(rune)) {
      case '=':
        return this.emit('assign');
      case ':':
        return this.nextRune() === 0x3d ? this.emit('declare') : this.fail('expected :=');
      case '|':
        return this.emit('pipe');
      case '"':
        return this.lexQuoted('"', 'string', 'unterminated quoted string');
      case '`':
        return this.lexRawString();
      case '$':
        return this.atTerminator() ? this.emit('variable') : this.lexName('variable');
      case "'":
        return this.lexQuoted("'", 'charConstant', 'unterminated character constant');
      case '(':
        this.parenDepth++;
        return this.emit('leftParen');
      case ')':
        this.parenDepth--;
        return this.parenDepth < 0 ? this.fail('unexpected right paren') : this.emit('rightParen');
      case '.': {
        const next = this.input.charCodeAt(this.pos);
        if (this.pos < this.input.length && !(next >= 0x30 && next <= 0x39))
          return this.atTerminator() ? this.emit('dot') : this.lexName('field');
        this.pos--;
        return this.lexNumber();
      }
      default:
        break;
    }
    if (rune === 0x2b || rune === 0x2d || (rune >= 0x30 && rune <= 0x39)) {
      this.pos--;
      return this.lexNumber();
    }
    if (isAlphaNumeric(rune)) return this.lexIdentifier();
    if (rune < 0x80 && isPrint(rune)) return this.emit('char');
    return this.fail(`unrecognized character in action: ${describeRune(rune)}`);
  }

  private lexSpace(): Token {
    let count = 0;
    while (isBlank(this.input.charCodeAt(this.pos))) {
      this.pos++;
      count++;
    }
    // The last space may belong to a trimming delimiter.
    if (this.hasRightTrim(this.pos - 1) && this.startsWith(RIGHT, this.pos + 1)) {
      this.pos--;
      if (count === 1) return this.lexRightDelim();
    }
    return this.emit('space');
  }

  private lexIdentifier(): Token {
    this.skipAlphaNumeric();
    const word = this.input.slice(this.start, this.pos);
    if (!this.atTerminator()) return this.fail(`bad character ${describeRune(this.peekRune())}`);
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined) {
      const free = (keyword === 'break' && !this.breakIsKeyword) || (keyword === 'continue' && !this.continueIsKeyword);
      return this.emit(free ? 'identifier' : keyword);
    }
    return this.emit(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  private skipAlphaNumeric(): void {
    while (isAlphaNumeric(this.peekRune())) this.nextRune();
  }

  private lexName(kind: 'field' | 'variable'): Token {
    this.skipAlphaNumeric();
    return this.atTerminator() ? this.emit(kind) : this.fail(`bad character ${describeRune(this.peekRune())}`);
  }

  private atTerminator(): boolean {
    const rune = this.peekRune();
    return rune === EOF || isBlank(rune) || '.,|:)('.includes(String.fromCodePoint(rune)) || this.startsWith(RIGHT);
  }

  private lexQuoted(end: string, kind: TokenKind, unterminated: string): Token {
    for (;;) {
      let rune = this.nextRune();
      if (rune === 0x5c) {
        rune = this.nextRune();
        if (rune !== EOF && rune !== 0x0a) continue;
      }
      if (rune === EOF || rune === 0x0a) return this.fail(unterminated);
      if (rune === end.charCodeAt(0)) return this.emit(kind);
    }
  }

  private lexRawString(): Token {
    const end = this.input.indexOf('`', this.pos);
    if (end < 0) return this.fail('unterminated raw quoted string');
    this.pos = end + 1;
    return this.emit('rawString');
  }

  private lexNumber(): Token {
    const bad = (): Token => this.fail(`bad number syntax: ${quote(this.input.slice(this.start, this.pos))}`);
    if (!this.scanNumber()) return bad();
    const sign = this.peekRune();
    if (sign !== 0x2b && sign !== 0x2d) return this.emit('number');
    return this.scanNumber() && this.input.charAt(this.pos - 1) === 'i' ? this.emit('complex') : bad();
  }

  private accept(valid: string): boolean {
    const char = this.input.charAt(this.pos);
    if (char === '' || !valid.includes(char)) return false;
    this.pos++;
    return true;
  }

  private scanNumber(): boolean {
    this.accept('+-');
    let digits = '0123456789_';
    if (this.accept('0')) {
      if (this.accept('xX')) digits = '0123456789abcdefABCDEF_';
      else if (this.accept('oO')) digits = '01234567_';
      else if (this.accept('bB')) digits = '01_';
    }
    while (this.accept(digits));
    if (this.accept('.')) while (this.accept(digits));
    const exponent = digits.length === 11 ? 'eE' : digits.length === 23 ? 'pP' : '';
    if (exponent !== '' && this.accept(exponent)) {
      this.accept('+-');
      while (this.accept('0123456789_'));
    }
    this.accept('i');
    if (isAlphaNumeric(this.peekRune())) {
      this.nextRune();
      return false;
    }
    return true;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

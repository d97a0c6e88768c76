import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts';
import { Cursor } from './cursor.ts';
import { YamlFault } from './problem.ts';
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalar.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-tag.ts';
import * as T from './tokens.ts';

/** A place where an implicit key may have begun: its `:` must follow on the same line within 1024 characters. */
interface SimpleKey {
  possible: boolean;
  /** Whether the tokens wait for it (see {@link Scanner} `lookahead`). */
  awaited: boolean;
  required: boolean;
  token: number;
  position: number;
  line: number;
  column: number;
}

const SIMPLE_KEY_LENGTH = 1024;
/** How far yaml.v3 looks for the next comment. */
const COMMENT_DISTANCE = 512;

export interface ScannerOptions {
  /** Deepest nesting of flow collections. */
  readonly depth: number;
  readonly lookahead: 0 | 2;
  /** What is wrong with the text after its end, when it was cut off there. */
  readonly endFault?: YamlFault | undefined;
}

/**
 * Text → tokens, by the rules of libyaml, which Go's YAML libraries share: indentation becomes start and end tokens, and an implicit
 * key is recognised by going back when its `:` is found. It accepts and refuses what they accept and refuse.
 *
 * `lookahead` is how many tokens are read ahead of the first one: 0 in yaml.v2, 2 in yaml.v3. It shows in one place: yaml.v2 forgets to
 * wait for the `:` of a key that is an empty flow collection, so that `{}: a` is the document `{}` and then an error.
 */
export class Scanner {
  readonly cursor: Cursor;
  /** Set when the text ends early: characters that are not allowed follow. */
  readonly #endFault: YamlFault | undefined;
  readonly #depth: number;
  readonly #lookahead: number;
  readonly #queue: T.Token[] = [];
  #head = 0;
  #taken = 0;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #keyAllowed = true;
  readonly #keys: SimpleKey[] = [emptyKey()];
  #ended = false;

  constructor(text: string, start: number, options: ScannerOptions) {
    this.cursor = new Cursor(text, start);
    this.#depth = options.depth;
    this.#lookahead = options.lookahead;
    this.#endFault = options.endFault;
  }

  /** The next token, left in place. @throws YamlFault */
  peek(): T.Token {
    while (this.#needsMore()) this.#fetch();
    return this.#queue[this.#head] as T.Token;
  }

  skip(): void {
    this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head > 64 && this.#head === this.#queue.length) {
      this.#queue.length = 0;
      this.#head = 0;
    }
  }

  /** A token may be given away when no pending implicit key can still put a KEY before it. */
  #needsMore(): boolean {
    if (this.#queue.length - this.#head <= this.#lookahead) return true;
    for (const key of this.#keys) {
      if (key.possible && key.awaited && key.token === this.#taken && this.#isValid(key)) return true;
    }
    return false;
  }

  #fetch(): void {
    const cursor = this.cursor;
    this.#toNextToken();
    const column = cursor.column();
    this.#unroll(column);
    const code = cursor.peek();
    if (code === 0) {
      if (this.#endFault !== undefined) throw this.#endFault;
      this.#streamEnd();
      return;
    }
    if (column === 0) {
      if (code === 37) {
        this.#leaveBlocks();
        this.#push(scanDirective(cursor));
        return;
      }
      if (cursor.atDocumentMarker()) {
        this.#leaveBlocks();
        this.#push(token(code === 45 ? T.DOCUMENT_START : T.DOCUMENT_END, cursor.position));
        cursor.position += 3;
        return;
      }
    }
    const next = cursor.peek(1);
    switch (code) {
      case 91:
        this.#flowStart(T.FLOW_LIST_START);
        return;
      case 123:
        this.#flowStart(T.FLOW_MAP_START);
        return;
      case 93:
        this.#flowEnd(T.FLOW_LIST_END);
        return;
      case 125:
        this.#flowEnd(T.FLOW_MAP_END);
        return;
      case 44:
        this.#dropKey();
        this.#keyAllowed = true;
        this.#indicator(T.FLOW_ENTRY);
        return;
      case 45:
        if (!isBlankOrEnd(next)) break;
        this.#entry();
        return;
      case 63:
        if (this.#flowLevel === 0 && !isBlankOrEnd(next)) break;
        this.#key();
        return;
      case 58:
        if (this.#flowLevel === 0 && !isBlankOrEnd(next)) break;
        this.#value();
        return;
      case 42:
      case 38:
        this.#saveKey();
        this.#keyAllowed = false;
        this.#push(scanAnchor(cursor, code === 42 ? T.ALIAS : T.ANCHOR));
        return;
      case 33:
        this.#saveKey();
        this.#keyAllowed = false;
        this.#push(scanTag(cursor));
        return;
      case 124:
      case 62:
        if (this.#flowLevel > 0) break;
        this.#dropKey();
        this.#keyAllowed = true;
        this.#push(scanBlockScalar(cursor, code === 124, this.#indent));
        return;
      case 39:
      case 34:
        this.#saveKey();
        this.#keyAllowed = false;
        this.#push(scanQuotedScalar(cursor, code === 39));
        return;
      default:
    }
    if (!this.#startsPlain(code, next)) throw cursor.fault('found character that cannot start any token');
    this.#saveKey();
    this.#keyAllowed = false;
    const plain = scanPlainScalar(cursor, this.#indent, this.#flowLevel > 0);
    if (plain.brokeLine) this.#keyAllowed = true;
    this.#push(plain.token);
  }

  #startsPlain(code: number, next: number): boolean {
    switch (code) {
      case 45:
        return !isBlank(next);
      case 63:
      case 58:
        return this.#flowLevel === 0 && !isBlankOrEnd(next);
      case 9:
      case 35:
      case 37:
      case 64:
      case 96:
      case 124:
      case 62:
        return false;
      default:
        return true;
    }
  }

  /** Eats spaces, comments and line breaks. A tab is no indentation: it is eaten only where no key may start. */
  #toNextToken(): void {
    const cursor = this.cursor;
    for (;;) {
      let code = cursor.peek();
      while (code === 32 || (code === 9 && (this.#flowLevel > 0 || !this.#keyAllowed))) {
        cursor.position++;
        code = cursor.peek();
      }
      if (code === 35) {
        this.#skipComments();
        code = cursor.peek();
      }
      if (!isBreak(code)) return;
      cursor.skipBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  /** A comment; in yaml.v3 also those on the lines below it, before which tabs are no indentation. */
  #skipComments(): void {
    const cursor = this.cursor;
    for (;;) {
      while (!isBreakOrEnd(cursor.peek())) cursor.position++;
      if (this.#lookahead === 0) return;
      let offset = 0;
      while (offset < COMMENT_DISTANCE && (isBlank(cursor.peek(offset)) || isBreak(cursor.peek(offset)))) offset++;
      if (cursor.peek(offset) !== 35) return;
      const end = cursor.position + offset;
      while (cursor.position < end) {
        if (isBreak(cursor.peek())) cursor.skipBreak();
        else cursor.position++;
      }
    }
  }

  #push(item: T.Token): void {
    this.#queue.push(item);
  }

  #indicator(type: number): void {
    this.#push(token(type, this.cursor.position));
    this.cursor.position++;
  }

  /** Puts a token where the number says, counted from the first token of the text. */
  #insert(number: number, item: T.Token): void {
    if (number < this.#taken) this.#queue.push(item);
    else this.#queue.splice(this.#head + number - this.#taken, 0, item);
  }

  #roll(column: number, number: number, type: number, position: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (number < 0) this.#push(token(type, position));
    else this.#insert(number, token(type, position));
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push(token(T.BLOCK_END, this.cursor.position));
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #currentKey(): SimpleKey {
    return this.#keys[this.#keys.length - 1] as SimpleKey;
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line === this.cursor.line && !this.cursor.isFurtherThan(key.position, SIMPLE_KEY_LENGTH)) return true;
    if (key.required) throw new YamlFault("could not find expected ':'", key.position);
    key.possible = false;
    return false;
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    this.#dropKey();
    const cursor = this.cursor;
    const key = this.#currentKey();
    key.possible = true;
    key.awaited = true;
    key.required = this.#flowLevel === 0 && this.#indent === cursor.column();
    key.token = this.#taken + this.#queue.length - this.#head;
    key.position = cursor.position;
    key.line = cursor.line;
    key.column = cursor.column();
  }

  #dropKey(): void {
    const key = this.#currentKey();
    if (key.possible && key.required) throw new YamlFault("could not find expected ':'", key.position);
    key.possible = false;
  }

  #leaveBlocks(): void {
    this.#unroll(-1);
    this.#dropKey();
    this.#keyAllowed = false;
  }

  #streamEnd(): void {
    if (!this.#ended) {
      this.#ended = true;
      // The end counts as a new line, so that no implicit key can be waited for.
      this.cursor.line++;
      this.#leaveBlocks();
    }
    this.#push(token(T.STREAM_END, this.cursor.position));
  }

  #flowStart(type: number): void {
    this.#saveKey();
    if (this.#flowLevel >= this.#depth) throw this.cursor.fault(`nested deeper than ${this.#depth} levels`);
    this.#keys.push({ ...emptyKey(), token: this.#taken + this.#queue.length - this.#head });
    this.#flowLevel++;
    this.#keyAllowed = true;
    this.#indicator(type);
  }

  #flowEnd(type: number): void {
    this.#dropKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      const closed = this.#keys.pop();
      for (const key of this.#keys) if (key.token === closed?.token) key.awaited = false;
    }
    this.#keyAllowed = false;
    this.#indicator(type);
  }

  #entry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw this.cursor.fault('block sequence entries are not allowed in this context');
      this.#roll(this.cursor.column(), -1, T.LIST_START, this.cursor.position);
    }
    this.#dropKey();
    this.#keyAllowed = true;
    this.#indicator(T.ENTRY);
  }

  #key(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw this.cursor.fault('mapping keys are not allowed in this context');
      this.#roll(this.cursor.column(), -1, T.MAP_START, this.cursor.position);
    }
    this.#dropKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#indicator(T.KEY);
    this.#skipLineComment();
  }

  #value(): void {
    const key = this.#currentKey();
    if (this.#isValid(key)) {
      this.#insert(key.token, token(T.KEY, key.position));
      this.#roll(key.column, key.token, T.MAP_START, key.position);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw this.cursor.fault('mapping values are not allowed in this context');
        this.#roll(this.cursor.column(), -1, T.MAP_START, this.cursor.position);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#indicator(T.VALUE);
    this.#skipLineComment();
  }

  /** yaml.v3 looks for a comment right behind an indicator, and takes tabs there. */
  #skipLineComment(): void {
    if (this.#lookahead === 0) return;
    const cursor = this.cursor;
    let offset = 0;
    while (isBlank(cursor.peek(offset))) offset++;
    if (cursor.peek(offset) !== 35) return;
    cursor.position += offset;
    while (!isBreakOrEnd(cursor.peek())) cursor.position++;
  }
}

function emptyKey(): SimpleKey {
  return { possible: false, awaited: false, required: false, token: 0, position: 0, line: 0, column: 0 };
}

function token(type: number, position: number): T.Token {
  return { type, position, value: '', suffix: '', style: 0, end: 0 };
}

import { LuaSyntaxError, type Token, tokenize } from './lua-lexer.ts';
import type { Block, Expression, FunctionBody, Statement, TableItem } from './lua-syntax.ts';

const BINARY: Readonly<Record<string, readonly [left: number, right: number]>> = {
  or: [1, 1],
  and: [2, 2],
  '<': [3, 3],
  '>': [3, 3],
  '<=': [3, 3],
  '>=': [3, 3],
  '~=': [3, 3],
  '==': [3, 3],
  '..': [5, 4],
  '+': [6, 6],
  '-': [6, 6],
  '*': [7, 7],
  '/': [7, 7],
  '%': [7, 7],
  '^': [10, 9],
};
const UNARY_PRIORITY = 8;
const DEPTH_LIMIT = 150;
const SOURCE_LIMIT = 200_000;

/** Parses a chunk of Lua 5.1 (with goto and labels). @throws LuaSyntaxError */
export function parseLua(source: string): FunctionBody {
  if (source.length > SOURCE_LIMIT) throw new LuaSyntaxError(`the script is longer than ${SOURCE_LIMIT} characters`);
  const parser = new Parser(tokenize(source));
  return parser.chunk();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  chunk(): FunctionBody {
    const block = this.#block();
    if (this.#token.type !== 'end') this.#fail(`unexpected '${this.#token.text}'`);
    return { parameters: [], varargs: true, block };
  }

  get #token(): Token {
    return this.#tokens[this.#position] ?? { type: 'end', text: '<eof>', line: 0 };
  }

  #fail(message: string): never {
    throw new LuaSyntaxError(`line ${this.#token.line}: ${message}`);
  }

  #is(text: string): boolean {
    return (this.#token.type === 'keyword' || this.#token.type === 'symbol') && this.#token.text === text;
  }

  #accept(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#position++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#fail(`'${text}' expected near '${this.#token.text}'`);
  }

  #name(): string {
    const token = this.#token;
    if (token.type !== 'name') this.#fail(`a name is expected near '${token.text}'`);
    this.#position++;
    return token.text;
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > DEPTH_LIMIT) this.#fail('the script is nested too deeply');
    const result = parse();
    this.#depth--;
    return result;
  }

  #block(): Block {
    return this.#nested(() => {
      const statements: Statement[] = [];
      const labels = new Map<string, number>();
      while (
        this.#token.type !== 'end' &&
        !this.#is('end') &&
        !this.#is('else') &&
        !this.#is('elseif') &&
        !this.#is('until')
      ) {
        if (this.#accept(';')) continue;
        const last = this.#is('return');
        const statement = this.#statement();
        if (statement.type === 'label') {
          if (labels.has(statement.label)) this.#fail(`label '${statement.label}' is there twice`);
          labels.set(statement.label, statements.length);
        } else statements.push(statement);
        if (last) break;
      }
      return { statements, labels };
    });
  }

  #statement(): Statement {
    const { line } = this.#token;
    if (this.#accept('local')) return this.#local();
    if (this.#accept('if')) return this.#if();
    if (this.#accept('for')) return this.#for(line);
    if (this.#accept('function')) return this.#functionStatement(line);
    if (this.#accept('while')) {
      const condition = this.#expression();
      this.#expect('do');
      return { type: 'while', condition, block: this.#blockUntilEnd() };
    }
    if (this.#accept('repeat')) {
      const block = this.#block();
      this.#expect('until');
      return { type: 'repeat', block, condition: this.#expression() };
    }
    if (this.#accept('do')) return { type: 'do', block: this.#blockUntilEnd() };
    if (this.#accept('break')) return { type: 'break' };
    if (this.#accept('return')) return this.#return();
    if (this.#accept('goto')) return { type: 'goto', label: this.#name(), line };
    if (this.#accept('::')) {
      const label = this.#name();
      this.#expect('::');
      return { type: 'label', label };
    }
    return this.#assignmentOrCall(line);
  }

  #blockUntilEnd(): Block {
    const block = this.#block();
    this.#expect('end');
    return block;
  }

  #local(): Statement {
    if (this.#accept('function')) return { type: 'localFunction', name: this.#name(), body: this.#functionBody(false) };
    const names = [this.#name()];
    while (this.#accept(',')) names.push(this.#name());
    return { type: 'local', names, values: this.#accept('=') ? this.#expressions() : [] };
  }

  #if(): Statement {
    const branches: { condition: Expression | undefined; block: Block }[] = [];
    const condition = this.#expression();
    this.#expect('then');
    branches.push({ condition, block: this.#block() });
    for (;;) {
      if (this.#accept('elseif')) {
        const next = this.#expression();
        this.#expect('then');
        branches.push({ condition: next, block: this.#block() });
      } else if (this.#accept('else')) branches.push({ condition: undefined, block: this.#block() });
      else break;
    }
    this.#expect('end');
    return { type: 'if', branches };
  }

  #for(line: number): Statement {
    const first = this.#name();
    if (this.#accept('=')) {
      const from = this.#expression();
      this.#expect(',');
      const to = this.#expression();
      const step = this.#accept(',') ? this.#expression() : undefined;
      this.#expect('do');
      return { type: 'count', name: first, from, to, step, block: this.#blockUntilEnd(), line };
    }
    const names = [first];
    while (this.#accept(',')) names.push(this.#name());
    this.#expect('in');
    const values = this.#expressions();
    this.#expect('do');
    return { type: 'each', names, values, block: this.#blockUntilEnd(), line };
  }

  #functionStatement(line: number): Statement {
    let target: Expression = { type: 'name', name: this.#name(), line };
    let method = false;
    for (;;) {
      if (this.#accept('.'))
        target = { type: 'index', object: target, key: { type: 'string', value: this.#name() }, line };
      else if (this.#accept(':')) {
        target = { type: 'index', object: target, key: { type: 'string', value: this.#name() }, line };
        method = true;
        break;
      } else break;
    }
    return {
      type: 'assign',
      targets: [target],
      values: [{ type: 'function', body: this.#functionBody(method) }],
      line,
    };
  }

  #functionBody(method: boolean): FunctionBody {
    const parameters: string[] = method ? ['self'] : [];
    let varargs = false;
    this.#expect('(');
    while (!this.#is(')')) {
      if (this.#accept('...')) {
        varargs = true;
        break;
      }
      parameters.push(this.#name());
      if (!this.#accept(',')) break;
    }
    this.#expect(')');
    return { parameters, varargs, block: this.#blockUntilEnd() };
  }

  #return(): Statement {
    const ends = this.#token.type === 'end' || ['end', 'else', 'elseif', 'until', ';'].some((text) => this.#is(text));
    const values = ends ? [] : this.#expressions();
    this.#accept(';');
    return { type: 'return', values };
  }

  #assignmentOrCall(line: number): Statement {
    const first = this.#suffixed();
    if (!this.#is('=') && !this.#is(',')) {
      if (first.type !== 'call' && first.type !== 'method') this.#fail('a statement is expected');
      return { type: 'expression', expression: first };
    }
    const targets = [first];
    while (this.#accept(',')) targets.push(this.#suffixed());
    this.#expect('=');
    if (!targets.every((target) => target.type === 'name' || target.type === 'index'))
      this.#fail('this cannot be assigned to');
    return { type: 'assign', targets, values: this.#expressions(), line };
  }

  #expressions(): readonly Expression[] {
    const list = [this.#expression()];
    while (this.#accept(',')) list.push(this.#expression());
    return list;
  }

  #expression(limit: number = 0): Expression {
    return this.#nested(() => {
      let left = this.#unary();
      for (;;) {
        const { text, type, line } = this.#token;
        const priority =
          type === 'symbol' || type === 'keyword'
            ? Object.hasOwn(BINARY, text)
              ? BINARY[text]
              : undefined
            : undefined;
        if (priority === undefined || priority[0] <= limit) return left;
        this.#position++;
        const right = this.#expression(priority[1]);
        left =
          text === 'and' || text === 'or'
            ? { type: text, left, right }
            : { type: 'binary', operator: text, left, right, line };
      }
    });
  }

  #unary(): Expression {
    const { text, line } = this.#token;
    if (this.#is('not') || this.#is('-') || this.#is('#')) {
      this.#position++;
      return { type: 'unary', operator: text, operand: this.#expression(UNARY_PRIORITY), line };
    }
    return this.#simple();
  }

  #simple(): Expression {
    const token = this.#token;
    if (token.type === 'number') {
      this.#position++;
      return { type: 'number', value: Number(token.text) };
    }
    if (token.type === 'string') {
      this.#position++;
      return { type: 'string', value: token.text };
    }
    if (this.#accept('nil')) return { type: 'nil' };
    if (this.#accept('true')) return { type: 'boolean', value: true };
    if (this.#accept('false')) return { type: 'boolean', value: false };
    if (this.#accept('...')) return { type: 'varargs' };
    if (this.#accept('function')) return { type: 'function', body: this.#functionBody(false) };
    if (this.#is('{')) return this.#table();
    return this.#suffixed();
  }

  #suffixed(): Expression {
    let expression = this.#primary();
    for (;;) {
      const { line } = this.#token;
      if (this.#accept('.'))
        expression = { type: 'index', object: expression, key: { type: 'string', value: this.#name() }, line };
      else if (this.#accept('[')) {
        expression = { type: 'index', object: expression, key: this.#expression(), line };
        this.#expect(']');
      } else if (this.#accept(':')) {
        const name = this.#name();
        expression = { type: 'method', object: expression, name, args: this.#arguments(), line };
      } else if (this.#is('(') || this.#is('{') || this.#token.type === 'string') {
        expression = { type: 'call', callee: expression, args: this.#arguments(), line };
      } else return expression;
    }
  }

  #primary(): Expression {
    const { line } = this.#token;
    if (this.#accept('(')) {
      const inner = this.#expression();
      this.#expect(')');
      return { type: 'group', inner };
    }
    return { type: 'name', name: this.#name(), line };
  }

  #arguments(): readonly Expression[] {
    const token = this.#token;
    if (token.type === 'string') {
      this.#position++;
      return [{ type: 'string', value: token.text }];
    }
    if (this.#is('{')) return [this.#table()];
    this.#expect('(');
    const list = this.#is(')') ? [] : this.#expressions();
    this.#expect(')');
    return list;
  }

  #table(): Expression {
    this.#expect('{');
    const items: TableItem[] = [];
    while (!this.#is('}')) {
      items.push(this.#tableItem());
      if (!this.#accept(',') && !this.#accept(';')) break;
    }
    this.#expect('}');
    return { type: 'table', items };
  }

  #tableItem(): TableItem {
    if (this.#accept('[')) {
      const key = this.#expression();
      this.#expect(']');
      this.#expect('=');
      return { key, value: this.#expression() };
    }
    const next = this.#tokens[this.#position + 1];
    if (this.#token.type === 'name' && next?.type === 'symbol' && next.text === '=') {
      const key: Expression = { type: 'string', value: this.#name() };
      this.#expect('=');
      return { key, value: this.#expression() };
    }
    return { key: undefined, value: this.#expression() };
  }
}

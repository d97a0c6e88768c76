import type { FunctionMap } from './function.ts';
import { Lexer, type Token, type TokenKind } from './lexer.ts';
import {
  type BranchNode,
  type ChainNode,
  type CommandNode,
  isEmptyTree,
  type ListNode,
  type Node,
  nodeText,
  type Operand,
  type PipeNode,
  type Source,
  type Statement,
  type VariableNode,
} from './nodes.ts';
import { BUILTINS } from './known-functions.ts';
import { readNumber } from './number-literal.ts';
import { quote } from './quote.ts';
import { type SharedInput, TokenReader } from './token-reader.ts';

/** One template: the body of a text, of a `define` or of a `block`. */
export interface Tree {
  readonly name: string;
  readonly source: Source;
  readonly root: ListNode;
}

/** What a text defines. */
export interface ParsedText {
  readonly trees: ReadonlyMap<string, Tree>;
  /** Functions that it calls; the trees hold only where all of them exist. */
  readonly functions: ReadonlySet<string>;
}

/**
 * Parses a text. Name and text are byte strings.
 * @throws ParseError with Go's words
 */
export function parseText(name: string, text: string, functions: FunctionMap): ParsedText {
  const source: Source = { name, text };
  const shared: Shared = {
    source,
    lexer: new Lexer(text),
    functions,
    trees: new Map(),
    used: new Set(),
    nesting: { depth: 0 },
  };
  shared.lexer.breakIsKeyword = !functions.has('break');
  shared.lexer.continueIsKeyword = !functions.has('continue');
  new Parser(shared, name).parseAll();
  return { trees: shared.trees, functions: shared.used };
}

/** What the parser of a text and those of the definitions inside share. */
interface Shared extends SharedInput {
  readonly functions: FunctionMap;
  readonly trees: Map<string, Tree>;
  readonly used: Set<string>;
}

type EndMark = { readonly kind: 'end'; readonly pos: number } | { readonly kind: 'else'; readonly pos: number };

const OPERAND_STARTS = new Set<TokenKind>([
  'bool',
  'charConstant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

class Parser extends TokenReader {
  private readonly shared: Shared;
  private name: string;
  private readonly variables: string[] = ['$'];
  private rangeDepth = 0;

  constructor(shared: Shared, name: string) {
    super(shared);
    this.shared = shared;
    this.name = name;
  }

  private add(root: ListNode): void {
    const known = this.shared.trees.get(this.name);
    if (known === undefined || isEmptyTree(known.root)) {
      this.shared.trees.set(this.name, { name: this.name, source: this.source, root });
      return;
    }
    if (!isEmptyTree(root)) this.fail(`template: multiple definition of template ${quote(this.name)}`);
  }

  /** The whole text: statements and definitions up to its end. */
  parseAll(): void {
    const nodes: Statement[] = [];
    const pos = this.peek().pos;
    while (this.peek().kind !== 'eof') {
      if (this.peek().kind === 'leftDelim') {
        const delim = this.next();
        const keyword = this.nextNonSpace();
        if (keyword.kind === 'define') {
          const inner = new Parser(this.shared, 'definition');
          inner.lastLine = this.lastLine;
          inner.parseDefinition();
          continue;
        }
        this.backup(keyword);
        this.backup(delim);
      }
      const node = this.textOrAction();
      if (node.kind === 'end' || node.kind === 'else') this.fail(`unexpected {{${node.kind}}}`);
      nodes.push(node);
    }
    this.add({ kind: 'list', source: this.source, pos, nodes });
  }

  private parseDefinition(): void {
    const context = 'define clause';
    const token = this.expect(context, 'string', 'rawString');
    this.name = this.unquoted(token);
    this.expect(context, 'rightDelim');
    const { list, end } = this.itemList();
    if (end.kind !== 'end') this.fail(`unexpected {{${end.kind}}} in ${context}`);
    this.add(list);
  }

  private itemList(): { readonly list: ListNode; readonly end: EndMark } {
    return this.nest(() => {
      const nodes: Statement[] = [];
      const list: ListNode = { kind: 'list', source: this.source, pos: this.peekNonSpace().pos, nodes };
      while (this.peekNonSpace().kind !== 'eof') {
        const node = this.textOrAction();
        if (node.kind === 'end' || node.kind === 'else') return { list, end: node };
        nodes.push(node);
      }
      return this.fail('unexpected EOF');
    });
  }

  private textOrAction(): Statement | EndMark {
    const token = this.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', source: this.source, pos: token.pos, text: token.text };
    if (token.kind !== 'leftDelim') this.unexpected(token, 'input');
    this.actionLine = token.line;
    const node = this.action();
    this.actionLine = 0;
    return node;
  }

  private action(): Statement | EndMark {
    const token = this.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.block();
      case 'break':
      case 'continue':
        return this.loopControl(token.kind, token.pos);
      case 'else':
        return this.elseControl();
      case 'end':
        return { kind: 'end', pos: this.expect('end', 'rightDelim').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.branch(token.kind);
      case 'template':
        return this.template();
      default:
        break;
    }
    this.backup(token);
    const { pos } = this.peek();
    return { kind: 'action', source: this.source, pos, pipe: this.pipeline('command', 'rightDelim') };
  }

  private loopControl(kind: 'break' | 'continue', pos: number): Statement {
    const token = this.nextNonSpace();
    if (token.kind !== 'rightDelim') this.unexpected(token, `{{${kind}}}`);
    if (this.rangeDepth === 0) this.fail(`{{${kind}}} outside {{range}}`);
    return { kind, source: this.source, pos };
  }

  private elseControl(): EndMark {
    const peeked = this.peekNonSpace();
    if (peeked.kind === 'if' || peeked.kind === 'with') return { kind: 'else', pos: peeked.pos };
    return { kind: 'else', pos: this.expect('else', 'rightDelim').pos };
  }

  private branch(kind: 'if' | 'range' | 'with'): BranchNode {
    const mark = this.variables.length;
    const pipe = this.pipeline(kind, 'rightDelim');
    if (kind === 'range') this.rangeDepth++;
    const { list, end } = this.itemList();
    if (kind === 'range') this.rangeDepth--;
    let elseList: ListNode | undefined;
    if (end.kind === 'else') {
      // `else if` and `else with` are an else with an if or with inside that shares the end.
      const chained = kind !== 'range' && this.peek().kind === kind;
      if (chained) {
        this.next();
        const inner = this.nest(() => this.branch(kind));
        elseList = { kind: 'list', source: this.source, pos: end.pos, nodes: [inner] };
      } else {
        const otherwise = this.itemList();
        if (otherwise.end.kind !== 'end') this.fail(`expected end; found {{${otherwise.end.kind}}}`);
        elseList = otherwise.list;
      }
    }
    this.variables.length = mark;
    return { kind, source: this.source, pos: pipe.pos, pipe, list, elseList };
  }

  private block(): Statement {
    const context = 'block clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    const pipe = this.pipeline(context, 'rightDelim');
    const inner = new Parser(this.shared, name);
    inner.lastLine = this.lastLine;
    const { list, end } = inner.itemList();
    if (end.kind !== 'end') inner.fail(`unexpected {{${end.kind}}} in ${context}`);
    inner.add(list);
    return { kind: 'template', source: this.source, pos: token.pos, name, pipe };
  }

  private template(): Statement {
    const context = 'template clause';
    const token = this.nextNonSpace();
    const name = this.templateName(token, context);
    const after = this.nextNonSpace();
    let pipe: PipeNode | undefined;
    if (after.kind !== 'rightDelim') {
      this.backup(after);
      pipe = this.pipeline(context, 'rightDelim');
    }
    return { kind: 'template', source: this.source, pos: token.pos, name, pipe };
  }

  private templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') this.unexpected(token, context);
    return this.unquoted(token);
  }

  private pipeline(context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
    const { pos } = this.peekNonSpace();
    const declared = this.declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.nextNonSpace();
      if (token.kind === end) break;
      if (!OPERAND_STARTS.has(token.kind)) this.unexpected(token, context);
      this.backup(token);
      commands.push(this.command());
    }
    if (commands.length === 0) this.fail(`missing value for ${context}`);
    commands.forEach(({ args }, i) => {
      const kind = args[0]?.kind;
      if (i > 0 && (kind === 'bool' || kind === 'dot' || kind === 'nil' || kind === 'number' || kind === 'string'))
        this.fail(`non executable command in pipeline stage ${i + 1}`);
    });
    return { kind: 'pipe', source: this.source, pos, commands, ...declared };
  }

  private declarations(context: string): { readonly variables: VariableNode[]; readonly isAssign: boolean } {
    const variables: VariableNode[] = [];
    const declare = (token: Token): void => {
      variables.push({ kind: 'variable', source: this.source, pos: token.pos, names: token.text.split('.') });
      this.variables.push(token.text);
    };
    for (;;) {
      const variable = this.peekNonSpace();
      if (variable.kind !== 'variable') return { variables, isAssign: false };
      this.next();
      // `$x foo` needs three tokens of look-ahead to know that $x is an argument; the space must be given back too.
      const adjacent = this.peek();
      const sign = this.nextNonSpace();
      if (sign.kind === 'assign' || sign.kind === 'declare') {
        declare(variable);
        return { variables, isAssign: sign.kind === 'assign' };
      }
      if (sign.kind === 'char' && sign.text === ',') {
        declare(variable);
        if (context !== 'range' || variables.length >= 2) this.fail(`too many declarations in ${context}`);
        const { kind } = this.peekNonSpace();
        if (kind !== 'variable' && kind !== 'rightDelim' && kind !== 'rightParen')
          this.fail('range can only initialize variables');
        continue;
      }
      this.backup(sign);
      if (adjacent.kind === 'space') this.backup(adjacent);
      this.backup(variable);
      return { variables, isAssign: false };
    }
  }

  private command(): CommandNode {
    const { pos } = this.peekNonSpace();
    const args: Operand[] = [];
    for (;;) {
      this.peekNonSpace();
      const operand = this.operand();
      if (operand !== undefined) args.push(operand);
      const token = this.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.backup(token);
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) this.fail('empty command');
    return { kind: 'command', source: this.source, pos, args };
  }

  private operand(): Operand | undefined {
    const node = this.term();
    if (node === undefined || this.peek().kind !== 'field') return node;
    const { pos } = this.peek();
    const names: string[] = [];
    while (this.peek().kind === 'field') names.push(this.next().text.slice(1));
    switch (node.kind) {
      case 'field':
      case 'variable':
        return { ...node, pos, names: [...node.names, ...names] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(nodeText(node))}`);
      default: {
        const chain: ChainNode = { kind: 'chain', source: this.source, pos, node, names };
        return chain;
      }
    }
  }

  private term(): Operand | undefined {
    const token = this.nextNonSpace();
    const at = { source: this.source, pos: token.pos };
    switch (token.kind) {
      case 'identifier':
        if (!this.shared.functions.has(token.text) && !BUILTINS.has(token.text))
          this.fail(`function ${quote(token.text)} not defined`);
        this.shared.used.add(token.text);
        return { kind: 'identifier', ...at, name: token.text };
      case 'dot':
        return { kind: 'dot', ...at };
      case 'nil':
        return { kind: 'nil', ...at };
      case 'variable': {
        if (!this.variables.includes(token.text)) this.fail(`undefined variable ${quote(token.text)}`);
        return { kind: 'variable', ...at, names: [token.text] };
      }
      case 'field':
        return { kind: 'field', ...at, names: [token.text.slice(1)] };
      case 'bool':
        return { kind: 'bool', ...at, value: token.text === 'true' };
      case 'charConstant':
      case 'complex':
      case 'number': {
        const number = readNumber(token.text, token.kind);
        if (typeof number === 'string') this.fail(number);
        return { kind: 'number', ...at, text: token.text, ...number };
      }
      case 'leftParen':
        return this.nest(() => this.pipeline('parenthesized pipeline', 'rightParen'));
      case 'string':
      case 'rawString':
        return { kind: 'string', ...at, quoted: token.text, text: this.unquoted(token) };
      default:
        this.backup(token);
        return undefined;
    }
  }
}

export type { Node };

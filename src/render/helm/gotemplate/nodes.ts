import { quote } from './quote.ts';
import { trimSpace } from './unicode.ts';

/** The parse tree. Positions are bytes in the text that the node was parsed from. */

/** One parsed text; all its nodes point to it. */
export interface Source {
  /** Name for messages: the template that was parsed. */
  readonly name: string;
  readonly text: string;
}

interface At {
  readonly source: Source;
  readonly pos: number;
}

export interface TextNode extends At {
  readonly kind: 'text';
  readonly text: string;
}
export interface ActionNode extends At {
  readonly kind: 'action';
  readonly pipe: PipeNode;
}
export interface BreakNode extends At {
  readonly kind: 'break';
}
export interface ContinueNode extends At {
  readonly kind: 'continue';
}
export interface BranchNode extends At {
  readonly kind: 'if' | 'range' | 'with';
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}
export interface TemplateNode extends At {
  readonly kind: 'template';
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}
export interface ListNode extends At {
  readonly kind: 'list';
  readonly nodes: Statement[];
}
export type Statement = TextNode | ActionNode | BreakNode | ContinueNode | BranchNode | TemplateNode | ListNode;

export interface PipeNode extends At {
  readonly kind: 'pipe';
  readonly variables: readonly VariableNode[];
  readonly isAssign: boolean;
  readonly commands: readonly CommandNode[];
}
export interface CommandNode extends At {
  readonly kind: 'command';
  readonly args: readonly Operand[];
}
export interface IdentifierNode extends At {
  readonly kind: 'identifier';
  readonly name: string;
}
export interface DotNode extends At {
  readonly kind: 'dot';
}
export interface NilNode extends At {
  readonly kind: 'nil';
}
export interface BoolNode extends At {
  readonly kind: 'bool';
  readonly value: boolean;
}
export interface FieldNode extends At {
  readonly kind: 'field';
  readonly names: readonly string[];
}
export interface VariableNode extends At {
  readonly kind: 'variable';
  /** The variable with its dollar sign, then fields. */
  readonly names: readonly string[];
}
export interface ChainNode extends At {
  readonly kind: 'chain';
  readonly node: Operand;
  readonly names: readonly string[];
}
export interface NumberNode extends At {
  readonly kind: 'number';
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined;
}
export interface StringNode extends At {
  readonly kind: 'string';
  readonly quoted: string;
  readonly text: string;
}
export type Operand =
  | IdentifierNode
  | DotNode
  | NilNode
  | BoolNode
  | FieldNode
  | VariableNode
  | ChainNode
  | NumberNode
  | StringNode
  | PipeNode;

export type Node = Statement | Operand | CommandNode;

/** A node as messages show it: the template text, normalised. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case 'text':
      return quote(node.text);
    case 'action':
      return `{{${nodeText(node.pipe)}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'if':
    case 'range':
    case 'with': {
      const otherwise = node.elseList === undefined ? '' : `{{else}}${nodeText(node.elseList)}`;
      return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
    }
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${nodeText(node.pipe)}`}}}`;
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'pipe': {
      const declared = node.variables.map(nodeText).join(', ');
      const sign = declared === '' ? '' : node.isAssign ? ' = ' : ' := ';
      return declared + sign + node.commands.map(nodeText).join(' | ');
    }
    case 'command':
      return node.args.map((arg) => (arg.kind === 'pipe' ? `(${nodeText(arg)})` : nodeText(arg))).join(' ');
    case 'identifier':
      return node.name;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'field':
      return `.${node.names.join('.')}`;
    case 'variable':
      return node.names.join('.');
    case 'chain': {
      const base = node.node.kind === 'pipe' ? `(${nodeText(node.node)})` : nodeText(node.node);
      return `${base}.${node.names.join('.')}`;
    }
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

/** Line (1-based) and byte in the line (0-based) of a position. */
export function lineAndColumn(source: Source, pos: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = source.text.indexOf('\n'); at >= 0 && at < pos; at = source.text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: pos - lineStart };
}

/** Nothing but white space and comments: such a body does not replace a definition. */
export function isEmptyTree(node: Statement): boolean {
  if (node.kind === 'list') return node.nodes.every(isEmptyTree);
  return node.kind === 'text' && trimSpace(node.text) === '';
}

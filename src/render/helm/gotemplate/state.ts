import type { Budget } from './budget.ts';
import { fromBytes } from './byte-string.ts';
import { ExecError, type GoError } from './errors.ts';
import type { CallContext, FunctionMap } from './function.ts';
import { lineAndColumn, type Node, nodeText } from './nodes.ts';
import type { Tree } from './parser.ts';
import { quote } from './quote.ts';
import type { GoValue } from './values.ts';

export type MissingKey = 'default' | 'zero' | 'error';

/** The templates that a running template can reach. */
export interface RunningSet {
  readonly name: string;
  readonly functions: FunctionMap;
  readonly missingKey: MissingKey;
  lookup(name: string): Tree | undefined;
  clone(): RunningSet;
  /** Parses byte strings into the set; gives the tree of the body. @throws ParseError */
  parseBytes(name: string, text: string): Tree | undefined;
}

interface Variable {
  readonly name: string;
  value: GoValue;
  /** Its static type is `interface {}`: a range variable over a list or map of anything. */
  viaInterface: boolean;
}

/** Runs a template of a set; given to the state so that functions can call templates without a cycle of imports. */
export type RunTree = (set: RunningSet, tree: Tree, data: GoValue, budget: Budget, depth: number) => string;
export type RunNamed = (set: RunningSet, name: string, data: GoValue, budget: Budget, depth: number) => string;

/** One template in execution. */
export class State implements CallContext {
  readonly set: RunningSet;
  readonly tree: Tree;
  readonly budget: Budget;
  readonly depth: number;
  private readonly runNamed: RunNamed;
  private readonly runTree: RunTree;
  /** The node that is being evaluated, for errors. Moves as Go's does: it stays where the last evaluation ended. */
  node: Node;
  out = '';
  /** The static type of dot is `interface {}`. */
  dotViaInterface = false;
  readonly variables: Variable[];

  constructor(
    set: RunningSet,
    tree: Tree,
    data: GoValue,
    budget: Budget,
    depth: number,
    run: { readonly named: RunNamed; readonly tree: RunTree },
  ) {
    this.set = set;
    this.tree = tree;
    this.budget = budget;
    this.depth = depth;
    this.runNamed = run.named;
    this.runTree = run.tree;
    this.node = tree.root;
    this.variables = [{ name: '$', value: data, viaInterface: false }];
  }

  write(text: string): void {
    this.budget.write(text.length);
    this.out += text;
  }

  variable(name: string): Variable {
    for (let i = this.variables.length - 1; i >= 0; i--) {
      const variable = this.variables[i];
      if (variable !== undefined && variable.name === name) return variable;
    }
    return this.fail(`undefined variable: ${name}`);
  }

  declare(name: string, value: GoValue): void {
    this.variables.push({ name, value, viaInterface: false });
  }

  assign(name: string, value: GoValue, viaInterface = false): void {
    const variable = this.variable(name);
    variable.value = value;
    variable.viaInterface = viaInterface;
  }

  /** Ends the execution with an error at the present node, in Go's words. */
  fail(message: string, cause?: GoError): never {
    const { source, pos } = this.node;
    const { line, column } = lineAndColumn(source, pos);
    const where = `${source.name}:${line}:${column}`;
    throw new ExecError(
      `template: ${where}: executing ${quote(this.tree.name)} at <${nodeText(this.node)}>: ${message}`,
      { template: fromBytes(source.name), line, column },
      cause,
    );
  }

  position(): string {
    const { source, pos } = this.node;
    const { line, column } = lineAndColumn(source, pos);
    return `${fromBytes(source.name)}:${line}:${column}`;
  }

  include(name: string, data: GoValue): string {
    return this.runNamed(this.set, name, data, this.budget, this.depth + 1);
  }

  parseInCopy(text: string): (data: GoValue) => string {
    const copy = this.set.clone();
    const tree = copy.parseBytes(copy.name, text);
    return (data) => (tree === undefined ? '' : this.runTree(copy, tree, data, this.budget, this.depth + 1));
  }
}

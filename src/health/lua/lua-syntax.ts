/** The syntax tree of a script. */
export type Expression =
  | { readonly type: 'nil' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'varargs' }
  | { readonly type: 'function'; readonly body: FunctionBody }
  | { readonly type: 'name'; readonly name: string; readonly line: number }
  | { readonly type: 'index'; readonly object: Expression; readonly key: Expression; readonly line: number }
  | { readonly type: 'call'; readonly callee: Expression; readonly args: readonly Expression[]; readonly line: number }
  | {
      readonly type: 'method';
      readonly object: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly line: number;
    }
  | {
      readonly type: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'unary'; readonly operator: string; readonly operand: Expression; readonly line: number }
  | { readonly type: 'group'; readonly inner: Expression }
  | { readonly type: 'table'; readonly items: readonly TableItem[] };

export interface TableItem {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

export interface FunctionBody {
  readonly parameters: readonly string[];
  readonly varargs: boolean;
  readonly block: Block;
}

export type Statement =
  | { readonly type: 'local'; readonly names: readonly string[]; readonly values: readonly Expression[] }
  | {
      readonly type: 'assign';
      readonly targets: readonly Expression[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  | { readonly type: 'expression'; readonly expression: Expression }
  | { readonly type: 'do'; readonly block: Block }
  | { readonly type: 'while'; readonly condition: Expression; readonly block: Block }
  | { readonly type: 'repeat'; readonly block: Block; readonly condition: Expression }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly condition: Expression | undefined; readonly block: Block }[];
    }
  | {
      readonly type: 'count';
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | undefined;
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly type: 'each';
      readonly names: readonly string[];
      readonly values: readonly Expression[];
      readonly block: Block;
      readonly line: number;
    }
  | { readonly type: 'localFunction'; readonly name: string; readonly body: FunctionBody }
  | { readonly type: 'return'; readonly values: readonly Expression[] }
  | { readonly type: 'break' }
  | { readonly type: 'goto'; readonly label: string; readonly line: number }
  | { readonly type: 'label'; readonly label: string };

export interface Block {
  readonly statements: readonly Statement[];
  /** Label → the index of the statement after it. */
  readonly labels: ReadonlyMap<string, number>;
}

import { binary, isTrue, unary } from './lua-operators.ts';
import type { Block, Expression, FunctionBody, Statement } from './lua-syntax.ts';
import {
  isFunction,
  type LuaBudget,
  LuaError,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  toNumber,
  typeName,
} from './lua-values.ts';

interface Scope {
  readonly names: Map<string, LuaValue>;
  readonly parent: Scope | undefined;
  readonly varargs: readonly LuaValue[] | undefined;
}

/** How a block ended: `undefined` at its end. */
type Signal =
  | { readonly type: 'break' }
  | { readonly type: 'return'; readonly values: readonly LuaValue[] }
  | { readonly type: 'goto'; readonly label: string }
  | undefined;

const BREAK: Signal = { type: 'break' };
const NOTHING: readonly LuaValue[] = [];
/** Nested evaluations, of expressions and calls together; well below what the stack of JavaScript holds. */
const DEPTH_LIMIT = 1000;

/** Runs the syntax tree of a script within a budget; nothing but `globals` is reachable from it. */
export class LuaInterpreter {
  readonly #budget: LuaBudget;
  readonly #globals: LuaTable;
  readonly #strings: LuaTable;
  #depth = 0;

  constructor(globals: LuaTable, strings: LuaTable, budget: LuaBudget) {
    this.#globals = globals;
    this.#strings = strings;
    this.#budget = budget;
  }

  /** @throws LuaError, LuaLimitError */
  run(body: FunctionBody): readonly LuaValue[] {
    return this.#function(body, undefined).call(NOTHING);
  }

  #function(body: FunctionBody, parent: Scope | undefined): LuaFunction {
    return {
      call: (args) => {
        const names = new Map<string, LuaValue>();
        for (const [index, name] of body.parameters.entries()) names.set(name, args[index]);
        const varargs = body.varargs ? args.slice(body.parameters.length) : NOTHING;
        const signal = this.#nested(() => this.#statements(body.block, { names, parent, varargs }));
        if (signal?.type === 'goto') throw new LuaError(`no visible label '${signal.label}' for goto`);
        return signal?.type === 'return' ? signal.values : NOTHING;
      },
    };
  }

  #nested<T>(run: () => T): T {
    if (++this.#depth > DEPTH_LIMIT) throw new LuaError('stack overflow');
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  #block(block: Block, parent: Scope): Signal {
    return this.#nested(() => this.#statements(block, { names: new Map(), parent, varargs: undefined }));
  }

  #statements(block: Block, first: Scope): Signal {
    let scope = first;
    let index = 0;
    while (index < block.statements.length) {
      const statement = block.statements[index++];
      if (statement === undefined) break;
      // A local of the same name is a new variable: functions made before keep the old one.
      if (redeclares(statement, scope)) scope = { names: new Map(), parent: scope, varargs: undefined };
      const signal = this.#statement(statement, scope);
      if (signal === undefined) continue;
      const target = signal.type === 'goto' ? block.labels.get(signal.label) : undefined;
      if (target === undefined) return signal;
      index = target;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Scope): Signal {
    this.#budget.step();
    switch (statement.type) {
      case 'local': {
        const values = this.#values(statement.values, scope);
        for (const [index, name] of statement.names.entries()) scope.names.set(name, values[index]);
        return undefined;
      }
      case 'assign': {
        const values = this.#values(statement.values, scope);
        for (const [index, target] of statement.targets.entries()) this.#assign(target, values[index], scope);
        return undefined;
      }
      case 'expression':
        this.#all(statement.expression, scope);
        return undefined;
      case 'do':
        return this.#block(statement.block, scope);
      case 'if':
        for (const branch of statement.branches) {
          if (branch.condition === undefined || isTrue(this.#value(branch.condition, scope)))
            return this.#block(branch.block, scope);
        }
        return undefined;
      case 'while':
        while (isTrue(this.#value(statement.condition, scope))) {
          this.#budget.step();
          const signal = this.#block(statement.block, scope);
          if (signal?.type === 'break') break;
          if (signal !== undefined) return signal;
        }
        return undefined;
      case 'repeat':
        return this.#repeat(statement, scope);
      case 'count':
        return this.#count(statement, scope);
      case 'each':
        return this.#each(statement, scope);
      case 'localFunction':
        scope.names.set(statement.name, undefined);
        scope.names.set(statement.name, this.#function(statement.body, scope));
        return undefined;
      case 'return':
        return { type: 'return', values: this.#values(statement.values, scope) };
      case 'break':
        return BREAK;
      case 'goto':
        return { type: 'goto', label: statement.label };
      case 'label':
        return undefined;
    }
  }

  #repeat(statement: Extract<Statement, { type: 'repeat' }>, scope: Scope): Signal {
    for (;;) {
      this.#budget.step();
      const inner: Scope = { names: new Map(), parent: scope, varargs: undefined };
      const signal = this.#nested(() => this.#statements(statement.block, inner));
      if (signal?.type === 'break') return undefined;
      if (signal !== undefined) return signal;
      if (isTrue(this.#value(statement.condition, inner))) return undefined;
    }
  }

  #count(statement: Extract<Statement, { type: 'count' }>, scope: Scope): Signal {
    const from = this.#number(this.#value(statement.from, scope), "'for' initial value must be a number");
    const to = this.#number(this.#value(statement.to, scope), "'for' limit must be a number");
    const step =
      statement.step === undefined
        ? 1
        : this.#number(this.#value(statement.step, scope), "'for' step must be a number");
    for (let value = from; step > 0 ? value <= to : value >= to; value += step) {
      this.#budget.step();
      const signal = this.#body(statement.block, [statement.name], [value], scope);
      if (signal?.type === 'break') break;
      if (signal !== undefined) return signal;
    }
    return undefined;
  }

  #each(statement: Extract<Statement, { type: 'each' }>, scope: Scope): Signal {
    const [iterator, state, first] = this.#values(statement.values, scope);
    let control = first;
    for (;;) {
      this.#budget.step();
      const values = this.#call(iterator, [state, control], statement.line);
      control = values[0];
      if (control === undefined) return undefined;
      const signal = this.#body(statement.block, statement.names, values, scope);
      if (signal?.type === 'break') return undefined;
      if (signal !== undefined) return signal;
    }
  }

  #body(block: Block, names: readonly string[], values: readonly LuaValue[], parent: Scope): Signal {
    const inner: Scope = { names: new Map(), parent, varargs: undefined };
    for (const [index, name] of names.entries()) inner.names.set(name, values[index]);
    return this.#nested(() => this.#statements(block, inner));
  }

  #assign(target: Expression, value: LuaValue, scope: Scope): void {
    if (target.type === 'index') {
      const object = this.#value(target.object, scope);
      if (!(object instanceof LuaTable))
        throw new LuaError(
          `line ${target.line}: attempt to index ${describe(target.object)}a ${typeName(object)} value`,
        );
      object.set(this.#value(target.key, scope), value);
      return;
    }
    if (target.type !== 'name') return;
    for (let place: Scope | undefined = scope; place !== undefined; place = place.parent) {
      if (place.names.has(target.name)) {
        place.names.set(target.name, value);
        return;
      }
    }
    this.#globals.set(target.name, value);
  }

  /** Values of a list: every one gives one, the last one all of its own. */
  #values(expressions: readonly Expression[], scope: Scope): readonly LuaValue[] {
    const values: LuaValue[] = [];
    for (const [index, expression] of expressions.entries()) {
      if (index === expressions.length - 1) for (const value of this.#all(expression, scope)) values.push(value);
      else values.push(this.#value(expression, scope));
    }
    return values;
  }

  #all(expression: Expression, scope: Scope): readonly LuaValue[] {
    if (expression.type === 'call') {
      this.#budget.step();
      return this.#nested(() =>
        this.#call(
          this.#value(expression.callee, scope),
          this.#values(expression.args, scope),
          expression.line,
          expression.callee,
        ),
      );
    }
    if (expression.type === 'method') {
      this.#budget.step();
      return this.#nested(() => {
        const object = this.#value(expression.object, scope);
        const method = this.#index(object, expression.name, expression.line, expression.object);
        return this.#call(
          method,
          [object, ...this.#values(expression.args, scope)],
          expression.line,
          expression.object,
        );
      });
    }
    if (expression.type === 'varargs') return this.#varargs(scope);
    return [this.#value(expression, scope)];
  }

  #varargs(scope: Scope): readonly LuaValue[] {
    for (let place: Scope | undefined = scope; place !== undefined; place = place.parent)
      if (place.varargs !== undefined) return place.varargs;
    return NOTHING;
  }

  #call(callee: LuaValue, args: readonly LuaValue[], line: number, named?: Expression): readonly LuaValue[] {
    if (!isFunction(callee))
      throw new LuaError(
        `line ${line}: attempt to call ${named === undefined ? '' : describe(named)}a ${typeName(callee)} value`,
      );
    return callee.call(args);
  }

  #value(expression: Expression, scope: Scope): LuaValue {
    this.#budget.step();
    return this.#nested(() => this.#evaluate(expression, scope));
  }

  #evaluate(expression: Expression, scope: Scope): LuaValue {
    switch (expression.type) {
      case 'nil':
        return undefined;
      case 'boolean':
      case 'number':
      case 'string':
        return expression.value;
      case 'name':
        return this.#lookup(expression.name, scope);
      case 'index':
        return this.#index(
          this.#value(expression.object, scope),
          this.#value(expression.key, scope),
          expression.line,
          expression.object,
        );
      case 'and': {
        const left = this.#value(expression.left, scope);
        return isTrue(left) ? this.#value(expression.right, scope) : left;
      }
      case 'or': {
        const left = this.#value(expression.left, scope);
        return isTrue(left) ? left : this.#value(expression.right, scope);
      }
      case 'binary':
        return binary(
          expression.operator,
          this.#value(expression.left, scope),
          this.#value(expression.right, scope),
          expression.line,
          this.#budget,
        );
      case 'unary':
        return unary(expression.operator, this.#value(expression.operand, scope), expression.line);
      case 'group':
        return this.#value(expression.inner, scope);
      case 'function':
        return this.#function(expression.body, scope);
      case 'table':
        return this.#table(expression, scope);
      default:
        return this.#all(expression, scope)[0];
    }
  }

  #lookup(name: string, scope: Scope): LuaValue {
    for (let place: Scope | undefined = scope; place !== undefined; place = place.parent) {
      const value = place.names.get(name);
      if (value !== undefined || place.names.has(name)) return value;
    }
    return this.#globals.get(name);
  }

  #index(object: LuaValue, key: LuaValue, line: number, named: Expression): LuaValue {
    if (object instanceof LuaTable) return object.get(key);
    if (typeof object === 'string') return this.#strings.get(key);
    throw new LuaError(`line ${line}: attempt to index ${describe(named)}a ${typeName(object)} value`);
  }

  #table(expression: Extract<Expression, { type: 'table' }>, scope: Scope): LuaTable {
    const table = new LuaTable(this.#budget);
    let next = 1;
    for (const [index, item] of expression.items.entries()) {
      if (item.key !== undefined) table.set(this.#value(item.key, scope), this.#value(item.value, scope));
      else if (index === expression.items.length - 1)
        for (const value of this.#all(item.value, scope)) table.set(next++, value);
      else table.set(next++, this.#value(item.value, scope));
    }
    return table;
  }

  #number(value: LuaValue, message: string): number {
    const number = toNumber(value);
    if (number === undefined) throw new LuaError(message);
    return number;
  }
}

function redeclares(statement: Statement, scope: Scope): boolean {
  if (statement.type === 'local') return statement.names.some((name) => scope.names.has(name));
  return statement.type === 'localFunction' && scope.names.has(statement.name);
}

function describe(expression: Expression): string {
  if (expression.type === 'name') return `'${expression.name}', `;
  return expression.type === 'index' && expression.key.type === 'string' ? `field '${expression.key.value}', ` : '';
}

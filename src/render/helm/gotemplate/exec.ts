import { throughPointer } from './behaviour.ts';
import type { Budget } from './budget.ts';
import { GoError } from './errors.ts';
import { printed } from './calls.ts';
import { textOf } from './format.ts';
import type { BranchNode, ListNode, Statement, TemplateNode } from './nodes.ts';
import { compilePipeline } from './operands.ts';
import type { Tree } from './parser.ts';
import { quote } from './quote.ts';
import { type MissingKey, type RunningSet, State } from './state.ts';
import { isSigned, isUnsigned } from './types.ts';
import { GoBytes, goInt, GoInt, GoMap, GoSlice, type GoValue, isTrue } from './values.ts';

/** Statements as closures, and the execution of a template. */

const NORMAL = 0;
const BREAK = 1;
const CONTINUE = 2;
type Signal = typeof NORMAL | typeof BREAK | typeof CONTINUE;
type Run = (state: State, dot: GoValue) => Signal;

const compiled = new WeakMap<Tree, Run>();

/** Executes a template by name; byte strings. @throws ExecError; GoError when it is not defined */
export function executeTree(set: RunningSet, name: string, data: GoValue, budget: Budget, depth: number): string {
  const tree = set.lookup(name);
  if (tree === undefined)
    throw new GoError(`template: no template ${quote(name)} associated with template ${quote(set.name)}`);
  return runTree(set, tree, data, budget, depth);
}

const RUN = { named: executeTree, tree: runTree };

/** Executes one template body. @throws ExecError */
function runTree(set: RunningSet, tree: Tree, data: GoValue, budget: Budget, depth: number): string {
  budget.enter(depth);
  const state = new State(set, tree, data ?? undefined, budget, depth, RUN);
  programOf(tree)(state, data ?? undefined);
  return state.out;
}

function programOf(tree: Tree): Run {
  let program = compiled.get(tree);
  if (program === undefined) {
    program = compileList(tree.root);
    compiled.set(tree, program);
  }
  return program;
}

function compileList(list: ListNode): Run {
  const runs = list.nodes.map(compileStatement);
  const only = runs[0];
  if (runs.length === 1 && only !== undefined) return only;
  return (state, dot) => {
    for (const run of runs) {
      const signal = run(state, dot);
      if (signal !== NORMAL) return signal;
    }
    return NORMAL;
  };
}

function compileStatement(node: Statement): Run {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (state) => {
        state.write(text);
        return NORMAL;
      };
    }
    case 'action': {
      const pipeline = compilePipeline(node.pipe);
      if (node.pipe.variables.length > 0)
        return (state, dot) => {
          pipeline(state, dot);
          return NORMAL;
        };
      return (state, dot) => {
        state.node = node;
        const value = pipeline(state, dot);
        state.write(printed(state, value));
        return NORMAL;
      };
    }
    case 'break':
      return () => BREAK;
    case 'continue':
      return () => CONTINUE;
    case 'if':
    case 'with':
      return compileCondition(node);
    case 'range':
      return compileRange(node);
    case 'template':
      return compileTemplate(node);
    case 'list':
      return compileList(node);
  }
}

function compileCondition(node: BranchNode): Run {
  const condition = compilePipeline(node.pipe);
  const then = compileList(node.list);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList);
  const isWith = node.kind === 'with';
  return (state, dot) => {
    const mark = state.variables.length;
    const value = condition(state, dot);
    let signal: Signal = NORMAL;
    if (isTrue(value)) {
      if (isWith) {
        const before = state.dotViaInterface;
        state.dotViaInterface = false;
        signal = then(state, value);
        state.dotViaInterface = before;
      } else signal = then(state, dot);
    } else if (otherwise !== undefined) signal = otherwise(state, dot);
    state.variables.length = mark;
    return signal;
  };
}

function compileTemplate(node: TemplateNode): Run {
  const pipeline = node.pipe === undefined ? undefined : compilePipeline(node.pipe);
  return (state, dot) => {
    state.node = node;
    const tree = state.set.lookup(node.name);
    if (tree === undefined) return state.fail(`template ${quote(node.name)} not defined`);
    const data = pipeline === undefined ? undefined : pipeline(state, dot);
    // The bytes were counted where they were written.
    state.out += runTree(state.set, tree, data, state.budget, state.depth + 1);
    return NORMAL;
  };
}

function compileRange(node: BranchNode): Run {
  const over = compilePipeline(node.pipe);
  const body = compileList(node.list);
  const otherwise = node.elseList === undefined ? undefined : compileList(node.elseList);
  const names = node.pipe.variables.map(({ names: [name = ''] }) => name);
  const { isAssign } = node.pipe;
  const [firstName = '', secondName = ''] = names;

  /** One turn; true ends the loop. */
  const turn = (state: State, index: GoValue, element: GoValue, viaInterface: boolean): boolean => {
    state.budget.step();
    const mark = state.variables.length;
    if (names.length === 1) {
      if (isAssign) state.assign(firstName, element, viaInterface);
      else setTop(state, 1, element, viaInterface);
    } else if (names.length === 2) {
      if (isAssign) {
        state.assign(firstName, index);
        state.assign(secondName, element, viaInterface);
      } else {
        setTop(state, 1, element, viaInterface);
        setTop(state, 2, index, false);
      }
    }
    state.dotViaInterface = viaInterface;
    const signal = body(state, element);
    state.variables.length = mark;
    return signal === BREAK;
  };

  return (state, dot) => {
    state.node = node;
    const mark = state.variables.length;
    const before = state.dotViaInterface;
    const value = over(state, dot);
    const ran = eachElement(state, value, names.length, turn);
    state.dotViaInterface = before;
    const signal = !ran && otherwise !== undefined ? otherwise(state, dot) : NORMAL;
    state.variables.length = mark;
    return signal;
  };
}

function setTop(state: State, fromTop: number, value: GoValue, viaInterface: boolean): void {
  const variable = state.variables[state.variables.length - fromTop];
  if (variable === undefined) return;
  variable.value = value;
  variable.viaInterface = viaInterface;
}

type Turn = (state: State, index: GoValue, element: GoValue, viaInterface: boolean) => boolean;

/** Walks what `range` can walk; false when there was nothing. */
function eachElement(state: State, value: GoValue, variables: number, turn: Turn): boolean {
  if (value === undefined || value === null) return false;
  if (value instanceof GoSlice) {
    const viaInterface = value.type.elem?.kind === 'interface';
    const { length } = value.items;
    for (let i = 0; i < length; i++) if (turn(state, goInt(i), value.items[i], viaInterface)) break;
    return length > 0;
  }
  if (value instanceof GoMap) {
    const viaInterface = value.type.elem?.kind === 'interface';
    // The pairs are taken before the first turn: the body may change the map.
    const pairs = value.sortedKeys().map((key) => ({ key, element: value.entries.get(key) }));
    for (const { key, element } of pairs) if (turn(state, key, element, viaInterface)) break;
    return pairs.length > 0;
  }
  if (value instanceof GoInt && (isSigned(value.type.kind) || isUnsigned(value.type.kind))) {
    if (variables > 1) state.fail(`can't use ${textOf(value)} to iterate over more than one variable`);
    for (let i = 0n; i < value.value; i++) if (turn(state, undefined, new GoInt(i, value.type), false)) break;
    return value.value > 0n;
  }
  if (value instanceof GoBytes) {
    const { elem } = value.type;
    for (let i = 0; i < value.data.length && elem !== undefined; i++)
      if (turn(state, goInt(i), new GoInt(BigInt(value.data.charCodeAt(i)), elem), false)) break;
    return value.data.length > 0;
  }
  return state.fail(`range can't iterate over ${textOf(throughPointer(value))}`);
}

export type { MissingKey, RunningSet };

import { behaviourOf } from './behaviour.ts';
import { type Argument, callFunction, type CallSite, type Final, findFunction, nilFor, validate } from './calls.ts';
import type { CommandNode, FieldNode, Node, NumberNode, Operand, PipeNode } from './nodes.ts';
import { nodeText } from './nodes.ts';
import { quote } from './quote.ts';
import type { State } from './state.ts';
import { type GoType, isSigned, isUnsigned, MAP, REFLECT, canBeNil, INT } from './types.ts';
import { GoComplex, GoInt, GoMap, GoObject, type GoValue, typeOf, zeroOf } from './values.ts';

/**
 * Operands, commands and pipelines as closures over the running state: a template is compiled once and run many times.
 * The order in which `state.node` moves is Go's, because error texts show it.
 */

export type Pipeline = (state: State, dot: GoValue) => GoValue;
type Command = (state: State, dot: GoValue, final: Final | undefined) => GoValue;

export function compilePipeline(pipe: PipeNode): Pipeline {
  const commands = pipe.commands.map(compileCommand);
  const names = pipe.variables.map(({ names: [name = ''] }) => name);
  const first = commands[0];
  if (commands.length === 1 && names.length === 0 && first !== undefined)
    return (state, dot) => {
      state.node = pipe;
      state.budget.step();
      // An interface that holds nil is looked through: no value.
      return first(state, dot, undefined) ?? undefined;
    };
  return (state, dot) => {
    state.node = pipe;
    let value: GoValue;
    let final: Final | undefined;
    for (const command of commands) {
      state.budget.step();
      value = command(state, dot, final) ?? undefined;
      final = { value };
    }
    for (const name of names) {
      if (pipe.isAssign) state.assign(name, value);
      else state.declare(name, value);
    }
    return value;
  };
}

function refuseArguments(state: State, args: readonly Operand[], final: Final | undefined): void {
  const first = args[0];
  if ((args.length > 1 || final !== undefined) && first !== undefined)
    state.fail(`can't give argument to non-function ${nodeText(first)}`);
}

function compileCommand(command: CommandNode): Command {
  const first = command.args[0];
  if (first === undefined) throw new TypeError('a command without words cannot come from the parser');
  switch (first.kind) {
    case 'field':
      return fieldChain(first, first.names, siteOf(first, command.args, lastName(first.names)));
    case 'chain': {
      const base = compileArgument(first.node);
      const access = accessor(first, first.names, siteOf(first, command.args, lastName(first.names)));
      return (state, dot, final) => {
        state.node = first;
        return access(state, dot, base(state, dot, undefined), false, final);
      };
    }
    case 'variable':
      return variableChain(first, command.args, siteOf(first, command.args, lastName(first.names)));
    case 'identifier':
      return functionCall(first, siteOf(command, command.args, first.name));
    case 'pipe': {
      const inner = compilePipeline(first);
      return (state, dot, final) => {
        refuseArguments(state, command.args, final);
        return inner(state, dot);
      };
    }
    default: {
      const literal = compileLiteral(first);
      return (state, dot, final) => {
        state.node = first;
        refuseArguments(state, command.args, final);
        return literal(state, dot);
      };
    }
  }
}

function lastName(names: readonly string[]): string {
  return names[names.length - 1] ?? '';
}

function siteOf(node: Node, words: readonly Operand[], name: string): CallSite {
  const argNodes = words.slice(1);
  return { name, node, args: argNodes.map(compileArgument), argNodes };
}

function compileLiteral(node: Operand): (state: State, dot: GoValue) => GoValue {
  switch (node.kind) {
    case 'bool':
      return () => node.value;
    case 'dot':
      return (_state, dot) => dot;
    case 'nil':
      return (state) => state.fail('nil is not a command');
    case 'string':
      return () => node.text;
    case 'number':
      return idealConstant(node);
    default:
      return (state) => state.fail(`can't evaluate command ${quote(nodeText(node))}`);
  }
}

/** The value of a number where nothing says which type is wanted: its spelling decides. */
function idealConstant(node: NumberNode): (state: State) => GoValue {
  if (node.complex !== undefined) {
    const value = new GoComplex(node.complex.real, node.complex.imaginary);
    return () => value;
  }
  const isHex = /^0[xX].+/.test(node.text) && !/[pP]/.test(node.text);
  if (node.float !== undefined && !isHex && !node.text.startsWith("'") && /[.eEpP]/.test(node.text)) {
    const value = node.float;
    return () => value;
  }
  if (node.int !== undefined) {
    const value = new GoInt(node.int, INT);
    return () => value;
  }
  return (state) => {
    state.node = node;
    return state.fail(`${node.text} overflows int`);
  };
}

function functionCall(node: Operand & { readonly kind: 'identifier' }, site: CallSite): Command {
  return (state, dot, final) => {
    state.node = node;
    const found = findFunction(state, node.name);
    if (found === undefined) return state.fail(`${quote(node.name)} is not a defined function`);
    return callFunction(state, dot, found.fn, found.isBuiltin, site, final);
  };
}

function fieldChain(node: FieldNode, names: readonly string[], site: CallSite): Command {
  const access = accessor(node, names, site);
  return (state, dot, final) => {
    state.node = node;
    return access(state, dot, dot, state.dotViaInterface, final);
  };
}

function variableChain(
  node: Operand & { readonly kind: 'variable' },
  words: readonly Operand[],
  site: CallSite,
): Command {
  const [name = '', ...fields] = node.names;
  if (fields.length === 0)
    return (state, _dot, final) => {
      state.node = node;
      const { value } = state.variable(name);
      refuseArguments(state, words, final);
      return value;
    };
  const access = accessor(node, fields, site);
  return (state, dot, final) => {
    state.node = node;
    const { value, viaInterface } = state.variable(name);
    return access(state, dot, value, viaInterface, final);
  };
}

type Accessor = (
  state: State,
  dot: GoValue,
  receiver: GoValue,
  viaInterface: boolean,
  final: Final | undefined,
) => GoValue;

/** Follows fields from a receiver; the last one may be a method with arguments. */
function accessor(node: Node, names: readonly string[], site: CallSite): Accessor {
  const plain: CallSite = { name: '', node, args: [], argNodes: [] };
  const last = names.length - 1;
  return (state, dot, receiver, viaInterface, final) => {
    let value = receiver;
    let isInterface = viaInterface;
    for (let i = 0; i < last; i++) {
      const from = value;
      value = readField(state, dot, from, names[i] ?? '', isInterface, plain, undefined);
      isInterface = holdsInterfaces(from, names[i] ?? '');
    }
    return readField(state, dot, value, names[last] ?? '', isInterface, site, final);
  };
}

/** The static type of a field of this value is `interface {}`. */
function holdsInterfaces(value: GoValue, name: string): boolean {
  if (value instanceof GoMap) return value.type.elem?.kind === 'interface';
  if (value instanceof GoObject)
    return value.type.fields?.find((field) => field.name === name)?.type.kind === 'interface';
  return false;
}

function readField(
  state: State,
  dot: GoValue,
  receiver: GoValue,
  name: string,
  viaInterface: boolean,
  site: CallSite,
  final: Final | undefined,
): GoValue {
  if (receiver === undefined) {
    if (state.set.missingKey === 'error') state.fail(`nil data; no entry for key ${quote(name)}`);
    return undefined;
  }
  if (receiver === null) return state.fail(`nil pointer evaluating interface {}.${name}`);
  const hasArguments = site.args.length > 0 || final !== undefined;
  // Most fields are keys of plain maps.
  if (receiver instanceof GoMap && receiver.type === MAP && !hasArguments) {
    const found = receiver.entries.get(name);
    return found !== undefined ? found : missing(state, receiver, name);
  }
  const type = typeOf(receiver);
  const method = behaviourOf(type)?.methods.get(name);
  if (method !== undefined) return callFunction(state, dot, method(receiver), false, { ...site, name }, final);
  if (receiver instanceof GoMap) {
    if (hasArguments) state.fail(`${name} is not a method but has arguments`);
    const found = receiver.entries.get(name);
    return found !== undefined ? found : missing(state, receiver, name);
  }
  if (receiver instanceof GoObject && type?.fields?.some((field) => field.name === name) === true) {
    if (/^[a-z]/.test(name)) state.fail(`${name} is an unexported field of struct type ${type.name}`);
    if (hasArguments) state.fail(`${name} has arguments but cannot be invoked as function`);
    return receiver.fields.get(name);
  }
  return state.fail(`can't evaluate field ${name} in type ${viaInterface ? 'interface {}' : (type?.name ?? '')}`);
}

function missing(state: State, map: GoMap, name: string): GoValue {
  switch (state.set.missingKey) {
    case 'default':
      return undefined;
    case 'zero':
      return map.type.elem === undefined ? null : zeroOf(map.type.elem);
    case 'error':
      return state.fail(`map has no entry for key ${quote(name)}`);
  }
}

/** An operand as an argument of a call. */
function compileArgument(node: Operand): Argument {
  switch (node.kind) {
    case 'dot':
      return (state, dot, type) => {
        state.node = node;
        return validate(state, dot, type);
      };
    case 'nil':
      return (state, _dot, type) => {
        state.node = node;
        if (type === undefined || !canBeNil(type)) return state.fail(`cannot assign nil to ${type?.name ?? 'nil'}`);
        return nilFor(type);
      };
    case 'field':
    case 'variable':
    case 'identifier':
    case 'chain': {
      const evaluate = compileWord(node);
      return (state, dot, type) => {
        state.node = node;
        return validate(state, evaluate(state, dot, undefined), type);
      };
    }
    case 'pipe': {
      const inner = compilePipeline(node);
      return (state, dot, type) => {
        state.node = node;
        return validate(state, inner(state, dot), type);
      };
    }
    default:
      return literalArgument(node);
  }
}

/** A single word without arguments. */
function compileWord(node: Operand & { readonly kind: 'field' | 'variable' | 'identifier' | 'chain' }): Command {
  if (node.kind === 'identifier') return functionCall(node, siteOf(node, [node], node.name));
  return compileCommand({ kind: 'command', source: node.source, pos: node.pos, args: [node] });
}

/** A literal takes the type that the parameter wants. */
function literalArgument(node: Operand): Argument {
  const free = compileLiteral(node);
  return (state, dot, type) => {
    state.node = node;
    if (type === undefined || type === REFLECT || type.kind === 'interface') return free(state, dot);
    const { kind } = type;
    if (kind === 'bool')
      return node.kind === 'bool' ? node.value : state.fail(`expected bool; found ${nodeText(node)}`);
    if (kind === 'string')
      return node.kind === 'string' ? node.text : state.fail(`expected string; found ${nodeText(node)}`);
    const number = node.kind === 'number' ? node : undefined;
    if (isSigned(kind))
      return number?.int !== undefined
        ? integer(number.int, type)
        : state.fail(`expected integer; found ${nodeText(node)}`);
    if (isUnsigned(kind))
      return number?.uint !== undefined
        ? integer(number.uint, type)
        : state.fail(`expected unsigned integer; found ${nodeText(node)}`);
    if (kind === 'float64') return number?.float ?? state.fail(`expected float; found ${nodeText(node)}`);
    return state.fail(`can't handle ${nodeText(node)} for arg of type ${type.name}`);
  };
}

const BITS = new Map<string, number>([
  ['int8', 8],
  ['int16', 16],
  ['int32', 32],
  ['uint8', 8],
  ['uint16', 16],
  ['uint32', 32],
]);

function integer(value: bigint, type: GoType): GoInt {
  const bits = BITS.get(type.kind);
  if (bits === undefined) return new GoInt(value, type);
  return new GoInt(isUnsigned(type.kind) ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value), type);
}

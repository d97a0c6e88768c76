import { EngineError } from '../../../core/errors.ts';
import { behaviourOf, throughPointer } from './behaviour.ts';
import { BUILTIN_FUNCTIONS } from './builtins.ts';
import { GoError } from './errors.ts';
import { textOf } from './format.ts';
import type { GoFunction } from './function.ts';
import { type Node, nodeText, type Operand } from './nodes.ts';
import type { State } from './state.ts';
import { canBeNil, type GoType, isAssignable, REFLECT } from './types.ts';
import { GoBytes, GoMap, GoSlice, type GoValue, isTrue, typeOf, zeroOf } from './values.ts';

/** An argument of a call: evaluated for the type that the parameter wants, and checked. */
export type Argument = (state: State, dot: GoValue, type: GoType | undefined) => GoValue;

/** The value that comes through the pipeline as last argument, if one does. */
export interface Final {
  readonly value: GoValue;
}

/** What an untyped nil becomes for a type that can hold it. */
export function nilFor(type: GoType): GoValue {
  if (type === REFLECT) return undefined;
  return type.kind === 'interface' ? null : zeroOf(type);
}

/** Checks that a value can be given for a type, and gives it as that type. */
export function validate(state: State, value: GoValue, type: GoType | undefined): GoValue {
  if (type === REFLECT || type === undefined) return value;
  if (value === undefined) return canBeNil(type) ? nilFor(type) : state.fail(`invalid value; expected ${type.name}`);
  if (type.kind === 'interface') return value;
  const actual = typeOf(value);
  if (actual === type) return value;
  if (actual === undefined || !isAssignable(actual, type))
    return state.fail(`wrong type for value; expected ${type.name}; got ${actual?.name ?? 'interface {}'}`);
  return converted(value, type);
}

/** A named map or slice type becomes the unnamed one, sharing its content. */
function converted(value: GoValue, type: GoType): GoValue {
  if (value instanceof GoMap) return new GoMap(value.entries, type, value.isNil);
  if (value instanceof GoSlice) return new GoSlice(value.items, type, { isNil: value.isNil, capacity: value.capacity });
  return value;
}

export interface CallSite {
  readonly name: string;
  /** The node that an error of the function itself is reported at. */
  readonly node: Node;
  readonly args: readonly Argument[];
  readonly argNodes: readonly Operand[];
}

/** Calls a function by the rules of text/template: counts, evaluates and checks the arguments, wraps errors. */
export function callFunction(
  state: State,
  dot: GoValue,
  fn: GoFunction,
  isBuiltin: boolean,
  site: CallSite,
  final: Final | undefined,
): GoValue {
  const { params, variadic } = fn;
  const { args, name } = site;
  const count = args.length + (final === undefined ? 0 : 1);
  let fixed = args.length;
  if (variadic) {
    fixed = params.length - 1;
    if (count < fixed) state.fail(`wrong number of args for ${name}: want at least ${fixed} got ${args.length}`);
  } else if (count !== params.length)
    state.fail(`wrong number of args for ${name}: want ${params.length} got ${count}`);
  if (fn.refusal !== undefined) state.fail(fn.refusal);
  if (isBuiltin && (name === 'and' || name === 'or')) return shortCircuit(state, dot, name === 'or', args, final);

  const values: GoValue[] = new Array<GoValue>(count);
  const last = params[params.length - 1];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg !== undefined) values[i] = arg(state, dot, variadic && i >= fixed ? last : params[i]);
  }
  if (final !== undefined) {
    const position = count - 1;
    values[position] = validate(state, final.value, variadic && position >= fixed ? last : params[position]);
  }
  if (isBuiltin && name === 'slice') refuseInterfaceIndexes(state, site, values, final);
  if (isBuiltin && name === 'call') return callValue(state, site, values, final);
  return guardedCall(state, fn, values, site.node, name);
}

function guardedCall(state: State, fn: GoFunction, values: GoValue[], node: Node, name: string): GoValue {
  try {
    state.budget.step();
    return fn.call(values, state);
  } catch (thrown) {
    if (thrown instanceof GoError) {
      state.node = node;
      state.fail(`error calling ${name}: ${thrown.bytes}`, thrown);
    }
    throw asLimit(thrown);
  }
}

/** A string longer than JavaScript can hold is a limit like the others, reached before the budget's. */
function asLimit(thrown: unknown): unknown {
  if (thrown instanceof RangeError && /string length|array length|invalid count/i.test(thrown.message))
    return new EngineError('RenderLimit', 'template did not end (OutputLimit): a text or list grew too long', {
      cause: thrown,
    });
  return thrown;
}

function shortCircuit(
  state: State,
  dot: GoValue,
  stopAt: boolean,
  args: readonly Argument[],
  final: Final | undefined,
): GoValue {
  let value: GoValue;
  for (const arg of args) {
    value = arg(state, dot, REFLECT);
    if (isTrue(value) === stopAt) return value;
  }
  return final === undefined ? value : final.value;
}

/** The builtin `slice` does not look through interfaces: an index that comes straight from a map or list of anything is refused. */
function refuseInterfaceIndexes(state: State, site: CallSite, values: GoValue[], final: Final | undefined): void {
  const [item] = values;
  if (final !== undefined || !(typeof item === 'string' || item instanceof GoSlice || item instanceof GoBytes)) return;
  site.argNodes.forEach((node, i) => {
    if (i === 0 || values[i] === undefined || !isInterfaceTyped(state, node)) return;
    const message = 'cannot index slice/array with type interface {}';
    state.node = site.node;
    state.fail(`error calling slice: ${message}`, new GoError(message));
  });
}

function isInterfaceTyped(state: State, node: Operand): boolean {
  if (node.kind === 'dot') return state.dotViaInterface;
  if (node.kind === 'variable') return node.names.length > 1 || state.variable(node.names[0] ?? '').viaInterface;
  return node.kind === 'field' || node.kind === 'chain';
}

/** `call` wants a function, and no data of a template holds one. */
function callValue(state: State, site: CallSite, values: GoValue[], final: Final | undefined): never {
  const callee = values[0];
  const first = site.argNodes[0];
  const name = first !== undefined ? nodeText(first) : valueText(final?.value);
  const message =
    callee === undefined || callee === null
      ? 'call of nil'
      : `non-function ${name} of type ${typeOf(callee)?.name ?? ''}`;
  state.node = site.node;
  return state.fail(`error calling call: ${message}`, new GoError(message));
}

/** reflect.Value.String: the text of a string, the type of everything else. */
function valueText(value: GoValue): string {
  if (typeof value === 'string') return value;
  const type = typeOf(value);
  return type === undefined ? '<invalid Value>' : `<${type.name} Value>`;
}

/** The function of a name: the set's own first, then text/template's. */
export function findFunction(
  state: State,
  name: string,
): { readonly fn: GoFunction; readonly isBuiltin: boolean } | undefined {
  const own = state.set.functions.get(name);
  if (own !== undefined) return { fn: own, isBuiltin: false };
  const builtin = BUILTIN_FUNCTIONS.get(name);
  return builtin === undefined ? undefined : { fn: builtin, isBuiltin: true };
}

/** What an action prints. */
export function printed(state: State, value: GoValue): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '<no value>';
  const behaviour = behaviourOf(typeOf(value));
  // An action looks through a pointer, print does not.
  return behaviour?.printed?.(value) ?? textOf(throughPointer(value), (bytes) => state.budget.write(bytes));
}

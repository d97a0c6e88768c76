import { GoError } from '../gotemplate/errors.ts';
import type { CallContext, GoFunction } from '../gotemplate/function.ts';
import { ANY, BOOL, FLOAT64, type GoType, INT, LIST, MAP, STRING, UINT32 } from '../gotemplate/types.ts';
import { GoInt, GoMap, GoSlice, type GoValue } from '../gotemplate/values.ts';

/** How Go functions are declared here: the types of the parameters give the types of the arguments. */

/** A parameter: its Go type, and how a checked value becomes an argument. */
export interface Param<T> {
  readonly type: GoType;
  readonly read: (value: GoValue) => T;
}

function impossible(): never {
  throw new TypeError('an argument of another type cannot pass the checks of a call');
}

/** `interface {}` */
export const any: Param<GoValue> = { type: ANY, read: (value) => value };
/** `string`, a byte string */
export const str: Param<string> = { type: STRING, read: (value) => (typeof value === 'string' ? value : impossible()) };
/** `int`, as a JavaScript number: exact to 2^53, which no size in a template reaches */
export const int: Param<number> = {
  type: INT,
  read: (value) => (value instanceof GoInt ? Number(value.value) : impossible()),
};
export const uint32: Param<number> = { type: UINT32, read: int.read };
export const bool: Param<boolean> = {
  type: BOOL,
  read: (value) => (typeof value === 'boolean' ? value : impossible()),
};
export const float: Param<number> = {
  type: FLOAT64,
  read: (value) => (typeof value === 'number' ? value : impossible()),
};
/** `map[string]interface {}` */
export const dict: Param<GoMap> = { type: MAP, read: (value) => (value instanceof GoMap ? value : impossible()) };
/** `[]interface {}` */
export const list: Param<GoSlice> = { type: LIST, read: (value) => (value instanceof GoSlice ? value : impossible()) };

export type Params = readonly Param<unknown>[];
export type Values<P extends Params> = { -readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

type Implementation = (...args: unknown[]) => GoValue;

/** Calls without a list of arguments in between, for the usual counts: templates call little functions very often. */
function callerOf(params: Params, implement: Implementation): GoFunction['call'] {
  const [first, second] = params;
  if (params.length > 2 || first === undefined)
    return (values, context) => implement(...params.map(({ read }, i) => read(values[i])), context);
  if (second === undefined) return (values, context) => implement(first.read(values[0]), context);
  return (values, context) => implement(first.read(values[0]), second.read(values[1]), context);
}

/** A function of fixed parameters; the context comes last. */
export function fn<const P extends Params>(
  params: P,
  implement: (...args: [...Values<P>, CallContext]) => GoValue,
): GoFunction {
  const types = params.map(({ type }) => type);
  return {
    params: types,
    variadic: false,
    call: callerOf(params, implement as Implementation),
  };
}

/** A function whose last parameter takes any number of values, given as a list. */
export function variadic<const P extends Params, T>(
  params: P,
  rest: Param<T>,
  implement: (...args: [...Values<P>, T[], CallContext]) => GoValue,
): GoFunction {
  const types = [...params.map(({ type }) => type), rest.type];
  return {
    params: types,
    variadic: true,
    call: (values, context) => {
      const args = params.map(({ read }, i) => read(values[i])) as Values<P>;
      const others = values.slice(params.length).map((value) => rest.read(value));
      return implement(...args, others, context);
    },
  };
}

/** What Go says of a nil where a value had to be. */
export function nilDereference(): never {
  throw new GoError('runtime error: invalid memory address or nil pointer dereference');
}

export function fail(message: string): never {
  throw new GoError(message);
}

/** Functions of one file, by name. */
export type FunctionGroup = Readonly<Record<string, GoFunction>>;

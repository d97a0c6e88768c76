import type { Budget } from './budget.ts';
import type { GoType } from './types.ts';
import type { GoValue } from './values.ts';

/** What a running template lends to the functions that it calls. */
export interface CallContext {
  readonly budget: Budget;
  /** Where the call stands: `chart/templates/a.yaml:3:7`. Not the same in two places of a chart. */
  position(): string;
  /** Executes a template of the running set and gives its output (a byte string). @throws ExecError */
  include(name: string, data: GoValue): string;
  /**
   * Parses text (a byte string) in a copy of the running set and gives what executes it there.
   * @throws ParseError; the result throws ExecError
   */
  parseInCopy(text: string): (data: GoValue) => string;
}

/** A function that templates may call: the types of its parameters are checked before `call` sees the arguments. */
export interface GoFunction {
  readonly params: readonly GoType[];
  /** Why Go does not call it from a template, said before any argument is looked at: a method with several results. */
  readonly refusal?: string;
  /** The last parameter takes any number of arguments. */
  readonly variadic: boolean;
  /** Its static result type where it matters for error texts: a result of `interface {}` is looked through. */
  readonly call: (args: readonly GoValue[], context: CallContext) => GoValue;
}

/** Functions by name. Names are data: a null-prototype object or a Map, never a plain object. */
export type FunctionMap = Pick<ReadonlyMap<string, GoFunction>, 'get' | 'has'>;

import { kindName, typeName } from './type-names.ts';
import { GoObject, type GoValue, isTrue } from '../gotemplate/values.ts';
import { any, bool, fail, fn, type FunctionGroup, str, variadic } from './define.ts';
import { deepEqual } from './equality.ts';

/** Empty is what is not true, but no struct is ever empty. */
function isEmpty(value: GoValue): boolean {
  return !(value instanceof GoObject) && !isTrue(value);
}

/** Defaults, choices and questions about types. */
export const FLOW_FUNCTIONS: FunctionGroup = {
  default: variadic([any], any, (otherwise, given) => (given.length === 0 || isEmpty(given[0]) ? otherwise : given[0])),
  empty: fn([any], (value) => isEmpty(value)),
  coalesce: variadic([], any, (values) => values.find((value) => !isEmpty(value)) ?? null),
  all: variadic([], any, (values) => values.every((value) => !isEmpty(value))),
  any: variadic([], any, (values) => values.some((value) => !isEmpty(value))),
  ternary: fn([any, any, bool], (then, otherwise, condition) => (condition ? then : otherwise)),
  fail: fn([str], (message) => fail(message)),
  typeOf: fn([any], (value) => typeName(value)),
  typeIs: fn([str, any], (name, value) => name === typeName(value)),
  typeIsLike: fn([str, any], (name, value) => name === typeName(value) || `*${name}` === typeName(value)),
  kindOf: fn([any], (value) => kindName(value)),
  kindIs: fn([str, any], (name, value) => name === kindName(value)),
  deepEqual: fn([any, any], (left, right, context) => deepEqual(left, right, context.budget)),
};

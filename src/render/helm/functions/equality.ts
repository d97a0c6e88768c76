import { behaviourOf } from '../gotemplate/behaviour.ts';
import type { Budget } from '../gotemplate/budget.ts';
import { GoBytes, GoComplex, GoInt, GoMap, GoObject, GoSlice, type GoValue } from '../gotemplate/values.ts';

/** reflect.DeepEqual: the same types and the same content; a nil map or list equals no empty one. */
export function deepEqual(left: GoValue, right: GoValue, budget: Budget): boolean {
  if (left === null || left === undefined) return right === null || right === undefined;
  if (typeof left !== 'object') return left === right;
  if (typeof right !== 'object' || right === null || left.type !== right.type) return false;
  budget.step();
  if (left instanceof GoMap && right instanceof GoMap) {
    if (left.isNil !== right.isNil || left.entries.size !== right.entries.size) return false;
    if (left.entries === right.entries) return true;
    for (const [key, value] of left.entries)
      if (!right.entries.has(key) || !deepEqual(value, right.entries.get(key), budget)) return false;
    return true;
  }
  if (left instanceof GoSlice && right instanceof GoSlice) {
    if (left.isNil !== right.isNil || left.items.length !== right.items.length) return false;
    return left.items === right.items || left.items.every((item, i) => deepEqual(item, right.items[i], budget));
  }
  if (left instanceof GoInt && right instanceof GoInt) return left.value === right.value;
  if (left instanceof GoBytes && right instanceof GoBytes) return left.data === right.data;
  if (left instanceof GoComplex && right instanceof GoComplex)
    return left.real === right.real && left.imaginary === right.imaginary;
  if (left instanceof GoObject && right instanceof GoObject) {
    if (left === right) return true;
    const stringer = behaviourOf(left.type)?.stringer;
    if (stringer !== undefined && stringer(left) !== stringer(right)) return false;
    for (const [name, value] of left.fields) if (!deepEqual(value, right.fields.get(name), budget)) return false;
    return true;
  }
  return false;
}

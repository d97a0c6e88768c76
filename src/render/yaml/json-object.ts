import type { MutableJsonObject } from '../../core/json.ts';

// Objects with a prototype that is empty itself: nothing is inherited and `__proto__` is an ordinary key, as with Object.create(null),
// but V8 keeps them in its fast form.
const EmptyPrototype = function EmptyPrototype() {} as unknown as new () => MutableJsonObject;
EmptyPrototype.prototype = Object.create(null) as object;

/** A new object without inherited keys. */
export function newObject(): MutableJsonObject {
  return new EmptyPrototype();
}

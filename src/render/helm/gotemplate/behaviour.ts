import type { GoFunction } from './function.ts';
import type { GoType } from './types.ts';
import { GoObject, type GoValue } from './values.ts';

/** A method with its receiver still open. */
export type GoMethod = (receiver: GoValue) => GoFunction;

interface BehaviourParts {
  /** Methods that templates may call, by name. */
  readonly methods?: ReadonlyMap<string, GoMethod>;
  /** `String() string` or `Error() string`: how it prints. */
  readonly stringer?: (value: GoValue) => string;
  /** `GoString() string`: how `%#v` prints it. */
  readonly goSyntax?: (value: GoValue) => string;
  /** How an action prints it where that differs from print: `String` of a pointer, which only the action can reach. */
  readonly printed?: (value: GoValue) => string;
  /** `==` of two structs of the type; without it only the same object is equal. */
  readonly isEqual?: (left: GoValue, right: GoValue) => boolean;
  /** `MarshalJSON`: a text (written as a string) or another value. */
  readonly json?: (value: GoValue) => string | { readonly as: GoValue };
}

/** What a type with a name can do beyond its fields. */
export class Behaviour {
  readonly methods: ReadonlyMap<string, GoMethod>;
  readonly stringer: ((value: GoValue) => string) | undefined;
  readonly goSyntax: ((value: GoValue) => string) | undefined;
  readonly printed: ((value: GoValue) => string) | undefined;
  readonly isEqual: ((left: GoValue, right: GoValue) => boolean) | undefined;
  readonly json: ((value: GoValue) => string | { readonly as: GoValue }) | undefined;

  constructor(parts: BehaviourParts) {
    this.methods = parts.methods ?? new Map<string, GoMethod>();
    this.stringer = parts.stringer;
    this.goSyntax = parts.goSyntax;
    this.printed = parts.printed;
    this.isEqual = parts.isEqual;
    this.json = parts.json;
  }
}

export function behaviourOf(type: GoType | undefined): Behaviour | undefined {
  const behaviour = type?.behaviour;
  return behaviour instanceof Behaviour ? behaviour : undefined;
}

/** What a pointer points to, where Go looks through it before it prints; one that prints by a method of its own stays. */
export function throughPointer(value: GoValue): GoValue {
  if (!(value instanceof GoObject) || value.type.kind !== 'ptr') return value;
  if (behaviourOf(value.type)?.stringer !== undefined) return value;
  return new GoObject({ ...value.type, kind: 'struct' }, value.fields, value.hidden);
}

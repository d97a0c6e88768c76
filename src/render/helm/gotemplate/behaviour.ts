import type { GoFunction } from './function.ts';
import type { GoType } from './types.ts';
import type { GoValue } from './values.ts';

/** A method with its receiver still open. */
export type GoMethod = (receiver: GoValue) => GoFunction;

interface BehaviourParts {
  /** Methods that templates may call, by name. */
  readonly methods?: ReadonlyMap<string, GoMethod>;
  /** `String() string` or `Error() string`: how it prints. */
  readonly stringer?: (value: GoValue) => string;
  /** How an action prints it where that differs from print: `String` of a pointer, which only the action can reach. */
  readonly printed?: (value: GoValue) => string;
  /** `MarshalJSON`: a text (written as a string) or another value. */
  readonly json?: (value: GoValue) => string | { readonly as: GoValue };
}

/** What a type with a name can do beyond its fields. */
export class Behaviour {
  readonly methods: ReadonlyMap<string, GoMethod>;
  readonly stringer: ((value: GoValue) => string) | undefined;
  readonly printed: ((value: GoValue) => string) | undefined;
  readonly json: ((value: GoValue) => string | { readonly as: GoValue }) | undefined;

  constructor(parts: BehaviourParts) {
    this.methods = parts.methods ?? new Map<string, GoMethod>();
    this.stringer = parts.stringer;
    this.printed = parts.printed;
    this.json = parts.json;
  }
}

export function behaviourOf(type: GoType | undefined): Behaviour | undefined {
  const behaviour = type?.behaviour;
  return behaviour instanceof Behaviour ? behaviour : undefined;
}

import { at } from '../core/json.ts';

/** What an expression sees; integers of the object are doubles, which CEL compares with integers by value. */
export interface CelInput {
  readonly object: unknown;
  readonly metadata: unknown;
  readonly spec: unknown;
  readonly status: unknown;
  readonly now: Date;
}

/** A compiled expression; undefined when it fails on an object. */
export type Expression = (input: CelInput) => unknown;
/** @throws Error with what is wrong with the text */
export type CompileExpression = (source: string) => Expression;

const EMPTY: Readonly<Record<string, never>> = Object.freeze(Object.create(null) as Record<string, never>);

export function celInput(object: unknown, now: number): CelInput {
  return {
    object: object ?? EMPTY,
    metadata: at(object, 'metadata') ?? EMPTY,
    spec: at(object, 'spec') ?? EMPTY,
    status: at(object, 'status') ?? EMPTY,
    now: new Date(Number.isFinite(now) ? now : 0),
  };
}

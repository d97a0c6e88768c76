import type { Json } from '../../../../core/json.ts';
import type { SchemaError } from './schema-error.ts';
import type { Resource } from './schema-index.ts';

/** What a schema says of one value: errors, and which properties or items it has looked at. */
export interface Verdict {
  readonly errors: SchemaError[];
  readonly properties: Set<string>;
  items: Set<number>;
}

/** Where an evaluation stands. */
export interface Place {
  readonly at: string;
  readonly depth: number;
  readonly resource: Resource;
  /** Resources that were entered on the way, outermost first: dynamic references look there. */
  readonly scope: readonly Resource[];
  /** Schemas that were applied to this same value on the way here. */
  readonly active: readonly object[];
}

/** The value of a keyword of a schema; undefined when it is not there or its draft does not know it. */
export type Get = (key: string) => Json | undefined;

export function fail(verdict: Verdict, place: Place, message: string, causes: readonly SchemaError[] = []): void {
  verdict.errors.push({ at: place.at, message, causes });
}

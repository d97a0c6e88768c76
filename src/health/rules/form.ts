import type { HealthCause, HealthStatus } from '../../core/health.ts';

/**
 * The form of health rules: plain data, the same in this folder (TypeScript), in an Application and in a file of one's own (YAML).
 *
 * A path is the keys below the object joined by dots (`status.phase`); `*` stands for every item of a list or every value of a map.
 * A key that holds a dot itself makes the path a list: `['metadata', 'annotations', 'example.com/paused']`.
 */
export type Path = string | readonly string[];
export type Scalar = string | number | boolean | null;

/** A condition of `status.conditions` (or of the list at `in`). Of several with the same type the first counts. */
export interface ConditionMatch {
  readonly condition: string | readonly string[];
  /** Its status; any when absent. `absent`: there is no such condition. */
  readonly is?: string | readonly string[];
  readonly reason?: string | readonly string[];
  readonly notReason?: string | readonly string[];
  readonly severity?: string | readonly string[];
  /** A text that the message holds. */
  readonly message?: string | readonly string[];
  readonly in?: Path;
}

/** A field by value. With none of the tests it holds when the field is there and neither null nor '' nor empty. */
export interface FieldMatch {
  readonly field: Path;
  readonly is?: Scalar | readonly Scalar[];
  readonly not?: Scalar | readonly Scalar[];
  /** Absent, null, '' or an empty list or map. */
  readonly empty?: boolean;
  readonly startsWith?: string | readonly string[];
  readonly endsWith?: string | readonly string[];
  readonly contains?: string | readonly string[];
  /** A field of the item, else of the object, with the same text, number or truth value. */
  readonly sameAs?: Path;
}

/** A number against a number or another field; a list counts as its length, a text like `2/3` as that fraction, a path with `*` as the sum. An absent left
 * side is 0; an absent right side is `default` (0). */
export interface NumberMatch {
  readonly number: Path;
  /** Added to the left side. */
  readonly plus?: Path;
  readonly below?: number | Path;
  readonly above?: number | Path;
  readonly equals?: number | Path;
  readonly differs?: number | Path;
  readonly default?: number;
}

/** Items that a path with `*` names (in `where` a path starts at the item, and `[]` is the item itself): at least one (`some`), none (`none`) or all of at least one (`every`) fulfil `where`. */
export interface SomeMatch {
  readonly some: Path;
  readonly where: When;
  /** How many have to; default 1. A path is read from the object. */
  readonly atLeast?: number | Path;
}
export interface NoneMatch {
  readonly none: Path;
  readonly where: When;
}
export interface EveryMatch {
  readonly every: Path;
  readonly where: When;
}

/** The item (or the status itself) has seen the object's present generation, as far as it says: `observedGeneration` is not older. */
export interface CurrentMatch {
  readonly current: boolean;
}
export interface AnyMatch {
  readonly any: readonly When[];
}
export interface NotMatch {
  readonly not: When;
}

/**
 * A list holds when all of its parts do. A text is CEL with `object`, `metadata`, `spec`, `status` and `now`, in rules of one's own only: shipped
 * rules do without, so that nothing has to be loaded for them.
 */
export type When =
  | string
  | ConditionMatch
  | FieldMatch
  | NumberMatch
  | SomeMatch
  | NoneMatch
  | EveryMatch
  | CurrentMatch
  | AnyMatch
  | NotMatch
  | readonly When[];

/** One step of a kind's rules: the first whose `when` holds gives the verdict. Without `when` it always holds. */
export interface Rule {
  readonly when?: When;
  readonly status: HealthStatus;
  /** CamelCase; default: the reason of the condition that matched, the value of the field that matched, or the status. */
  readonly reason?: string;
  /** `{path}` is replaced by the field's value; default: the message of what matched. */
  readonly message?: string;
  /** Default of a degraded verdict: `release`. */
  readonly cause?: HealthCause;
  readonly remedy?: string;
  /** A progressing verdict older than this (`10m`) is degraded; counted from the condition's last transition, else from creation. */
  readonly deadline?: string;
  /** A true fact beside a healthy verdict. */
  readonly warning?: boolean;
}

/** The rules of some kinds of a group. When none holds, {@link otherwise}; else the generic rule by conditions. */
export interface KindRules {
  /** `*` stands for every kind of the group that has no rules of its own. */
  readonly kinds: readonly string[];
  /** One sentence for the documentation: what the verdict rests on. */
  readonly about?: string;
  /** The verdict on an object without any status; default progressing. */
  readonly fresh?: 'progressing' | 'healthy' | 'unknown' | 'rules';
  /** Whether `status.observedGeneration` below the generation means progressing; default true. */
  readonly observed?: boolean;
  readonly rules: readonly Rule[];
  readonly otherwise?: Omit<Rule, 'when'>;
}

export interface GroupRules {
  /** An API group, or several with the same rules; `*.example.com` stands for every group below example.com. */
  readonly group: string | readonly string[];
  readonly project: string;
  readonly kinds: readonly KindRules[];
}

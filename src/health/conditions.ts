import { at, isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** One entry of a `conditions` list, with the types that Kubernetes documents; a status given as a boolean is read as text. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly since: string | undefined;
  readonly observedGeneration: number | undefined;
  readonly severity: string | undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readCondition(entry: JsonObject): Condition | undefined {
  const type = own(entry, 'type');
  if (typeof type !== 'string') return undefined;
  const status = own(entry, 'status');
  const generation = own(entry, 'observedGeneration');
  return {
    type,
    status: typeof status === 'string' ? status : status === true ? 'True' : status === false ? 'False' : 'Unknown',
    reason: text(own(entry, 'reason')),
    message: text(own(entry, 'message')),
    since: text(own(entry, 'lastTransitionTime')) ?? text(own(entry, 'lastUpdateTime')),
    observedGeneration: typeof generation === 'number' ? generation : undefined,
    severity: text(own(entry, 'severity')),
  };
}

function own(entry: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(entry, key) ? entry[key] : undefined;
}

/** All conditions of `status.conditions` (or of the list at `path`), in order; entries of another shape are left out. */
export function conditionsOf(
  object: unknown,
  path: readonly string[] = ['status', 'conditions'],
): readonly Condition[] {
  const list = at(object, ...path);
  if (!Array.isArray(list)) return [];
  const found: Condition[] = [];
  for (const entry of list as readonly Json[]) {
    const condition = isJsonObject(entry) ? readCondition(entry) : undefined;
    if (condition !== undefined) found.push(condition);
  }
  return found;
}

/** The first condition of a type. */
export function conditionOf(object: unknown, type: string): Condition | undefined {
  const list = at(object, 'status', 'conditions');
  if (!Array.isArray(list)) return undefined;
  for (const entry of list as readonly Json[]) {
    if (isJsonObject(entry) && own(entry, 'type') === type) return readCondition(entry);
  }
  return undefined;
}

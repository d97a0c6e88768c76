import type { Health } from '../core/health.ts';
import { isJsonObject, own, stringAt } from '../core/json.ts';
import { type KubeObject, parseApiVersion } from '../core/object-key.ts';
import { BUILT_IN, STORED, WITHOUT_STATUS } from './builtin/kinds.ts';
import { assessDeletion } from './deletion.ts';
import { assessGeneric } from './generic.ts';
import { NOTHING_RELATED, type Related } from './related.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';
import { RULES } from './rules/all.ts';
import { verdict } from './verdict.ts';

let shipped: RuleIndex | undefined;

/** A verdict of one's own rules, or undefined when they do not know the kind. */
export interface UserRules {
  assess(object: KubeObject, now: number): Health | undefined;
}

/**
 * The verdict on one object at `now` (milliseconds). Never throws on any JSON, reads no clock, and answers the same for the same input.
 * Order: the rules of the user, built-in kinds, the rules shipped per group, the generic rule by conditions; then the deletion timestamp, which
 * turns anything but a failure into progressing.
 */
export function assess(
  object: KubeObject,
  related: Related = NOTHING_RELATED,
  now: number = 0,
  rules?: UserRules,
): Health {
  if (!isJsonObject(object)) return verdict('unknown', 'NotAnObject', 'this is not a Kubernetes object');
  const apiVersion = own(object, 'apiVersion');
  const kind = own(object, 'kind');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === '') {
    return verdict('unknown', 'NotAnObject', 'it has no apiVersion or no kind');
  }
  const health = rules?.assess(object, now) ?? byKind(object, parseApiVersion(apiVersion).group, kind, related, now);
  const deletedAt = stringAt(object, 'metadata', 'deletionTimestamp');
  return deletedAt === undefined || kind === 'Pod' ? health : assessDeletion(object, deletedAt, health, now);
}

function byKind(object: KubeObject, group: string, kind: string, related: Related, now: number): Health {
  const name = `${group}/${kind}`;
  const builtIn = BUILT_IN.get(name);
  if (builtIn !== undefined) return builtIn.assess(object, { related, now });
  if (WITHOUT_STATUS.has(name)) return STORED;
  shipped ??= indexRules(RULES);
  return shipped.find(group, kind)?.(object, now) ?? assessGeneric(object, now);
}

/** Whether the kind has a rule of its own (built in or shipped), not only the generic one. */
export function hasRule(group: string, kind: string): boolean {
  shipped ??= indexRules(RULES);
  const name = `${group}/${kind}`;
  return BUILT_IN.has(name) || WITHOUT_STATUS.has(name) || shipped.find(group, kind) !== undefined;
}

import { own, stringAt, isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { GroupVersionKind } from '../core/object-key.ts';

/**
 * Defaults that the API server fills in inside of lists and structs that are merged as one, and that its OpenAPI documents do not
 * publish. Elsewhere defaults do not matter: a field that Git does not have is never compared. Found by applying objects of every
 * built-in kind to kube-apiserver 1.36 and looking at what was added.
 */
interface DefaultRule {
  /** Names of the fields around it, outermost first, without list positions; the end of the path has to be these. */
  readonly within: readonly string[];
  readonly field: string;
  /** The value, or how it follows from the struct that it stands in (undefined: there is no default then). */
  readonly value: Json | ((owner: JsonObject) => Json | undefined);
  /** Only in this kind. */
  readonly kind?: string;
}

const RBAC = 'rbac.authorization.k8s.io';
const CONTAINER_LIMIT = (from: string) => (limit: JsonObject) =>
  own(limit, 'type') === 'Container' ? own(limit, from) : undefined;
const EXACT_COUNT = (request: JsonObject): Json | undefined =>
  (stringAt(request, 'allocationMode') ?? 'ExactCount') === 'ExactCount' ? 1 : undefined;
const RBAC_SUBJECT = (subject: JsonObject): Json | undefined =>
  ['User', 'Group'].includes(stringAt(subject, 'kind') ?? '') ? RBAC : undefined;

const RULES: readonly DefaultRule[] = [
  { within: ['fieldRef'], field: 'apiVersion', value: 'v1' },
  { within: ['resourceFieldRef'], field: 'divisor', value: '0' },
  { within: ['fileKeyRef'], field: 'optional', value: false },
  { within: ['serviceAccountToken'], field: 'expirationSeconds', value: 3600 },
  { within: ['podCertificate'], field: 'maxExpirationSeconds', value: 86_400 },
  { within: ['ports'], field: 'protocol', value: 'TCP' },
  { within: ['ports'], field: 'name', value: '', kind: 'EndpointSlice' },
  { within: ['onPodConditions'], field: 'status', value: 'True' },
  { within: ['volumeClaimTemplates'], field: 'apiVersion', value: 'v1' },
  { within: ['volumeClaimTemplates'], field: 'kind', value: 'PersistentVolumeClaim' },
  { within: ['volumeClaimTemplates'], field: 'status', value: { phase: 'Pending' } },
  { within: ['volumeClaimTemplates', 'spec'], field: 'volumeMode', value: 'Filesystem' },
  { within: ['subjects'], field: 'apiGroup', value: RBAC_SUBJECT },
  { within: ['roleRef'], field: 'apiGroup', value: RBAC },
  { within: ['rules'], field: 'scope', value: '*' },
  ...['resourceRules', 'excludeResourceRules'].map((list) => ({ within: [list], field: 'scope', value: '*' })),
  ...['matchConstraints', 'matchResources'].flatMap((match): DefaultRule[] => [
    { within: [match], field: 'matchPolicy', value: 'Equivalent' },
    { within: [match], field: 'namespaceSelector', value: {} },
    { within: [match], field: 'objectSelector', value: {} },
  ]),
  ...['exactly', 'firstAvailable'].flatMap((request): DefaultRule[] => [
    { within: [request], field: 'allocationMode', value: 'ExactCount' },
    { within: [request], field: 'count', value: EXACT_COUNT },
  ]),
  { within: ['limits'], field: 'default', value: CONTAINER_LIMIT('max'), kind: 'LimitRange' },
  { within: ['limits'], field: 'defaultRequest', value: CONTAINER_LIMIT('default'), kind: 'LimitRange' },
  { within: ['service'], field: 'port', value: 443 },
];

/**
 * What the server fills in for a field that a struct leaves out; undefined when nothing is known.
 *
 * @param owner the struct as Git has it
 * @param names names of the fields around, outermost first
 */
export function serverDefault(
  kind: GroupVersionKind,
  owner: JsonObject,
  names: readonly string[],
  field: string,
): Json | undefined {
  for (const rule of RULES) {
    if (rule.field !== field || (rule.kind !== undefined && rule.kind !== kind.kind)) continue;
    const start = names.length - rule.within.length;
    if (start < 0 || !rule.within.every((name, index) => names[start + index] === name)) continue;
    const value = typeof rule.value === 'function' ? rule.value(owner) : rule.value;
    if (value !== undefined) return isJsonObject(value) ? { ...value } : value;
  }
  return undefined;
}

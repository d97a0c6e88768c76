import { isJsonObject, own, type Json, type JsonObject } from '../../core/json.ts';
import { items, labelsOf, metaOf, nameOf, namespaceOf, textMap, textOf, type Stored } from '../object.ts';
import { readSelector } from '../schema/selectors.ts';
import { allocatableOf, requestsOf } from './pod-requests.ts';

/** One node with the pods that are on it. */
export interface NodeState {
  readonly node: Stored;
  readonly pods: readonly Stored[];
  /** The sum of their requests. */
  readonly used: ReadonlyMap<string, bigint>;
}

/** Why a pod cannot go to a node; `helpless` reasons stay when other pods leave. */
export interface Misfit {
  readonly reason: string;
  readonly helpless: boolean;
}

function matchesTerm(term: JsonObject, node: Stored): boolean {
  const labels = labelsOf(node);
  const byLabel = readSelector({ matchExpressions: own(term, 'matchExpressions') ?? [] })(labels);
  const byField = items(term, 'matchFields').every((entry) => {
    const values = own(entry, 'values');
    const hit = Array.isArray(values) && values.includes(nameOf(node));
    return textOf(entry, 'operator') === 'NotIn' ? !hit : hit;
  });
  return byLabel && byField;
}

/** Node selector and required node affinity. */
export function matchesAffinity(pod: JsonObject, node: Stored): boolean {
  const spec = own(pod, 'spec');
  const labels = labelsOf(node);
  for (const [key, value] of textMap(own(spec, 'nodeSelector'))) if (labels.get(key) !== value) return false;
  const required = own(own(own(spec, 'affinity'), 'nodeAffinity'), 'requiredDuringSchedulingIgnoredDuringExecution');
  if (!isJsonObject(required)) return true;
  return items(required, 'nodeSelectorTerms').some((term) => matchesTerm(term, node));
}

/** The first taint that a pod does not tolerate. */
export function untolerated(pod: JsonObject, node: Stored): JsonObject | undefined {
  const tolerations = items(own(pod, 'spec'), 'tolerations');
  return items(own(node, 'spec'), 'taints').find((taint) => {
    const effect = textOf(taint, 'effect');
    if (effect === 'PreferNoSchedule') return false;
    return !tolerations.some((toleration) => {
      const key = textOf(toleration, 'key');
      const sameEffect = textOf(toleration, 'effect') === '' || textOf(toleration, 'effect') === effect;
      const operator = textOf(toleration, 'operator') || 'Equal';
      if (!sameEffect || (key !== '' && key !== textOf(taint, 'key'))) return false;
      return operator === 'Exists' || (key !== '' && textOf(toleration, 'value') === textOf(taint, 'value'));
    });
  });
}

function hostPorts(pod: JsonObject): string[] {
  return items(own(pod, 'spec'), 'containers').flatMap((container) =>
    items(container, 'ports')
      .filter((port) => typeof port['hostPort'] === 'number' && port['hostPort'] !== 0)
      .map((port) => `${textOf(port, 'protocol')}/${JSON.stringify(port['hostPort'])}`),
  );
}

/** Resources that a pod asks for and a node does not have free. */
function missingResources(pod: JsonObject, state: NodeState): string[] {
  const allocatable = allocatableOf(state.node);
  const missing: string[] = [];
  for (const [name, amount] of requestsOf(pod)) {
    if (amount === 0n) continue;
    const free = (allocatable.get(name) ?? 0n) - (state.used.get(name) ?? 0n);
    if (amount > free) missing.push(name);
  }
  return missing;
}

function affinityTerms(pod: JsonObject, kind: 'podAffinity' | 'podAntiAffinity'): readonly JsonObject[] {
  const affinity = own(own(own(pod, 'spec'), 'affinity'), kind);
  return items(affinity, 'requiredDuringSchedulingIgnoredDuringExecution');
}

function termMatches(term: JsonObject, owner: JsonObject, other: Stored): boolean {
  const namespaces = own(term, 'namespaces');
  const list = Array.isArray(namespaces) && namespaces.length > 0 ? namespaces : [namespaceOf(owner)];
  const anywhere = isJsonObject(own(term, 'namespaceSelector'));
  return (anywhere || list.includes(namespaceOf(other))) && readSelector(own(term, 'labelSelector'))(labelsOf(other));
}

/** Why the pods around forbid a node; undefined when they do not. */
function podAffinityMisfit(pod: JsonObject, state: NodeState, all: readonly NodeState[]): Misfit | undefined {
  const inDomain = (key: string): NodeState[] => {
    const value = labelsOf(state.node).get(key);
    return value === undefined ? [] : all.filter((other) => labelsOf(other.node).get(key) === value);
  };
  for (const term of affinityTerms(pod, 'podAffinity')) {
    const here = inDomain(textOf(term, 'topologyKey')).some((other) =>
      other.pods.some((entry) => termMatches(term, pod, entry)),
    );
    const anywhere = all.some((other) => other.pods.some((entry) => termMatches(term, pod, entry)));
    const selfMatch = !anywhere && termMatches(term, pod, pod);
    if (!here && !selfMatch) return { reason: "node(s) didn't match pod affinity rules", helpless: true };
  }
  for (const term of affinityTerms(pod, 'podAntiAffinity'))
    if (
      inDomain(textOf(term, 'topologyKey')).some((other) => other.pods.some((entry) => termMatches(term, pod, entry)))
    )
      return { reason: "node(s) didn't match pod anti-affinity rules", helpless: false };
  for (const other of all)
    for (const entry of other.pods)
      for (const term of affinityTerms(entry, 'podAntiAffinity')) {
        const key = textOf(term, 'topologyKey');
        if (labelsOf(other.node).get(key) !== labelsOf(state.node).get(key)) continue;
        if (termMatches(term, entry, pod))
          return { reason: "node(s) didn't satisfy existing pods anti-affinity rules", helpless: false };
      }
  return undefined;
}

function spreadMisfit(pod: JsonObject, state: NodeState, all: readonly NodeState[]): Misfit | undefined {
  for (const constraint of items(own(pod, 'spec'), 'topologySpreadConstraints')) {
    if (textOf(constraint, 'whenUnsatisfiable') !== 'DoNotSchedule') continue;
    const key = textOf(constraint, 'topologyKey');
    const value = labelsOf(state.node).get(key);
    if (value === undefined)
      return {
        reason: "node(s) didn't match pod topology spread constraints (missing required label)",
        helpless: true,
      };
    const matches = readSelector(own(constraint, 'labelSelector'));
    const counts = new Map<string, number>();
    for (const other of all) {
      const domain = labelsOf(other.node).get(key);
      if (domain === undefined || !matchesAffinity(pod, other.node)) continue;
      const count = other.pods.filter(
        (entry) => namespaceOf(entry) === namespaceOf(pod) && matches(labelsOf(entry)),
      ).length;
      counts.set(domain, (counts.get(domain) ?? 0) + count);
    }
    const least = Math.min(...counts.values());
    const skew = own(constraint, 'maxSkew');
    const self = matches(labelsOf(pod)) ? 1 : 0;
    if ((counts.get(value) ?? 0) + self - least > (typeof skew === 'number' ? skew : 1))
      return { reason: "node(s) didn't match pod topology spread constraints", helpless: false };
  }
  return undefined;
}

/** Everything that keeps a pod off a node, in the order of the scheduler's filters; empty when it fits. */
export function misfits(pod: JsonObject, state: NodeState, all: readonly NodeState[]): Misfit[] {
  const { node } = state;
  const one = (reason: string, helpless: boolean): Misfit[] => [{ reason, helpless }];
  const tolerated = items(own(pod, 'spec'), 'tolerations').some(
    (entry) =>
      textOf(entry, 'key') === 'node.kubernetes.io/unschedulable' ||
      (textOf(entry, 'key') === '' && textOf(entry, 'operator') === 'Exists'),
  );
  if (own(own(node, 'spec'), 'unschedulable') === true && !tolerated) return one('node(s) were unschedulable', true);
  const taint = untolerated(pod, node);
  if (taint !== undefined) return one('node(s) had untolerated taint(s)', true);
  if (!matchesAffinity(pod, node)) return one("node(s) didn't match Pod's node affinity/selector", true);
  const wanted = hostPorts(pod);
  if (wanted.length > 0) {
    const taken = new Set(state.pods.flatMap(hostPorts));
    if (wanted.some((port) => taken.has(port)))
      return one("node(s) didn't have free ports for the requested pod ports", false);
  }
  const missing = missingResources(pod, state);
  if (missing.length > 0) {
    const allocatable = allocatableOf(node);
    return missing.map((name) => ({
      reason: name === 'pods' ? 'Too many pods' : `Insufficient ${name}`,
      helpless: (requestsOf(pod).get(name) ?? 0n) > (allocatable.get(name) ?? 0n),
    }));
  }
  const spread = spreadMisfit(pod, state, all);
  if (spread !== undefined) return [spread];
  const affinity = podAffinityMisfit(pod, state, all);
  return affinity === undefined ? [] : [affinity];
}

/** How full a node would be with a pod on it, 0 (empty) to 1: the scheduler prefers the emptiest. */
export function fullness(pod: JsonObject, state: NodeState): number {
  const allocatable = allocatableOf(state.node);
  const requests = requestsOf(pod);
  let sum = 0;
  for (const name of ['cpu', 'memory']) {
    const total = allocatable.get(name) ?? 0n;
    if (total === 0n) return 1;
    const used = (state.used.get(name) ?? 0n) + (requests.get(name) ?? 0n);
    sum += Number((used * 10_000n) / total) / 10_000;
  }
  return sum / 2 + state.pods.length / 1_000_000;
}

export function priorityOf(pod: JsonObject): number {
  const value: Json | undefined = own(own(pod, 'spec'), 'priority');
  return typeof value === 'number' ? value : 0;
}

export function ageOf(object: JsonObject): number {
  return Date.parse(textOf(metaOf(object), 'creationTimestamp'));
}

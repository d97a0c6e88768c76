import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import {
  child,
  isDeleting,
  items,
  labelsOf,
  nameOf,
  namespaceOf,
  textOf,
  uidOf,
  withField,
  type Stored,
} from '../object.ts';
import { ApiError } from '../status.ts';
import { read, remove, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import { matchesAffinity, untolerated } from './node-fit.ts';
import type { OwnedIndex } from './owned-index.ts';
import {
  availableAtMs,
  controllerOf,
  isPodActive,
  isPodReady,
  numberIn,
  phaseOf,
  resolveShare,
  specOf,
} from './pod-state.ts';
import { createPod } from './replica-sets.ts';
import { generationOf, presentRevision, type Revision } from './revisions.ts';
import { templateOf } from './template-hash.ts';

const HASH = 'controller-revision-hash';
const RETRY_MS = 1000;
const TOLERATED = ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'];

/** Runs one pod of a DaemonSet on every node that it fits. */
export function daemonSetController(pods: OwnedIndex): Controller {
  const known = new Set<string>();
  return {
    name: 'daemonsets',
    keysOf: (event) => {
      if (event.resource === 'apps/daemonsets') {
        const key = keyOfObject(namespaceOf(event.object), nameOf(event.object));
        if (event.type === 'DELETED') known.delete(key);
        else known.add(key);
        return [key];
      }
      if (event.resource === '/nodes') return [...known];
      if (event.resource !== '/pods') return [];
      const owner = controllerOf(event.object);
      return textOf(owner, 'kind') === 'DaemonSet'
        ? [keyOfObject(namespaceOf(event.object), textOf(owner, 'name'))]
        : [];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const set = read(context.state, 'apps', 'daemonsets', namespace, name);
      if (set === undefined || isDeleting(set)) return undefined;
      const revision = presentRevision(set, 'DaemonSet', context);
      const retry = place(set, pods, revision, context);
      const next = report(set, pods, revision, context);
      return retry ?? next;
    },
  };
}

function tolerations(spec: MutableJsonObject): void {
  const list = items(spec, 'tolerations');
  const added = TOLERATED.map(
    (name): MutableJsonObject => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: name === 'not-ready' || name === 'unreachable' ? 'NoExecute' : 'NoSchedule',
    }),
  );
  if (own(spec, 'hostNetwork') === true)
    added.push({ key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' });
  spec['tolerations'] = [...list, ...added];
}

/** Whether a pod of the template belongs on a node. */
function belongs(set: Stored, node: Stored): boolean {
  const spec = JSON.parse(JSON.stringify(own(templateOf(set), 'spec') ?? {})) as MutableJsonObject;
  tolerations(spec);
  const pod: JsonObject = { spec };
  return matchesAffinity(pod, node) && untolerated(pod, node) === undefined;
}

function nodeOf(pod: Stored): string {
  const assigned = textOf(own(pod, 'spec'), 'nodeName');
  if (assigned !== '') return assigned;
  const required = own(
    own(own(own(pod, 'spec'), 'affinity'), 'nodeAffinity'),
    'requiredDuringSchedulingIgnoredDuringExecution',
  );
  for (const term of items(required, 'nodeSelectorTerms'))
    for (const entry of items(term, 'matchFields')) {
      const values = own(entry, 'values');
      if (Array.isArray(values) && typeof values[0] === 'string') return values[0];
    }
  return '';
}

function pinTo(spec: MutableJsonObject, node: string): void {
  const affinity = child(child(spec, 'affinity'), 'nodeAffinity');
  const field = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  const required = affinity['requiredDuringSchedulingIgnoredDuringExecution'];
  const terms = items(required, 'nodeSelectorTerms');
  affinity['requiredDuringSchedulingIgnoredDuringExecution'] = {
    nodeSelectorTerms: terms.length === 0 ? [field] : terms.map((term) => ({ ...term, ...field })),
  };
}

function makePod(set: Stored, node: string, revision: Revision, context: ControllerContext): number | undefined {
  try {
    createPod(context.state, withField(set, 'spec', specOf(set)), 'apps/v1', 'DaemonSet', {
      labels: { [HASH]: revision.hash, 'pod-template-generation': String(generationOf(set)) },
      edit: (spec) => {
        tolerations(spec);
        pinTo(spec, node);
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    recordEvent(context, set, 'daemonset-controller', 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    return RETRY_MS;
  }
}

function place(set: Stored, index: OwnedIndex, revision: Revision, context: ControllerContext): number | undefined {
  const nodes = context.state.store.list('/nodes');
  const byNode = new Map<string, Stored[]>();
  for (const pod of index.of(uidOf(set))) {
    const node = nodeOf(pod);
    byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  let retry: number | undefined;
  const strategy = own(specOf(set), 'updateStrategy');
  const rolling = own(strategy, 'rollingUpdate');
  const eligible = nodes.filter((node) => belongs(set, node));
  const unavailableMost = Math.max(
    resolveShare(own(rolling, 'maxUnavailable'), eligible.length, 'up'),
    resolveShare(own(rolling, 'maxSurge'), eligible.length, 'up') === 0 ? 1 : 0,
  );
  const now = context.clock.now();
  const minReady = numberIn(specOf(set), 'minReadySeconds');
  const isAvailable = (pod: Stored): boolean => (availableAtMs(pod, minReady) ?? Infinity) <= now && !isDeleting(pod);
  let unavailable = eligible.filter((node) => !(byNode.get(nameOf(node)) ?? []).some(isAvailable)).length;
  for (const node of nodes) {
    const here = byNode.get(nameOf(node)) ?? [];
    if (!eligible.includes(node)) {
      for (const pod of here) if (!isDeleting(pod)) remove(context.state, '', 'pods', pod, { propagation: undefined });
      continue;
    }
    for (const pod of here)
      if ((phaseOf(pod) === 'Failed' || phaseOf(pod) === 'Succeeded') && !isDeleting(pod))
        remove(context.state, '', 'pods', pod, { propagation: undefined });
    const active = here.filter((pod) => isPodActive(pod) || isDeleting(pod));
    if (active.length === 0) {
      retry = makePod(set, nameOf(node), revision, context) ?? retry;
      continue;
    }
    if (textOf(strategy, 'type') !== 'RollingUpdate') continue;
    const old = active.find((pod) => labelsOf(pod).get(HASH) !== revision.hash && !isDeleting(pod));
    if (old === undefined) continue;
    if (!isAvailable(old)) remove(context.state, '', 'pods', old, { propagation: undefined });
    else if (unavailable < unavailableMost) {
      remove(context.state, '', 'pods', old, { propagation: undefined });
      unavailable++;
    }
  }
  for (const [name, list] of byNode)
    if (!nodes.some((node) => nameOf(node) === name))
      for (const pod of list)
        if (!isDeleting(pod)) remove(context.state, '', 'pods', pod, { propagation: undefined, gracePeriodSeconds: 0 });
  return retry;
}

function report(set: Stored, index: OwnedIndex, revision: Revision, context: ControllerContext): number | undefined {
  const latest = read(context.state, 'apps', 'daemonsets', namespaceOf(set), nameOf(set));
  if (latest === undefined || uidOf(latest) !== uidOf(set)) return undefined;
  const eligible = new Set(
    context.state.store
      .list('/nodes')
      .filter((node) => belongs(set, node))
      .map(nameOf),
  );
  const minReady = numberIn(specOf(set), 'minReadySeconds');
  const now = context.clock.now();
  let nextMs: number | undefined;
  const there = new Map<string, Stored>();
  let misplaced = 0;
  for (const pod of index.of(uidOf(set))) {
    if (!isPodActive(pod)) continue;
    const node = nodeOf(pod);
    if (eligible.has(node)) there.set(node, pod);
    else misplaced++;
  }
  let ready = 0;
  let available = 0;
  let updated = 0;
  for (const pod of there.values()) {
    if (labelsOf(pod).get(HASH) === revision.hash) updated++;
    if (!isPodReady(pod)) continue;
    ready++;
    const at = availableAtMs(pod, minReady) ?? Infinity;
    if (at <= now) available++;
    else nextMs = Math.min(nextMs ?? Infinity, at - now);
  }
  const some = (name: string, value: number): JsonObject => (value === 0 ? {} : { [name]: value });
  setStatus(context.state, 'apps', 'daemonsets', latest, {
    currentNumberScheduled: there.size,
    numberMisscheduled: misplaced,
    desiredNumberScheduled: eligible.size,
    numberReady: ready,
    observedGeneration: generationOf(latest),
    ...some('updatedNumberScheduled', updated),
    ...some('numberAvailable', available),
    ...some('numberUnavailable', eligible.size - available),
  });
  return nextMs;
}

import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import { child, isDeleting, items, metaOf, nameOf, namespaceOf, textOf, uidOf, type Stored } from '../object.ts';
import { systemContext } from '../registry/context.ts';
import { bindPod } from '../registry/pods.ts';
import type { Change } from '../store/store.ts';
import { change, read, remove, resourceFor, targetOf, withCondition } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import { ageOf, fullness, misfits, priorityOf, type Misfit, type NodeState } from './node-fit.ts';
import { requestsOf } from './pod-requests.ts';
import { conditionOf, numberIn, phaseOf } from './pod-state.ts';

const MANAGER = 'kube-scheduler';
/** Pods that did not fit are tried again after this, even when nothing changed that could help them. */
const RETRY_MS = 5000;

interface MutableNode {
  node: Stored;
  readonly pods: Map<string, Stored>;
  readonly used: Map<string, bigint>;
}

/** The nodes with their pods, kept up by changes. */
class NodeTable {
  readonly #nodes = new Map<string, MutableNode>();
  readonly #places = new Map<string, { readonly node: string; readonly pod: Stored }>();

  note(event: Change): void {
    if (event.resource === '/nodes') this.#noteNode(event);
    else if (event.resource === '/pods') this.#notePod(event);
  }

  #entry(name: string): MutableNode | undefined {
    return this.#nodes.get(name);
  }

  #noteNode(event: Change): void {
    const name = nameOf(event.object);
    if (event.type === 'DELETED') {
      this.#nodes.delete(name);
      return;
    }
    const known = this.#nodes.get(name);
    if (known !== undefined) {
      known.node = event.object;
      return;
    }
    const entry: MutableNode = { node: event.object, pods: new Map(), used: new Map() };
    this.#nodes.set(name, entry);
    for (const [uid, place] of this.#places) if (place.node === name) this.#put(entry, uid, place.pod);
  }

  #notePod(event: Change): void {
    const uid = uidOf(event.object);
    const node = textOf(own(event.object, 'spec'), 'nodeName');
    const phase = phaseOf(event.object);
    const before = this.#places.get(uid);
    if (before !== undefined) {
      const entry = this.#entry(before.node);
      if (entry !== undefined) this.#take(entry, uid, before.pod);
      this.#places.delete(uid);
    }
    if (event.type === 'DELETED' || node === '' || phase === 'Succeeded' || phase === 'Failed') return;
    this.#places.set(uid, { node, pod: event.object });
    const entry = this.#entry(node);
    if (entry !== undefined) this.#put(entry, uid, event.object);
  }

  #put(entry: MutableNode, uid: string, pod: Stored): void {
    entry.pods.set(uid, pod);
    for (const [name, amount] of requestsOf(pod)) entry.used.set(name, (entry.used.get(name) ?? 0n) + amount);
  }

  #take(entry: MutableNode, uid: string, pod: Stored): void {
    if (!entry.pods.delete(uid)) return;
    for (const [name, amount] of requestsOf(pod)) entry.used.set(name, (entry.used.get(name) ?? 0n) - amount);
  }

  states(): NodeState[] {
    return [...this.#nodes.values()].map(({ node, pods, used }) => ({ node, pods: [...pods.values()], used }));
  }
}

/** Gives pods their nodes by the scheduler's rules, or says why none will do. */
export function scheduler(): Controller {
  const table = new NodeTable();
  const waiting = new Set<string>();
  return {
    name: 'scheduler',
    keysOf: (event) => {
      table.note(event);
      const frees =
        event.resource === '/nodes' ||
        event.resource === '/persistentvolumeclaims' ||
        (event.resource === '/pods' &&
          (event.type === 'DELETED' || phaseOf(event.object) === 'Succeeded' || phaseOf(event.object) === 'Failed'));
      const keys = frees ? [...waiting] : [];
      if (event.resource !== '/pods') return keys;
      const key = keyOfObject(namespaceOf(event.object), nameOf(event.object));
      if (event.type === 'DELETED') waiting.delete(key);
      else if (isUnassigned(event.object) && (event.type === 'ADDED' || !waiting.has(key))) keys.push(key);
      return keys;
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const pod = read(context.state, '', 'pods', namespace, name);
      if (pod === undefined || !isUnassigned(pod)) {
        waiting.delete(key);
        return undefined;
      }
      const again = schedule(pod, table.states(), context);
      if (again === undefined) waiting.delete(key);
      else waiting.add(key);
      return again;
    },
  };
}

function isUnassigned(pod: JsonObject): boolean {
  const spec = own(pod, 'spec');
  return (
    textOf(spec, 'nodeName') === '' &&
    textOf(spec, 'schedulerName') === 'default-scheduler' &&
    items(spec, 'schedulingGates').length === 0 &&
    !isDeleting(pod)
  );
}

function schedule(pod: Stored, nodes: readonly NodeState[], context: ControllerContext): number | undefined {
  const claims = claimProblem(pod, context);
  if (claims !== undefined) return refuse(pod, claims, context);
  if (nodes.length === 0) return refuse(pod, 'no nodes available to schedule pods', context);
  const reasons = new Map<string, number>();
  let best: { readonly state: NodeState; readonly score: number } | undefined;
  const found: (readonly [NodeState, readonly Misfit[]])[] = [];
  for (const state of nodes) {
    const faults = misfits(pod, state, nodes);
    found.push([state, faults]);
    for (const { reason } of faults) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (faults.length > 0) continue;
    const score = fullness(pod, state);
    if (best === undefined || score < best.score) best = { state, score };
  }
  if (best !== undefined) {
    bind(pod, nameOf(best.state.node), context);
    return undefined;
  }
  const preempted = preempt(pod, found, nodes, context);
  const list = [...reasons]
    .map(([reason, count]) => (reason === 'Too many pods' ? `${count} ${reason}` : `${count} ${reason}`))
    .sort();
  const total = nodes.length;
  const helpless = found.filter(([, faults]) => faults.some((fault) => fault.helpless)).length;
  const hints = [
    ...(helpless > 0 ? [`${helpless} Preemption is not helpful for scheduling`] : []),
    ...(helpless < total ? [`${total - helpless} No preemption victims found for incoming pod`] : []),
  ];
  const tail = preempted
    ? ''
    : ` no new claims to deallocate, preemption: 0/${total} nodes are available: ${hints.sort().join(', ')}.`;
  return refuse(pod, `0/${total} nodes are available: ${list.join(', ')}.${tail}`, context);
}

/** Claims have to exist, and to be bound unless they wait for their first pod. */
function claimProblem(pod: Stored, { state }: ControllerContext): string | undefined {
  for (const volume of items(own(pod, 'spec'), 'volumes')) {
    const name = textOf(own(volume, 'persistentVolumeClaim'), 'claimName');
    if (name === '') continue;
    const claim = read(state, '', 'persistentvolumeclaims', namespaceOf(pod), name);
    const total = state.store.count('/nodes');
    if (claim === undefined)
      return `0/${total} nodes are available: persistentvolumeclaim ${JSON.stringify(name)} not found. not found`;
    if (phaseOf(claim) === 'Bound') continue;
    const klass = read(state, 'storage.k8s.io', 'storageclasses', '', textOf(own(claim, 'spec'), 'storageClassName'));
    if (klass !== undefined && textOf(klass, 'volumeBindingMode') === 'WaitForFirstConsumer') continue;
    return `0/${total} nodes are available: pod has unbound immediate PersistentVolumeClaims. not found`;
  }
  return undefined;
}

function bind(pod: Stored, node: string, context: ControllerContext): void {
  const { state, clock } = context;
  const pods = resourceFor(state, '', 'pods');
  bindPod(state, targetOf(pods, namespaceOf(pod), nameOf(pod), 'binding'), node, systemContext(MANAGER));
  const current = read(state, '', 'pods', namespaceOf(pod), nameOf(pod));
  if (current === undefined) return;
  change(
    state,
    '',
    'pods',
    current,
    (next) => {
      const status = child(next, 'status');
      status['conditions'] = withCondition(
        status['conditions'],
        { type: 'PodScheduled', status: 'True', observedGeneration: numberIn(metaOf(current), 'generation') },
        formatTime(clock.now()),
      ) as MutableJsonObject[];
      delete status['nominatedNodeName'];
    },
    { subresource: 'status', manager: MANAGER },
  );
}

function refuse(pod: Stored, message: string, context: ControllerContext): number {
  const before = conditionOf(pod, 'PodScheduled');
  if (before?.['message'] === message) return RETRY_MS;
  change(
    context.state,
    '',
    'pods',
    pod,
    (next) => {
      const status = child(next, 'status');
      status['conditions'] = withCondition(
        status['conditions'],
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message,
          observedGeneration: numberIn(metaOf(pod), 'generation'),
        },
        formatTime(context.clock.now()),
      ) as MutableJsonObject[];
    },
    { subresource: 'status', manager: MANAGER },
  );
  recordEvent(context, pod, 'default-scheduler', 'Warning', 'FailedScheduling', message);
  return RETRY_MS;
}

/** Makes room by removing pods of lower priority from the node where the fewest have to go. */
function preempt(
  pod: Stored,
  found: readonly (readonly [NodeState, readonly Misfit[]])[],
  nodes: readonly NodeState[],
  context: ControllerContext,
): boolean {
  if (textOf(own(pod, 'spec'), 'preemptionPolicy') === 'Never' || priorityOf(pod) <= 0) return false;
  let best: readonly Stored[] | undefined;
  for (const [state, faults] of found) {
    if (faults.some((fault) => fault.helpless)) continue;
    const victims = victimsOn(pod, state, nodes);
    if (victims !== undefined && (best === undefined || victims.length < best.length)) best = victims;
  }
  if (best === undefined || best.length === 0) return false;
  for (const victim of best) {
    if (isDeleting(victim)) continue;
    recordEvent(
      context,
      victim,
      'default-scheduler',
      'Normal',
      'Preempted',
      `Preempted by pod ${uidOf(pod)} on node ${textOf(own(victim, 'spec'), 'nodeName')}`,
    );
    remove(context.state, '', 'pods', victim, { propagation: undefined });
  }
  return true;
}

function victimsOn(pod: Stored, state: NodeState, nodes: readonly NodeState[]): readonly Stored[] | undefined {
  const lower = state.pods
    .filter((entry) => priorityOf(entry) < priorityOf(pod))
    .sort((a, b) => priorityOf(a) - priorityOf(b) || ageOf(b) - ageOf(a));
  const left = new Set(state.pods);
  const used = new Map(state.used);
  const victims: Stored[] = [];
  for (const victim of lower) {
    left.delete(victim);
    for (const [name, amount] of requestsOf(victim)) used.set(name, (used.get(name) ?? 0n) - amount);
    victims.push(victim);
    const without: NodeState = { node: state.node, pods: [...left], used };
    if (
      misfits(
        pod,
        without,
        nodes.map((other) => (other === state ? without : other)),
      ).length === 0
    )
      return victims;
  }
  return undefined;
}

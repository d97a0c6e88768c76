import { own, type JsonObject, type MutableJsonObject } from '../../core/json.ts';
import { formatTime } from '../clock.ts';
import {
  isDeleting,
  items,
  labelsOf,
  metaOf,
  nameOf,
  namespaceOf,
  textMap,
  textOf,
  uidOf,
  type Stored,
} from '../object.ts';
import { readSelector } from '../schema/selectors.ts';
import { ApiError } from '../status.ts';
import { change, create, ownerReference, read, remove, setStatus, withCondition } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import type { OwnedIndex } from './owned-index.ts';
import { controllerOf, countPods, isPodActive, isPodReady, numberIn, phaseOf, specOf } from './pod-state.ts';

const SOURCE = 'replicaset-controller';
const RETRY_MS = 1000;

/** Keeps as many pods as a ReplicaSet wants. */
export function replicaSetController(pods: OwnedIndex): Controller {
  return {
    name: 'replicasets',
    keysOf: (event) => {
      if (event.resource === 'apps/replicasets') return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
      if (event.resource !== '/pods') return [];
      const owner = controllerOf(event.object);
      if (textOf(owner, 'kind') === 'ReplicaSet')
        return [keyOfObject(namespaceOf(event.object), textOf(owner, 'name'))];
      return [];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const set = read(context.state, 'apps', 'replicasets', namespace, name);
      if (set === undefined) return undefined;
      const failure = isDeleting(set) ? undefined : adjust(set, pods, context);
      return report(set, pods, failure, context);
    },
  };
}

function adjust(set: Stored, pods: OwnedIndex, context: ControllerContext): string | undefined {
  const { state } = context;
  adoptOrphans(set, pods, context);
  const active = pods.of(uidOf(set)).filter(isPodActive);
  const wanted = numberIn(specOf(set), 'replicas', 1);
  if (active.length > wanted) {
    for (const pod of deletionOrder(active).slice(0, active.length - wanted))
      remove(state, '', 'pods', pod, { propagation: undefined });
    return undefined;
  }
  for (let missing = wanted - active.length; missing > 0; missing--) {
    try {
      createPod(state, set, 'apps/v1', 'ReplicaSet');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      recordEvent(context, set, SOURCE, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      return error.message;
    }
  }
  return undefined;
}

/** Pods that fit the selector and have no controller get this one. */
function adoptOrphans(set: Stored, pods: OwnedIndex, { state }: ControllerContext): void {
  const matches = readSelector(own(specOf(set), 'selector'));
  for (const pod of pods.orphans(namespaceOf(set)))
    if (isPodActive(pod) && matches(labelsOf(pod)))
      change(state, '', 'pods', pod, (next) => {
        (next['metadata'] as MutableJsonObject)['ownerReferences'] = [
          ownerReference(set, 'apps/v1', 'ReplicaSet') as MutableJsonObject,
        ];
      });
}

/** A pod from an owner's template. */
export function createPod(
  state: ControllerContext['state'],
  owner: Stored,
  apiVersion: string,
  kind: string,
  extra: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly edit?: (spec: MutableJsonObject) => void;
  } = {},
): Stored {
  const template = own(specOf(owner), 'template');
  const meta = own(template, 'metadata');
  const spec = JSON.parse(JSON.stringify(own(template, 'spec') ?? {})) as MutableJsonObject;
  extra.edit?.(spec);
  const annotations = { ...Object.fromEntries(textMap(own(meta, 'annotations'))), ...extra.annotations };
  const finalizers = own(meta, 'finalizers');
  return create(state, '', 'pods', namespaceOf(owner), {
    metadata: {
      generateName: `${nameOf(owner)}-`,
      ...(extra.name === undefined ? {} : { name: extra.name }),
      labels: { ...Object.fromEntries(textMap(own(meta, 'labels'))), ...extra.labels },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(Array.isArray(finalizers) ? { finalizers } : {}),
      ownerReferences: [ownerReference(owner, apiVersion, kind)],
    },
    spec,
  });
}

/** Those go first that serve least: without a node, not running, not ready, then the youngest. */
function deletionOrder(pods: readonly Stored[]): Stored[] {
  const rank = (pod: Stored): readonly (number | string)[] => [
    textOf(own(pod, 'spec'), 'nodeName') === '' ? 0 : 1,
    phaseOf(pod) === 'Pending' ? 0 : 1,
    isPodReady(pod) ? 1 : 0,
    -Date.parse(textOf(metaOf(pod), 'creationTimestamp')),
    nameOf(pod),
  ];
  return [...pods].sort((a, b) => {
    const left = rank(a);
    const right = rank(b);
    for (const [index, value] of left.entries()) {
      const other = right[index];
      if (other !== undefined && value !== other) return value < other ? -1 : 1;
    }
    return 0;
  });
}

function report(
  set: Stored,
  pods: OwnedIndex,
  failure: string | undefined,
  context: ControllerContext,
): number | undefined {
  const { state, clock } = context;
  const current = read(state, 'apps', 'replicasets', namespaceOf(set), nameOf(set));
  if (current === undefined || uidOf(current) !== uidOf(set)) return undefined;
  const owned = pods.of(uidOf(set));
  const counts = countPods(owned, numberIn(specOf(set), 'minReadySeconds'), clock.now());
  const templateLabels = textMap(own(own(own(specOf(set), 'template'), 'metadata'), 'labels'));
  const labelled = owned.filter(
    (pod) => isPodActive(pod) && [...templateLabels].every(([key, value]) => labelsOf(pod).get(key) === value),
  ).length;
  const before = own(current, 'status');
  let conditions = items(before, 'conditions').filter(
    (entry) => failure !== undefined || entry['type'] !== 'ReplicaFailure',
  ) as JsonObject[];
  if (failure !== undefined && !conditions.some((entry) => entry['type'] === 'ReplicaFailure'))
    conditions = withCondition(
      conditions,
      { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure },
      formatTime(clock.now()),
    );
  const status: JsonObject = {
    replicas: counts.total,
    ...positive({ fullyLabeledReplicas: labelled, readyReplicas: counts.ready, availableReplicas: counts.available }),
    terminatingReplicas: counts.terminating,
    observedGeneration: own(metaOf(current), 'generation') ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  setStatus(state, 'apps', 'replicasets', current, status);
  return failure === undefined ? counts.nextMs : RETRY_MS;
}

/** Numbers as Go writes them with omitempty: zeros are left out. */
export function positive(numbers: Readonly<Record<string, number>>): JsonObject {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0));
}

import { own, type JsonObject, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import {
  isDeleting,
  items,
  labelsOf,
  nameOf,
  namespaceOf,
  textMap,
  textOf,
  uidOf,
  withField,
  type Stored,
} from '../object.ts';
import { ApiError } from '../status.ts';
import { create, ownerReference, read, remove, setStatus } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { recordEvent } from './events.ts';
import type { OwnedIndex } from './owned-index.ts';
import { availableAtMs, controllerOf, countPods, isPodReady, numberIn, phaseOf, specOf } from './pod-state.ts';
import { createPod } from './replica-sets.ts';
import { generationOf, presentRevision, templateOfRevision, type Revision } from './revisions.ts';

const HASH = 'controller-revision-hash';
const RETRY_MS = 1000;

/** Runs StatefulSets: pods with ordinals, one after another, with their claims; updates from the last ordinal down to the partition. */
export function statefulSetController(pods: OwnedIndex): Controller {
  return {
    name: 'statefulsets',
    keysOf: (event) => {
      if (event.resource === 'apps/statefulsets') return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
      if (event.resource !== '/pods') return [];
      const owner = controllerOf(event.object);
      return textOf(owner, 'kind') === 'StatefulSet'
        ? [keyOfObject(namespaceOf(event.object), textOf(owner, 'name'))]
        : [];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const set = read(context.state, 'apps', 'statefulsets', namespace, name);
      if (set === undefined || isDeleting(set)) return undefined;
      const update = presentRevision(set, 'StatefulSet', context);
      const current = textOf(own(set, 'status'), 'currentRevision') || update.name;
      const retry = step(set, pods, update, current, context);
      const next = report(set, pods, update, current, context);
      return retry ?? next;
    },
  };
}

function ordinalOf(pod: Stored): number {
  return Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);
}

function step(
  set: Stored,
  index: OwnedIndex,
  update: Revision,
  current: string,
  context: ControllerContext,
): number | undefined {
  const spec = specOf(set);
  const wanted = numberIn(spec, 'replicas', 1);
  const first = numberIn(own(spec, 'ordinals'), 'start');
  const parallel = textOf(spec, 'podManagementPolicy') === 'Parallel';
  const byOrdinal = new Map(index.of(uidOf(set)).map((pod) => [ordinalOf(pod), pod]));
  const minReady = numberIn(spec, 'minReadySeconds');
  const now = context.clock.now();
  const isAvailable = (pod: Stored): boolean => (availableAtMs(pod, minReady) ?? Infinity) <= now;
  for (let ordinal = first; ordinal < first + wanted; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod !== undefined && (phaseOf(pod) === 'Failed' || phaseOf(pod) === 'Succeeded') && !isDeleting(pod)) {
      remove(context.state, '', 'pods', pod, { propagation: undefined });
      return undefined;
    }
    if (pod === undefined) {
      const retry = makePod(set, ordinal, revisionFor(set, ordinal, first, update, current), context);
      if (retry !== undefined) return retry;
      if (!parallel) return undefined;
      continue;
    }
    if (!parallel && (isDeleting(pod) || !isPodReady(pod) || !isAvailable(pod))) return waitFor(pod, minReady, now);
  }
  const surplus = [...byOrdinal.entries()]
    .filter(([ordinal]) => ordinal < first || ordinal >= first + wanted)
    .sort((a, b) => b[0] - a[0]);
  for (const [, pod] of surplus) {
    if (!isDeleting(pod)) remove(context.state, '', 'pods', pod, { propagation: undefined });
    if (!parallel) return undefined;
  }
  return rollOn(set, byOrdinal, first, wanted, update, isAvailable, context);
}

function waitFor(pod: Stored, minReadySeconds: number, nowMs: number): number | undefined {
  const at = availableAtMs(pod, minReadySeconds);
  return at === undefined || at <= nowMs ? undefined : at - nowMs;
}

/** Ordinals below the partition keep the current revision, the others get the new one. */
function revisionFor(set: Stored, ordinal: number, first: number, update: Revision, current: string): string {
  const strategy = own(specOf(set), 'updateStrategy');
  if (textOf(strategy, 'type') === 'OnDelete') return update.name;
  const partition = numberIn(own(strategy, 'rollingUpdate'), 'partition');
  return ordinal - first < partition ? current : update.name;
}

function makePod(set: Stored, ordinal: number, revision: string, context: ControllerContext): number | undefined {
  const name = `${nameOf(set)}-${ordinal}`;
  try {
    for (const template of items(specOf(set), 'volumeClaimTemplates')) ensureClaim(set, template, ordinal, context);
    const recorded = templateOfRevision(set, revision, context);
    const owner = recorded === undefined ? set : withField(set, 'spec', { ...specOf(set), template: recorded });
    createPod(context.state, owner, 'apps/v1', 'StatefulSet', {
      name,
      labels: {
        [HASH]: revision,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
      edit: (spec) => {
        spec['hostname'] = name;
        spec['subdomain'] = textOf(specOf(set), 'serviceName');
        mountClaims(set, spec, ordinal);
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    recordEvent(
      context,
      set,
      'statefulset-controller',
      'Warning',
      'FailedCreate',
      `create Pod ${name} in StatefulSet ${nameOf(set)} failed error: ${error.message}`,
    );
    return RETRY_MS;
  }
}

function claimName(set: Stored, template: JsonObject, ordinal: number): string {
  return `${nameOf(template)}-${nameOf(set)}-${ordinal}`;
}

function ensureClaim(set: Stored, template: JsonObject, ordinal: number, { state }: ControllerContext): void {
  const name = claimName(set, template, ordinal);
  if (read(state, '', 'persistentvolumeclaims', namespaceOf(set), name) !== undefined) return;
  const retention = own(specOf(set), 'persistentVolumeClaimRetentionPolicy');
  const labels = {
    ...Object.fromEntries(textMap(own(own(template, 'metadata'), 'labels'))),
    ...Object.fromEntries(textMap(own(own(specOf(set), 'selector'), 'matchLabels'))),
  };
  const annotations = own(own(template, 'metadata'), 'annotations');
  create(state, '', 'persistentvolumeclaims', namespaceOf(set), {
    metadata: {
      name,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
      ...(textOf(retention, 'whenDeleted') === 'Delete'
        ? { ownerReferences: [{ ...ownerReference(set, 'apps/v1', 'StatefulSet'), controller: true } as MutableJson] }
        : {}),
    },
    spec: own(template, 'spec') ?? {},
  });
}

function mountClaims(set: Stored, spec: MutableJsonObject, ordinal: number): void {
  const templates = items(specOf(set), 'volumeClaimTemplates');
  if (templates.length === 0) return;
  const names = new Set(templates.map(nameOf));
  spec['volumes'] = [
    ...templates.map((template) => ({
      name: nameOf(template),
      persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
    })),
    ...items(spec, 'volumes').filter((volume) => !names.has(textOf(volume, 'name'))),
  ];
}

function rollOn(
  set: Stored,
  byOrdinal: ReadonlyMap<number, Stored>,
  first: number,
  wanted: number,
  update: Revision,
  isAvailable: (pod: Stored) => boolean,
  context: ControllerContext,
): number | undefined {
  const strategy = own(specOf(set), 'updateStrategy');
  if (textOf(strategy, 'type') === 'OnDelete') return undefined;
  const rolling = own(strategy, 'rollingUpdate');
  const partition = numberIn(rolling, 'partition');
  const most = Math.max(1, numberIn(rolling, 'maxUnavailable', 1));
  let unavailable = 0;
  for (let ordinal = first + wanted - 1; ordinal >= first; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || isDeleting(pod) || !isAvailable(pod)) unavailable++;
  }
  for (let ordinal = first + wanted - 1; ordinal >= first + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || isDeleting(pod)) return undefined;
    if (labelsOf(pod).get(HASH) !== update.name) {
      const broken = !isAvailable(pod);
      if (!broken && unavailable >= most) return undefined;
      remove(context.state, '', 'pods', pod, { propagation: undefined });
      unavailable++;
      if (unavailable >= most) return undefined;
    } else if (!isAvailable(pod) && most <= 1)
      return waitFor(pod, numberIn(specOf(set), 'minReadySeconds'), context.clock.now());
  }
  return undefined;
}

function report(
  set: Stored,
  index: OwnedIndex,
  update: Revision,
  current: string,
  context: ControllerContext,
): number | undefined {
  const latest = read(context.state, 'apps', 'statefulsets', namespaceOf(set), nameOf(set));
  if (latest === undefined || uidOf(latest) !== uidOf(set)) return undefined;
  const spec = specOf(set);
  const wanted = numberIn(spec, 'replicas', 1);
  const all = index.of(uidOf(set));
  const counts = countPods(all, numberIn(spec, 'minReadySeconds'), context.clock.now());
  const created = all.filter((pod) => !isDeleting(pod));
  const withHash = (name: string): number => created.filter((pod) => labelsOf(pod).get(HASH) === name).length;
  const updated = withHash(update.name);
  const partition = numberIn(own(own(spec, 'updateStrategy'), 'rollingUpdate'), 'partition');
  const complete =
    partition === 0 &&
    updated === wanted &&
    counts.ready === wanted &&
    created.length === wanted &&
    textOf(own(spec, 'updateStrategy'), 'type') !== 'OnDelete';
  const now = complete ? update.name : current;
  const status: JsonObject = {
    observedGeneration: generationOf(latest),
    replicas: created.length,
    ...zeroless({ readyReplicas: counts.ready, currentReplicas: withHash(now), updatedReplicas: updated }),
    availableReplicas: counts.available,
    currentRevision: now,
    updateRevision: update.name,
    collisionCount: 0,
  };
  setStatus(context.state, 'apps', 'statefulsets', latest, status);
  return counts.nextMs;
}

function zeroless(numbers: Readonly<Record<string, number>>): JsonObject {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0));
}

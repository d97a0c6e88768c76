import { own, type JsonObject, type MutableJson, type MutableJsonObject } from '../../core/json.ts';
import {
  annotationOf,
  child,
  copyObject,
  isDeleting,
  metaOf,
  nameOf,
  namespaceOf,
  textMap,
  textOf,
  uidOf,
  type Stored,
} from '../object.ts';
import { change, create, ownerReference, read, remove } from './access.ts';
import { keyOfObject, splitKey, type Controller, type ControllerContext } from './controller.ts';
import { reportDeployment } from './deployment-status.ts';
import { recordEvent } from './events.ts';
import type { OwnedIndex } from './owned-index.ts';
import { controllerOf, isPodActive, numberIn, resolveShare, specOf } from './pod-state.ts';
import { HASH_LABEL, hashOf, templateOf, templateText } from './template-hash.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAX = 'deployment.kubernetes.io/max-replicas';
const SOURCE = 'deployment-controller';
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);

/** The ReplicaSets of a Deployment. */
export interface Generations {
  readonly current: Stored | undefined;
  readonly old: readonly Stored[];
}

/** Rolls Deployments: one ReplicaSet for each template, scaled within maxSurge and maxUnavailable. */
export function deploymentController(sets: OwnedIndex, pods: OwnedIndex): Controller {
  return {
    name: 'deployments',
    keysOf: (event) => {
      if (event.resource === 'apps/deployments') return [keyOfObject(namespaceOf(event.object), nameOf(event.object))];
      const owner = controllerOf(event.object);
      if (event.resource === 'apps/replicasets' && textOf(owner, 'kind') === 'Deployment')
        return [keyOfObject(namespaceOf(event.object), textOf(owner, 'name'))];
      return [];
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key);
      const deployment = read(context.state, 'apps', 'deployments', namespace, name);
      if (deployment === undefined) return undefined;
      if (!isDeleting(deployment)) roll(deployment, sets, pods, context);
      const latest = read(context.state, 'apps', 'deployments', namespace, name);
      return latest === undefined ? undefined : reportDeployment(latest, generationsOf(latest, sets), pods, context);
    },
  };
}

function generationsOf(deployment: Stored, sets: OwnedIndex): Generations {
  const wanted = templateText(templateOf(deployment));
  const all = sets
    .of(uidOf(deployment))
    .sort((a, b) => createdAt(a) - createdAt(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const current = all.find((set) => templateText(templateOf(set)) === wanted);
  return { current, old: all.filter((set) => set !== current) };
}

function createdAt(object: Stored): number {
  return Date.parse(textOf(metaOf(object), 'creationTimestamp'));
}

function revisionOf(object: JsonObject): number {
  return Number(annotationOf(object, REVISION) ?? 0);
}

function replicasOf(object: JsonObject): number {
  return numberIn(specOf(object), 'replicas', 1);
}

function statusNumber(object: JsonObject, field: string): number {
  return numberIn(own(object, 'status'), field);
}

function surgeOf(deployment: JsonObject): { readonly surge: number; readonly unavailable: number } {
  const replicas = replicasOf(deployment);
  const rolling = own(own(specOf(deployment), 'strategy'), 'rollingUpdate');
  const surge = resolveShare(own(rolling, 'maxSurge'), replicas, 'up');
  const unavailable = resolveShare(own(rolling, 'maxUnavailable'), replicas, 'down');
  return surge === 0 && unavailable === 0
    ? { surge: 0, unavailable: 1 }
    : { surge, unavailable: Math.min(unavailable, replicas) };
}

function roll(deployment: Stored, sets: OwnedIndex, pods: OwnedIndex, context: ControllerContext): void {
  let { current, old } = generationsOf(deployment, sets);
  const spec = specOf(deployment);
  if (own(spec, 'paused') === true) {
    scaleProportionally(deployment, [...old, ...(current === undefined ? [] : [current])], context);
    return;
  }
  if (current !== undefined && isScalingEvent(deployment, [current, ...old])) {
    scaleProportionally(deployment, [...old, current], context);
    annotateAll(deployment, [...old, current], context);
    return;
  }
  const recreate = textOf(own(spec, 'strategy'), 'type') === 'Recreate';
  if (recreate) {
    for (const set of old) scaleTo(deployment, set, 0, context);
    const running = old.some((set) => pods.of(uidOf(set)).some((pod) => isPodActive(pod) || isDeleting(pod)));
    if (running) return;
  }
  current = syncCurrent(deployment, current, old, context);
  ({ old } = generationsOf(deployment, sets));
  old = old.filter((set) => uidOf(set) !== uidOf(current ?? set));
  if (recreate) scaleTo(deployment, current, replicasOf(deployment), context);
  else if (!scaleUp(deployment, current, old, context)) scaleDown(deployment, current, old, context);
  cleanUp(deployment, old, context);
}

/** The replicas were changed, not the template: seen by the wish that the sets remember. */
function isScalingEvent(deployment: Stored, sets: readonly Stored[]): boolean {
  return sets.some((set) => {
    const desired = annotationOf(set, DESIRED);
    return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== replicasOf(deployment);
  });
}

/** Makes the ReplicaSet of the present template, or brings its annotations and minReadySeconds up to date. */
function syncCurrent(
  deployment: Stored,
  current: Stored | undefined,
  old: readonly Stored[],
  context: ControllerContext,
): Stored {
  const { state } = context;
  const lastRevision = Math.max(0, ...old.map(revisionOf));
  if (current !== undefined) {
    const revision = Math.max(revisionOf(current), lastRevision + (revisionOf(current) > lastRevision ? 0 : 1));
    const updated = change(state, 'apps', 'replicasets', current, (next) => {
      annotate(next, deployment, revision);
      child(next, 'spec')['minReadySeconds'] = numberIn(specOf(deployment), 'minReadySeconds');
      if (child(next, 'spec')['minReadySeconds'] === 0) delete child(next, 'spec')['minReadySeconds'];
    });
    setRevision(deployment, revision, context);
    return updated ?? current;
  }
  const template = copyObject(templateOf(deployment));
  const hash = hashOf(template as JsonObject, numberIn(own(deployment, 'status'), 'collisionCount'));
  const labels = { ...Object.fromEntries(textMap(own(own(template, 'metadata'), 'labels'))), [HASH_LABEL]: hash };
  child(template, 'metadata')['labels'] = labels;
  const selector = copyObject((own(specOf(deployment), 'selector') ?? {}) as JsonObject);
  child(selector, 'matchLabels')[HASH_LABEL] = hash;
  const total = old.reduce((sum, set) => sum + replicasOf(set), 0);
  const replicas = newSetReplicas(deployment, 0, total);
  const minReady = numberIn(specOf(deployment), 'minReadySeconds');
  const body: MutableJsonObject = {
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      labels,
      ownerReferences: [ownerReference(deployment, 'apps/v1', 'Deployment') as MutableJson],
    },
    spec: { replicas, selector, template, ...(minReady > 0 ? { minReadySeconds: minReady } : {}) },
  };
  annotate(body, deployment, lastRevision + 1);
  const made = create(state, 'apps', 'replicasets', namespaceOf(deployment), body as JsonObject);
  if (replicas > 0)
    recordEvent(
      context,
      deployment,
      SOURCE,
      'Normal',
      'ScalingReplicaSet',
      `Scaled up replica set ${nameOf(made)} from 0 to ${replicas}`,
    );
  setRevision(deployment, lastRevision + 1, context);
  return made;
}

function annotate(set: MutableJsonObject, deployment: Stored, revision: number): void {
  const annotations = child(child(set, 'metadata'), 'annotations');
  for (const [key, value] of textMap(own(metaOf(deployment), 'annotations')))
    if (!NOT_COPIED.has(key)) annotations[key] = value;
  annotations[REVISION] = String(revision);
  annotateWish(annotations, deployment);
}

function annotateWish(annotations: MutableJsonObject, deployment: Stored): void {
  annotations[DESIRED] = String(replicasOf(deployment));
  annotations[MAX] = String(replicasOf(deployment) + surgeFor(deployment));
}

function surgeFor(deployment: Stored): number {
  return textOf(own(specOf(deployment), 'strategy'), 'type') === 'RollingUpdate' ? surgeOf(deployment).surge : 0;
}

function annotateAll(deployment: Stored, sets: readonly Stored[], { state }: ControllerContext): void {
  for (const set of sets)
    change(state, 'apps', 'replicasets', set, (next) =>
      annotateWish(child(child(next, 'metadata'), 'annotations'), deployment),
    );
}

/** Written through the status, as the real controller does: an annotation through the object itself would be a new generation. */
function setRevision(deployment: Stored, revision: number, { state }: ControllerContext): void {
  if (annotationOf(deployment, REVISION) === String(revision)) return;
  change(
    state,
    'apps',
    'deployments',
    deployment,
    (next) => {
      child(child(next, 'metadata'), 'annotations')[REVISION] = String(revision);
    },
    { subresource: 'status' },
  );
}

/** How many replicas the new set may have now. */
function newSetReplicas(deployment: Stored, current: number, total: number): number {
  const wanted = replicasOf(deployment);
  if (textOf(own(specOf(deployment), 'strategy'), 'type') === 'Recreate') return wanted;
  const room = wanted + surgeOf(deployment).surge - total;
  if (room <= 0) return current;
  return current + Math.min(room, wanted - current);
}

function scaleTo(deployment: Stored, set: Stored, replicas: number, context: ControllerContext): boolean {
  const before = replicasOf(set);
  const done = change(context.state, 'apps', 'replicasets', set, (next) => {
    child(next, 'spec')['replicas'] = replicas;
    annotateWish(child(child(next, 'metadata'), 'annotations'), deployment);
  });
  if (before === replicas || done === undefined) return false;
  recordEvent(
    context,
    deployment,
    SOURCE,
    'Normal',
    'ScalingReplicaSet',
    `Scaled ${replicas > before ? 'up' : 'down'} replica set ${nameOf(set)} from ${before} to ${replicas}`,
  );
  return true;
}

function scaleUp(deployment: Stored, current: Stored, old: readonly Stored[], context: ControllerContext): boolean {
  const wanted = replicasOf(deployment);
  const now = replicasOf(current);
  if (now === wanted) return false;
  if (now > wanted) return scaleTo(deployment, current, wanted, context);
  const total = now + old.reduce((sum, set) => sum + replicasOf(set), 0);
  const next = newSetReplicas(deployment, now, total);
  return next > now && scaleTo(deployment, current, next, context);
}

function scaleDown(deployment: Stored, current: Stored, old: readonly Stored[], context: ControllerContext): void {
  const oldTotal = old.reduce((sum, set) => sum + replicasOf(set), 0);
  if (oldTotal === 0) return;
  const total = oldTotal + replicasOf(current);
  const minAvailable = replicasOf(deployment) - surgeOf(deployment).unavailable;
  const notAvailable = replicasOf(current) - statusNumber(current, 'availableReplicas');
  let removable = total - minAvailable - notAvailable;
  if (removable <= 0) return;
  const left = new Map(old.map((set) => [set, replicasOf(set)]));
  // Replicas that serve nobody go first.
  for (const set of old) {
    const unhealthy = (left.get(set) ?? 0) - statusNumber(set, 'availableReplicas');
    const gone = Math.min(removable, unhealthy);
    if (gone <= 0) continue;
    left.set(set, (left.get(set) ?? 0) - gone);
    removable -= gone;
  }
  const available = [current, ...old].reduce((sum, set) => sum + statusNumber(set, 'availableReplicas'), 0);
  let spare = available - minAvailable;
  for (const set of old) {
    const gone = Math.min(left.get(set) ?? 0, Math.max(0, spare));
    left.set(set, (left.get(set) ?? 0) - gone);
    spare -= gone;
  }
  for (const [set, replicas] of left) if (replicas !== replicasOf(set)) scaleTo(deployment, set, replicas, context);
}

/** Spreads changed replicas over the sets that have pods, by their share. */
function scaleProportionally(deployment: Stored, sets: readonly Stored[], context: ControllerContext): void {
  const active = sets.filter((set) => replicasOf(set) > 0);
  const only = active[0] ?? sets.at(-1);
  const wanted = replicasOf(deployment);
  if (only === undefined) return;
  if (active.length <= 1) {
    if (replicasOf(only) !== wanted) scaleTo(deployment, only, wanted, context);
    return;
  }
  const total = active.reduce((sum, set) => sum + replicasOf(set), 0);
  const allowed = wanted > 0 ? wanted + surgeFor(deployment) : 0;
  let difference = allowed - total;
  const sorted = [...active].sort((a, b) => replicasOf(b) - replicasOf(a));
  const next = new Map<Stored, number>();
  for (const set of sorted) {
    const maximum = Number(annotationOf(set, MAX) ?? total) || total;
    const share = Math.round((replicasOf(set) * allowed) / maximum) - replicasOf(set);
    const step = difference > 0 ? Math.min(Math.max(share, 0), difference) : Math.max(Math.min(share, 0), difference);
    next.set(set, replicasOf(set) + step);
    difference -= step;
  }
  const [largest] = sorted;
  if (largest !== undefined) next.set(largest, Math.max(0, (next.get(largest) ?? 0) + difference));
  for (const [set, replicas] of next) scaleTo(deployment, set, replicas, context);
}

/** Old sets beyond the history limit go. */
function cleanUp(deployment: Stored, old: readonly Stored[], { state }: ControllerContext): void {
  const limit = numberIn(specOf(deployment), 'revisionHistoryLimit', 10);
  const idle = old
    .filter((set) => replicasOf(set) === 0 && statusNumber(set, 'replicas') === 0 && !isDeleting(set))
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of idle.slice(0, Math.max(0, idle.length - limit))) remove(state, 'apps', 'replicasets', set);
}

import { setOfPaths, type FieldSet } from '../../core/fields/field-set.ts';
import {
  isJsonObject,
  jsonEqual,
  own,
  stableJson,
  type JsonObject,
  type MutableJson,
  type MutableJsonObject,
} from '../../core/json.ts';
import { annotationOf, child, copyOf, labelsOf, metaOf, nameOf, textOf } from '../object.ts';
import { TEMPLATE_GENERATION } from '../schema/defaults/workloads.ts';
import type { Resource, ServedVersion } from '../schema/resource.ts';

/** What makes the generation of an object grow; kinds that are not here have none. */
type Generation = 'spec' | 'spec+annotations' | 'content' | 'content+labels';

const GENERATION: ReadonlyMap<string, Generation> = new Map<string, Generation>([
  ['/Pod', 'spec'],
  ['/PodTemplate', 'content'],
  ['/ReplicationController', 'spec'],
  ['apps/DaemonSet', 'spec'],
  ['apps/Deployment', 'spec+annotations'],
  ['apps/ReplicaSet', 'spec'],
  ['apps/StatefulSet', 'spec'],
  ['batch/Job', 'spec'],
  ['batch/CronJob', 'spec'],
  ['networking.k8s.io/Ingress', 'spec'],
  ['networking.k8s.io/IngressClass', 'spec'],
  ['networking.k8s.io/NetworkPolicy', 'spec'],
  ['policy/PodDisruptionBudget', 'spec'],
  ['apiextensions.k8s.io/CustomResourceDefinition', 'spec'],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', 'content'],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', 'content'],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', 'spec'],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', 'spec'],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', 'spec'],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', 'spec'],
  ['scheduling.k8s.io/PriorityClass', 'content'],
  ['discovery.k8s.io/EndpointSlice', 'content+labels'],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', 'spec'],
  ['flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', 'spec'],
]);

function generationOf(resource: Resource): Generation | undefined {
  return resource.definition === undefined ? GENERATION.get(`${resource.group}/${resource.kind}`) : 'content';
}

const NO_RESET = setOfPaths([]);
const RESET_STATUS = setOfPaths([['f:status']]);
const RESET_SPEC = setOfPaths([['f:spec']]);
const RESET_SPEC_AND_META = setOfPaths([['f:spec'], ['f:metadata']]);
const RESET_SPEC_AND_LABELS = setOfPaths([['f:spec'], ['f:metadata', 'f:labels']]);

/** Fields that a request to this endpoint cannot change. */
export function resetFieldsOf(resource: Resource, version: ServedVersion, subresource: string): FieldSet {
  if (subresource === 'status') {
    if (resource.definition !== undefined) return RESET_SPEC_AND_META;
    return resource.kind === 'Deployment' ? RESET_SPEC_AND_LABELS : RESET_SPEC;
  }
  return version.hasStatus ? RESET_STATUS : NO_RESET;
}

/** Kinds whose status is written together with the object, although they have `/status`: nothing resets it there. */
const KEEPS_INITIAL_STATUS = new Set(['/Namespace', '/Node', '/PersistentVolume', '/PersistentVolumeClaim']);

/** Gives a new object what only the server decides. */
export function prepareCreate(
  object: MutableJsonObject,
  resource: Resource,
  version: ServedVersion,
  identity: { readonly uid: string; readonly time: string },
): void {
  const meta = child(object, 'metadata');
  delete meta['selfLink'];
  delete meta['deletionTimestamp'];
  delete meta['deletionGracePeriodSeconds'];
  delete meta['generation'];
  meta['uid'] = identity.uid;
  meta['creationTimestamp'] = identity.time;
  if (generationOf(resource) !== undefined) meta['generation'] = 1;
  if (resource.group === 'batch' && resource.kind === 'Job') selectOwnPods(object, identity.uid);
  if (resource.group === '' && resource.kind === 'Namespace') {
    const spec = child(object, 'spec');
    const given = Array.isArray(spec['finalizers']) ? spec['finalizers'] : [];
    spec['finalizers'] = given.includes('kubernetes') ? given : [...given, 'kubernetes'];
  }
  if (version.hasStatus && resource.definition !== undefined) delete object['status'];
  else if (version.hasStatus) initialStatus(object, resource, version, identity.time);
  if (resource.group === 'apps' && resource.kind === 'DaemonSet')
    child(child(object, 'metadata'), 'annotations')[TEMPLATE_GENERATION] = '1';
}

/** A Job's pods are found by a label that nobody else has. */
function selectOwnPods(job: MutableJsonObject, uid: string): void {
  const spec = child(job, 'spec');
  if (own(spec, 'manualSelector') === true) return;
  const added = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': nameOf(job),
    'controller-uid': uid,
    'job-name': nameOf(job),
  };
  const template = child(child(spec, 'template'), 'metadata');
  const meta = child(job, 'metadata');
  // A Job without labels shares those of its template, also the ones that are added now.
  if (labelsOf(job).size === 0 || sameTexts(meta['labels'], template['labels']))
    meta['labels'] = { ...(meta['labels'] as MutableJsonObject | undefined), ...added };
  template['labels'] = { ...(template['labels'] as MutableJsonObject | undefined), ...added };
  spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
}

/** The status with which an object begins, whatever the request says. */
function initialStatus(object: MutableJsonObject, resource: Resource, version: ServedVersion, time: string): void {
  const id = `${resource.group}/${resource.kind}`;
  if (id === '/Node') return;
  if (KEEPS_INITIAL_STATUS.has(id)) {
    object['status'] = {
      phase: resource.kind === 'Namespace' ? 'Active' : 'Pending',
      ...(resource.kind === 'PersistentVolume' ? { lastPhaseTransitionTime: time } : {}),
    };
    return;
  }
  switch (id) {
    case '/Pod':
      object['status'] = { phase: 'Pending', qosClass: qosClassOf(object) };
      return;
    case '/Service':
    case 'networking.k8s.io/Ingress':
      object['status'] = { loadBalancer: {} };
      return;
    case 'apps/DaemonSet':
      object['status'] = {
        currentNumberScheduled: 0,
        numberMisscheduled: 0,
        desiredNumberScheduled: 0,
        numberReady: 0,
      };
      return;
    case 'apps/ReplicaSet':
    case '/ReplicationController':
      object['status'] = { replicas: 0 };
      return;
    case 'apps/StatefulSet':
      object['status'] = { replicas: 0, availableReplicas: 0 };
      return;
    case 'policy/PodDisruptionBudget':
      object['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
      return;
    case 'autoscaling/HorizontalPodAutoscaler':
      object['status'] =
        version.version === 'v1'
          ? { currentReplicas: 0, desiredReplicas: 0 }
          : { desiredReplicas: 0, currentMetrics: null };
      return;
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      object['status'] = {
        conditions: null,
        acceptedNames: { plural: '', kind: '' },
        storedVersions: storedVersions(object),
      };
      return;
    default:
      object['status'] = {};
  }
}

function storedVersions(definition: JsonObject): string[] {
  const versions = own(own(definition, 'spec'), 'versions');
  if (!Array.isArray(versions)) return [];
  return versions.filter((version) => own(version, 'storage') === true).map((version) => textOf(version, 'name'));
}

function qosClassOf(pod: JsonObject): string {
  let requests = false;
  let guaranteed = true;
  const spec = own(pod, 'spec');
  for (const list of ['containers', 'initContainers']) {
    const containers = own(spec, list);
    for (const container of Array.isArray(containers) ? containers : []) {
      const resources = own(container, 'resources');
      for (const name of ['cpu', 'memory']) {
        const request = own(own(resources, 'requests'), name);
        const limit = own(own(resources, 'limits'), name);
        if (request !== undefined || limit !== undefined) requests = true;
        if (limit === undefined || (request !== undefined && request !== limit)) guaranteed = false;
      }
    }
  }
  return requests ? (guaranteed ? 'Guaranteed' : 'Burstable') : 'BestEffort';
}

/** Takes from the current object what an update cannot change, and counts the generation. */
export function prepareUpdate(
  next: MutableJsonObject,
  current: JsonObject,
  resource: Resource,
  version: ServedVersion,
  subresource: string,
): void {
  const meta = child(next, 'metadata');
  const old = metaOf(current);
  for (const key of [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'selfLink',
    'generateName',
  ]) {
    const value = own(old, key);
    if (key === 'generateName' && own(meta, key) !== undefined) continue;
    if (value === undefined) delete meta[key];
    else meta[key] = value as MutableJson;
  }
  if (subresource === 'status') keepAllButStatus(next, current, resource);
  else if (version.hasStatus) {
    const status = own(current, 'status');
    if (status === undefined) delete next['status'];
    else next['status'] = copyOf(status);
  }
  if (resource.group === 'apps' && resource.kind === 'DaemonSet') countTemplates(next, current);
  if (resource.group === '' && resource.kind === 'Namespace' && subresource !== 'finalize') {
    const finalizers = own(own(current, 'spec'), 'finalizers');
    if (finalizers === undefined) delete child(next, 'spec')['finalizers'];
    else child(next, 'spec')['finalizers'] = copyOf(finalizers);
  }
  if (subresource !== 'status' && subresource !== 'binding' && generationGrows(next, current, resource))
    meta['generation'] = Number(own(old, 'generation') ?? 0) + 1;
}

function countTemplates(next: MutableJsonObject, current: JsonObject): void {
  const before = Number(annotationOf(current, TEMPLATE_GENERATION) ?? 0);
  const changed = !jsonEqual(own(own(next, 'spec'), 'template'), own(own(current, 'spec'), 'template'));
  child(child(next, 'metadata'), 'annotations')[TEMPLATE_GENERATION] = String(before + (changed ? 1 : 0));
}

function keepAllButStatus(next: MutableJsonObject, current: JsonObject, resource: Resource): void {
  for (const key of Object.keys(next)) if (key !== 'status' && key !== 'metadata') delete next[key];
  for (const key of Object.keys(current))
    if (key !== 'status' && key !== 'metadata' && current[key] !== undefined) next[key] = copyOf(current[key] ?? null);
  const meta = child(next, 'metadata');
  const kept =
    resource.definition !== undefined ? Object.keys(metaOf(current)) : resource.kind === 'Deployment' ? ['labels'] : [];
  if (resource.definition !== undefined)
    for (const key of Object.keys(meta)) if (key !== 'resourceVersion' && key !== 'managedFields') delete meta[key];
  for (const key of kept) {
    const value = own(metaOf(current), key);
    if (key !== 'resourceVersion' && key !== 'managedFields' && value !== undefined) meta[key] = copyOf(value);
  }
}

function generationGrows(next: JsonObject, current: JsonObject, resource: Resource): boolean {
  switch (generationOf(resource)) {
    case undefined:
      return false;
    case 'spec':
      return !jsonEqual(own(next, 'spec'), own(current, 'spec'));
    case 'spec+annotations':
      return (
        !jsonEqual(own(next, 'spec'), own(current, 'spec')) ||
        !sameTexts(own(metaOf(next), 'annotations'), own(metaOf(current), 'annotations'))
      );
    case 'content':
      return contentOf(next) !== contentOf(current);
    case 'content+labels':
      return (
        contentOf(next) !== contentOf(current) ||
        !sameTexts(own(metaOf(next), 'labels'), own(metaOf(current), 'labels'))
      );
  }
}

function sameTexts(left: unknown, right: unknown): boolean {
  const text = (value: unknown): string =>
    isJsonObject(value) && Object.keys(value).length > 0 ? stableJson(value) : '{}';
  return text(left) === text(right);
}

function contentOf(object: JsonObject): string {
  const content: MutableJsonObject = {};
  for (const key of Object.keys(object))
    if (key !== 'metadata' && key !== 'status' && key !== 'apiVersion') content[key] = object[key] as MutableJson;
  return stableJson(content);
}

/** When deletion begins, objects with a generation count it as a change. */
export function hasGeneration(resource: Resource): boolean {
  return generationOf(resource) !== undefined;
}

/** Kinds whose deletion is answered with the object, not with a Status. */
const RETURNS_DELETED = new Set([
  '/Pod',
  '/Service',
  '/ServiceAccount',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  '/PodTemplate',
  '/ResourceQuota',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/CSIDriver',
]);

export function returnsDeleted(resource: Resource): boolean {
  return RETURNS_DELETED.has(`${resource.group}/${resource.kind}`);
}

/** Kinds that cannot be replaced without naming the resourceVersion that is replaced. */
const NEEDS_VERSION = new Set([
  'apiextensions.k8s.io/CustomResourceDefinition',
  'networking.k8s.io/IngressClass',
  'apiregistration.k8s.io/APIService',
  'storage.k8s.io/VolumeAttachment',
  'coordination.k8s.io/Lease',
  'policy/PodDisruptionBudget',
]);

export function needsResourceVersion(resource: Resource): boolean {
  return resource.definition !== undefined || NEEDS_VERSION.has(`${resource.group}/${resource.kind}`);
}

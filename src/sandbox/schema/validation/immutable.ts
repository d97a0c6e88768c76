import {
  isJsonObject,
  jsonEqual,
  own,
  type Json,
  type JsonObject,
  type MutableJsonObject,
} from '../../../core/json.ts';
import { copyObject, items, textOf } from '../../object.ts';
import type { FieldProblem } from '../../status.ts';
import type { Resource } from '../resource.ts';
import { forbiddenField, IMMUTABLE, invalidValue } from './problems.ts';

/** Fields that an update may not change, for the kinds that have some. */
export function validateImmutable(next: JsonObject, current: JsonObject, resource: Resource): FieldProblem[] {
  switch (`${resource.group}/${resource.kind}`) {
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
    case 'apps/DaemonSet':
      return same(next, current, ['spec.selector']);
    case 'apps/StatefulSet':
      return statefulSet(next, current);
    case 'batch/Job':
      return job(next, current);
    case '/Service':
      return service(next, current);
    case '/PersistentVolumeClaim':
      return claim(next, current);
    case '/PersistentVolume':
      return volume(next, current);
    case '/Pod':
      return pod(next, current);
    case '/ConfigMap':
    case '/Secret':
      return data(next, current, resource.kind);
    case 'storage.k8s.io/StorageClass':
      return same(next, current, ['parameters', 'provisioner', 'volumeBindingMode']).concat(
        jsonEqual(own(next, 'reclaimPolicy'), own(current, 'reclaimPolicy'))
          ? []
          : [forbiddenField('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')],
      );
    case 'rbac.authorization.k8s.io/RoleBinding':
    case 'rbac.authorization.k8s.io/ClusterRoleBinding':
      return jsonEqual(own(next, 'roleRef'), own(current, 'roleRef'))
        ? []
        : [
            invalidValue(
              'roleRef',
              {
                APIGroup: textOf(own(next, 'roleRef'), 'apiGroup'),
                Kind: textOf(own(next, 'roleRef'), 'kind'),
                Name: textOf(own(next, 'roleRef'), 'name'),
              },
              'cannot change roleRef',
            ),
          ];
    case 'scheduling.k8s.io/PriorityClass':
      return priorityClass(next, current);
    case 'networking.k8s.io/IngressClass':
      return same(next, current, ['spec.controller']);
    case 'node.k8s.io/RuntimeClass':
      return same(next, current, ['handler']);
    case 'apps/ControllerRevision':
      return same(next, current, ['data']);
    case 'discovery.k8s.io/EndpointSlice':
      return same(next, current, ['addressType']);
    case 'storage.k8s.io/CSIDriver':
      return same(next, current, ['spec.attachRequired', 'spec.fsGroupPolicy', 'spec.volumeLifecycleModes']);
    case 'storage.k8s.io/CSIStorageCapacity':
      return same(next, current, ['nodeTopology', 'storageClassName']);
    case 'storage.k8s.io/VolumeAttributesClass':
      return same(next, current, ['driverName', 'parameters']);
    case 'storage.k8s.io/VolumeAttachment':
    case 'resource.k8s.io/ResourceClaim':
    case 'resource.k8s.io/ResourceClaimTemplate':
      return same(next, current, ['spec']);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return same(next, current, ['spec.group', 'spec.scope']);
    default:
      return [];
  }
}

function valueAt(object: JsonObject, path: string): Json | undefined {
  let current: Json | undefined = object;
  for (const step of path.split('.')) current = own(current, step);
  return current;
}

function same(next: JsonObject, current: JsonObject, paths: readonly string[]): FieldProblem[] {
  return paths
    .filter((path) => !jsonEqual(valueAt(next, path) ?? null, valueAt(current, path) ?? null))
    .map((path) => invalidValue(path, valueAt(next, path), IMMUTABLE));
}

/** Two specs without the fields that may change. */
function equalBut(next: JsonObject, current: JsonObject, mutable: readonly string[]): boolean {
  const strip = (object: JsonObject): MutableJsonObject => {
    const spec = copyObject(isJsonObject(own(object, 'spec')) ? (own(object, 'spec') as JsonObject) : {});
    for (const field of mutable) delete spec[field];
    return spec;
  };
  return jsonEqual(strip(next), strip(current));
}

function statefulSet(next: JsonObject, current: JsonObject): FieldProblem[] {
  const mutable = [
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'revisionHistoryLimit',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ];
  return equalBut(next, current, mutable)
    ? []
    : [
        forbiddenField(
          'spec',
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        ),
      ];
}

function job(next: JsonObject, current: JsonObject): FieldProblem[] {
  const problems = same(next, current, [
    'spec.selector',
    'spec.completionMode',
    'spec.podFailurePolicy',
    'spec.backoffLimitPerIndex',
    'spec.managedBy',
    'spec.successPolicy',
  ]);
  if (own(own(current, 'spec'), 'completionMode') !== 'Indexed')
    problems.push(...same(next, current, ['spec.completions']));
  const suspended = own(own(current, 'spec'), 'suspend') === true;
  const left = copyObject((own(own(next, 'spec'), 'template') ?? {}) as JsonObject);
  const right = copyObject((own(own(current, 'spec'), 'template') ?? {}) as JsonObject);
  // A suspended job that never started may get other scheduling directives.
  if (suspended)
    for (const template of [left, right]) {
      const spec = own(template, 'spec');
      if (isJsonObject(spec))
        for (const field of ['nodeSelector', 'tolerations', 'affinity', 'schedulingGates'])
          delete (spec as MutableJsonObject)[field];
      const meta = own(template, 'metadata');
      if (isJsonObject(meta)) for (const field of ['labels', 'annotations']) delete (meta as MutableJsonObject)[field];
    }
  if (!jsonEqual(left, right))
    problems.push({
      field: 'spec.template',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(own(own(next, 'spec'), 'template') ?? null)}: ${IMMUTABLE}`,
    });
  return problems;
}

function service(next: JsonObject, current: JsonObject): FieldProblem[] {
  const old = own(current, 'spec');
  const now = own(next, 'spec');
  if (textOf(old, 'type') === 'ExternalName' || textOf(now, 'type') === 'ExternalName') return [];
  const before = textOf(old, 'clusterIP');
  if (before === '' || textOf(now, 'clusterIP') === before) return [];
  const list = own(now, 'clusterIPs') ?? [];
  return [
    {
      field: 'spec.clusterIPs[0]',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(list)}: may not change once set`,
    },
  ];
}

function claim(next: JsonObject, current: JsonObject): FieldProblem[] {
  const bound = textOf(own(current, 'status'), 'phase') === 'Bound';
  const strip = (object: JsonObject): MutableJsonObject => {
    const spec = copyObject((own(object, 'spec') ?? {}) as JsonObject);
    delete spec['volumeAttributesClassName'];
    const requests = own(own(spec, 'resources'), 'requests');
    if (bound && isJsonObject(requests)) delete (requests as MutableJsonObject)['storage'];
    if (own(own(current, 'spec'), 'volumeName') === undefined) delete spec['volumeName'];
    if (own(own(current, 'spec'), 'storageClassName') === undefined) delete spec['storageClassName'];
    return spec;
  };
  if (jsonEqual(strip(next), strip(current))) return [];
  return [
    forbiddenField(
      'spec',
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    ),
  ];
}

function volume(next: JsonObject, current: JsonObject): FieldProblem[] {
  const sources = [
    'hostPath',
    'nfs',
    'csi',
    'local',
    'iscsi',
    'fc',
    'rbd',
    'cephfs',
    'azureDisk',
    'azureFile',
    'gcePersistentDisk',
    'awsElasticBlockStore',
    'vsphereVolume',
    'flexVolume',
  ];
  const changed = sources.filter(
    (field) => !jsonEqual(valueAt(next, `spec.${field}`) ?? null, valueAt(current, `spec.${field}`) ?? null),
  );
  return changed.length === 0
    ? []
    : [forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')];
}

function pod(next: JsonObject, current: JsonObject): FieldProblem[] {
  const strip = (object: JsonObject): MutableJsonObject => {
    const spec = copyObject((own(object, 'spec') ?? {}) as JsonObject);
    for (const field of [
      'activeDeadlineSeconds',
      'tolerations',
      'terminationGracePeriodSeconds',
      'schedulingGates',
      'nodeName',
    ])
      delete spec[field];
    for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
      for (const container of items(spec, list)) {
        delete container['image'];
        delete container['resources'];
      }
    delete spec['ephemeralContainers'];
    return spec;
  };
  if (jsonEqual(strip(next), strip(current))) return [];
  return [
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}

function data(next: JsonObject, current: JsonObject, kind: string): FieldProblem[] {
  const problems: FieldProblem[] = kind === 'Secret' ? same(next, current, ['type']) : [];
  if (own(current, 'immutable') !== true) return problems;
  if (own(next, 'immutable') !== true)
    problems.push(forbiddenField('immutable', 'field is immutable when `immutable` is set'));
  for (const field of ['data', 'binaryData'])
    if (!jsonEqual(own(next, field) ?? null, own(current, field) ?? null))
      problems.push(forbiddenField(field, 'field is immutable when `immutable` is set'));
  return problems;
}

function priorityClass(next: JsonObject, current: JsonObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!jsonEqual(own(next, 'value') ?? 0, own(current, 'value') ?? 0))
    problems.push(forbiddenField('value', 'may not be changed in an update.'));
  if (!jsonEqual(own(next, 'preemptionPolicy') ?? null, own(current, 'preemptionPolicy') ?? null))
    problems.push(invalidValue('preemptionPolicy', own(next, 'preemptionPolicy'), IMMUTABLE));
  return problems;
}

import { own, type MutableJsonObject } from '../../core/json.ts';
import { annotationOf, child, isDeleting, items, nameOf, textOf } from '../object.ts';
import { ApiError, forbidden, notFound } from '../status.ts';
import { limitRanges } from './limit-range.ts';
import { resourceQuota } from './quota.ts';
import type { Admission } from './state.ts';

const PROTECTED_NAMESPACES = new Set(['default', 'kube-system', 'kube-public']);
export const NOT_READY = 'node.kubernetes.io/not-ready';
const NAMESPACE = { group: '', plural: 'namespaces', kind: 'Namespace' };

/** Nothing is created in a namespace that is missing or goes away; the system's namespaces stay. */
const namespaceLifecycle: Admission = ({ operation, target }, state) => {
  const { resource, namespace, name } = target;
  if (
    operation === 'DELETE' &&
    resource.group === '' &&
    resource.kind === 'Namespace' &&
    PROTECTED_NAMESPACES.has(name)
  )
    throw forbidden(resource, name, 'this namespace may not be deleted');
  if (operation !== 'CREATE' || namespace === '') return;
  const found = state.store.get('/namespaces', '', namespace);
  if (found === undefined) throw notFound(NAMESPACE, namespace);
  if (isDeleting(found)) {
    const refusal = forbidden(
      resource,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    throw new ApiError(refusal.code, refusal.reason, refusal.message, {
      ...refusal.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    });
  }
};

/** Pods get the priority of their class; one that names an unknown class is refused. */
const podPriority: Admission = ({ operation, target, object }, state) => {
  if (operation !== 'CREATE' || object === undefined || target.resource.group !== '' || target.resource.kind !== 'Pod')
    return;
  const spec = child(object, 'spec');
  const wanted = textOf(spec, 'priorityClassName');
  let chosen = wanted === '' ? undefined : state.store.get('scheduling.k8s.io/priorityclasses', '', wanted);
  if (wanted !== '' && chosen === undefined)
    throw forbidden(target.resource, target.name, `no PriorityClass with name ${wanted} was found`);
  chosen ??= state.store
    .list('scheduling.k8s.io/priorityclasses')
    .find((entry) => own(entry, 'globalDefault') === true);
  spec['priority'] = Number(own(chosen, 'value') ?? 0);
  if (chosen !== undefined) spec['priorityClassName'] = nameOf(chosen);
  spec['preemptionPolicy'] = textOf(chosen, 'preemptionPolicy') || 'PreemptLowerPriority';
};

/** Pods stay five minutes on a node that is not ready or not reachable. */
const podTolerations: Admission = ({ target, object }) => {
  if (
    target.subresource !== '' ||
    object === undefined ||
    target.resource.group !== '' ||
    target.resource.kind !== 'Pod'
  )
    return;
  const spec = child(object, 'spec');
  const list = items(spec, 'tolerations');
  const added: MutableJsonObject[] = [];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = list.some(
      (entry) =>
        (textOf(entry, 'key') === key || (textOf(entry, 'key') === '' && textOf(entry, 'operator') === 'Exists')) &&
        (textOf(entry, 'effect') === '' || textOf(entry, 'effect') === 'NoExecute'),
    );
    if (!tolerated) added.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  if (added.length > 0) spec['tolerations'] = [...list, ...added];
};

/** A claim that names no class gets the default one. */
const defaultStorageClass: Admission = ({ operation, target, object }, state) => {
  if (
    operation !== 'CREATE' ||
    object === undefined ||
    target.resource.group !== '' ||
    target.resource.kind !== 'PersistentVolumeClaim'
  )
    return;
  const spec = child(object, 'spec');
  if (own(spec, 'storageClassName') !== undefined || textOf(spec, 'volumeName') !== '') return;
  const found = state.store
    .list('storage.k8s.io/storageclasses')
    .find((entry) => annotationOf(entry, 'storageclass.kubernetes.io/is-default-class') === 'true');
  if (found !== undefined) spec['storageClassName'] = nameOf(found);
};

/** An Ingress that names no class gets the default one. */
const defaultIngressClass: Admission = ({ operation, target, object }, state) => {
  if (operation !== 'CREATE' || object === undefined || target.resource.kind !== 'Ingress') return;
  const spec = child(object, 'spec');
  if (textOf(spec, 'ingressClassName') !== '' || annotationOf(object, 'kubernetes.io/ingress.class') !== undefined)
    return;
  const found = state.store
    .list('networking.k8s.io/ingressclasses')
    .find((entry) => annotationOf(entry, 'ingressclass.kubernetes.io/is-default-class') === 'true');
  if (found !== undefined) spec['ingressClassName'] = nameOf(found);
};

const PROTECTIONS: ReadonlyMap<string, string> = new Map([
  ['PersistentVolumeClaim', 'kubernetes.io/pvc-protection'],
  ['PersistentVolume', 'kubernetes.io/pv-protection'],
]);

/** Claims and volumes do not go while they are in use. */
const storageProtection: Admission = ({ operation, target, object }) => {
  const finalizer = target.resource.group === '' ? PROTECTIONS.get(target.resource.kind) : undefined;
  if (operation !== 'CREATE' || object === undefined || finalizer === undefined) return;
  const meta = child(object, 'metadata');
  const list = Array.isArray(meta['finalizers']) ? meta['finalizers'] : [];
  if (!list.includes(finalizer)) meta['finalizers'] = [...list, finalizer];
};

/** A node gets no pods before it says that it is ready. */
const nodeNotReady: Admission = ({ operation, target, object }) => {
  if (operation !== 'CREATE' || object === undefined || target.resource.group !== '' || target.resource.kind !== 'Node')
    return;
  const spec = child(object, 'spec');
  const taints = items(spec, 'taints');
  if (!taints.some((taint) => textOf(taint, 'key') === NOT_READY && textOf(taint, 'effect') === 'NoSchedule'))
    spec['taints'] = [...taints, { key: NOT_READY, effect: 'NoSchedule' }];
};

/** In the order in which the API server runs them. */
export const DEFAULT_ADMISSION: readonly Admission[] = [
  namespaceLifecycle,
  limitRanges,
  nodeNotReady,
  podPriority,
  podTolerations,
  defaultStorageClass,
  storageProtection,
  defaultIngressClass,
  resourceQuota,
];

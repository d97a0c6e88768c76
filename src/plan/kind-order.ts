import type { ObjectKey } from '../core/object-key.ts';

/**
 * Where a kind stands inside a wave: lower first; deletion goes the other way round. What others need comes first (definitions,
 * namespaces, classes), then identities and rights, then configuration and storage, then networks, then workloads, then custom
 * resources, and webhooks last: a webhook whose server is not up yet would refuse everything after it.
 */
export const TIERS = {
  definitions: 0,
  accounts: 1,
  configuration: 2,
  network: 3,
  workloads: 4,
  custom: 5,
  webhooks: 6,
} as const;

const DEFINITIONS = new Set([
  'CustomResourceDefinition.apiextensions.k8s.io',
  'Namespace.',
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'VolumeAttributesClass.storage.k8s.io',
  'RuntimeClass.node.k8s.io',
  'IngressClass.networking.k8s.io',
  'DeviceClass.resource.k8s.io',
  'CSIDriver.storage.k8s.io',
]);
const ACCOUNTS = new Set(['ServiceAccount.', 'ResourceQuota.', 'LimitRange.']);
const CONFIGURATION = new Set(['ConfigMap.', 'Secret.', 'PersistentVolume.', 'PersistentVolumeClaim.']);
const NETWORK = new Set(['Service.', 'Endpoints.']);
const WORKLOADS = new Set(['Pod.', 'ReplicationController.', 'PodTemplate.']);
const WORKLOAD_GROUPS = new Set(['apps', 'batch', 'autoscaling', 'policy']);
const NETWORK_GROUPS = new Set(['networking.k8s.io', 'discovery.k8s.io']);

export function tierOf(key: ObjectKey): number {
  const kind = `${key.kind}.${key.group}`;
  if (DEFINITIONS.has(kind)) return TIERS.definitions;
  if (ACCOUNTS.has(kind) || key.group === 'rbac.authorization.k8s.io') return TIERS.accounts;
  if (CONFIGURATION.has(kind)) return TIERS.configuration;
  if (NETWORK.has(kind) || NETWORK_GROUPS.has(key.group)) return TIERS.network;
  if (WORKLOADS.has(kind) || WORKLOAD_GROUPS.has(key.group)) return TIERS.workloads;
  if (key.group === 'admissionregistration.k8s.io' || kind === 'APIService.apiregistration.k8s.io')
    return TIERS.webhooks;
  return key.group === '' ? TIERS.workloads : TIERS.custom;
}

/** Kinds whose deletion takes other people's data with it: a person has to say so, object by object. */
export function isProtectedKind(key: ObjectKey): boolean {
  if (key.group === '') return ['Namespace', 'PersistentVolume', 'PersistentVolumeClaim'].includes(key.kind);
  return key.group === 'apiextensions.k8s.io' && key.kind === 'CustomResourceDefinition';
}

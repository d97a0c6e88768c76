import type { MutableJsonObject } from '../../../core/json.ts';
import { child, textOf } from '../../object.ts';
import * as cluster from './cluster.ts';
import { defaultPod, defaultPodSpec } from './pod.ts';
import * as workloads from './workloads.ts';

type Defaulter = (object: MutableJsonObject) => void;

const BY_KIND: ReadonlyMap<string, Defaulter> = new Map<string, Defaulter>([
  ['/Pod', defaultPod],
  ['/PodTemplate', (object) => defaultPodSpec(child(child(object, 'template'), 'spec'))],
  ['/ReplicationController', workloads.defaultReplicationController],
  ['/Service', cluster.defaultService],
  ['/Secret', cluster.defaultSecret],
  ['/Namespace', cluster.defaultNamespace],
  ['/Node', cluster.defaultNode],
  ['/PersistentVolume', cluster.defaultVolume],
  ['/PersistentVolumeClaim', workloads.defaultClaim],
  ['/Endpoints', cluster.defaultEndpoints],
  ['/LimitRange', cluster.defaultLimitRange],
  ['apps/Deployment', workloads.defaultDeployment],
  ['apps/ReplicaSet', workloads.defaultReplicaSet],
  ['apps/StatefulSet', workloads.defaultStatefulSet],
  ['apps/DaemonSet', workloads.defaultDaemonSet],
  ['batch/Job', workloads.defaultJob],
  ['batch/CronJob', workloads.defaultCronJob],
  [
    'autoscaling/HorizontalPodAutoscaler',
    (object) =>
      textOf(object, 'apiVersion') === 'autoscaling/v1'
        ? workloads.defaultOldAutoscaler(object)
        : workloads.defaultAutoscaler(object),
  ],
  ['networking.k8s.io/NetworkPolicy', cluster.defaultNetworkPolicy],
  ['networking.k8s.io/IngressClass', cluster.defaultIngressClass],
  ['rbac.authorization.k8s.io/RoleBinding', cluster.defaultBinding],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', cluster.defaultBinding],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', cluster.defaultWebhooks],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', cluster.defaultWebhooks],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', cluster.defaultAdmissionPolicy],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', cluster.defaultAdmissionPolicy],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', cluster.defaultAdmissionBinding],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', cluster.defaultAdmissionBinding],
  ['apiextensions.k8s.io/CustomResourceDefinition', cluster.defaultDefinition],
  ['apiregistration.k8s.io/APIService', cluster.defaultApiService],
  ['storage.k8s.io/StorageClass', cluster.defaultStorageClass],
  ['storage.k8s.io/CSIDriver', cluster.defaultDriver],
  ['scheduling.k8s.io/PriorityClass', cluster.defaultPriorityClass],
  ['discovery.k8s.io/EndpointSlice', cluster.defaultEndpointSlice],
]);

/** Fills in what the API server would, in an object of a built-in kind that was read as its type. */
export function applyDefaults(group: string, kind: string, object: MutableJsonObject): void {
  BY_KIND.get(`${group}/${kind}`)?.(object);
}
